import { readdirSync, readFileSync } from "node:fs";
import { type Signer, SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, toAddress } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import { expect } from "chai";
import {
  busyNames,
  DAY,
  deployedNames,
  initializeOf,
  LABEL,
  NAMES_BYTES,
  type NamesWorld,
  openNames,
  PARTIES,
  TERMS,
} from "../../programs/names/world.ts";
import { deployProgram } from "../../programs/world/deploy.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";
import { held } from "./catalogue.ts";

const FILE = import.meta.url;

const { alice, bob, carol, stranger } = PARTIES;
const post = (world: NamesWorld, holder: Signer, version = 1n, generation = 1) =>
  world.postOf(holder, LABEL, version, { generation });
const nft = (world: NamesWorld, generation = 1) =>
  names.deriveNft(world.deployment.names, LABEL, generation).address;
const holding = (world: NamesWorld, owner: Signer) =>
  names.deriveHolding(owner.publicKey, nft(world)).address;

/** An ordinary wallet's transfer of the name's token. */
function transfer(world: NamesWorld, from: Signer, to: Signer): void {
  const create: names.Instruction = {
    program: toAddress("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"),
    accounts: [
      names.paying(from.publicKey),
      names.writable(holding(world, to)),
      names.readonly(to.publicKey),
      names.readonly(nft(world)),
      names.readonly(SYSTEM_PROGRAM),
      names.readonly(TOKEN_2022_PROGRAM),
    ],
    data: Uint8Array.of(1),
  };
  const move: names.Instruction = {
    program: toAddress(TOKEN_2022_PROGRAM),
    accounts: [
      names.writable(holding(world, from)),
      names.readonly(nft(world)),
      names.writable(holding(world, to)),
      names.signing(from.publicKey),
    ],
    data: Uint8Array.of(12, 1, 0, 0, 0, 0, 0, 0, 0, 0),
  };
  world.must([create, move], [from]);
}

interface Types {
  readonly accounts: readonly { readonly name: string }[];
  readonly types: readonly {
    readonly name: string;
    readonly type: { readonly fields?: readonly { readonly name: string }[] };
  }[];
}

