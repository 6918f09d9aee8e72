import type { Question } from "@tolldns/dns";
import { toHex } from "@tolldns/sdk";
import type { Challenge } from "@tolldns/sdk/policy";
import { digestOf, tryRead } from "../judge.ts";
import type { Asker } from "../options.ts";
import { timeLimit } from "./limit.ts";

/** What the reference resolver says, and has said not long ago. */
export interface Reference {
  /** Its answer, if it has the response code that the challenge tells it must have; asked twice at most. Undefined: it is at fault. */
  ask(challenge: Challenge, question: Question, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** An earlier answer with this digest that a cache may hold still, in that answer's own time to live. */
  earlier(challenge: Challenge, digest: Uint8Array): Uint8Array | undefined;
  /** Has this challenge been watched for as long as a cache may hold what was there before? */
  isWatched(challenge: Challenge): boolean;
}

interface Seen {
  readonly message: Uint8Array;
  readonly digest: string;
  /** Until when caches may hold it, Unix seconds. */
  until: number;
}

/** Seconds beyond a TTL: clocks of caches go by whole seconds, and answers travel. */
const SLACK = 2;
/** No cache is excused for longer, seconds. */
const LONGEST = 86_400;
/** Answers remembered a challenge. */
const MOST = 16;
const TRIES = 2;

/** @param now Unix seconds */
export function createReference(asker: Asker, now: () => number, timeoutMs: number): Reference {
  const seen = new Map<number, { readonly since: number; longest: number; answers: Seen[] }>();

  function remember(challenge: Challenge, message: Uint8Array): void {
    const parsed = tryRead(message);
    if (parsed === undefined || challenge.name.includes("{random}")) return;
    const ttls = [...parsed.answers, ...parsed.authority].map(({ ttl }) => ttl);
    const longest = Math.min(LONGEST, Math.max(0, ...ttls)) + SLACK;
    const digest = toHex(digestOf(challenge, parsed));
    const held = seen.get(challenge.number) ?? { since: now(), longest, answers: [] };
    held.longest = Math.max(held.longest, longest);
    held.answers = held.answers.filter((one) => one.digest !== digest && one.until > now()).slice(-MOST);
    held.answers.push({ message, digest, until: now() + longest });
    seen.set(challenge.number, held);
  }

  return {
    async ask(challenge, question, signal) {
      const { expect } = challenge;
      for (let tries = 0; tries < TRIES; tries++) {
        const limit = timeLimit(timeoutMs, signal);
        try {
          const message = await asker.ask(question, limit.signal);
          if (expect.kind === "reference" && tryRead(message)?.rcode !== expect.rcode) continue;
          remember(challenge, message);
          return message;
        } catch (error) {
          if (signal.aborted) throw error;
        } finally {
          limit.end();
        }
      }
      return undefined;
    },
    earlier: (challenge, digest) => {
      const wanted = toHex(digest);
      const answers = seen.get(challenge.number)?.answers ?? [];
      return answers.find((one) => one.digest === wanted && one.until > now())?.message;
    },
    isWatched: (challenge) => {
      const held = seen.get(challenge.number);
      return held !== undefined && now() - held.since >= held.longest;
    },
  };
}
