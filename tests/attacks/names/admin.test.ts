import { deriveProgramData, SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import { expect } from "chai";
import {
  busyNames,
  deployedNames,
  initializeOf,
  LABEL,
  MINT,
  openNames,
  PARTIES,
  PREMIUM,
  SECRET,
  TERMS,
} from "../../programs/names/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { plantMint, plantTokenAccount } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";
import { ATTEMPTS, held } from "./catalogue.ts";

const FILE = import.meta.url;

const { alice, bob, carol, stranger, authority, guardian } = PARTIES;
const NEXT = keyOf("next authority");
const system = toAddress(SYSTEM_PROGRAM);

describe("names: administration", () => {
  attack(
    FILE,
    "stranger initialises",
    "lets nobody but the upgrade authority initialise, whoever comes first",
    () => {
      const world = deployedNames();
      refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
      world.must(initializeOf(world), [authority]);
      refuse(world, initializeOf(world), [authority], code("AlreadyInitialized"));
    },
  );

  attack(
    FILE,
    "account spoofed",
    "reads the upgrade authority from this program's ProgramData and no other account",
    () => {
      const world = deployedNames();
      const { machine, deployment } = world;
      const real = deriveProgramData(deployment.names).address;
      const forged = machine.data(real).slice();
      forged.set(stranger.publicKey, 13);
      const copy = addressOf("forged program data");
      machine.plant(copy, { data: forged, owner: machine.account(real)?.owner as Uint8Array });
      const good = initializeOf(world, stranger);
      const accounts = good.accounts.map((meta, i) => (i === 5 ? { ...meta, address: copy } : meta));
      refuse(world, { ...good, accounts }, [stranger], code("ProgramDataInvalid"));
    },
  );

  attack(
    FILE,
    "account prefunded",
    "initialises though somebody sent lamports to its addresses before",
    () => {
      const world = deployedNames();
      for (const address of [world.config, world.vault])
        world.machine.plant(address, { data: new Uint8Array(0), owner: system, lamports: 1_000_000n });
      world.must(initializeOf(world), [authority]);
      expect(names.decodeNamesConfig(world.machine.data(world.config)).terms).eql(TERMS);
    },
  );

  for (const [field, value, error] of [
    ["decimals", 9, "MintDecimals"],
    ["initialized", false, "MintInvalid"],
    ["extra", new Uint8Array(100), "MintExtensions"],
  ] as const)
    attack(FILE, "mint extensions", `refuses a mint of odd ${field}`, () => {
      const world = deployedNames();
      plantMint(world.machine, MINT, {
        [field]: value,
        program: "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
      });
      refuse(world, initializeOf(world), [authority], code(error));
    });

  for (const [what, options, error] of [
    ["a delegate", { delegate: addressOf("thief") }, "TokenAccountDelegate"],
    ["a close authority", { closeAuthority: addressOf("thief") }, "TokenAccountCloseAuthority"],
    ["frozen", { state: 2 }, "TokenAccountFrozen"],
    ["uninitialised", { state: 0 }, "TokenAccountInvalid"],
  ] as const)
    attack(FILE, "token delegate", `refuses a treasury with ${what}`, () => {
      const world = deployedNames();
      plantTokenAccount(world.machine, world.treasury, MINT, addressOf("treasury"), options);
      refuse(world, initializeOf(world), [authority], code(error));
    });

  attack(FILE, "account twice", "takes no treasury that is the auction vault", () => {
    const world = openNames();
    const { deployment } = world;
    const set = names.setTreasury({ deployment, authority: authority.publicKey, treasury: world.vault });
    refuse(world, set, [authority], code("TokenAccountReserved"));
  });

  attack(
    FILE,
    "one-step handover",
    "lets a stranger administer nothing, and a pending authority nothing but accept",
    () => {
      const world = openNames();
      const { deployment, treasury } = world;
      world.must(
        names.proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }),
        [authority],
      );
      for (const signer of [stranger, NEXT]) {
        const by = { deployment, authority: signer.publicKey };
        const tries = [
          names.proposeAuthority({ ...by, newAuthority: signer.publicKey }),
          names.setGuardian({ ...by, guardian: signer.publicKey }),
          names.setTerms({ ...by, terms: TERMS }),
          names.setTreasury({ ...by, treasury }),
        ];
        for (const instruction of tries) refuse(world, instruction, [signer], code("NotAuthority"));
        refuse(
          world,
          names.setPaused({ deployment, signer: signer.publicKey, paused: true }),
          [signer],
          code("NotGuardian"),
        );
      }
      refuse(
        world,
        names.acceptAuthority({ deployment, pendingAuthority: stranger.publicKey }),
        [stranger],
        code("NotPendingAuthority"),
      );
      world.must(names.acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }), [NEXT]);
      refuse(
        world,
        names.setTerms({ deployment, authority: authority.publicKey, terms: TERMS }),
        [authority],
        code("NotAuthority"),
      );
    },
  );

  attack(FILE, "pause blocks exit", "pauses what begins, and no way out", () => {
    const paused = ["commit", "register", "open_auction", "bid"];
    for (const [name, prepare] of Object.entries(ATTEMPTS)) {
      if (name === "initialize") continue;
      const { world, instruction, signers } = prepare();
      const { deployment } = world;
      world.must(names.setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
      if (paused.includes(name)) refuse(world, instruction, signers, code("Paused"));
      else expect(world.send(instruction, signers).error, name).equal(undefined);
    }
  });

  attack(FILE, "stranger", "lets a guardian pause and not resume", () => {
    const world = openNames();
    const { deployment } = world;
    world.must(names.setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
    refuse(
      world,
      names.setPaused({ deployment, signer: guardian.publicKey, paused: false }),
      [guardian],
      code("NotAuthority"),
    );
    world.must(names.setPaused({ deployment, signer: authority.publicKey, paused: false }), [authority]);
  });

  for (const [change, error] of [
    [{ term: 86_399 }, "TermInvalid"],
    [{ grace: 86_399 }, "NameGraceInvalid"],
    [{ commitMin: 0 }, "CommitAgesInvalid"],
    [{ extension: 0 }, "AuctionTimesInvalid"],
    [{ incrementBps: 0 }, "IncrementInvalid"],
    [{ incrementBps: 10_001 }, "IncrementInvalid"],
    [{ prices: [0n, 1n, 1n, 1n, 1n] }, "PriceInvalid"],
  ] as [Partial<names.NamesTerms>, string][])
    attack(FILE, "amount edges", `refuses terms with ${Object.entries(change).join(" ")}`, () => {
      const world = openNames();
      const { deployment } = world;
      const set = names.setTerms({
        deployment,
        authority: authority.publicKey,
        terms: { ...TERMS, ...change },
      });
      refuse(world, set, [authority], code(error));
    });
});

