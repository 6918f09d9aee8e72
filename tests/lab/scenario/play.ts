import { loadavg } from "node:os";
import type { DecisionLine } from "@tolldns/policy";
import type { Asked } from "../measure/asked.ts";
import { readDecisions } from "../measure/decisions.ts";
import { nameOf } from "../measure/target.ts";
import type { World } from "../world/world.ts";
import { act } from "./act.ts";
import type { Scenario } from "./scenario.ts";
import type { Preferred } from "./subjects.ts";

/** One run of a scenario, as it was seen. Times are Unix milliseconds. */
export interface Run {
  readonly scenario: Scenario;
  readonly startedAt: number;
  /** When the first action of the fault was done, and when the last mending one was. */
  readonly faultAt: number;
  readonly healedAt: number;
  /** Since when every gateway and backend is in use again; null if that never came. */
  readonly normalAt: number | null;
  readonly endedAt: number;
  readonly preferred: Preferred;
  readonly asked: Asked;
  /** By `gateway g1` or `edge`: what it wrote into its log of decisions meanwhile. */
  readonly decisions: ReadonlyMap<string, readonly DecisionLine[]>;
  /** The machine's load average of the last minute: others may share it. */
  readonly load: number;
}

export interface PlayOptions {
  /** Questions a second. */
  readonly rate: number;
  readonly log: (line: string) => void;
}

/** How long to wait for it: own trials pause up to a minute, and states on chain need their windows. */
const LONGEST_WAIT_MS = 120_000;
/** Milliseconds all must be well in a row to count. */
const WELL_MS = 3_000;
const LOOK_MS = 200;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Plays one scenario on a world that is well, and waits until it is well again. @throws if it isn't well to begin with */
export async function play(world: World, scenario: Scenario, options: PlayOptions): Promise<Run> {
  await world.user.start(options.rate);
  let startedAt = Date.now();
  let faultAt = 0;
  let healedAt = 0;
  let preferred: Preferred = { gateway: "", backend: "" };
  let normalAt: number | null = null;
  let asked: Asked;
  try {
    // The edge asks whom it finds best once it is asked at all.
    if ((await untilWell(world, startedAt, WELL_MS)) === null)
      throw new Error(`not well: ${await troubleOf(world)}`);
    startedAt = Date.now();
    for (const phase of scenario.phases) {
      options.log(`${phase.phase} ${phase.seconds} s`);
      if (phase.phase === "fault" && faultAt === 0) {
        preferred = await findPreferred(world);
        options.log(`asked most: ${preferred.gateway}, and by it ${preferred.backend}`);
        faultAt = Date.now();
      }
      for (const action of phase.do) await act(world, action, preferred);
      if (phase.phase === "healed" && healedAt === 0) {
        healedAt = Date.now();
        normalAt = await untilWell(world, healedAt, phase.seconds * 1_000);
        if (normalAt === null) options.log(`still not well: ${await troubleOf(world)}`);
      } else await pause(phase.seconds * 1_000);
    }
  } finally {
    asked = await world.user.stop();
  }
  return {
    scenario,
    startedAt,
    faultAt,
    healedAt,
    normalAt,
    endedAt: Date.now(),
    preferred,
    asked,
    decisions: await readDecisions(world, startedAt),
    load: loadavg()[0] ?? 0,
  };
}

/** Waits until nobody is out for as long as `ms`. @returns since when that is, Unix milliseconds, or null if it never came */
async function untilWell(world: World, from: number, ms: number): Promise<number | null> {
  let since = from;
  while (Date.now() < from + LONGEST_WAIT_MS) {
    if ((await troubleOf(world)) !== null) since = Date.now() + LOOK_MS;
    else if (Date.now() - since >= ms) return since;
    await pause(LOOK_MS);
  }
  return null;
}

/** Who is not in use as it should be, in words; null if all is well. */
async function troubleOf(world: World): Promise<string | null> {
  const asked = [...world.gateways.values()].map(async ({ name, status }) => {
    const { upstreams, router } = await status();
    const out = upstreams
      .filter(({ standing }) => standing !== "in")
      .map((one) => `${one.name} ${one.standing}`);
    if (router.tier !== 0) out.push(`tier ${router.tier}`);
    return out.map((what) => `${name}: ${what}`);
  });
  const edge = (await world.edge.status()).gateways
    .filter(({ usable, standing }) => !usable || standing !== "in")
    .map(({ url, reason, standing }) => `edge: ${url} ${standing}, ${reason}`);
  const states = world.policy === null ? {} : await world.policy.states();
  const marked = Object.entries(states)
    .filter(([, state]) => state !== "HEALTHY")
    .map(([name, state]) => `${name} ${state}`);
  const trouble = [...(await Promise.all(asked)).flat(), ...edge, ...marked];
  return trouble.length === 0 ? null : trouble.join(", ");
}

/** The gateway that got most questions within half a second, and the backend it asks first. */
async function findPreferred(world: World): Promise<Preferred> {
  const read = async () =>
    Promise.all(
      [...world.gateways.values()].map(async ({ name, status }) => ({ name, now: await status() })),
    );
  const before = await read();
  await pause(500);
  const after = await read();
  const rise = (i: number) => (after[i]?.now.queries ?? 0) - (before[i]?.now.queries ?? 0);
  const most = after.map((_, i) => i).reduce((a, b) => (rise(b) > rise(a) ? b : a));
  const choice = after[most]?.now.router.choice;
  const backend = [...world.resolvers.values()].find((one) => nameOf(one) === choice)?.name;
  return { gateway: after[most]?.name ?? "", backend: backend ?? "a" };
}
