import { CLASS, EDE, RCODE, TYPE } from "@tolldns/dns/wire/constants";
import { sameName } from "@tolldns/dns/wire/name";
import type { Query } from "@tolldns/dns/wire/query";
import { readMessage } from "@tolldns/dns/wire/records";
import { writeError, writeMinimalAny } from "@tolldns/dns/wire/reply";
import { isTollError } from "@tolldns/sdk";
import { systemRoutesClock } from "./clock.ts";
import { type Composed, composeApex, composeImpossible, composeReply } from "./compose.ts";
import { edeOf, fail, isLie, wordsOf } from "./errors.ts";
import { createFeedPool } from "./feeds.ts";
import { gatherEvidence } from "./gather.ts";
import { judgeEvidence, type Verified } from "./judge.ts";
import { registeredName } from "./name.ts";
import {
  DEFAULT_ROUTES_POLICY,
  type RefusedEvidence,
  type Routes,
  type RoutesOptions,
  type SavedRoutes,
} from "./options.ts";
import { createRootBook, unreadable } from "./roots.ts";
import { createShelf } from "./shelf.ts";
import type { AskedName } from "./source.ts";
import { watchFeeds } from "./watch.ts";
import { type Reply, writeReply } from "./write.ts";

/** CNAMEs followed from one record set to another. */
const MAX_HOPS = 8;
const MAX_FAILURES = 4_096;
const MAX_REFUSALS = 8;
/** Milliseconds a question waits for a look at the chain before it is answered by what is known. */
const LOOK_PATIENCE_MS = 1_500;
/** Seconds for which a chain that did not answer is asked beside the answers, not before them. */
const AWAY_SECONDS = 30;

/**
 * Answers names below `dns` from evidence that it verified itself, whoever it came from. Verified evidence is kept until a newer
 * root is final, and everything it can't vouch for is SERVFAIL with the reason in an extended error.
 */