describe("names: registration under attack", () => {
  attack(FILE, "deadline", "reveals between its first and its last second", () => {
    const world = openNames();
    world.must(world.commitOf(alice, LABEL), [alice]);
    const made = world.machine.now();
    const register = world.registerOf(alice, LABEL);
    world.machine.setTime(made + BigInt(TERMS.commitMin) - 1n);
    refuse(world, register, [alice], code("CommitmentTooYoung"));
    world.machine.setTime(made - 1n);
    refuse(world, register, [alice], code("CommitmentTooYoung"));
    world.machine.setTime(made + BigInt(TERMS.commitMax) + 1n);
    refuse(world, register, [alice], code("CommitmentTooOld"));
    world.machine.setTime(made + BigInt(TERMS.commitMax));
    world.must(register, [alice]);
  });

  attack(FILE, "front-run", "gives who copies a commitment nothing, and doesn't hinder its owner", () => {
    const world = openNames();
    const hash = names.hashCommitment(names.hashName(LABEL), alice.publicKey, SECRET);
    const { deployment } = world;
    world.must(names.commit({ deployment, owner: stranger.publicKey, hash }), [stranger]);
    world.must(world.commitOf(alice, LABEL), [alice]);
    world.pass(TERMS.commitMin);
    const copied = names.deriveCommitment(deployment.names, stranger.publicKey, hash).address;
    const good = world.registerOf(stranger, LABEL);
    const accounts = good.accounts.map((meta, i) => (i === 2 ? { ...meta, address: copied } : meta));
    refuse(world, { ...good, accounts }, [stranger], code("CommitmentMismatch"));
    world.must(world.registerOf(alice, LABEL), [alice]);
  });

  attack(FILE, "deadline", "takes a commitment back once it is too old, and once only", () => {
    const world = openNames();
    const { deployment } = world;
    const hash = names.hashCommitment(names.hashName(LABEL), alice.publicKey, SECRET);
    world.must(world.commitOf(alice, LABEL), [alice]);
    const cancel = names.cancelCommitment({ deployment, owner: alice.publicKey, hash });
    world.pass(TERMS.commitMax);
    refuse(world, cancel, [alice], code("CommitmentLive"));
    world.pass(1);
    world.must(cancel, [alice]);
    expect(world.send(cancel, [alice]).error).not.equal(undefined);
  });

  attack(FILE, "account prefunded", "registers though somebody sent lamports to each address before", () => {
    const world = openNames();
    world.must(world.commitOf(alice, LABEL), [alice]);
    world.pass(TERMS.commitMin);
    const register = world.registerOf(alice, LABEL);
    for (const at of [3, 6, 7]) {
      const { address } = register.accounts[at] as names.AccountMeta;
      world.machine.plant(address, { data: new Uint8Array(0), owner: system, lamports: 1_000_000n });
    }
    world.must(register, [alice]);
    expect(world.holds(alice, LABEL)).equal(true);
  });

  for (const [label, error] of [
    ["Upper", "LabelCharacter"],
    ["under_score", "LabelCharacter"],
    ["-start", "LabelHyphen"],
    ["finish-", "LabelHyphen"],
    ["ab--cd", "LabelHyphen"],
    ["a".repeat(64), "LabelLength"],
    ["", "LabelLength"],
    ["other", "NameHashMismatch"],
  ] as const)
    attack(
      FILE,
      "label",
      `refuses to register "${label.slice(0, 12)}" under the hash of another label`,
      () => {
        const world = openNames();
        world.must(world.commitOf(alice, LABEL), [alice]);
        world.pass(TERMS.commitMin);
        const good = world.registerOf(alice, LABEL);
        const data = Uint8Array.from([
          ...good.data.subarray(0, 66),
          label.length,
          0,
          0,
          0,
          ...new TextEncoder().encode(label),
        ]);
        refuse(world, { ...good, data }, [alice], code(error));
      },
    );

  for (const [years, error] of [
    [0, "YearsInvalid"],
    [11, "TooFarAhead"],
    [255, "TooFarAhead"],
  ] as const)
    attack(FILE, "amount edges", `refuses ${years} years`, () => {
      const world = busyNames();
      const { deployment } = world;
      refuse(
        world,
        names.renew({ deployment, label: LABEL, payer: bob.publicKey, source: world.tokens(bob), years }),
        [bob],
        code(error),
      );
    });

  attack(FILE, "token foreign", "pays out of nobody else's token account", () => {
    const world = busyNames();
    const { deployment } = world;
    const renew = names.renew({
      deployment,
      label: LABEL,
      payer: stranger.publicKey,
      source: world.tokens(alice),
      years: 1,
    });
    refuse(world, renew, [stranger], code("TokenAccountOwner"));
    const open = names.bid({
      deployment,
      label: PREMIUM,
      generation: 1,
      bidder: stranger.publicKey,
      source: world.tokens(carol),
      amount: 90_000_000n,
    });
    refuse(world, open, [stranger], code("TokenAccountOwner"));
  });

  attack(FILE, "trailing bytes", "knows one length of each instruction, and no other instruction", () => {
    for (const [name, prepare] of Object.entries(ATTEMPTS)) {
      const { world, instruction, signers } = prepare();
      const { data } = instruction;
      const longer = Uint8Array.from([...data, 0]);
      refuse(world, { ...instruction, data: longer }, signers, code("InstructionLength"));
      if (data.length > 1)
        refuse(world, { ...instruction, data: data.slice(0, -1) }, signers, code("InstructionLength"));
      expect(name).not.equal("");
    }
    const world = busyNames();
    const instruction = names.withdrawOffer(held(world));
    for (const discriminator of [7, 9, 14, 24, 37, 41, 52, 255])
      refuse(
        world,
        { ...instruction, data: Uint8Array.of(discriminator) },
        [alice],
        code("InstructionUnknown"),
      );
    refuse(world, { ...instruction, data: new Uint8Array(0) }, [alice], code("InstructionUnknown"));
  });
});
