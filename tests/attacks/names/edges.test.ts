import * as names from "@tolldns/sdk/names";
import { expect } from "chai";
import {
  busyNames,
  DAY,
  deployedNames,
  initializeOf,
  LABEL,
  type NamesWorld,
  openNames,
  PARTIES,
  POCKET,
  PREMIUM,
  TERMS,
} from "../../programs/names/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import { lowerBump } from "../bumps.ts";
import { addProxy, DERIVED_WALLET, proxied } from "../proxy.ts";
import { attack, code, refuse } from "./attack.ts";
import { ATTEMPTS, held } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, authority, guardian, stranger } = PARTIES;
const text = (value: string) => new TextEncoder().encode(value);
const u32 = (value: number) => Uint8Array.of(value & 255, value >> 8, 0, 0);

describe("names: addresses", () => {
  const hash = names.hashName(LABEL);
  const premium = names.hashName("xyz");
  const commitment = names.hashCommitment(hash, bob.publicKey, addressOf("secret"));
  /** Every account that an instruction creates: its place, its seeds, and what the refusal is called. */
  const creations: [string, number, (world: NamesWorld) => readonly Uint8Array[], (string | number)?][] = [
    ["initialize", 1, () => [text("names")]],
    ["initialize", 2, () => [text("auction-vault")]],
    ["commit", 2, () => [text("commitment"), alice.publicKey, commitment]],
    ["register", 3, () => [text("name"), hash]],
    ["register", 6, () => [text("nft"), hash, u32(1)], code("WrongMintAddress")],
    ["open_auction", 2, () => [text("name"), premium]],
    ["open_auction", 3, () => [text("auction"), premium, u32(1)]],
    [
      "appoint_delegate",
      3,
      (world) => [text("delegate"), names.deriveName(world.deployment.names, LABEL).address, carol.publicKey],
    ],
    ["issue_passport", 2, () => [text("passport"), bob.publicKey]],
    ["issue_passport", 3, () => [text("passport-mint"), bob.publicKey], code("WrongMintAddress")],
  ];
  for (const [name, at, seeds, error] of creations)
    attack(
      FILE,
      "account bump",
      `refuses to make account ${at} of ${name} at a lower bump than the canonical one`,
      () => {
        const { world, instruction, signers } = (ATTEMPTS[name] as (typeof ATTEMPTS)[string])();
        const address = lowerBump(world.deployment.names, seeds(world));
        const accounts = instruction.accounts.map((meta, i) => (i === at ? { ...meta, address } : meta));
        refuse(world, { ...instruction, accounts }, signers, error ?? "InvalidSeeds");
      },
    );

  attack(
    FILE,
    "account initialised twice",
    "writes over nothing that is there: configuration, commitment, auction, passport",
    () => {
      const world = busyNames();
      refuse(world, initializeOf(world), [authority], code("AlreadyInitialized"));
      world.must(world.commitOf(bob, LABEL), [bob]);
      const again = world.send(world.commitOf(bob, LABEL), [bob]);
      expect(again.error).not.equal(undefined);
      refuse(world, world.openOf(alice, PREMIUM, 90_000_000n), [alice], code("AuctionExists"));
      const { deployment } = world;
      const issue = names.issuePassport({ deployment, wallet: alice.publicKey });
      world.must(issue, [alice]);
      refuse(world, issue, [alice], code("PassportExists"));
    },
  );

  attack(FILE, "close and reopen", "lets a bidder withdraw and bid for ever, and hinder nobody", () => {
    const world = busyNames();
    for (let round = 0n; round < 5n; round++) {
      world.must(world.withdrawOf(bob, PREMIUM), [bob]);
      const leading = world.auction(PREMIUM).highest;
      refuse(world, world.bidOf(bob, PREMIUM, leading), [bob], code("BidTooLow"));
      world.must(world.bidOf(bob, PREMIUM, leading * 2n), [bob]);
      world.must(world.bidOf(carol, PREMIUM, leading * 2n + leading), [carol]);
      if (leading * 9n > POCKET) break;
    }
    world.pass(TERMS.auction);
    world.must(world.settleOf(stranger, carol, PREMIUM), [stranger]);
    world.must(world.withdrawOf(bob, PREMIUM), [bob]);
    expect(world.purse(bob)).equal(POCKET);
  });
});

