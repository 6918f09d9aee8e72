import { SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import { expect } from "chai";
import fc from "fast-check";
import { busyNames, MINT, openNames, PARTIES, POCKET, PREMIUM, TERMS } from "../../programs/names/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { plantTokenAccount, tokensOf } from "../../programs/world/tokens.ts";
import { attack, code, refuse } from "./attack.ts";

const FILE = import.meta.url;

const { alice, bob, carol, stranger, authority } = PARTIES;

describe("names: auctions under attack", () => {
  attack(
    FILE,
    "bid again",
    "lets a bidder who withdraws and bids the returned money again gain nothing",
    () => {
      const world = busyNames();
      for (let round = 0; round < 3; round++) {
        world.must(
          [
            world.withdrawOf(bob, PREMIUM),
            world.bidOf(bob, PREMIUM, 100_000_000n + BigInt(round) * 50_000_000n),
          ],
          [bob],
        );
        expect(world.purse(bob) + world.held(PREMIUM, bob)).equal(POCKET);
        expect(world.vaultTokens()).equal(world.held(PREMIUM, bob) + world.held(PREMIUM, carol));
        refuse(world, world.withdrawOf(bob, PREMIUM), [bob], code("HighestBidder"));
        world.must(world.bidOf(carol, PREMIUM, 120_000_000n + BigInt(round) * 50_000_000n), [carol]);
      }
      world.must(world.withdrawOf(bob, PREMIUM), [bob]);
      expect(world.purse(bob)).equal(POCKET);
    },
  );

  attack(FILE, "account revived", "pays a losing bid back once, even twice in one transaction", () => {
    const world = busyNames();
    const withdraw = world.withdrawOf(bob, PREMIUM);
    const twice = world.send([withdraw, withdraw], [bob]);
    expect(twice.error).not.equal(undefined);
    expect(world.held(PREMIUM, bob)).equal(30_000_000n);
    world.must(withdraw, [bob]);
    expect(world.send(withdraw, [bob]).error).not.equal(undefined);
    expect(world.purse(bob)).equal(POCKET);
  });

  attack(FILE, "stranger", "lets nobody withdraw another's bid", () => {
    const world = busyNames();
    const accounts = world
      .withdrawOf(bob, PREMIUM)
      .accounts.map((meta, i) => (i === 0 ? { ...meta, address: stranger.publicKey } : meta));
    refuse(world, { ...world.withdrawOf(bob, PREMIUM), accounts }, [stranger], "InvalidSeeds");
  });

  attack(
    FILE,
    "idle winner",
    "can't be held up by a winner who does nothing: a stranger settles, and the money reaches the treasury",
    () => {
      const world = busyNames();
      const before = world.treasuryTokens();
      world.pass(TERMS.auction);
      refuse(world, world.bidOf(bob, PREMIUM, 90_000_000n), [bob], code("AuctionOver"));
      world.must(world.settleOf(stranger, carol, PREMIUM), [stranger]);
      expect(world.treasuryTokens() - before).equal(40_000_000n);
      expect(world.holds(carol, PREMIUM)).equal(true);
      expect(world.vaultTokens()).equal(world.held(PREMIUM, bob));
      world.must(world.withdrawOf(bob, PREMIUM), [bob]);
      expect(world.purse(bob)).equal(POCKET);
    },
  );

  attack(
    FILE,
    "old generation",
    "releases a won name like any other, and sells its next generation in an auction of its own",
    () => {
      const world = busyNames();
      world.pass(TERMS.auction);
      world.must(world.settleOf(stranger, carol, PREMIUM), [stranger]);
      refuse(world, world.openOf(alice, PREMIUM, 30_000_000n, 2), [alice], code("NameTaken"));
      world.machine.setTime(world.name(PREMIUM).expiresAt + BigInt(TERMS.grace) - 1n);
      refuse(world, world.openOf(alice, PREMIUM, 30_000_000n, 2), [alice], code("NameTaken"));
      world.pass(1);
      world.must(world.openOf(alice, PREMIUM, 30_000_000n, 2), [alice]);
      world.pass(TERMS.auction);
      world.must(world.settleOf(alice, alice, PREMIUM, 2), [alice]);
      expect(world.name(PREMIUM).generation).equal(2);
      expect(world.holds(alice, PREMIUM, 2)).equal(true);
      world.must(world.withdrawOf(bob, PREMIUM, 1), [bob]);
      expect(world.purse(bob)).equal(POCKET);
    },
  );

  attack(FILE, "deadline", "settles once, at its end and not a second before", () => {
    const world = busyNames();
    const { endsAt } = world.auction(PREMIUM);
    const settle = world.settleOf(stranger, carol, PREMIUM);
    world.machine.setTime(endsAt - 1n);
    refuse(world, settle, [stranger], code("AuctionOpen"));
    world.machine.setTime(endsAt);
    world.must(settle, [stranger]);
    expect(world.send(settle, [stranger]).error).not.equal(undefined);
    refuse(world, world.bidOf(bob, PREMIUM, 90_000_000n), [bob], code("AuctionSettled"));
  });

  attack(FILE, "wrong winner", "hands a name to nobody but the highest bidder", () => {
    const world = busyNames();
    world.pass(TERMS.auction);
    refuse(world, world.settleOf(stranger, bob, PREMIUM), [stranger], code("BidNotWinners"));
    const right = world.settleOf(stranger, carol, PREMIUM);
    const losing = world.withdrawOf(bob, PREMIUM).accounts[3];
    if (losing === undefined) throw new Error("no bid");
    const swapped = right.accounts.map((meta, i) => (i === 4 ? losing : meta));
    refuse(world, { ...right, accounts: swapped }, [stranger], code("BidNotWinners"));
  });

  attack(FILE, "account parent", "mixes no two auctions up", () => {
    const world = busyNames();
    world.must(world.openOf(carol, "xyz", 30_000_000n), [carol]);
    world.pass(TERMS.auction);
    const one = world.settleOf(stranger, carol, PREMIUM);
    const two = world.settleOf(stranger, carol, "xyz");
    const mix = (...from: number[]) => ({
      ...one,
      accounts: one.accounts.map((meta, i) => (from.includes(i) ? (two.accounts[i] ?? meta) : meta)),
    });
    refuse(world, mix(4), [stranger], code("BidAuction"));
    refuse(world, mix(3), [stranger], code("AuctionName"));
    refuse(world, mix(2), [stranger], code("AuctionName"));
  });

  for (const [amount, error] of [
    [41_999_999n, "BidTooLow"],
    [40_000_000n, "BidTooLow"],
    [1n, "BidTooLow"],
  ] as const)
    attack(FILE, "low bid", `refuses a bid of ${amount} over 40000000`, () => {
      const world = busyNames();
      refuse(world, world.bidOf(alice, PREMIUM, amount), [alice], code(error));
    });

  for (const [amount, error] of [
    [0n, "AmountZero"],
    [1n << 56n, "AmountTooLarge"],
    [(1n << 64n) - 1n, "AmountTooLarge"],
  ] as const)
    attack(FILE, "amount edges", `refuses a bid of ${amount}`, () => {
      const world = busyNames();
      const good = world.bidOf(alice, PREMIUM, 42_000_000n);
      const data = good.data.slice();
      new DataView(data.buffer).setBigUint64(1, amount, true);
      refuse(world, { ...good, data }, [alice], code(error));
    });

  attack(
    FILE,
    "low bid",
    "takes a first bid of a term's price and not a unit less, for labels of up to four bytes",
    () => {
      const world = openNames();
      refuse(world, world.openOf(alice, "abcd", 19_999_999n), [alice], code("BidTooLow"));
      refuse(world, world.openOf(alice, "abcde", 20_000_000n), [alice], code("LabelNotPremium"));
      world.must(world.openOf(alice, "abcd", 20_000_000n), [alice]);
      const again = world.openOf(bob, "abcd", 90_000_000n);
      refuse(world, again, [bob], code("AuctionExists"));
    },
  );

  attack(FILE, "dust", "counts dust sent to the vault for nobody", () => {
    const world = busyNames();
    const { deployment, machine } = world;
    const dusty = machine.data(world.vault).slice();
    new DataView(dusty.buffer).setBigUint64(64, 70_000_001n, true);
    machine.plant(world.vault, { data: dusty, owner: deployment.tokenProgram });
    world.must(world.withdrawOf(bob, PREMIUM), [bob]);
    expect(world.purse(bob)).equal(POCKET);
    world.pass(TERMS.auction);
    const before = world.treasuryTokens();
    world.must(world.settleOf(stranger, carol, PREMIUM), [stranger]);
    expect(world.treasuryTokens() - before).equal(40_000_000n);
    expect(world.vaultTokens()).equal(1n);
  });

  attack(
    FILE,
    "token frozen",
    "lets the authority name another treasury when the old one is frozen, so that no auction hangs",
    () => {
      const world = busyNames();
      const { deployment, machine } = world;
      world.pass(TERMS.auction);
      plantTokenAccount(machine, world.treasury, MINT, addressOf("treasury"), { state: 2 });
      refuse(world, world.settleOf(stranger, carol, PREMIUM), [stranger], code("TokenAccountFrozen"));
      const next = addressOf("next treasury");
      plantTokenAccount(machine, next, MINT, addressOf("treasury"), { delegate: addressOf("thief") });
      const set = names.setTreasury({ deployment, authority: authority.publicKey, treasury: next });
      refuse(world, set, [authority], code("TokenAccountDelegate"));
      plantTokenAccount(machine, next, MINT, addressOf("treasury"));
      world.must(set, [authority]);
      const settle = names.settleAuction({
        deployment: { ...deployment, treasury: next },
        label: PREMIUM,
        generation: 1,
        payer: stranger.publicKey,
        winner: carol.publicKey,
      });
      world.must(settle, [stranger]);
      expect(tokensOf(machine, next)).equal(40_000_000n);
    },
  );

  for (const prefunded of ["mint", "token account"] as const)
    attack(
      FILE,
      "account prefunded",
      `settles though somebody sent lamports to the winner's ${prefunded} before`,
      () => {
        const world = busyNames();
        const settle = world.settleOf(stranger, carol, PREMIUM);
        const at = settle.accounts[prefunded === "mint" ? 8 : 9];
        if (at === undefined) throw new Error("no account");
        world.machine.plant(at.address, {
          data: new Uint8Array(0),
          owner: toAddress(SYSTEM_PROGRAM),
          lamports: 1_000_000n,
        });
        world.pass(TERMS.auction);
        world.must(settle, [stranger]);
        expect(world.holds(carol, PREMIUM)).equal(true);
      },
    );
});

describe("names: conservation over auctions", () => {
  attack(
    FILE,
    "conservation",
    "keeps the vault equal to the sum of bids held, and nobody's money grows",
    () => {
      const bidders = [alice, bob, carol];
      const labels = ["abc", "xyz"];
      const step = fc.record({
        kind: fc.constantFrom("open", "bid", "bid", "bid", "withdraw", "withdraw", "settle", "wait"),
        who: fc.nat(2),
        label: fc.nat(1),
        amount: fc.integer({ min: 1, max: 60 }),
      });
      fc.assert(
        fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
          const world = openNames();
          world.machine.skipSignatures();
          const start = POCKET * 3n;
          for (const { kind, who, label: l, amount } of steps) {
            const [bidder, label] = [bidders[who] as typeof alice, labels[l] as string];
            const opened = world.machine.account(
              names.deriveAuction(world.deployment.names, label, 1).address,
            );
            if (opened === undefined && kind !== "open" && kind !== "wait") continue;
            const over = BigInt(amount) * 1_000_000n;
            if (kind === "open") world.send(world.openOf(bidder, label, 20_000_000n + over), [bidder]);
            if (kind === "bid")
              world.send(world.bidOf(bidder, label, world.auction(label).highest + over), [bidder]);
            if (kind === "withdraw") world.send(world.withdrawOf(bidder, label), [bidder]);
            if (kind === "wait") world.pass(amount * 6_000);
            if (kind === "settle") {
              const winner = bidders.find(({ publicKey }) =>
                Buffer.from(publicKey).equals(world.auction(label).highestBidder),
              );
              world.send(world.settleOf(stranger, winner as typeof alice, label), [stranger]);
            }
            const held = labels
              .flatMap((name) => bidders.map((one) => world.held(name, one)))
              .reduce((a, b) => a + b, 0n);
            const purses = bidders.map((one) => world.purse(one)).reduce((a, b) => a + b, 0n);
            expect(world.vaultTokens()).equal(held);
            expect(purses + held + world.treasuryTokens()).equal(start);
          }
        }),
        { numRuns: 25, seed: 20_261_121 },
      );
    },
  );
});