describe("names: one owner of a name", () => {
  attack(
    FILE,
    "two owners",
    "gives one name no two owners: neither program, auction nor registration sells it again while it is held",
    () => {
      const world = busyNames();
      world.must(world.commitOf(bob, LABEL), [bob]);
      world.pass(TERMS.commitMin);
      refuse(world, world.registerOf(bob, LABEL, 1, 2), [bob], code("NameTaken"));
      refuse(world, world.registerOf(bob, LABEL, 1, 1), [bob], code("NameTaken"));
      refuse(world, world.openOf(bob, LABEL, 30_000_000n, 2), [bob], code("LabelNotPremium"));
      world.must(world.commitOf(bob, "abc"), [bob]);
      world.pass(TERMS.commitMin);
      refuse(world, world.registerOf(bob, "abc"), [bob], code("LabelPremium"));
    },
  );

  attack(
    FILE,
    "two owners",
    "can't be had a second time from a copy of the program: it initialises nowhere but at its own address",
    () => {
      const world = deployedNames();
      const copy = keyOf("copy of the program");
      deployProgram(world.machine, copy, NAMES_BYTES, PARTIES.authority);
      world.must(initializeOf(world), [PARTIES.authority]);
      const deployment = { ...world.deployment, names: copy.publicKey };
      const { publicKey } = PARTIES.authority;
      const own = names.initialize({ deployment, authority: publicKey, terms: TERMS, guardian: publicKey });
      const real = { ...initializeOf(world), program: copy.publicKey };
      for (const instruction of [own, real])
        expect(world.send(instruction, [PARTIES.authority]).error).not.equal(undefined);
    },
  );

  attack(
    FILE,
    "two owners",
    "believes no account of another program that says the stranger owns the name, neither here nor in the SDK",
    () => {
      const world = busyNames();
      const other = addressOf("another registry");
      const { address } = names.deriveName(world.deployment.names, LABEL);
      const forged = world.machine.data(address).slice();
      forged.set(stranger.publicKey, 136);
      const elsewhere = names.deriveName(other, LABEL).address;
      world.machine.plant(elsewhere, { data: forged, owner: other });
      const posted = world.postOf(stranger, LABEL, 1n);
      const accounts = posted.accounts.map((meta, i) => (i === 1 ? { ...meta, address: elsewhere } : meta));
      refuse(world, { ...posted, accounts }, [stranger], "IllegalOwner");
      expect(elsewhere).not.eql(address);
      expect(world.name(LABEL).authority).eql(alice.publicKey);
    },
  );

  attack(FILE, "two owners", "has its owner in this program's accounts and in no other program's", () => {
    const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
    const idls = readdirSync(artifacts).filter((file) => file.endsWith(".json") && !file.includes("keypair"));
    const keepers = idls.filter((file) => {
      const idl = JSON.parse(readFileSync(new URL(file, artifacts), "utf8")) as Types;
      return idl.accounts.some(({ name }) => {
        const type = idl.types.find((one) => one.name === name);
        return type?.type.fields?.some(({ name: field }) => ["label", "name_hash", "nft"].includes(field));
      });
    });
    expect(keepers).eql(["names.json"]);
  });

  attack(FILE, "old generation", "lets the token of an earlier generation own nothing", () => {
    const world = busyNames();
    world.machine.setTime(world.name(LABEL).expiresAt + BigInt(TERMS.grace));
    world.register(bob, LABEL, 1, 2);
    refuse(world, post(world, alice, 1n, 1), [alice], code("WrongNft"));
    world.must(post(world, bob, 1n, 2), [bob]);
  });

  attack(
    FILE,
    "previous authority",
    "follows the token: after an ordinary transfer the new holder acts and the old does not",
    () => {
      const world = busyNames();
      transfer(world, alice, bob);
      refuse(world, post(world, alice), [alice], code("NotHolder"));
      world.must(post(world, bob), [bob]);
    },
  );

  attack(FILE, "token foreign", "believes no token account of another program", () => {
    const world = busyNames();
    const forged = addressOf("forged holding");
    plantTokenAccount(world.machine, forged, nft(world), stranger.publicKey, { amount: 1n });
    const accounts = post(world, stranger).accounts.map((meta, i) =>
      i === 2 ? { ...meta, address: forged } : meta,
    );
    refuse(world, { ...post(world, stranger), accounts }, [stranger], code("NotHolder"));
  });

  attack(FILE, "stranger", "lets a stranger who points at the holder's token account do nothing", () => {
    const world = busyNames();
    const real = holding(world, alice);
    const tries: names.Instruction[] = [
      names.offerControl({ ...held(world), holder: stranger.publicKey, to: stranger.publicKey }),
      names.appointDelegate({
        ...held(world),
        holder: stranger.publicKey,
        delegate: stranger.publicKey,
        expiresAt: world.machine.now() + 9n,
      }),
      post(world, stranger),
    ];
    for (const instruction of tries) {
      const own = holding(world, stranger);
      const accounts = instruction.accounts.map((meta) =>
        Buffer.from(meta.address).equals(own) ? { ...meta, address: real } : meta,
      );
      refuse(world, { ...instruction, accounts }, [stranger], code("NotHolder"));
    }
  });

  attack(FILE, "deadline", "owns until the last second of the term; in grace a holder may only renew", () => {
    const world = busyNames();
    const { expiresAt } = world.name(LABEL);
    world.machine.setTime(expiresAt - 1n);
    world.must(post(world, alice), [alice]);
    world.machine.setTime(expiresAt);
    refuse(world, post(world, alice, 2n), [alice], code("NameExpired"));
    refuse(world, names.offerControl({ ...held(world), to: bob.publicKey }), [alice], code("NameExpired"));
  });
});

