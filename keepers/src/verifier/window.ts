import { toHex } from "@tolldns/sdk";
import { type ChallengeSet, formatTarget, type Target, targetId } from "@tolldns/sdk/policy";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { type PolicyState, setAt, windowAt } from "./chain/state.ts";
import type { VerifierSettings } from "./options.ts";
import { challengesFor, type Door } from "./probe/door.ts";
import { keptProbe, runProbe } from "./probe/probe.ts";
import type { Reference } from "./probe/reference.ts";
import type { AcceptableRoots } from "./roots.ts";
import { type PlannedProbe, planWindow } from "./schedule.ts";
import type { Slots } from "./slots.ts";
import type { VerifierStore, WindowKey } from "./store/open.ts";

/** What all targets' probes are made with. */
export interface WindowTools {
  readonly store: VerifierStore;
  readonly reference: Reference;
  /** Final roots of routes; undefined where `.dns` is left out. */
  readonly roots: AcceptableRoots | undefined;
  readonly secret: Uint8Array;
  readonly settings: VerifierSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly slots: Slots;
  readonly counters: { probes: number; unfit: number };
  /** The chain as last seen. */
  readonly state: () => PolicyState;
  /** The set that was published under this version and root; undefined if it is not at hand. */
  readonly setOf: (version: number, root: Uint8Array) => ChallengeSet | undefined;
  /** Told when a window's probes are over. */
  readonly over: (target: Target, window: WindowKey) => Promise<void>;
}

/** Seconds until the set is looked for again while none is at hand. */
const WAIT_SECONDS = 5;
/** Part of a window, at its end, in which no probe begins: an answer to the reference comes first, and a probe belongs into its window. */
const MARGIN = 0.05;
const MOST_MARGIN_MS = 200;
/** Milliseconds a probe may take beside the target's own answer, for the reference. */
const SPARE_MS = 250;

/** Milliseconds a probe may take under these terms. */
export function timeoutOf({ timeoutMs }: VerifierSettings, { config }: Pick<PolicyState, "config">): number {
  const { window, report } = config.terms;
  return Math.max(50, Math.min(timeoutMs, window * 500, report * 400));
}

/** Probes a target, window after window, until `signal` aborts. Never rejects. */
export async function watchTarget(
  target: Target,
  door: Door,
  tools: WindowTools,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = tools;
  const endings = new Set<Promise<void>>();
  while (!signal.aborted) {
    const { config } = tools.state();
    const { begin, end } = windowAt(config, BigInt(Math.floor(clock.now())));
    const published = setAt(config, begin);
    const set = published === undefined ? undefined : tools.setOf(published.version, published.root);
    if (set === undefined) {
      const seconds = Math.min(WAIT_SECONDS, Math.max(0.05, Number(end) - clock.now()));
      await clock.sleep(seconds, signal);
      continue;
    }
    const ending = runWindow(target, door, set, { begin, end }, tools, signal)
      .catch((error: unknown) => {
        if (!signal.aborted)
          log("warn", "window failed", { target: formatTarget(target), error: String(error) });
      })
      .finally(() => endings.delete(ending));
    endings.add(ending);
    // The last probes of a window are answered while the next one has begun.
    await sleepUntil(clock, Number(end), signal);
  }
  await Promise.all(endings);
}

async function runWindow(
  target: Target,
  door: Door,
  set: ChallengeSet,
  { begin, end }: { readonly begin: bigint; readonly end: bigint },
  tools: WindowTools,
  signal: AbortSignal,
): Promise<void> {
  const { store, settings, clock } = tools;
  const window: WindowKey = { target: targetId(target), begin };
  if ((await store.readReport(window)) !== null) return;
  const { leastProbes } = tools.state().config.terms;
  const length = Number(end - begin) * 1_000;
  const timeoutMs = timeoutOf(settings, tools.state());
  await door.prepare(timeoutMs, signal);
  const plan = planWindow({
    secret: tools.secret,
    target: window.target,
    begin,
    length: Math.floor(length - Math.min(MOST_MARGIN_MS, length * MARGIN)),
    count: settings.probes ?? Math.ceil(leastProbes * 1.5),
    challenges: challengesFor(set.challenges, target, { roots: tools.roots !== undefined }),
    transports: [...door.transports],
  });
  const made = new Set((await store.probes(window)).map(({ place }) => place));
  const late = new AbortController();
  const stop = () => late.abort();
  signal.addEventListener("abort", stop, { once: true });
  void clock.sleep(Number(end) + (timeoutMs + SPARE_MS) / 1_000 - clock.now(), late.signal).then(stop);
  const under: Promise<void>[] = [];
  const context = { target, door, window, length, timeoutMs, tools };
  for (const [place, planned] of plan.entries()) {
    const at = Number(begin) + planned.at / 1_000;
    // What a verifier that was away missed is not made up for: its times are past.
    if (made.has(place) || at < clock.now() - 1) continue;
    await sleepUntil(clock, at, late.signal);
    if (late.signal.aborted) break;
    under.push(makeProbe(place, planned, context, late.signal));
  }
  await sleepUntil(clock, Number(end), signal);
  await Promise.all(under);
  stop();
  signal.removeEventListener("abort", stop);
  if (!signal.aborted) await tools.over(target, window);
}

interface ProbeContext {
  readonly target: Target;
  readonly door: Door;
  readonly window: WindowKey;
  /** Milliseconds. */
  readonly length: number;
  readonly timeoutMs: number;
  readonly tools: WindowTools;
}

/** Makes one probe and writes it down. Never rejects. */
async function makeProbe(
  place: number,
  planned: PlannedProbe,
  { target, door, window, length, timeoutMs, tools }: ProbeContext,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log, slots, counters } = tools;
  const unfit = (why: string) => {
    counters.unfit++;
    log("info", "probe unfit", { target: formatTarget(target), challenge: planned.challenge.number, why });
  };
  const release = await slots.take(signal);
  let at = -1;
  try {
    const result = await runProbe(
      planned,
      door,
      { reference: tools.reference, roots: tools.roots, timeoutMs, elapsed: () => performance.now() },
      signal,
      () => {
        at = Math.floor(clock.now() * 1_000 - Number(window.begin) * 1_000);
      },
    );
    if (result.kind === "unfit") return unfit(result.why);
    if (at < 0 || at >= length) return unfit("it came after its window");
    await store.addProbe(window, keptProbe({ place, at, challenge: planned.challenge.number }, result));
    counters.probes++;
  } catch (error) {
    if (signal.aborted) unfit("its window ended first");
    else
      log("warn", "probe not kept", {
        target: toHex(window.target),
        error: error instanceof Error ? error.message : String(error),
      });
  } finally {
    release();
  }
}

async function sleepUntil(clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  for (let left = time - clock.now(); left > 0 && !signal.aborted; left = time - clock.now())
    await clock.sleep(Math.min(left, 3_600), signal);
}
