import { DEFAULT_LIMITS, isEdgeError } from "@tolldns/edge";
import { expect } from "chai";
import fc from "fast-check";
import { createVirtualEdgeClock } from "../../clients/edge/src/clock.ts";
import { createQueryBudget, createSpendPolicy } from "../../clients/edge/src/pay/policy.ts";
import { createSpendWindows } from "../../clients/edge/src/pay/windows.ts";
import { seed } from "./support/seed.ts";

const codeOf = (run: () => void) => {
  try {
    run();
  } catch (error) {
    if (isEdgeError(error)) return error.code;
    throw error;
  }
  return null;
};

describe("spend windows", () => {
  it("count a spend for its hour and drop it once its whole minute is an hour old", () => {
    const clock = createVirtualEdgeClock();
    const windows = createSpendWindows(clock);
    windows.add(7n);
    clock.advance(3_600_000);
    expect(windows.hour(), "an hour after").to.equal(7n);
    clock.advance(59_999);
    expect(windows.hour(), "a millisecond before its minute is too old").to.equal(7n);
    clock.advance(1);
    expect(windows.hour(), "at the boundary").to.equal(0n);
    expect(windows.day()).to.equal(7n);
  });

  it("count a spend for its day and drop it once its whole minute is a day old", () => {
    const clock = createVirtualEdgeClock();
    const windows = createSpendWindows(clock);
    windows.add(7n);
    clock.advance(86_459_999);
    expect(windows.day()).to.equal(7n);
    clock.advance(1);
    expect(windows.day()).to.equal(0n);
    expect(windows.total()).to.equal(7n);
  });

  it("neither free nor block a budget when the calendar jumps while running", () => {
    const clock = createVirtualEdgeClock();
    const windows = createSpendWindows(clock);
    windows.add(5n);
    clock.setWall(clock.wall() + 10 * 86_400);
    expect(windows.hour()).to.equal(5n);
    clock.setWall(clock.wall() - 400 * 86_400);
    expect(windows.hour()).to.equal(5n);
    clock.advance(3_660_000);
    expect(windows.hour()).to.equal(0n);
  });

  it("take a calendar that went back during a restart for no time at all", () => {
    const clock = createVirtualEdgeClock();
    const minutes = new Map([[10, 9n]]);
    const saved = { time: 630, wall: clock.wall() + 5_000, total: 9n, minutes };
    const windows = createSpendWindows(clock, saved);
    expect(windows.time()).to.equal(630);
    expect(windows.hour()).to.equal(9n);
  });

  it("let the time of a restart pass by the calendar", () => {
    const clock = createVirtualEdgeClock();
    const saved = { time: 630, wall: clock.wall() - 3_630, total: 9n, minutes: new Map([[10, 9n]]) };
    expect(createSpendWindows(clock, saved).hour(), "660 + 3600 s").to.equal(0n);
    const sooner = { ...saved, wall: clock.wall() - 3_629.5 };
    expect(createSpendWindows(clock, sooner).hour()).to.equal(9n);
  });

  it("never let more than a limit through in any hour or day, whatever the order of spends and pauses", () => {
    const limits = { ...DEFAULT_LIMITS, perQuery: 50n, perHour: 100n, perDay: 300n };
    const step = fc.record({ amount: fc.bigInt(0n, 60n), pause: fc.integer({ min: 0, max: 2_000_000 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const clock = createVirtualEdgeClock();
        const windows = createSpendWindows(clock);
        const policy = createSpendPolicy(limits, windows);
        const spent: { at: number; amount: bigint }[] = [];
        for (const { amount, pause } of steps) {
          clock.advance(pause);
          if (codeOf(() => policy.spend(amount, amount, createQueryBudget())) === null)
            spent.push({ at: clock.now(), amount });
          const sum = (ms: number) =>
            spent.filter(({ at }) => at > clock.now() - ms).reduce((all, one) => all + one.amount, 0n);
          if (sum(3_600_000) > limits.perHour || sum(86_400_000) > limits.perDay) return false;
          if (windows.hour() < sum(3_600_000) || windows.day() < sum(86_400_000)) return false;
        }
        return true;
      }),
      { seed, numRuns: 200 },
    );
  });
});

describe("spend policy", () => {
  const limits = { ...DEFAULT_LIMITS, perQuery: 10n, perHour: 25n, perDay: 30n, priceCeiling: 5n };
  const make = () => {
    const clock = createVirtualEdgeClock();
    const windows = createSpendWindows(clock);
    return { clock, windows, policy: createSpendPolicy(limits, windows) };
  };

  it("allows exactly the limit per query and refuses one unit more, all attempts together", () => {
    const { policy, windows } = make();
    const budget = createQueryBudget();
    policy.spend(6n, 6n, budget);
    expect(codeOf(() => policy.spend(5n, 5n, budget))).to.equal("limit-query");
    policy.spend(4n, 4n, budget);
    expect(codeOf(() => policy.spend(1n, 1n, budget))).to.equal("limit-query");
    expect(windows.total()).to.equal(10n);
  });

  it("refuses by hour, then by day, and counts nothing it refused", () => {
    const { policy, windows, clock } = make();
    policy.spend(10n, 10n, createQueryBudget());
    policy.spend(10n, 10n, createQueryBudget());
    expect(codeOf(() => policy.spend(6n, 6n, createQueryBudget()))).to.equal("limit-hour");
    policy.spend(5n, 5n, createQueryBudget());
    expect(windows.hour()).to.equal(25n);
    clock.advance(3_661_000);
    policy.spend(5n, 5n, createQueryBudget());
    expect(codeOf(() => policy.spend(1n, 1n, createQueryBudget()))).to.equal("limit-day");
    expect(windows.total()).to.equal(30n);
  });

  it("counts a toll that was counted before only against its query", () => {
    const { policy, windows } = make();
    policy.spend(8n, 3n, createQueryBudget());
    expect(windows.total()).to.equal(3n);
    const budget = createQueryBudget();
    policy.spend(8n, 0n, budget);
    expect(codeOf(() => policy.spend(8n, 0n, budget))).to.equal("limit-query");
  });

  it("accepts prices up to the ceiling and none of zero", () => {
    const { policy } = make();
    expect([0n, 1n, 5n, 6n].map(policy.acceptsPrice)).to.deep.equal([false, true, true, false]);
  });
});
