import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import { PARTIES } from "../../programs/policy/deployed.ts";
import { code, refuse, attack as run } from "./attack.ts";
import { bent, challengeRecordOf, commitTo, reportOf } from "./lies.ts";
import type { RowId } from "./rows.ts";
import { openPolicy, type PolicyWorld, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger, stranger } = PARTIES;
const MILLISECONDS = TERMS.window * 1_000;

describe("policy: a struck verifier", () => {
  function struck(): { world: PolicyWorld; begin: bigint } {
    const world = openPolicy();
    const begin = world.now();
    world.at(world.timesOf(begin).end);
    const shown = commitTo(0, begin, bent(4, 0, { 2: { at: MILLISECONDS } }));
    world.must(reportOf(world, shown, 0), [world.verifierKey(0)]);
    world.say(begin, "-bb-");
    world.must(challengeRecordOf(world, shown, 2), [challenger]);
    return { world, begin };
  }
  attack("struck", "counts for nothing in the window it lied in, nor in later ones", () => {
    const { world, begin } = struck();
    world.at(world.timesOf(begin).reportsUntil);
    world.must(world.judgeOf(begin), []);
    // Two bad reports are left, of operators that are two thirds of the three that still count.
    expect(world.target().standing.verdict).equal("unknown");
    const next = begin + BigInt(TERMS.window);
    world.at(next + BigInt(TERMS.window));
    refuse(world, world.reportOf(0, next, "bad"), [world.verifierKey(0)], code("SeatStruck"));
    world.say(next, "-ccc");
    world.at(world.timesOf(next).reportsUntil);
    world.must(world.judgeOf(next), []);
    expect(world.target().standing.verdict).equal("clean");
  });
  attack("challenges", "is struck once, whoever comes again", () => {
    const { world, begin } = struck();
    const shown = commitTo(0, begin, bent(4, 0, { 2: { at: MILLISECONDS } }));
    refuse(world, challengeRecordOf(world, shown, 2), [challenger], code("SeatStruck"));
    refuse(world, challengeRecordOf(world, shown, 2, {}, stranger), [stranger], code("SeatStruck"));
    const { deployment } = world;
    const again = policy.strikeSeat({ deployment, roster: 1n, seat: 0, operator: world.operatorAddress(0) });
    refuse(world, again, [], code("SeatStruck"));
  });
  attack("struck", "does not enrol again before its time, and does at it", () => {
    const { world } = struck();
    const { struckUntil } = policy.decodeVerifier(world.machine.data(world.verifierAddress(0)));
    // The roster that enrols when the strike ends.
    while (world.config.enrolmentEnds <= struckUntil) {
      world.at(world.config.rosterEnds > struckUntil ? struckUntil - 1n : world.config.rosterEnds);
      world.openRoster();
    }
    world.at(struckUntil - 1n);
    refuse(world, world.enrollOf(0), [world.verifierKey(0)], code("OperatorStruck"));
    world.pass(1);
    world.enroll(0);
    expect(world.roster().seats.map(({ struck }) => struck)).eql([false]);
    const { deployment } = world;
    const roster = world.config.roster;
    const strike = policy.strikeSeat({ deployment, roster, seat: 0, operator: world.operatorAddress(0) });
    refuse(world, strike, [], code("NotStruck"));
  });
  attack("struck", "loses the seat it already has in the next roster, and nobody else does", () => {
    const world = openPolicy();
    world.at(world.config.rosterEnds - BigInt(TERMS.enrol));
    world.openRoster();
    for (const place of world.owners.keys()) world.enroll(place);
    const begin = world.now() - (world.now() % BigInt(TERMS.window));
    const shown = commitTo(0, begin, bent(4, 4, { 2: { at: MILLISECONDS } }));
    world.at(world.timesOf(begin).end);
    const old = { roster: 1n, probesRoot: shown.list.root };
    world.must(world.reportOf(0, begin, [4, 4], old), [world.verifierKey(0)]);
    world.must(challengeRecordOf(world, shown, 2, { roster: 1n }), [challenger]);
    const { deployment } = world;
    const strikeOf = (seat: number, operator: number) =>
      policy.strikeSeat({ deployment, roster: 2n, seat, operator: world.operatorAddress(operator) });
    refuse(world, strikeOf(1, 0), [], code("WrongSeat"));
    refuse(world, strikeOf(9, 0), [], code("SeatUnknown"));
    refuse(world, strikeOf(1, 1), [], "UninitializedAccount");
    world.must(strikeOf(0, 0), []);
    expect(world.roster(2n).seats.map(({ struck }) => struck)).eql([true, false, false, false]);
    refuse(world, strikeOf(0, 0), [], code("SeatStruck"));
  });
  attack("challenges", "costs the challenger rent once, and an honest seat nothing", () => {
    const { world, begin } = struck();
    const before = world.roster();
    const shown = commitTo(1, begin, bent(4, 0, { 2: { at: MILLISECONDS } }));
    // Seat 1 reported another list: whatever a challenger makes up leads nowhere.
    refuse(world, challengeRecordOf(world, shown, 2), [challenger], code("RecordProof"));
    expect(world.roster()).eql(before);
    expect(world.machine.account(world.verifierAddress(1))).equal(undefined);
  });
});
