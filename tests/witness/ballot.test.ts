import type { EpochState, Vote } from "@tolldns/keepers/feed";
import { countBallot, rankProposals } from "@tolldns/keepers/witness";
import { toHex } from "@tolldns/sdk";
import { expect } from "chai";

const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte);
const key = (seat: number) => filled(100 + seat);

function epochOf(votes: readonly (number | null)[], struck: readonly number[] = []): EpochState {
  return {
    number: 1n,
    status: "voting",
    frozenSlot: 0n,
    frozenAt: 0n,
    length: 60n,
    window: 60n,
    evidence: 60n,
    previousRoot: filled(0),
    attested: null,
    endedAt: 0n,
    members: votes.map((vote, seat) => ({
      witness: key(seat),
      operator: seat,
      weight: BigInt(10 + seat),
      vote: vote === null ? null : filled(vote),
      struck: struck.includes(seat),
    })),
  };
}

const vote = (seat: number, digest: number): Vote => ({
  epoch: 1n,
  witness: key(seat),
  digest: filled(digest),
  signature: filled(digest, 64),
  previousRoot: filled(0),
  root: filled(1),
  updatesRoot: filled(2),
  count: 1,
});
const head = (digest: number): Vote => vote(0, digest);
const of = (digest: number) => toHex(filled(digest));
const ranked = (rows: readonly Vote[]) => rows.map(({ digest }) => digest[0]);

describe("counting votes", () => {
  it("adds what was heard to what the chain has, each member once", () => {
    const ballot = countBallot(epochOf([1, null, null]), [vote(0, 1), vote(1, 1), vote(2, 2)]);
    expect(ballot.weightOf(of(1))).to.equal(21n);
    expect(ballot.weightOf(of(2))).to.equal(12n);
    expect(ballot.firstSeat(of(2))).to.equal(2);
    expect(ballot.total).to.equal(33n);
    expect(ballot.cheats).to.deep.equal([]);
  });

  it("tells who voted twice, with two votes or one beside the chain's, and counts neither", () => {
    const ballot = countBallot(epochOf([null, 1, null]), [vote(0, 1), vote(0, 2), vote(1, 2), vote(2, 1)]);
    expect(ballot.cheats.map(({ seat, votes }) => [seat, votes.length])).to.deep.equal([
      [0, 2],
      [1, 1],
    ]);
    expect(ballot.weightOf(of(1))).to.equal(12n);
    expect(ballot.weightOf(of(2))).to.equal(0n);
  });

  it("accuses nobody twice, and nobody of repeating itself", () => {
    const ballot = countBallot(epochOf([null, null], [0]), [vote(0, 1), vote(0, 2), vote(1, 1), vote(1, 1)]);
    expect(ballot.cheats).to.deep.equal([]);
  });

  it("takes no vote from a member whose key two others registered as theirs", () => {
    const epoch = epochOf([null, null, null]);
    const members = epoch.members.map((member) => ({ ...member, witness: key(1) }));
    const ballot = countBallot({ ...epoch, members }, [vote(1, 1)]);
    expect(ballot.weightOf(of(1))).to.equal(33n);
    expect(ballot.cheats).to.deep.equal([]);
  });

  it("hears no strangers", () => {
    expect(countBallot(epochOf([null]), [vote(9, 1)]).weightOf(of(1))).to.equal(0n);
  });
});

describe("whose proposal comes first", () => {
  it("is the seat's whose turn has come, not a later one's", () => {
    const ballot = countBallot(epochOf([null, null, null, null, null]), [vote(0, 1), vote(2, 2)]);
    expect(ranked(rankProposals(ballot, [head(1), head(2)], 0))).to.deep.equal([1]);
    expect(ranked(rankProposals(ballot, [head(1), head(2)], 2))).to.include.members([1, 2]);
  });

  it("is what most weight is behind, so that late turns split no votes", () => {
    const heard = [vote(0, 1), vote(1, 2), vote(3, 2), vote(4, 2)];
    const ballot = countBallot(epochOf([null, null, null, null, null]), heard);
    expect(ranked(rankProposals(ballot, [head(1), head(2)], 1))).to.deep.equal([2, 1]);
  });

  it("is taken up before its seat's turn once a third of the weight stands behind it", () => {
    const members = [null, null, null, null];
    const few = countBallot(epochOf(members), [vote(3, 2)]);
    const many = countBallot(epochOf(members), [vote(2, 2), vote(3, 2)]);
    expect(ranked(rankProposals(few, [head(2)], 0))).to.deep.equal([]);
    expect(ranked(rankProposals(many, [head(2)], 0))).to.deep.equal([2]);
  });

  it("is none that only a cheat stands behind", () => {
    const ballot = countBallot(epochOf([null, null]), [vote(0, 1), vote(0, 2)]);
    expect(rankProposals(ballot, [head(1), head(2)], 5)).to.deep.equal([]);
  });
});