export function createRoutes(options: RoutesOptions): Routes {
  const { domain } = options;
  const clock = options.clock ?? systemRoutesClock;
  const policy = { ...DEFAULT_ROUTES_POLICY, ...options.policy };
  const shelf = createShelf(policy.bytes);
  const pool = createFeedPool(options.feeds, clock);
  const refusals: RefusedEvidence[] = [];
  const counters = { answered: 0, failed: 0, refused: 0, lies: 0 };
  const book = createRootBook({ domain, read: options.readRoots, clock, timeoutMs: policy.chainTimeoutMs });
  /** Names being asked for, and names that could not be had a moment ago. */
  const flights = new Map<string, Promise<Verified>>();
  const failures = new Map<string, { readonly until: number; readonly error: unknown }>();

  function onRefused(from: string, error: unknown): void {
    counters.refused++;
    if (isLie(error)) counters.lies++;
    const code = isTollError(error) ? error.code : "unknown";
    refusals.unshift({
      from,
      code,
      reason: wordsOf(error),
      isLie: isLie(error),
      at: Math.floor(clock.wall()),
    });
    refusals.length = Math.min(refusals.length, MAX_REFUSALS);
    options.onRefused?.(from, error);
  }

  const isRecent = () => book.checkedAgo() <= 2 * policy.recheckSeconds;

  /** What is held of a name, if it is under the newest root and the chain said so lately. */
  function heldNow(name: string): Verified | null {
    if (!isRecent()) return null;
    const held = shelf.get(name);
    if (held === null || held.epoch !== book.newest()) return null;
    if (book.checkedAgo() > policy.recheckSeconds) void book.refresh();
    return held;
  }

  function obtain(name: AskedName): Promise<Verified> {
    const held = heldNow(name.text);
    if (held !== null) return Promise.resolve(held);
    const failed = failures.get(name.text);
    if (failed !== undefined && clock.now() < failed.until) return Promise.reject(failed.error);
    let flight = flights.get(name.text);
    if (flight === undefined) {
      flight = fetchName(name)
        .catch((error: unknown) => {
          failures.delete(name.text);
          if (failures.size >= MAX_FAILURES) failures.delete(failures.keys().next().value as string);
          failures.set(name.text, { until: clock.now() + policy.failureSeconds * 1_000, error });
          throw error;
        })
        .finally(() => flights.delete(name.text));
      flights.set(name.text, flight);
    }
    return flight;
  }

  async function fetchName(name: AskedName): Promise<Verified> {
    if (book.checkedAgo() > policy.recheckSeconds) await look();
    const newest = book.newest();
    if (newest === null) throw unreadable(book.failure());
    const held = shelf.get(name.text) ?? (await judgeSaved(name));
    if (held !== null && held.epoch === newest) return vouched(held);
    try {
      const sources = [...(options.before?.() ?? []), ...pool.sources()];
      if (sources.length === 0) throw fail("routes-unreachable", { asked: 0 });
      const { graceSeconds, timeoutMs } = policy;
      const given = { domain, book, clock, graceSeconds, timeoutMs, onRefused };
      const found = await gatherEvidence(given, name, sources, held);
      shelf.put(name.text, found);
      options.onVerified?.();
      return vouched(found);
    } catch (error) {
      if (held !== null && book.age(held.epoch) <= policy.maxStaleSeconds) return held;
      throw error;
    }
  }

  /** Looks at the chain, and waits for its word as long as there is reason to expect one, or nothing else to go by. */
  async function look(): Promise<void> {
    const newest = book.newest();
    const isAway = book.wasAway(AWAY_SECONDS);
    const looking = book.refresh();
    if (newest === null) await looking;
    else if (!isAway || book.age(newest) > policy.maxStaleSeconds)
      await Promise.race([looking, pause(LOOK_PATIENCE_MS)]);
  }

  /** @throws roots-stale */
  function vouched(held: Verified): Verified {
    const seconds = Math.floor(book.age(held.epoch));
    const bound = policy.maxStaleSeconds;
    if (seconds > bound) throw fail("roots-stale", { seconds, bound }, book.failure());
    return held;
  }

  async function judgeSaved(name: AskedName): Promise<Verified | null> {
    const raw = shelf.takeSaved(name.text);
    if (raw === null) return null;
    try {
      const held = await judgeEvidence(raw, name.wire, book, domain, null);
      shelf.put(name.text, held);
      return held;
    } catch {
      // Of a root too old to be told any more, or the file was damaged: it is fetched anew.
      return null;
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => clock.after(ms, resolve));
  }

  function compose(held: Verified, name: Uint8Array, type: number): Composed {
    return composeReply(held, name, type, {
      now: clock.wall(),
      epochSeconds: book.epochSeconds(),
      isStale: book.age(held.epoch) > 2 * policy.recheckSeconds,
    });
  }

  /** The reply to a question, CNAMEs out of the record set followed. */
  async function lookUp(name: Uint8Array, type: number, hops: number): Promise<Reply> {
    const asked = registeredName(name);
    if (asked === null) return composeApex(type, book.newest() ?? 0n);
    if (asked === undefined) return composeImpossible(book.newest() ?? 0n);
    const composed = compose(await obtain(asked), name, type);
    const { target } = composed;
    if (target === undefined) return composed;
    if (hops >= MAX_HOPS) throw new Error("too many CNAMEs");
    const rest = isBelowDns(target)
      ? await lookUp(target, type, hops + 1)
      : outside(readMessage(await options.follow(target, type)));
    return {
      rcode: rest.rcode,
      answers: rest.rcode === RCODE.SERVFAIL ? [] : [...composed.answers, ...rest.answers],
      authority: rest.authority,
      ede: rest.ede,
      evidence: composed.evidence,
    };
  }

  function guarded(name: Uint8Array, reply: Reply): Reply {
    const { guard } = options;
    if (guard === null) return reply;
    const { answers, authority } = reply;
    const message = { ...EMPTY, additional: [], answers: [...answers], authority: [...authority] };
    if (!guard.refuses(name, message)) return reply;
    const ede = { code: EDE.FILTERED, text: "tolldns: private address for a public name" };
    return { rcode: RCODE.SERVFAIL, answers: [], authority: [], ede };
  }

  async function answerLater(query: Query): Promise<Uint8Array> {
    const out = new Uint8Array(66_560);
    const name = query.key.slice(0, query.nameLength);
    try {
      const reply = guarded(name, await lookUp(name, query.type, 0));
      counters.answered++;
      return out.slice(0, writeReply(query, reply, out, 0));
    } catch (error) {
      counters.failed++;
      return out.slice(0, writeError(query, out, 0, RCODE.SERVFAIL, { ede: edeOf(error) }));
    }
  }

  const stopWatching = options.watches
    ? watchFeeds({ feeds: options.feeds, book, clock, seconds: policy.recheckSeconds })
    : () => {};

  return {
    answer(query, out, at) {
      const { type } = query;
      if (query.class !== CLASS.IN) return writeError(query, out, at, RCODE.REFUSED);
      if (type === TYPE.ANY) return writeMinimalAny(query, out, at);
      if (type === TYPE.OPT || (type >= 128 && type <= 255)) return writeError(query, out, at, RCODE.NOTIMP);
      const name = query.key.subarray(0, query.nameLength);
      const asked = registeredName(name);
      const held = asked === null || asked === undefined ? null : heldNow(asked.text);
      if (held === null) return answerLater(query.keep());
      const composed = compose(held, name, type);
      if (composed.target !== undefined) return answerLater(query.keep());
      counters.answered++;
      return writeReply(query, guarded(name, composed), out, at);
    },
    status: () => ({
      epoch: book.newest(),
      checkedAgo: Number.isFinite(book.checkedAgo()) ? Math.floor(book.checkedAgo()) : null,
      chainTrouble: book.failure() === null ? null : wordsOf(book.failure()),
      names: shelf.size,
      ...counters,
      refusals: [...refusals],
      feeds: pool.status(),
    }),
    save: (): SavedRoutes => ({ version: 1, roots: book.save(), evidence: shelf.save() }),
    load(saved) {
      try {
        const { version, roots, evidence } = saved as SavedRoutes;
        if (version !== 1) return;
        book.load(roots);
        shelf.load(evidence);
      } catch {
        // A file of another version or a damaged one: everything is fetched again.
      }
    },
    async refresh() {
      await book.refresh();
    },
    close: stopWatching,
  };
}

const EMPTY = {
  id: 0,
  flags: 0,
  rcode: 0,
  questionEnd: 0,
  questions: 0,
  opt: undefined,
} as const;

function outside({ rcode, answers, authority }: ReturnType<typeof readMessage>): Reply {
  return { rcode: rcode & 15, answers, authority };
}

function isBelowDns(name: Uint8Array): boolean {
  let at = 0;
  while (at < name.length - 5) at += (name[at] as number) + 1;
  return at === name.length - 5 && sameName(name.subarray(at), DNS_ZONE);
}

const DNS_ZONE = Uint8Array.of(3, 0x64, 0x6e, 0x73, 0);
