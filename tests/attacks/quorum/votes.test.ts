import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { expect } from "chai";
import { openQuorum, PARTIES, type QuorumWorld, TERMS, witnessOf } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { stranger } = PARTIES;

/** A committee that votes, and what it may vote for. */
function voting(weights?: readonly bigint[]): { world: QuorumWorld; outcome: quorum.EpochOutcome } {
  const world = openQuorum(weights);
  world.begin();
  return { world, outcome: world.trace(world.updates(2)).outcome };
}
const other = (world: QuorumWorld) => world.trace(world.updates(3)).outcome;
const flags = (world: QuorumWorld) => world.epoch().members.map(({ vote }) => vote !== undefined);

describe("quorum: votes", () => {
  attack("vote twice", "takes a vote once, by itself or brought, and changes nothing the second time", () => {
    const { world, outcome } = voting();
    world.attest(0, outcome);
    world.must(world.relayOf([1], outcome), []);
    const before = world.machine.data(world.epochAddress());
    world.attest(0, outcome);
    world.attest(1, outcome);
    world.must(world.relayOf([0, 1, 1], outcome), []);
    expect(world.machine.data(world.epochAddress())).eql(before);
  });
  attack("vote changed", "refuses another vote of who voted, and skips one that is brought", () => {
    const { world, outcome } = voting();
    world.attest(0, outcome);
    refuse(world, world.attestOf(0, other(world)), [world.signer(0)], code("VotedOtherwise"));
    const before = world.machine.data(world.epochAddress());
    world.must(world.relayOf([0], other(world)), []);
    expect(world.machine.data(world.epochAddress())).eql(before);
  });
  attack("stranger", "lets nobody vote for a seat but its witness", () => {
    const { world, outcome } = voting();
    const digest = world.digest(outcome);
    const of = (witness: Uint8Array, seat: number) => quorum.attest({ ...world.of, witness, seat, digest });
    refuse(world, of(stranger.publicKey, 0), [stranger], code("NotMember"));
    const second = world.signer(1);
    refuse(world, of(second.publicKey, 0), [second], code("NotMember"));
    // Who stakes but was not drawn is a stranger too.
    const drawn = world.epoch().members.map(({ operator }) => operator);
    const left = [0, 1, 2, 3, 4, 5].find((index) => !drawn.includes(index)) as number;
    const undrawn = witnessOf(left);
    for (let seat = 0; seat < TERMS.committee; seat++)
      refuse(world, of(undrawn.publicKey, seat), [undrawn], code("NotMember"));
  });
  attack("amount edges", "knows no seat beyond its committee", () => {
    const { world, outcome } = voting();
    const witness = world.signer(0);
    const digest = world.digest(outcome);
    for (const seat of [TERMS.committee, 100, 255])
      refuse(
        world,
        quorum.attest({ ...world.of, witness: witness.publicKey, seat, digest }),
        [witness],
        code("MemberUnknown"),
      );
  });
  attack("vote elsewhere", "takes no vote of another epoch, cluster or previous root for one of this", () => {
    const { world, outcome } = voting();
    const key = world.signer(0);
    const foreign = [
      world.digest(outcome, 2n),
      quorum.hashOutcome(outcome, addressOf("another cluster's domain"), 1n),
      world.digest({ ...outcome, previousRoot: addressOf("another root") }),
    ];
    const votes = foreign.map((digest) => ({ seat: 0, signature: quorum.signVote(key, digest) }));
    world.must(quorum.relay({ ...world.of, outcome, votes }), []);
    expect(flags(world)).eql(Array(TERMS.committee).fill(false));
  });
  attack(
    "domain tag",
    "takes no signature over the bare digest, or over something else that was signed",
    () => {
      const { world, outcome } = voting();
      const digest = world.digest(outcome);
      const key = world.signer(0);
      const messages = [
        digest,
        new Uint8Array([...new TextEncoder().encode("tolldns route\0"), ...digest]),
        new Uint8Array([...new TextEncoder().encode("tolldns receipt\0"), ...digest]),
      ];
      const votes = messages.map((message) => ({ seat: 0, signature: key.sign(message) }));
      world.must(quorum.relay({ ...world.of, outcome, votes }), []);
      expect(flags(world)[0]).equal(false);
    },
  );
  attack("duplicate entries", "takes the good rows of a batch, whatever stands between them", () => {
    const { world, outcome } = voting();
    const good = [0, 1, 2].map((seat) => world.voteOf(seat, outcome));
    const bad = [
      { seat: 3, signature: new Uint8Array(64) },
      { seat: 200, signature: good[0]?.signature as Uint8Array },
      { seat: 4, signature: good[0]?.signature as Uint8Array },
    ];
    const votes = [bad[0], good[0], bad[1], good[1], good[1], bad[2], good[2]] as quorum.SignedVote[];
    world.must(quorum.relay({ ...world.of, outcome, votes }), []);
    expect(flags(world)).eql([true, true, true, false, false]);
  });
  attack("ragged length", "refuses rows that are torn, and none at all", () => {
    const { world, outcome } = voting();
    const good = world.relayOf([0], outcome);
    for (const rows of [0, 1, 64, 66, 129]) {
      const data = new Uint8Array(73 + rows);
      data.set(good.data.subarray(0, Math.min(good.data.length, data.length)));
      new DataView(data.buffer).setUint32(69, rows, true);
      refuse(world, { ...good, data }, [], code("RowsRagged"));
    }
  });
  attack("largest batch", "takes 13 votes a packet of 1 232 bytes", () => {
    const world = openQuorum(Array.from({ length: 20 }, (_, i) => 100n + BigInt(i)));
    world.must(
      quorum.setTerms({
        deployment: world.deployment,
        authority: PARTIES.authority.publicKey,
        terms: { ...TERMS, committee: 20 },
      }),
      [PARTIES.authority],
    );
    world.begin();
    const { outcome } = world.trace(world.updates(1));
    const seats = Array.from({ length: quorum.MAX_RELAY_ROWS }, (_, seat) => seat);
    const sent = world.must(world.budgeted(world.relayOf(seats, outcome), 300_000), []);
    expect(flags(world).filter(Boolean).length).equal(quorum.MAX_RELAY_ROWS);
    expect(sent.size).lessThanOrEqual(1232);
    expect(sent.units).lessThan(300_000);
  });
});

