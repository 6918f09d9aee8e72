import { toHex } from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import type { EpochFacts, MemberFacts, QuorumFacts } from "../../keepers/src/quorum/facts.ts";
import {
  findGuilty,
  type Heard,
  type HeardVote,
  isDueToClose,
  planEpoch,
  type Statement,
} from "../../keepers/src/quorum/plan.ts";

const SEED = Number(process.env.TEST_SEED ?? (Date.now() % 1_000_000) + 1);

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const RIGHT = hash(0xaa);
const WRONG = hash(0xbb);
const STATEMENT: Statement = { previousRoot: hash(0), root: hash(1), updatesRoot: hash(2), count: 3 };
const OTHER: Statement = { ...STATEMENT, root: hash(3) };
const POLICY = { relayPatienceSeconds: 3, syncPatienceSeconds: 20 };
const FROZEN_AT = 1_000n;

function membersOf(votes: readonly (Uint8Array | null)[], weights?: readonly bigint[]): MemberFacts[] {
  return votes.map((vote, index) => ({
    witness: hash(index),
    operator: index,
    start: BigInt(10 * index),
    weight: weights?.[index] ?? 10n,
    vote,
    struck: false,
    slashed: false,
  }));
}

function epochOf(more: Partial<EpochFacts>): EpochFacts {
  return {
    number: 4n,
    status: "voting",
    payer: hash(7),
    frozenAt: FROZEN_AT,
    seedSlot: 50n,
    seed: hash(9),
    length: 60n,
    window: 10n,
    evidenceLifetime: 100n,
    domain: hash(3),
    stakeRoot: hash(8),
    seats: 5,
    members: [],
    previousRoot: hash(0),
    digest: null,
    attestedAt: 0n,
    challenger: null,
    endedAt: 0n,
    ...more,
  };
}

function factsOf(epoch: EpochFacts | null, more: Partial<QuorumFacts> = {}): QuorumFacts {
  const nextAt = epoch === null ? 0n : epoch.frozenAt + epoch.length;
  return {
    now: FROZEN_AT + 5n,
    slot: 60n,
    paused: false,
    nextAt,
    stake: 100n,
    number: epoch?.number ?? 0n,
    epoch,
    ...more,
  };
}

const vote = (member: number, digest = RIGHT, heardAt = FROZEN_AT): HeardVote => ({
  member,
  digest,
  signature: new Uint8Array(64).fill(member),
  heardAt,
});
const heardOf = (...votes: readonly HeardVote[]): Heard => ({
  votes,
  statements: new Map([
    [toHex(RIGHT), STATEMENT],
    [toHex(WRONG), OTHER],
  ]),
});
const NOTHING = heardOf();
const doings = (facts: QuorumFacts, heard = NOTHING, stale = 0) =>
  planEpoch(facts, heard, stale, POLICY).map((step) => step.do);

