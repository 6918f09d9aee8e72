import type { DecisionLine } from "@tolldns/policy";
import type { Asked } from "../measure/asked.ts";
import { readDecisions } from "../measure/decisions.ts";
import { isLike, readTraffic, sharesOf, type Traffic } from "../measure/traffic.ts";
import type { World } from "../world/world.ts";
import { act } from "./act.ts";
import type { Scenario } from "./scenario.ts";

/** One run of a scenario, as it was seen. Times are Unix milliseconds. */
export interface Run {
  readonly scenario: Scenario;
  readonly startedAt: number;
  /** When the first action of the fault was done, and when the last mending one was. */
  readonly faultAt: number;
  readonly healedAt: number;
  /** Did everything become as it was before, within a time that pauses of trials leave room for? */
  readonly isNormal: boolean;
  /** Each resolver's share of questions before the fault. */
  readonly sharesBefore: Readonly<Record<string, number>>;
  readonly endedAt: number;
  /** The gateway the edge asked most before the fault. */
  readonly preferred: string;
  readonly asked: Asked;
  readonly traffic: Traffic;
  /** By `gateway g1` or `edge`: what it wrote into its log of decisions meanwhile. */
  readonly decisions: ReadonlyMap<string, readonly DecisionLine[]>;
}

export interface PlayOptions {
  /** Questions a second. */
  readonly rate: number;
  readonly log: (line: string) => void;
}

/** Milliseconds all must be right in a row to count as normal. */
const NORMAL_MS = 3_000;
/** How long to wait for it after the last phase: own trials pause up to a minute. */
const LONGEST_WAIT_MS = 150_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Plays one scenario on a world that is well, and waits until it is well again. */
export async function play(world: World, scenario: Scenario, options: PlayOptions): Promise<Run> {
  const startedAt = Date.now();
  await world.user.start(options.rate);
  let faultAt = 0;
  let healedAt = 0;
  let preferred = "";
  let before: Record<string, number> = {};
  let isNormal = false;
  let asked: Asked;
  try {
    for (const phase of scenario.phases) {
      options.log(`${phase.phase} ${phase.seconds} s`);
      if (phase.phase === "fault" && faultAt === 0) {
        preferred = await preferredGateway(world);
        before = sharesOf(await readTraffic(world), startedAt + 1_000, Date.now());
        faultAt = Date.now();
      }
      for (const action of phase.do) await act(world, action, preferred);
      if (phase.phase === "healed" && healedAt === 0) healedAt = Date.now();
      await pause(phase.seconds * 1_000);
    }
    isNormal = await untilNormal(world, before);
  } finally {
    asked = await world.user.stop();
  }
  return {
    scenario,
    startedAt,
    faultAt,
    healedAt,
    isNormal,
    sharesBefore: before,
    endedAt: Date.now(),
    preferred,
    asked,
    traffic: await readTraffic(world),
    decisions: await readDecisions(world, startedAt),
  };
}

/** Waits until the user gets right answers only, traffic goes where it went, and every gateway can be used. */
async function untilNormal(world: World, before: Record<string, number>): Promise<boolean> {
  const giveUp = Date.now() + LONGEST_WAIT_MS;
  while (Date.now() < giveUp) {
    // Questions under way may still be answered late.
    const to = Date.now() - 500;
    const right = await world.user.allRight(to - NORMAL_MS, to);
    const like = isLike(sharesOf(await readTraffic(world), to - NORMAL_MS, to), before);
    const usable = (await world.edge.status()).gateways.every((gateway) => gateway.usable);
    if (right && like && usable) return true;
    await pause(250);
  }
  return false;
}

/** The gateway that got most questions within half a second. */
async function preferredGateway(world: World): Promise<string> {
  const count = async () =>
    new Map(
      await Promise.all(
        [...world.gateways].map(async ([name, gateway]) => [name, (await gateway.status()).queries] as const),
      ),
    );
  const first = await count();
  await pause(500);
  const second = await count();
  const rise = (name: string) => (second.get(name) ?? 0) - (first.get(name) ?? 0);
  return [...second.keys()].reduce((a, b) => (rise(b) > rise(a) ? b : a));
}