describe("quorum: the largest committee", function () {
  // Some two hundred transactions, on a machine that may be busy.
  this.timeout(120_000);
  /** A hundred seats of a hundred and thirty operators, in a tree eight deep. */
  function largest(): QuorumWorld {
    const world = openQuorum(Array.from({ length: 130 }, (_, i) => 1_000n + BigInt(i)));
    const terms = { ...TERMS, committee: 100 };
    const given = { deployment: world.deployment, authority: PARTIES.authority.publicKey };
    world.must(quorum.setTerms({ ...given, terms }), [PARTIES.authority]);
    world.begin();
    return world;
  }
  attack(
    "vector edges",
    "has a hundred seats in one account, each vote below 4 000 units, and is tallied in one go",
    () => {
      const world = largest();
      const { members, order } = world.epoch();
      expect(members.length).equal(100);
      expect(world.machine.data(world.epochAddress()).length).equal(9_312);
      const starts = order.map((seat) => (members[seat] as quorum.Member).start);
      expect(starts).eql([...starts].sort((a, b) => (a < b ? -1 : 1)));
      const { outcome } = world.trace(world.updates(1));
      for (const seat of [0, 50, 99]) expect(world.attest(seat, outcome).units).lessThan(4_000);
      for (let seat = 0; seat < 100; seat += 13) {
        const seats = Array.from({ length: Math.min(13, 100 - seat) }, (_, i) => seat + i);
        world.must(world.budgeted(world.relayOf(seats, outcome), 300_000), []);
      }
      expect(flags(world).every(Boolean)).equal(true);
      expect(world.must(quorum.tally({ ...world.of, outcome }), []).units).lessThan(30_000);
      world.pass(TERMS.window);
      world.must(quorum.finalize(world.of), []);
      expect(world.config.final?.root).eql(outcome.root);
    },
  );
});

