import { randomInt } from "node:crypto";
import type { ProbeTransport } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { planWindow } from "../../keepers/src/verifier/schedule.ts";
import { bytesOf } from "../vectors/cases/random.ts";
import { BACKEND_CHALLENGES, FIXTURE_SET } from "./support/prober.ts";

const seed = process.env.SEED ?? String(randomInt(2 ** 31));
const WINDOW = 300_000;
const COUNT = 30;

const plan = (
  changes: {
    secret?: string;
    target?: string;
    begin?: bigint;
    count?: number;
    transports?: ProbeTransport[];
  } = {},
) =>
  planWindow({
    secret: bytesOf(changes.secret ?? `secret ${seed}`),
    target: bytesOf(changes.target ?? "target"),
    begin: changes.begin ?? 1_800_000_000n,
    length: WINDOW,
    count: changes.count ?? COUNT,
    challenges: BACKEND_CHALLENGES,
    transports: changes.transports ?? ["udp", "tcp"],
  });

/** Plans of many windows in a row. */
const many = (windows: number) =>
  Array.from({ length: windows }, (_, i) => plan({ begin: 1_800_000_000n + 300n * BigInt(i) }));

describe(`the schedule of probes (SEED=${seed})`, () => {
  it("is the same for the same secret, target and window, so that a restart goes on with it", () => {
    expect(plan()).to.deep.equal(plan());
  });

  it("shares nothing with that of another secret, target or window", () => {
    const times = (one: ReturnType<typeof plan>) => one.map(({ at, label }) => `${at} ${label}`);
    const own = new Set(times(plan()));
    for (const other of [
      plan({ secret: "other" }),
      plan({ target: "other" }),
      plan({ begin: 1_800_000_300n }),
    ])
      expect(times(other).filter((one) => own.has(one))).to.deep.equal([]);
  });

  it("is spread evenly over the window, every part of it alike", () => {
    const bins = new Array<number>(20).fill(0);
    const all = many(200).flat();
    for (const { at } of all)
      bins[Math.floor((at / WINDOW) * bins.length)] =
        (bins[Math.floor((at / WINDOW) * bins.length)] ?? 0) + 1;
    const mean = all.length / bins.length;
    const chi = bins.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    // 19 degrees of freedom: above 60 in fewer than one of 250 000 runs.
    expect(chi).to.be.below(60);
  });

  it("tells nothing of the next probe by the last: waits have no memory", () => {
    const waits = many(200).flatMap((one) => one.slice(1).map(({ at }, i) => at - (one[i]?.at ?? 0)));
    const mean = WINDOW / (COUNT + 1);
    const beyond = (times: number) => waits.filter((wait) => wait > times * mean).length / waits.length;
    // Of those that have waited a mean, as many wait another as did of all: (1 - x/n)^n, close to 1/e.
    expect(beyond(1)).to.be.within(0.34, 0.39);
    expect(beyond(2) / beyond(1)).to.be.within(0.32, 0.39);
    expect(beyond(3) / beyond(2)).to.be.within(0.29, 0.4);
  });

  it("puts each challenge about as often, in an order drawn anew", () => {
    const counts = new Map<number, number>();
    const all = many(150).flat();
    for (const { challenge } of all) counts.set(challenge.number, (counts.get(challenge.number) ?? 0) + 1);
    const usable = BACKEND_CHALLENGES.filter(({ transports }) =>
      transports.some((one) => one === "udp" || one === "tcp"),
    );
    expect(counts.size).to.equal(usable.length);
    const mean = all.length / usable.length;
    for (const count of counts.values()) expect(Math.abs(count - mean) / mean).to.be.below(0.25);
    const first = many(100).map(([one]) => one?.challenge.number);
    expect(new Set(first).size).to.be.above(10);
  });

  it("asks only over transports the target has, and leaves out challenges that are for none of them", () => {
    for (const { transport, challenge } of many(20).flat()) {
      expect(["udp", "tcp"]).to.include(transport);
      expect(challenge.transports).to.include(transport);
    }
    const dot = plan({ transports: ["dot"], count: 300 });
    expect(dot.some(({ challenge }) => challenge.surface === "truncation")).to.equal(false);
    expect(
      planWindow({
        ...{ secret: bytesOf("a"), target: bytesOf("b"), begin: 0n, length: 1, count: 5 },
        challenges: FIXTURE_SET.challenges,
        transports: [],
      }),
    ).to.deep.equal([]);
  });

  it("draws a label of twenty letters for each probe, never one twice", () => {
    const labels = many(100)
      .flat()
      .map(({ label }) => label);
    expect(new Set(labels).size).to.equal(labels.length);
    for (const label of labels) expect(label).to.match(/^[a-z0-9]{20}$/);
  });
});
