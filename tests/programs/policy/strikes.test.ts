import type { Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import { GENESIS, PARTIES, verifierKey } from "./deployed.ts";
import { honest, reported } from "./records.ts";
import { openPolicy, type PolicyWorld, TERMS } from "./world.ts";

const { challenger, keeper } = PARTIES;

/** A window that all report, the first with these records. */
function reportedBy(records: policy.ProbeRecord[]) {
  const world = openPolicy();
  world.begin();
  const id = world.register();
  const begin = world.firstWindow();
  world.until(begin + BigInt(TERMS.window));
  const said = reported(records);
  const [liar, ...others] = world.owners as [Signer, ...Signer[]];
  const outcomes = [world.report(liar, id, begin, said.says)];
  for (const owner of others) outcomes.push(world.report(owner, id, begin));
  return { world, id, begin, liar, others, outcomes, ...said };
}

const challengeOf = (world: PolicyWorld, id: Uint8Array, begin: bigint, owner: Signer) => ({
  deployment: world.deployment,
  id,
  begin,
  challenger: challenger.publicKey,
  roster: 1n,
  seat: world.seatOf(owner, 1n),
  operator: world.operatorAddress(owner),
});

/** Records whose fourth claims to be OK without being it. */
function lies(): policy.ProbeRecord[] {
  const records = honest(20, TERMS.window);
  records[3] = { ...(records[3] as policy.ProbeRecord), answer: new Uint8Array(32).fill(5) };
  return records;
}

describe("a round of reports", () => {
  it("has the evidence root of its reports in their order, and tells each in an event", () => {
    const { world, id, begin, outcomes } = reportedBy(honest(20, TERMS.window));
    const round = world.round(begin, id);
    expect(round.reports.map(({ seat }) => seat)).eql([0, 1, 2, 3, 4]);
    const domain = policy.hashPolicyDomain(GENESIS, world.configAddress);
    expect(world.config.domain).eql(domain);
    const of = { domain, id, begin, roster: 1n };
    expect(round.evidenceRoot).eql(policy.hashEvidence(of, round.reports));
    const told = outcomes.flatMap((outcome) => world.events(outcome));
    expect(told.map((event) => event.name === "reported" && [event.seat, event.total, event.ok])).eql(
      round.reports.map(({ seat, total, ok }) => [seat, total, ok]),
    );
  });

  it("judges as judgeReports does, and moves the target as stepTarget does", () => {
    const { world, id, begin } = reportedBy(honest(20, TERMS.window));
    const before = world.target(id).standing;
    world.until(begin + BigInt(TERMS.window + TERMS.report));
    const [judged] = world.events(world.judge(id, begin));
    const { masks, verdict } = world.round(begin, id);
    const seats = world.roster().seats.map(({ weight, regionOrdinal, networkOrdinal, struck }) => ({
      weight,
      region: regionOrdinal,
      network: networkOrdinal,
      struck,
    }));
    const expected = policy.judgeReports(seats, masks, TERMS);
    expect(verdict).equal(expected.verdict);
    expect(judged).include({ name: "judged", clean: expected.clean, total: expected.total, state: 1 });
    const step = policy.stepTarget(before, begin, expected.verdict, TERMS, world.config.termsFrom);
    expect("standing" in step && step.standing).eql(world.target(id).standing);
  });
});

describe("a strike", () => {
  it("takes the seat's weight out of its roster, its report out of the verdict, and its operator out of rosters to come", () => {
    const { world, id, begin, liar, others, bytes, way } = reportedBy(lies());
    const weight = world.roster().weight;
    const of = challengeOf(world, id, begin, liar);
    const challenge = policy.challengeRecord({ ...of, record: bytes(3), way: way(3) });
    const [struck] = world.events(world.must(challenge, [challenger]));
    expect(struck).include({
      name: "struck",
      roster: 1n,
      seat: 0,
      begin,
      kind: policy.STRIKES.indexOf("outcome"),
    });
    const [seat] = world.roster().seats as [policy.Seat];
    expect(seat.struck).equal(true);
    expect(world.roster().weight).equal(weight - seat.weight);
    expect(world.verifier(liar)).include({
      struckAt: world.machine.now(),
      struckUntil: world.machine.now() + BigInt(TERMS.strike),
    });
    world.until(begin + BigInt(TERMS.window + TERMS.report));
    const [judged] = world.events(world.judge(id, begin));
    expect(judged).include({
      name: "judged",
      verdict: 1,
      total: weight - seat.weight,
      clean: weight - seat.weight,
    });
    expect(world.send(challenge, [challenger]).error).equal(6802);

    world.begin(others);
    expect(world.send(world.enrollOf(liar), [verifierKey(liar)]).error).equal(6808);
  });

  it("reaches the roster its operator had enrolled for before", () => {
    const { world, id, begin, liar, bytes, way } = reportedBy(lies());
    world.until(world.config.rosterEnds - BigInt(TERMS.enrol));
    world.must(world.openRosterOf(), [keeper]);
    world.snapshot = world.staking.mirror(world.owners);
    for (const owner of world.owners) world.must(world.enrollOf(owner), [verifierKey(owner)]);
    // The round is still there: its evidence outlives the roster's time here.
    const { evidenceUntil } = world.round(begin, id);
    expect(world.machine.now() > evidenceUntil).equal(true);
    const of = challengeOf(world, id, begin, liar);
    const strikes = [
      policy.challengeRecord({ ...of, record: bytes(3), way: way(3) }),
      policy.strikeSeat({
        deployment: world.deployment,
        roster: 2n,
        seat: world.seatOf(liar, 2n),
        operator: of.operator,
      }),
    ];
    world.must(strikes, [challenger]);
    expect([1n, 2n].map((number) => world.roster(number).seats[0]?.struck)).eql([true, true]);
    expect(world.roster(2n).weight).equal(4n * (world.roster(2n).seats[1]?.weight ?? 0n));
  });

  it("leaves who is honest alone, whatever of theirs is shown", () => {
    const records = honest(20, TERMS.window);
    const { world, id, begin, liar: owner, list, bytes, way } = reportedBy(records);
    const of = challengeOf(world, id, begin, owner);
    for (const index of [0, 7, 19]) {
      const record = policy.challengeRecord({ ...of, record: bytes(index), way: way(index) });
      expect(world.send(record, [challenger]).error).equal(6328);
    }
    for (const index of [0, 7, 18]) {
      const order = policy.challengeOrder({
        ...of,
        record: bytes(index),
        proof: list.prove(index),
        next: bytes(index + 1),
        nextProof: list.prove(index + 1),
      });
      expect(world.send(order, [challenger]).error).equal(6330);
    }
    expect(world.machine.account(world.verifierAddress(owner))).equal(undefined);
  });
});
