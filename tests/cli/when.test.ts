import { expect } from "chai";
import { clockTime, duration, parseMoment } from "../../clients/cli/src/policy/when.ts";

const NOW = Date.parse("2026-11-21T16:04:30Z") / 1_000;
const at = (text: string) => new Date(parseMoment(text, NOW) * 1_000).toISOString();

describe("moments on the command line", () => {
  for (const [text, iso] of [
    ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00.000Z"],
    ["2026-11-20 10:00", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["16:04", "2026-11-21T16:04:00.000Z"],
    ["16:05", "2026-11-20T16:05:00.000Z"],
    ["9:05:01", "2026-11-21T09:05:01.000Z"],
    ["10m", "2026-11-21T15:54:30.000Z"],
    ["2 h", "2026-11-21T14:04:30.000Z"],
    ["1d", "2026-11-20T16:04:30.000Z"],
    ["1800000000", "2027-01-15T08:00:00.000Z"],
  ])
    it(`reads ${text}`, () => expect(at(text as string)).to.equal(iso));

  for (const text of ["", "now", "24:00", "12:60", "2026-02-30x", "10 weeks", "-5m", "1e9"])
    it(`refuses ${JSON.stringify(text)}`, () => expect(() => parseMoment(text, NOW)).to.throw("is no time"));

  it("names the day of a moment that is not of today", () => {
    expect(clockTime(NOW - 60, NOW)).to.equal("16:03:30");
    expect(clockTime(NOW - 86_400, NOW)).to.equal("2026-11-20 16:04:30");
  });

  it("writes durations in at most two units", () => {
    for (const [seconds, text] of [
      [0, "0 s"],
      [59.6, "1 min"],
      [320, "5 min 20 s"],
      [7_500, "2 h 5 min"],
      [3_605, "1 h"],
      [277_200, "3 d 5 h"],
    ] as const)
      expect(duration(seconds)).to.equal(text);
  });
});
