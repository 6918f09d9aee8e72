import { expect } from "chai";
import { PARTIES } from "../../programs/policy/deployed.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";
import { openPolicy, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { keeper } = PARTIES;
const WINDOW = BigInt(TERMS.window);

describe("policy: windows to the second", () => {
  attack("deadline", "reports from a window's end until the time of reports is over", () => {
    const world = openPolicy();
    const begin = world.now();
    const { end, reportsUntil } = world.timesOf(begin);
    world.at(end - 1n);
    refuse(world, world.reportOf(0, begin), [world.verifierKey(0)], code("WindowRunning"));
    for (const [seat, time] of [end, end + 1n, reportsUntil - 1n].entries()) {
      world.at(time);
      world.report(seat, begin);
    }
    world.at(reportsUntil);
    refuse(world, world.reportOf(3, begin), [world.verifierKey(3)], code("ReportsOver"));
    world.pass(1);
    refuse(world, world.reportOf(3, begin), [world.verifierKey(3)], code("ReportsOver"));
  });
  attack("deadline", "judges from when reports are over until their evidence is", () => {
    const world = openPolicy();
    const begin = world.now();
    const { end, reportsUntil, evidenceUntil } = world.timesOf(begin);
    world.at(end);
    world.say(begin, "ccc-");
    const fresh = world.remember();
    for (const [time, error] of [
      [reportsUntil - 1n, "ReportsOpen"],
      [reportsUntil, undefined],
      [reportsUntil + 1n, undefined],
      [evidenceUntil - 1n, undefined],
      [evidenceUntil, "RoundOver"],
      [evidenceUntil + 1n, "RoundOver"],
    ] as const) {
      const then = fresh();
      then.at(time);
      if (error !== undefined) refuse(then, then.judgeOf(begin), [], code(error));
      else {
        then.must(then.judgeOf(begin), []);
        expect(then.target().standing).deep.include({ verdict: "clean", judged: begin });
      }
    }
  });
  attack(
    "deadline",
    "moves at the second the dwell is over, reckoned at the window's end, and no window earlier",
    () => {
      const world = openPolicy();
      // DEGRADED at the end of the second window; the third bad window is one window later, less than a dwell.
      const begin = world.playAll(world.now(), ["bbb-", "bbb-"]);
      const { since } = world.target().standing;
      expect(world.target().standing.state).equal("degraded");
      world.at(begin + WINDOW);
      world.say(begin, "bbb-");
      // However late: a week after the dwell it is still the window's end that counts.
      world.at(world.timesOf(begin).evidenceUntil - 1n);
      world.must(world.judgeOf(begin), []);
      expect(world.target().standing.state).equal("degraded");
      const next = world.firstWindow();
      world.playAll(next, ["bbb-", "bbb-", "bbb-"]);
      expect(world.target().standing).deep.include({ state: "disabled", since: next + 3n * WINDOW });
      expect(world.target().standing.since >= since + BigInt(TERMS.dwell)).equal(true);
    },
  );
  attack("stale", "takes no window that is another's, between the grid or before the roster", () => {
    const world = openPolicy();
    const begin = world.now();
    world.at(begin + WINDOW);
    const tryBegin = (at: bigint, error: string) =>
      refuse(world, world.reportOf(0, at), [world.verifierKey(0)], code(error));
    tryBegin(begin + 1n, "WindowUnaligned");
    tryBegin(begin - WINDOW, "ReportsOver");
    tryBegin(begin + WINDOW, "WindowRunning");
    // The window before the enrolment's end is no roster's.
    world.at(begin);
    tryBegin(begin - WINDOW, "RosterNotInForce");
  });
  attack("stale", "takes no window that began before its target was registered", () => {
    const world = openPolicy();
    const begin = world.now();
    world.pass(1);
    const other = { kind: "gateway", name: "https://gateway.example" } as const;
    world.must(world.registerOf(other.kind, other.name), [keeper]);
    const id = world.idOf(other);
    world.at(begin + WINDOW);
    refuse(world, world.reportOf(0, begin, "bad", { id }), [world.verifierKey(0)], code("WindowPassed"));
    world.at(begin + 2n * WINDOW);
    world.must(world.reportOf(0, begin + WINDOW, "bad", { id }), [world.verifierKey(0)]);
  });
  attack("clock jump", "counts no windows that a jump of years skipped, and goes on from there", () => {
    const world = openPolicy();
    world.playAll(world.now(), ["bbb-", "bbb-", "bbb-", "bbb-", "ccc-"]);
    expect(world.target().standing.state).equal("disabled");
    world.pass(10 * 365 * 86_400);
    world.renew();
    const begin = world.firstWindow();
    world.at(begin);
    world.play(begin, "ccc-");
    expect(world.target().standing).deep.include({ state: "disabled", runs: { poor: 0, bad: 0, clean: 1 } });
    world.playAll(begin + WINDOW, ["ccc-", "ccc-", "ccc-"]);
    expect(world.target().standing.state).equal("healthy");
  });
  attack("clock jump", "takes no report and no judgement by a clock that went back", () => {
    const world = openPolicy();
    const begin = world.now();
    world.play(begin, "bbb-");
    const before = world.target();
    world.at(begin + 1n);
    refuse(world, world.reportOf(3, begin), [world.verifierKey(3)], code("WindowRunning"));
    refuse(world, world.judgeOf(begin), [], code("AlreadyJudged"));
    expect(world.target()).eql(before);
  });
});