describe("names: arguments at their edges", () => {
  const setTerms = ({ deployment }: NamesWorld, change: Partial<names.NamesTerms>) =>
    names.setTerms({ deployment, authority: authority.publicKey, terms: { ...TERMS, ...change } });

  for (const [incrementBps, highest, least] of [
    [1, 40_000_000n, 40_004_000n],
    [9_999, 40_000_000n, 79_996_000n],
    [10_000, 40_000_000n, 80_000_000n],
  ] as const)
    attack(FILE, "basis points", `asks for ${least} over ${highest} at ${incrementBps} basis points`, () => {
      const world = busyNames();
      world.must(setTerms(world, { incrementBps }), [authority]);
      refuse(world, world.bidOf(alice, PREMIUM, least - 1n), [alice], code("BidTooLow"));
      world.must(world.bidOf(alice, PREMIUM, least), [alice]);
    });
  for (const incrementBps of [0, 10_001, 65_535])
    attack(FILE, "basis points", `refuses an increment of ${incrementBps}`, () => {
      const world = openNames();
      refuse(world, setTerms(world, { incrementBps }), [authority], code("IncrementInvalid"));
    });

  attack(FILE, "amount overflow", "refuses a bid that would top the largest amount there is", () => {
    const world = busyNames();
    const most = (1n << 56n) - 1n;
    plantTokenAccount(world.machine, world.tokens(alice), world.deployment.mint, alice.publicKey, {
      amount: most,
    });
    world.must(world.bidOf(alice, PREMIUM, most), [alice]);
    const over = world.bidOf(bob, PREMIUM, most);
    refuse(world, over, [bob], code("BidTooLow"));
  });

  attack(FILE, "amount overflow", "refuses a price of all years that exceeds the largest amount", () => {
    const world = busyNames();
    const price = ((1n << 56n) - 1n) / 100n;
    world.must(setTerms(world, { term: DAY, prices: [price, price, price, price, price] }), [authority]);
    const { deployment } = world;
    const source = world.tokens(bob);
    const renew = names.renew({ deployment, label: LABEL, payer: bob.publicKey, source, years: 101 });
    refuse(world, renew, [bob], code("AmountTooLarge"));
  });

  for (const generation of [0xffff_fffe, 0xffff_ffff])
    attack(
      FILE,
      "amount overflow",
      `gives a name of generation ${generation} ${generation === 0xffff_ffff ? "no" : "its last"} successor`,
      () => {
        const world = busyNames();
        const { address } = names.deriveName(world.deployment.names, LABEL);
        const data = world.machine.data(address).slice();
        new DataView(data.buffer).setUint32(12, generation, true);
        world.machine.plant(address, { data, owner: world.deployment.names });
        world.machine.setTime(world.name(LABEL).expiresAt + BigInt(TERMS.grace));
        world.must(world.commitOf(bob, LABEL), [bob]);
        world.pass(TERMS.commitMin);
        const next = world.registerOf(bob, LABEL, 1, Math.min(generation + 1, 0xffff_ffff));
        if (generation === 0xffff_ffff) refuse(world, next, [bob], code("AmountOverflow"));
        else {
          world.must(next, [bob]);
          expect(world.name(LABEL).generation).equal(0xffff_ffff);
        }
      },
    );

  attack(FILE, "ragged length", "reads no label or hint whose length is not what is there", () => {
    for (const [name, at] of [
      ["register", 66],
      ["open_auction", 41],
      ["set_hint", 2],
    ] as const)
      for (const by of [-1, 1, 200]) {
        const { world, instruction, signers } = (ATTEMPTS[name] as (typeof ATTEMPTS)[string])();
        const data = instruction.data.slice();
        data[at] = ((data[at] as number) + by) & 255;
        refuse(world, { ...instruction, data }, signers, code("InstructionLength"));
      }
  });

  attack(FILE, "unknown enum", "knows no flag but 0 and 1", () => {
    const world = openNames();
    const { deployment } = world;
    const good = names.setPaused({ deployment, signer: guardian.publicKey, paused: true });
    for (const flag of [2, 255])
      refuse(
        world,
        { ...good, data: Uint8Array.of(good.data[0] as number, flag) },
        [guardian],
        code("FlagInvalid"),
      );
  });
});

