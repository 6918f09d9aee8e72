import { DnsError, findOption, OPTION, questionFor, readMessage, systemClock, TYPE } from "@tolldns/dns";
import type { DecisionEntry } from "@tolldns/policy";
import {
  type Backends,
  type BackendsOptions,
  openBackends,
} from "../../../clients/gateway/src/upstream/backends.ts";
import { randomFrom, seed } from "../../edge/support/seed.ts";
import { ZONE } from "./resolvers.ts";

/** Backends with what they wrote down. */
export interface Opened extends Backends {
  readonly log: DecisionEntry[];
  /** How often answers were to be forgotten because of a liar. */
  readonly forgotten: () => number;
}

export function open(options: Pick<BackendsOptions, "upstreams"> & Partial<BackendsOptions>): Opened {
  const log: DecisionEntry[] = [];
  let forgotten = 0;
  const backends = openBackends({
    clock: systemClock,
    wall: () => Date.now() / 1000,
    timeoutMs: 4_000,
    random: randomFrom(seed),
    decisions: { append: (entry) => log.push(entry) },
    onLiar: () => forgotten++,
    ...options,
  });
  return { ...backends, log, forgotten: () => forgotten };
}

export interface Said {
  readonly rcode: number;
  readonly address: string;
  readonly ms: number;
  readonly text: string;
}

let names = 0;

/** Asks a name nobody asked before. An error is told as rcode -1. */
export async function ask(backends: Backends, zone = ZONE): Promise<Said> {
  const started = performance.now();
  const done = (rcode: number, address: string, text: string): Said => ({
    rcode,
    address,
    text,
    ms: performance.now() - started,
  });
  try {
    const { message } = await backends.ask(questionFor(`n${names++}.${zone}`, TYPE.A));
    const { rcode, answers, opt } = readMessage(message);
    const ede = findOption(opt, OPTION.EDE);
    return done(
      rcode,
      answers[0]?.data.join(".") ?? "",
      ede === undefined ? "" : Buffer.from(ede.subarray(2)).toString(),
    );
  } catch (error) {
    return done(-1, "", error instanceof DnsError ? error.code : String(error));
  }
}

/** Asks steadily, a question every `everyMs`, until `until` says so or `mostMs` have passed. */
export async function load(
  backends: Backends,
  until: (said: readonly Said[]) => boolean,
  { everyMs = 10, mostMs = 80_000 } = {},
): Promise<Said[]> {
  const said: Said[] = [];
  const waiting: Promise<unknown>[] = [];
  const end = performance.now() + mostMs;
  while (performance.now() < end && !until(said)) {
    waiting.push(ask(backends).then((one) => said.push(one)));
    await pause(everyMs);
  }
  await Promise.all(waiting);
  return said;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until it holds; throws after a minute and a half. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1_800; i++) {
    if (holds()) return;
    await pause(50);
  }
  throw new Error(`waited in vain: ${what}`);
}