describe("the plan of an epoch", () => {
  describe("between epochs", () => {
    it("freezes the first epoch as soon as the tree says what operators weigh", () => {
      expect(planEpoch(factsOf(null), NOTHING, 0, POLICY)).to.deep.equal([{ do: "freeze", number: 1n }]);
      expect(doings(factsOf(null), NOTHING, 1)).to.deep.equal([]);
    });
    it("goes on after an epoch whose account is closed", () => {
      const facts = factsOf(null, { number: 7n, nextAt: 1_000n, now: 1_000n });
      expect(planEpoch(facts, NOTHING, 0, POLICY)).to.deep.equal([{ do: "freeze", number: 8n }]);
    });
    for (const status of ["final", "rejected", "stalled"] as const) {
      it(`freezes the next one after a ${status} one, when its length has passed and no second before`, () => {
        const at = (now: bigint) => planEpoch(factsOf(epochOf({ status }), { now }), NOTHING, 0, POLICY);
        expect(at(FROZEN_AT + 59n)).to.deep.equal([]);
        expect(at(FROZEN_AT + 60n)).to.deep.equal([{ do: "freeze", number: 5n }]);
      });
    }
    it("waits for stale weights to be synced, but not beyond its patience", () => {
      const at = (now: bigint) => doings(factsOf(epochOf({ status: "final" }), { now }), NOTHING, 2);
      expect(at(FROZEN_AT + 79n)).to.deep.equal([]);
      expect(at(FROZEN_AT + 80n)).to.deep.equal(["freeze"]);
    });
    it("opens nothing while nobody has stake", () => {
      expect(doings(factsOf(null, { stake: 0n }))).to.deep.equal([]);
    });
    it("opens nothing while the program is paused", () => {
      const late = { now: FROZEN_AT + 500n, paused: true };
      expect(doings(factsOf(epochOf({ status: "final" }), late))).to.deep.equal([]);
      expect(doings(factsOf(null, late))).to.deep.equal([]);
    });
  });

  describe("before the votes", () => {
    it("seeds once a slot at or after the seed slot has a hash", () => {
      const epoch = epochOf({ status: "frozen", seed: null });
      expect(doings(factsOf(epoch, { slot: 50n }))).to.deep.equal([]);
      expect(doings(factsOf(epoch, { slot: 51n }))).to.deep.equal(["seed"]);
    });
    it("draws from the first empty seat on", () => {
      const epoch = epochOf({ status: "drawing", members: membersOf([null, null]) });
      expect(planEpoch(factsOf(epoch), NOTHING, 0, POLICY)).to.deep.equal([{ do: "draw", seat: 2 }]);
    });
    for (const status of ["frozen", "drawing", "voting"] as const) {
      it(`ends an epoch that stalled while ${status}, at its deadline`, () => {
        const epoch = epochOf({ status });
        expect(doings(factsOf(epoch, { now: FROZEN_AT + 60n }))).to.deep.equal(["finalize"]);
        expect(doings(factsOf(epoch, { now: FROZEN_AT + 59n }))).to.not.include("finalize");
      });
    }
  });

  describe("votes", () => {
    it("tallies with exactly two thirds of the weight and not one unit below", () => {
      const cast = (weights: readonly bigint[]) =>
        planEpoch(
          factsOf(epochOf({ members: membersOf([RIGHT, RIGHT, null], weights) })),
          NOTHING,
          0,
          POLICY,
        );
      expect(cast([10n, 10n, 10n])).to.deep.equal([{ do: "tally", statement: STATEMENT }]);
      expect(cast([10n, 9n, 10n])).to.deep.equal([]);
    });
    it("does not tally a digest whose root nobody told", () => {
      const members = membersOf([hash(0xcc), hash(0xcc), null]);
      expect(doings(factsOf(epochOf({ members })))).to.deep.equal([]);
    });
    it("relays and tallies nothing that builds on another root than the last", () => {
      const cast = epochOf({ members: membersOf([RIGHT, RIGHT, null]), previousRoot: hash(0x77) });
      expect(doings(factsOf(cast))).to.deep.equal([]);
      const waiting = epochOf({ members: membersOf([null, null, null]), previousRoot: hash(0x77) });
      expect(doings(factsOf(waiting), heardOf(vote(0), vote(1)))).to.deep.equal([]);
    });
    it("gives members time to attest themselves before it relays for them", () => {
      const epoch = epochOf({ members: membersOf([null, null, null]) });
      const heard = heardOf(vote(0, RIGHT, FROZEN_AT + 3n));
      expect(doings(factsOf(epoch, { now: FROZEN_AT + 5n }), heard)).to.deep.equal([]);
      expect(doings(factsOf(epoch, { now: FROZEN_AT + 6n }), heard)).to.deep.equal(["relay"]);
    });
    it("relays 13 a packet, and lets younger votes ride along in places that are free", () => {
      const epoch = epochOf({ members: membersOf(Array.from({ length: 30 }, () => null)) });
      const ripe = Array.from({ length: 14 }, (_, member) => vote(member));
      const young = Array.from({ length: 16 }, (_, member) => vote(14 + member, RIGHT, FROZEN_AT + 5n));
      const steps = planEpoch(factsOf(epoch), heardOf(...ripe, ...young), 0, POLICY);
      expect(steps.map((step) => (step.do === "relay" ? step.rows.length : 0))).to.deep.equal([13, 13]);
      const rows = steps.flatMap((step) =>
        step.do === "relay" ? step.rows.map(({ member }) => member) : [],
      );
      expect(new Set(rows).size).to.equal(26);
      expect(rows).to.include.members(ripe.map(({ member }) => member));
    });
    it("relays no vote that the chain has", () => {
      const epoch = epochOf({ members: membersOf([RIGHT, null, null]) });
      const [step] = planEpoch(factsOf(epoch), heardOf(vote(0), vote(1)), 0, POLICY);
      expect(step?.do === "relay" && step.rows.map(({ member }) => member)).to.deep.equal([1]);
    });
    it("spends nothing on votes for a digest that is behind", () => {
      const epoch = epochOf({ members: membersOf([null, null, null, null]) });
      const heard = heardOf(vote(0, WRONG), vote(1), vote(2));
      const [step, ...rest] = planEpoch(factsOf(epoch), heard, 0, POLICY);
      expect(rest).to.deep.equal([]);
      expect(step?.do === "relay" && step.statement).to.equal(STATEMENT);
    });
  });

  describe("members who vote twice", () => {
    it("are proven by two votes heard", () => {
      const epoch = epochOf({ members: membersOf([null, null]) });
      const [step] = planEpoch(factsOf(epoch), heardOf(vote(1), vote(1, WRONG)), 0, POLICY);
      const { signature } = vote(1);
      const votes = [STATEMENT, OTHER].map((statement) => ({ statement, signature }));
      expect(step).to.deep.equal({ do: "equivocation", member: 1, votes });
    });
    for (const status of ["voting", "attested"] as const) {
      it(`are proven by one vote against the recorded one while ${status}`, () => {
        const epoch = epochOf({ status, members: membersOf([RIGHT, null]), attestedAt: FROZEN_AT });
        const [step] = planEpoch(factsOf(epoch), heardOf(vote(0), vote(0, WRONG)), 0, POLICY);
        const votes = [{ statement: OTHER, signature: vote(0).signature }];
        expect(step).to.deep.equal({ do: "equivocation", member: 0, votes });
      });
    }
    it("are left alone while nobody can tell what they voted for", () => {
      const heard = heardOf(vote(0), vote(0, hash(0xcc)));
      expect(doings(factsOf(epochOf({ members: membersOf([null]) })), heard)).to.not.include("equivocation");
    });
    it("are left alone once they were slashed", () => {
      const members = membersOf([RIGHT, null]).map((member) => ({ ...member, struck: true }));
      const heard = heardOf(vote(0), vote(0, WRONG));
      expect(doings(factsOf(epochOf({ members })), heard)).to.not.include("equivocation");
    });
  });

  describe("after the votes", () => {
    it("finalises when the window is over and no second before", () => {
      const epoch = epochOf({ status: "attested", digest: RIGHT, attestedAt: FROZEN_AT + 20n });
      expect(doings(factsOf(epoch, { now: FROZEN_AT + 29n }))).to.deep.equal([]);
      expect(doings(factsOf(epoch, { now: FROZEN_AT + 30n }))).to.deep.equal(["finalize"]);
    });
    it("counts no vote of a member that voted twice", () => {
      const members = membersOf([RIGHT, RIGHT, null]).map((member, index) => ({
        ...member,
        struck: index === 0,
      }));
      expect(doings(factsOf(epochOf({ members })))).to.deep.equal([]);
    });
    it("finds who voted for what was rejected, each once", () => {
      const members = membersOf([RIGHT, WRONG, null, RIGHT]).map((member, index) => ({
        ...member,
        slashed: index === 3,
      }));
      expect(findGuilty(epochOf({ status: "rejected", digest: RIGHT, members }))).to.deep.equal([0]);
      expect(findGuilty(epochOf({ status: "final", digest: RIGHT, members }))).to.deep.equal([]);
    });
    it("closes what it paid for after the evidence lifetime, and what others left after another", () => {
      const epoch = epochOf({ status: "final", endedAt: 1_100n });
      const due = (now: bigint, self: Uint8Array) => isDueToClose(epoch, now, self);
      expect([due(1_199n, hash(7)), due(1_200n, hash(7))]).to.deep.equal([false, true]);
      expect([due(1_299n, hash(5)), due(1_300n, hash(5))]).to.deep.equal([false, true]);
    });
    it("keeps a rejected epoch open until everyone guilty is slashed", () => {
      const members = membersOf([RIGHT]);
      const epoch = epochOf({ status: "rejected", digest: RIGHT, members });
      expect(isDueToClose(epoch, 9_999n, hash(7))).to.equal(false);
    });
  });

  it(`never plans a step the program must refuse, whatever the moment (seed ${SEED})`, () => {
    const statuses = ["frozen", "drawing", "voting", "attested", "final", "rejected", "stalled"] as const;
    const allowed: Record<(typeof statuses)[number], readonly string[]> = {
      frozen: ["seed", "finalize"],
      drawing: ["draw", "finalize"],
      voting: ["relay", "tally", "finalize", "equivocation"],
      attested: ["finalize", "equivocation"],
      final: ["freeze"],
      rejected: ["freeze"],
      stalled: ["freeze"],
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...statuses),
        fc.bigInt(0n, 200n),
        fc.bigInt(0n, 100n),
        fc.array(fc.constantFrom(null, RIGHT, WRONG), { maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(19), fc.constantFrom(RIGHT, WRONG)), { maxLength: 40 }),
        (status, later, slot, cast, told) => {
          const members = membersOf(cast);
          const epoch = epochOf({ status, members, attestedAt: FROZEN_AT + 10n });
          const votes = told.filter(([member]) => member < cast.length).map(([m, digest]) => vote(m, digest));
          const steps = planEpoch(
            factsOf(epoch, { now: FROZEN_AT + later, slot }),
            heardOf(...votes),
            0,
            POLICY,
          );
          for (const step of steps) {
            expect(allowed[status]).to.include(step.do);
            if (step.do === "relay") {
              expect(step.rows.length).to.be.within(1, 13);
              expect(new Set(step.rows.map(({ member }) => member)).size).to.equal(step.rows.length);
            }
            if (step.do === "finalize" && status === "attested") expect(later >= 20n).to.equal(true);
            if (step.do === "finalize" && status !== "attested") expect(later >= 60n).to.equal(true);
            if (step.do === "tally") {
              const tallied = step.statement === STATEMENT ? RIGHT : WRONG;
              const votes = cast.filter((digest) => digest === tallied).length;
              expect(3 * votes).to.be.at.least(2 * cast.length);
            }
          }
        },
      ),
      { seed: SEED, numRuns: 300 },
    );
  });
});