describe("names: control and delegates", () => {
  const offer = (world: NamesWorld, by: Signer, to: Signer) =>
    names.offerControl({ ...held(world), holder: by.publicKey, to: to.publicKey });
  const accept = (world: NamesWorld, from: Signer, by: Signer) =>
    names.acceptControl({ ...held(world), holder: from.publicKey, accepter: by.publicKey });

  attack(FILE, "one-step handover", "hands control over in no single step, and to nobody else", () => {
    const world = busyNames();
    refuse(world, accept(world, alice, bob), [bob], code("NotOffered"));
    world.must(offer(world, alice, bob), [alice]);
    expect(world.holds(alice, LABEL)).equal(true);
    refuse(world, accept(world, alice, stranger), [stranger], code("NotOffered"));
    world.must(names.withdrawOffer(held(world)), [alice]);
    refuse(world, accept(world, alice, bob), [bob], code("NotOffered"));
  });

  attack(
    FILE,
    "offer",
    "lets an offer of a later holder move nothing out of an earlier holder's account",
    () => {
      const world = busyNames();
      world.must(offer(world, alice, carol), [alice]);
      transfer(world, alice, bob);
      refuse(world, accept(world, bob, carol), [carol], code("NotOffered"));
      // Bob offers to the stranger, then sells the token back: Alice's account still has her old approval.
      world.must(offer(world, bob, stranger), [bob]);
      transfer(world, bob, alice);
      refuse(world, accept(world, alice, stranger), [stranger], code("NotOffered"));
    },
  );

  attack(FILE, "offer", "lets a stranger withdraw no offer", () => {
    const world = busyNames();
    world.must(offer(world, alice, bob), [alice]);
    const instruction = names.withdrawOffer({ ...held(world), holder: stranger.publicKey });
    refuse(world, instruction, [stranger], code("NotHolder"));
  });

  const byCarol = (world: NamesWorld, version = 1n) => world.postOf(alice, LABEL, version, { poster: carol });
  const appoint = (world: NamesWorld) =>
    names.appointDelegate({
      ...held(world),
      delegate: carol.publicKey,
      expiresAt: world.machine.now() + BigInt(DAY),
    });

  attack(FILE, "revoked key", "ends a delegate at its second", () => {
    const world = busyNames();
    world.must(appoint(world), [alice]);
    world.pass(DAY - 1);
    world.must(byCarol(world), [carol]);
    world.pass(1);
    refuse(world, byCarol(world, 2n), [carol], code("DelegateExpired"));
  });

  attack(FILE, "revoked key", "ends a delegate when the token changes hands", () => {
    const world = busyNames();
    world.must(appoint(world), [alice]);
    transfer(world, alice, bob);
    const asBobs = world.postOf(bob, LABEL, 1n, { poster: carol });
    refuse(world, asBobs, [carol], code("DelegateStale"));
    const again = names.appointDelegate({
      ...held(world),
      holder: bob.publicKey,
      delegate: carol.publicKey,
      expiresAt: world.machine.now() + 9n,
    });
    refuse(world, again, [bob], code("DelegateTaken"));
    world.must(names.dismissDelegate({ ...held(world), holder: bob.publicKey, delegate: carol.publicKey }), [
      bob,
    ]);
    world.must(again, [bob]);
  });

  attack(FILE, "delegate", "lets nobody use or dismiss another's appointment", () => {
    const world = busyNames();
    world.must(appoint(world), [alice]);
    const accounts = byCarol(world).accounts.map((meta, i) =>
      i === 0 ? { ...meta, address: stranger.publicKey } : meta,
    );
    refuse(world, { ...byCarol(world), accounts }, [stranger], code("DelegateWallet"));
    const dismiss = names.dismissDelegate({ ...held(world), delegate: carol.publicKey });
    const stolen = dismiss.accounts.map((meta, i) =>
      i === 0 ? { ...meta, address: stranger.publicKey } : meta,
    );
    refuse(world, { ...dismiss, accounts: stolen }, [stranger], code("NotAppointer"));
  });

  attack(FILE, "delegate", "keeps a delegate of one name away from another", () => {
    const world = busyNames();
    world.register(alice, "another");
    world.must(appoint(world), [alice]);
    const record = byCarol(world).accounts[3];
    const other = world.postOf(alice, "another", 1n, { poster: carol });
    const accounts = other.accounts.map((meta, i) => (i === 3 && record !== undefined ? record : meta));
    refuse(world, { ...other, accounts }, [carol], code("DelegateName"));
  });

  for (const [role, error] of [
    [0, "RoleUnknown"],
    [2, "RoleUnknown"],
    [255, "RoleUnknown"],
  ] as const)
    attack(FILE, "unknown enum", `knows no role ${role}`, () => {
      const world = busyNames();
      const good = appoint(world);
      const data = good.data.slice();
      data[33] = role;
      refuse(world, { ...good, data }, [alice], code(error));
    });
});

describe("names: passports", () => {
  attack(FILE, "passport", "can't be transferred", () => {
    const world = openNames();
    const { deployment } = world;
    world.must(names.issuePassport({ deployment, wallet: alice.publicKey }), [alice]);
    world.must(names.issuePassport({ deployment, wallet: bob.publicKey }), [bob]);
    const mint = names.derivePassportMint(deployment.names, alice.publicKey).address;
    const token = names.deriveHolding(alice.publicKey, mint).address;
    const elsewhere = names.deriveHolding(bob.publicKey, mint).address;
    const create: names.Instruction = {
      program: toAddress("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"),
      accounts: [
        names.paying(alice.publicKey),
        names.writable(elsewhere),
        names.readonly(bob.publicKey),
        names.readonly(mint),
        names.readonly(SYSTEM_PROGRAM),
        names.readonly(TOKEN_2022_PROGRAM),
      ],
      data: Uint8Array.of(1),
    };
    world.must(create, [alice]);
    const move: names.Instruction = {
      program: toAddress(TOKEN_2022_PROGRAM),
      accounts: [
        names.writable(token),
        names.readonly(mint),
        names.writable(elsewhere),
        names.signing(alice.publicKey),
      ],
      data: Uint8Array.of(12, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    };
    // 37 is Token-2022's NonTransferable.
    refuse(world, move, [alice], 37);
  });

  for (const [kind, length, error] of [
    [0, 1, "HintLength"],
    [1, 0, "HintLength"],
    [3, 161, "HintLength"],
    [4, 1, "HintKind"],
  ] as const)
    attack(FILE, "vector edges", `refuses a hint of kind ${kind} and ${length} bytes`, () => {
      const world = openNames();
      const { deployment } = world;
      world.must(names.issuePassport({ deployment, wallet: alice.publicKey }), [alice]);
      const good = names.setHint({
        deployment,
        wallet: alice.publicKey,
        kind: "key",
        hint: new Uint8Array(length),
      });
      const data = good.data.slice();
      data[1] = kind;
      refuse(world, { ...good, data }, [alice], code(error));
    });
});