describe("quorum: tallies", () => {
  const tallyOf = (world: QuorumWorld, outcome: quorum.EpochOutcome) =>
    quorum.tally({ ...world.of, outcome });
  /** Everyone is drawn; votes of the operators at these places of the tree. */
  function votesOf(world: QuorumWorld, places: readonly number[], outcome: quorum.EpochOutcome): void {
    for (const { seat, operator } of world.epoch().members)
      if (places.includes(operator)) world.attest(seat, outcome);
  }

  attack("two thirds", "takes exactly two thirds of the weight, and not one unit less", () => {
    for (const [weights, enough] of [
      [[200n, 100n], true],
      [[199n, 100n], false],
      [[2n, 1n], true],
      [[67n, 33n], true],
      [[66n, 34n], false],
      [[1n, 1n], false],
    ] as const) {
      const { world, outcome } = voting(weights);
      votesOf(world, [0], outcome);
      if (enough) world.must(tallyOf(world, outcome), []);
      else refuse(world, tallyOf(world, outcome), [], code("QuorumMissing"));
    }
  });
  attack("two thirds", "takes the same two thirds where the products leave 64 bits", () => {
    const third = (2n ** 64n - 1n) / 3n;
    for (const [weights, enough] of [
      [[2n * third, third], true],
      [[2n * third - 1n, third + 1n], false],
    ] as const) {
      const { world, outcome } = voting(weights);
      votesOf(world, [0], outcome);
      if (enough) world.must(tallyOf(world, outcome), []);
      else refuse(world, tallyOf(world, outcome), [], code("QuorumMissing"));
    }
  });
  attack("too few", "attests nothing for which too few voted, and stalls at the deadline", () => {
    const { world, outcome } = voting([100n, 100n, 100n, 100n]);
    votesOf(world, [0, 1], outcome);
    votesOf(world, [2, 3], other(world));
    refuse(world, tallyOf(world, outcome), [], code("QuorumMissing"));
    refuse(world, tallyOf(world, other(world)), [], code("QuorumMissing"));
    world.machine.setTime(world.epoch().frozenAt + BigInt(TERMS.length));
    world.must(quorum.finalize(world.of), []);
    expect(world.epoch().status).equal("stalled");
    expect(world.config.final).equal(undefined);
    // And the next one carries on.
    world.begin();
    world.finish(world.updates(2));
    expect(world.config.final?.epoch).equal(2n);
  });
  attack(
    "zero root",
    "attests no root of zero after updates, and no empty trace that leads elsewhere",
    () => {
      const { world, outcome } = voting();
      const zero = routes.emptyHash();
      const wrong: [Partial<quorum.EpochOutcome>, string][] = [
        [{ root: zero }, "RootZero"],
        [{ updatesRoot: zero }, "RootZero"],
        [{ count: 0 }, "EmptyTraceMoves"],
        [{ count: 0, updatesRoot: zero }, "EmptyTraceMoves"],
        [{ count: 0, root: zero }, "EmptyTraceMoves"],
        [{ count: 16_385 }, "TooManyUpdates"],
        [{ count: 0xffff_ffff }, "TooManyUpdates"],
      ];
      for (const [change, error] of wrong)
        refuse(world, tallyOf(world, { ...outcome, ...change }), [], code(error));
    },
  );
  attack("empty tree", "attests an epoch without updates, which keeps the root", () => {
    const { world } = voting();
    const { outcome } = world.trace([]);
    expect(outcome).include({ count: 0 });
    world.attestAll(outcome);
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    expect(world.config.final?.root).eql(routes.emptyHash());
  });
  attack("vote twice", "is tallied once", () => {
    const { world, outcome } = voting();
    world.attestAll(outcome);
    refuse(world, tallyOf(world, outcome), [], code("EpochStatus"));
  });
  attack("stranger", "counts votes for what it is asked, not for what somebody says they were for", () => {
    const { world, outcome } = voting();
    for (const { seat } of world.epoch().members) world.attest(seat, outcome);
    refuse(world, tallyOf(world, other(world)), [], code("QuorumMissing"));
    refuse(world, tallyOf(world, { ...outcome, root: addressOf("mine") }), [], code("QuorumMissing"));
    refuse(world, tallyOf(world, { ...outcome, count: 1 }), [], code("QuorumMissing"));
  });
});