describe("names: time and terms", () => {
  attack(FILE, "clock jump", "refuses everything timed while the clock shows a time before 1970", () => {
    const world = busyNames();
    world.machine.setTime(-1n);
    refuse(world, world.bidOf(alice, PREMIUM, 42_000_000n), [alice], code("ClockInvalid"));
    refuse(world, world.postOf(alice, LABEL, 1n), [alice], code("ClockInvalid"));
  });

  attack(
    FILE,
    "clock jump",
    "frees no name and ends no auction while the clock is behind, and loses no money when it leaps ahead",
    () => {
      const world = busyNames();
      const now = world.machine.now();
      world.machine.setTime(now - BigInt(30 * DAY));
      refuse(world, world.settleOf(stranger, carol, PREMIUM), [stranger], code("AuctionOpen"));
      world.machine.setTime(now + BigInt(100 * 365 * DAY));
      world.must(world.settleOf(stranger, carol, PREMIUM), [stranger]);
      world.must(world.withdrawOf(bob, PREMIUM), [bob]);
      expect(world.purse(bob)).equal(POCKET);
      refuse(world, world.postOf(alice, LABEL, 1n), [alice], code("NameExpired"));
    },
  );

  attack(
    FILE,
    "parameter in epoch",
    "leaves a held name its term and an auction its end when terms change",
    () => {
      const world = busyNames();
      const { deployment } = world;
      const before = [world.name(LABEL).expiresAt, world.auction(PREMIUM).endsAt];
      const terms = { ...TERMS, term: DAY, auction: 60, extension: 60 };
      world.must(names.setTerms({ deployment, authority: authority.publicKey, terms }), [authority]);
      expect([world.name(LABEL).expiresAt, world.auction(PREMIUM).endsAt]).eql(before);
      world.pass(60);
      refuse(world, world.settleOf(stranger, carol, PREMIUM), [stranger], code("AuctionOpen"));
    },
  );

  attack(
    FILE,
    "pending authority",
    "gives a proposed authority nothing when the proposal is taken back",
    () => {
      const world = openNames();
      const { deployment } = world;
      const next = keyOf("next authority");
      const propose = (newAuthority: Uint8Array) =>
        names.proposeAuthority({ deployment, authority: authority.publicKey, newAuthority });
      world.must(propose(next.publicKey), [authority]);
      world.must(propose(new Uint8Array(32)), [authority]);
      const accept = names.acceptAuthority({ deployment, pendingAuthority: next.publicKey });
      refuse(world, accept, [next], code("NotPendingAuthority"));
    },
  );
});

describe("names: a program that signs with an address of its own", () => {
  const wallet = DERIVED_WALLET;

  function proxyWorld(): NamesWorld {
    const world = busyNames();
    addProxy(world.machine);
    world.machine.airdrop(wallet.publicKey, 10_000_000_000n);
    plantTokenAccount(world.machine, world.tokens(wallet), world.deployment.mint, wallet.publicKey, {
      amount: POCKET,
    });
    return world;
  }

  attack(FILE, "derived signer", "bids, loses and gets its bid back like any wallet", () => {
    const world = proxyWorld();
    world.must(proxied(world.bidOf(wallet, PREMIUM, 50_000_000n)), []);
    world.must(world.bidOf(carol, PREMIUM, 60_000_000n), [carol]);
    world.must(proxied(world.withdrawOf(wallet, PREMIUM)), []);
    expect(world.purse(wallet)).equal(POCKET);
    world.must(proxied(world.bidOf(wallet, PREMIUM, 90_000_000n)), []);
    world.pass(TERMS.auction);
    world.must(world.settleOf(stranger, wallet, PREMIUM), [stranger]);
    expect(world.holds(wallet, PREMIUM)).equal(true);
    expect(world.name(PREMIUM).authority).eql(wallet.publicKey);
  });

  attack(FILE, "derived signer", "holds a name, posts and appoints for it, and for no other", () => {
    const world = proxyWorld();
    world.must(names.transferName({ ...held(world), to: wallet.publicKey }), [alice]);
    const expiresAt = world.machine.now() + 9n;
    const appoint = { ...held(world), holder: wallet.publicKey, delegate: carol.publicKey, expiresAt };
    world.must(proxied(names.appointDelegate(appoint)), []);
    world.must(world.postOf(wallet, LABEL, 1n, { poster: carol }), [carol]);
    world.register(bob, "another");
    const foreign = names.offerControl({
      ...held(world),
      label: "another",
      holder: wallet.publicKey,
      to: wallet.publicKey,
    });
    const bobs = names.deriveHolding(bob.publicKey, world.name("another").mint).address;
    const accounts = foreign.accounts.map((meta, i) => (i === 3 ? { ...meta, address: bobs } : meta));
    refuse(world, proxied({ ...foreign, accounts }), [], code("NotHolder"));
  });

  attack(FILE, "derived signer", "signs for no wallet that did not sign the transaction", () => {
    const world = proxyWorld();
    const offer = names.offerControl({ ...held(world), to: wallet.publicKey });
    const unsigned = { ...offer, accounts: offer.accounts.map((meta) => ({ ...meta, signer: false })) };
    refuse(world, proxied(unsigned), [], "MissingRequiredSignature");
    refuse(world, proxied(unsigned, 0), [], "PrivilegeEscalation");
  });
});

describe("names: initialisation", () => {
  attack(
    FILE,
    "stranger initialises",
    "can't be overtaken by a stranger, who sends the same instruction first",
    () => {
      const world = deployedNames();
      refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
      const posing = initializeOf(world);
      const accounts = posing.accounts.map((meta, i) =>
        i === 0 ? { ...meta, address: stranger.publicKey } : meta,
      );
      refuse(world, { ...posing, accounts }, [stranger], code("NotUpgradeAuthority"));
      world.must(initializeOf(world), [authority]);
    },
  );
});
