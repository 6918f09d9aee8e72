import { deriveProgramData, SYSTEM_PROGRAM, TOKEN_PROGRAM, toAddress } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import {
  busyStake,
  deployedStake,
  initializeOf,
  MINT,
  ONE,
  openStake,
  PARTIES,
  TERMS,
} from "../../programs/stake/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { plantMint, plantTokenAccount } from "../../programs/world/tokens.ts";
import { addProxy, DERIVED_WALLET, proxied } from "../proxy.ts";
import { attack, code, refuse } from "./attack.ts";
import { ATTEMPTS, administered, NEXT, owned } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, authority, guardian, slasher, stranger } = PARTIES;
const system = toAddress(SYSTEM_PROGRAM);

describe("stake: initialisation", () => {
  for (const row of ["stranger initialises", "front-run initialisation"] as const)
    attack(FILE, row, `${row}: nobody but the upgrade authority, whoever comes first`, () => {
      const world = deployedStake();
      refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
      const posing = initializeOf(world);
      const accounts = posing.accounts.map((meta, i) =>
        i === 0 ? { ...meta, address: stranger.publicKey } : meta,
      );
      refuse(world, { ...posing, accounts }, [stranger], code("NotUpgradeAuthority"));
      world.must(initializeOf(world), [authority]);
    });

  attack(FILE, "account initialised twice", "initialises once", () => {
    const world = openStake();
    refuse(world, initializeOf(world), [authority], code("AlreadyInitialized"));
  });

  attack(FILE, "account spoofed", "reads the upgrade authority from this program's ProgramData alone", () => {
    const world = deployedStake();
    const { machine, deployment } = world;
    const real = deriveProgramData(deployment.stake).address;
    const forged = machine.data(real).slice();
    forged.set(stranger.publicKey, 13);
    const copy = addressOf("forged program data");
    machine.plant(copy, { data: forged, owner: machine.account(real)?.owner as Uint8Array });
    const good = initializeOf(world, stranger);
    const accounts = good.accounts.map((meta, i) => (i === 6 ? { ...meta, address: copy } : meta));
    refuse(world, { ...good, accounts }, [stranger], code("ProgramDataInvalid"));
  });

  for (const row of ["account prefunded", "prefunded vault"] as const)
    attack(FILE, row, `${row}: initialises though somebody sent lamports to its addresses before`, () => {
      for (const lamports of [1n, 10_000_000_000n]) {
        const world = deployedStake();
        for (const address of [world.config, world.treeAddress, world.vault])
          world.machine.plant(address, { data: new Uint8Array(0), owner: system, lamports });
        world.must(initializeOf(world), [authority]);
        expect(world.settings().terms).eql(TERMS);
        expect(world.vaultTokens()).equal(0n);
      }
    });

  for (const [what, options, error] of [
    ["6 decimals", { decimals: 6 }, "MintDecimals"],
    ["no initialisation", { initialized: false, decimals: 9 }, "MintInvalid"],
    ["extensions", { extra: new Uint8Array(100), decimals: 9 }, "MintExtensions"],
  ] as const)
    attack(FILE, "mint extensions", `refuses a native token with ${what}`, () => {
      const world = deployedStake();
      plantMint(world.machine, MINT, { ...options, program: TOKEN_PROGRAM });
      refuse(world, initializeOf(world), [authority], code(error));
    });

  attack(FILE, "token frozen", "refuses a native token that somebody may freeze", () => {
    const world = deployedStake();
    const data = world.machine.data(MINT).slice();
    data[46] = 1;
    world.machine.plant(MINT, { data, owner: toAddress(TOKEN_PROGRAM) });
    refuse(world, initializeOf(world), [authority], code("MintFreezable"));
  });

  for (const [what, options, error] of [
    ["a delegate", { delegate: addressOf("thief") }, "TokenAccountDelegate"],
    ["a close authority", { closeAuthority: addressOf("thief") }, "TokenAccountCloseAuthority"],
    ["a freeze on it", { state: 2 }, "TokenAccountFrozen"],
    ["no initialisation", { state: 0 }, "TokenAccountInvalid"],
  ] as const)
    attack(FILE, "token delegate", `refuses a treasury with ${what}`, () => {
      const world = deployedStake();
      plantTokenAccount(world.machine, world.treasury, MINT, addressOf("treasury"), options);
      refuse(world, initializeOf(world), [authority], code(error));
      const open = openStake();
      plantTokenAccount(open.machine, addressOf("other"), MINT, addressOf("treasury"), options);
      const set = stake.setTreasury({ ...administered(open), treasury: addressOf("other") });
      refuse(open, set, [authority], code(error));
    });

  attack(FILE, "account twice", "takes no treasury that is the vault", () => {
    const world = openStake();
    const set = stake.setTreasury({ ...administered(world), treasury: world.vault });
    refuse(world, set, [authority], code("TokenAccountReserved"));
  });
});

describe("stake: administration", () => {
  for (const row of ["one-step handover", "pending authority", "previous authority"] as const)
    attack(FILE, row, `${row}: who is not the authority administers nothing`, () => {
      const world = openStake();
      const { deployment, treasury } = world;
      const tries = (by: typeof authority) => {
        const given = { deployment, authority: by.publicKey };
        return [
          stake.proposeAuthority({ ...given, newAuthority: by.publicKey }),
          stake.setGuardian({ ...given, guardian: by.publicKey }),
          stake.setTerms({ ...given, terms: TERMS }),
          stake.setTreasury({ ...given, treasury }),
          stake.setSlasher({ ...given, slasher: by.publicKey }),
        ];
      };
      world.must(stake.proposeAuthority({ ...administered(world), newAuthority: NEXT.publicKey }), [
        authority,
      ]);
      for (const signer of [stranger, NEXT, guardian, slasher])
        for (const instruction of tries(signer)) refuse(world, instruction, [signer], code("NotAuthority"));
      const accept = (by: typeof authority) =>
        stake.acceptAuthority({ deployment, pendingAuthority: by.publicKey });
      refuse(world, accept(stranger), [stranger], code("NotPendingAuthority"));
      world.must(accept(NEXT), [NEXT]);
      for (const instruction of tries(authority))
        refuse(world, instruction, [authority], code("NotAuthority"));
      refuse(world, accept(NEXT), [NEXT], code("NotPendingAuthority"));
    });

  attack(FILE, "pause blocks exit", "pauses what begins, and no way out", () => {
    const paused = ["register_operator", "add_node", "stake", "cancel_exit"];
    for (const [name, prepare] of Object.entries(ATTEMPTS)) {
      if (name === "initialize") continue;
      const { world, instruction, signers } = prepare();
      const { deployment } = world;
      world.must(stake.setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
      if (paused.includes(name)) refuse(world, instruction, signers, code("Paused"));
      else expect(world.send(instruction, signers).error, name).equal(undefined);
    }
  });

  attack(FILE, "stranger", "lets a guardian pause and not resume, and a stranger neither", () => {
    const world = openStake();
    const { deployment } = world;
    const set = (by: typeof authority, paused: boolean) =>
      stake.setPaused({ deployment, signer: by.publicKey, paused });
    refuse(world, set(stranger, true), [stranger], code("NotGuardian"));
    world.must(set(guardian, true), [guardian]);
    refuse(world, set(guardian, false), [guardian], code("NotAuthority"));
    world.must(set(authority, false), [authority]);
  });

  attack(FILE, "stranger", "lets nobody but its owner touch an operator or its nodes", () => {
    const world = busyStake();
    const tries = (given: { deployment: stake.StakeDeployment; owner: Uint8Array }) => [
      stake.setCommission({ ...given, commissionBps: 1 }),
      stake.retireOperator(given),
      stake.addNode({
        ...given,
        number: 5,
        role: "gateway",
        region: 0,
        asn: 0,
        hotKey: NEXT.publicKey,
        endpoint: "",
      }),
      stake.setNode({ ...given, number: 0, region: 0, asn: 0, endpoint: "" }),
      stake.rotateHotKey({ ...given, number: 0, hotKey: NEXT.publicKey }),
      stake.removeNode({ ...given, number: 0 }),
      stake.unjail(given),
    ];
    for (const instruction of tries(owned(world))) {
      const accounts = instruction.accounts.map((meta) =>
        Buffer.from(meta.address).equals(alice.publicKey) ? { ...meta, address: bob.publicKey } : meta,
      );
      refuse(world, { ...instruction, accounts }, [bob], "InvalidSeeds");
    }
  });

  attack(FILE, "stranger", "lets nobody but a staker move a stake", () => {
    for (const name of ["request_exit", "cancel_exit", "withdraw", "close_position"]) {
      const { world, instruction } = (ATTEMPTS[name] as (typeof ATTEMPTS)[string])();
      const accounts = instruction.accounts.map((meta, i) =>
        i === 0 ? { ...meta, address: bob.publicKey } : meta,
      );
      refuse(world, { ...instruction, accounts }, [bob], "InvalidSeeds");
    }
  });

  attack(FILE, "stranger", "slashes for the slasher alone: not for the authority, nor an operator", () => {
    const world = busyStake();
    for (const signer of [stranger, authority, guardian, bob]) {
      const good = world.slashOf(alice, "omission", world.tokens(signer));
      const accounts = good.accounts.map((meta, i) =>
        i === 0 ? { ...meta, address: signer.publicKey } : meta,
      );
      refuse(world, { ...good, accounts }, [signer], code("NotSlasher"));
    }
  });

  attack(FILE, "revoked key", "slashes no more for a slasher that was replaced", () => {
    const world = busyStake();
    world.must(stake.setSlasher({ ...administered(world), slasher: NEXT.publicKey }), [authority]);
    refuse(world, world.slashOf(alice, "omission", world.tokens(stranger)), [slasher], code("NotSlasher"));
    world.must(stake.setSlasher(administered(world)), [authority]);
    expect(world.settings().slasher).equal(undefined);
    refuse(world, world.slashOf(alice, "omission", world.tokens(stranger)), [slasher], code("NotSlasher"));
  });

  attack(
    FILE,
    "derived signer",
    "slashes for a program that signs with its address, and for no other",
    () => {
      const world = busyStake();
      addProxy(world.machine);
      const slash = stake.slash({
        ...owned(world),
        slasher: DERIVED_WALLET.publicKey,
        offence: "equivocation",
        reporter: world.tokens(stranger),
      });
      refuse(world, proxied(slash), [], code("NotSlasher"));
      world.must(stake.setSlasher({ ...administered(world), slasher: DERIVED_WALLET.publicKey }), [
        authority,
      ]);
      const unsigned = {
        ...slash,
        accounts: slash.accounts.map((meta) => ({ ...meta, signer: false })),
      };
      refuse(world, unsigned, [], "MissingRequiredSignature");
      world.must(proxied(slash), []);
      expect(world.operator(alice).jailed).equal(true);
    },
  );

  attack(FILE, "derived signer", "lets a program stake with an address of its own, and leave", () => {
    const world = busyStake();
    const { machine } = world;
    addProxy(machine);
    machine.airdrop(DERIVED_WALLET.publicKey, 10_000_000_000n);
    plantTokenAccount(machine, world.tokens(DERIVED_WALLET), MINT, DERIVED_WALLET.publicKey, {
      amount: ONE,
    });
    world.must(proxied(world.stakeOf(alice, DERIVED_WALLET, ONE)), []);
    world.must(proxied(world.exitOf(alice, DERIVED_WALLET, ONE)), []);
    world.pass(TERMS.exitDelay);
    world.must(proxied(world.withdrawOf(alice, DERIVED_WALLET, 0)), []);
    expect(world.purse(DERIVED_WALLET)).equal(ONE);
  });

  attack(
    FILE,
    "account parent",
    "mixes no operators, positions, exits and nodes of different parents",
    () => {
      const world = busyStake();
      world.must(world.stakeOf(bob, carol, 50n * ONE), [carol]);
      world.must(world.exitOf(bob, carol, 50n * ONE), [carol]);
      world.must(world.exitOf(alice, carol, 50n * ONE), [carol]);
      world.pass(TERMS.exitDelay);
      const swap = (instruction: stake.Instruction, from: Uint8Array, to: Uint8Array) => ({
        ...instruction,
        accounts: instruction.accounts.map((meta) =>
          Buffer.from(meta.address).equals(from) ? { ...meta, address: to } : meta,
        ),
      });
      const out = world.withdrawOf(alice, carol, 0);
      const tries = [
        swap(out, world.operatorAddress(alice), world.operatorAddress(bob)),
        swap(out, world.positionAddress(alice, carol), world.positionAddress(bob, carol)),
        swap(out, world.exitAddress(alice, carol, 0), world.exitAddress(bob, carol, 0)),
        swap(
          world.cancelOf(alice, carol, 0),
          world.exitAddress(alice, carol, 0),
          world.exitAddress(bob, carol, 0),
        ),
        swap(
          world.exitOf(alice, carol, 1n),
          world.positionAddress(alice, carol),
          world.positionAddress(bob, carol),
        ),
        swap(
          world.stakeOf(alice, carol, 1n),
          world.positionAddress(alice, carol),
          world.positionAddress(alice, alice),
        ),
      ];
      for (const instruction of tries) refuse(world, instruction, [carol], "InvalidSeeds");
      const node = stake.removeNode({ ...owned(world), number: 0 });
      refuse(
        world,
        swap(node, world.nodeAddress(alice, 0), world.nodeAddress(bob, 0)),
        [alice],
        "InvalidSeeds",
      );
    },
  );
});
