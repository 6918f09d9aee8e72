import { fromBase64Url, toHex } from "@tolldns/sdk";
import type { Log } from "../runtime/log.ts";
import type { EpochFacts } from "./facts.ts";
import type { Heard, HeardVote, Statement } from "./plan.ts";

/** How votes and digests are checked: the SDK's rules. */
export interface VoteRules {
  /** Is this the witness key's vote for the digest? */
  isVote(witness: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean;
  /** What the epoch's members sign if they hold the statement true. */
  digestOf(epoch: EpochFacts, statement: Statement): Uint8Array;
}

/** Remembers what witnesses told of the epoch under way. What they say is believed only if signatures and hashes bear it out. */
export interface Ear {
  /** Asks some of the feeds, and answers with all that was heard of this epoch so far. `now` is the chain's time. */
  listen(epoch: EpochFacts, urls: readonly string[], now: bigint): Promise<Heard>;
}

/** Feeds asked in one look; witnesses tell one another, so a few know what all know. */
const ASKED_AT_ONCE = 6;
/** Seconds a feed has to answer. */
const ANSWER_SECONDS = 3;
/** Bytes of an answer at most: a hundred members' votes take a tenth of that. */
const MAX_BYTES = 1 << 18;
/** Rows looked at in an answer. */
const MAX_ROWS = 512;
/** Votes kept of one member: two prove that it equivocated, and more prove no more. */
const MAX_VOTES = 2;

export function createEar(rules: VoteRules, log: Log): Ear {
  let heardOf = "";
  let votes = new Map<string, HeardVote>();
  let statements = new Map<string, Statement>();
  let next = 0;

  function take(epoch: EpochFacts, answer: unknown, now: bigint): void {
    // A key may have several seats: nobody has to show that it is its own.
    const places = new Map<string, number[]>();
    for (const [index, { witness }] of epoch.members.entries())
      places.set(toHex(witness), [...(places.get(toHex(witness)) ?? []), index]);
    for (const row of rowsOf(answer, "votes")) {
      const [witness, digest, signature] = [
        bytes(row.witness, 32),
        bytes(row.digest, 32),
        bytes(row.signature, 64),
      ];
      if (witness === null || digest === null || signature === null) continue;
      const news = (places.get(toHex(witness)) ?? []).filter((member) => {
        const mine = [...votes.values()].filter((vote) => vote.member === member);
        return !votes.has(`${member} ${toHex(digest)}`) && mine.length < MAX_VOTES;
      });
      if (news.length === 0 || !rules.isVote(witness, digest, signature)) continue;
      for (const member of news)
        votes.set(`${member} ${toHex(digest)}`, { member, digest, signature, heardAt: now });
    }
    for (const row of rowsOf(answer, "statements")) {
      const previousRoot = bytes(row.previousRoot, 32);
      const [root, updatesRoot] = [bytes(row.root, 32), bytes(row.updatesRoot, 32)];
      const { count } = row;
      if (previousRoot === null || root === null || updatesRoot === null || !isCount(count)) continue;
      const statement = { previousRoot, root, updatesRoot, count };
      const digest = toHex(rules.digestOf(epoch, statement));
      // Only digests somebody voted for: a feed can make up as many statements as it likes.
      if ([...votes.values()].some((vote) => toHex(vote.digest) === digest))
        statements.set(digest, statement);
    }
  }

  return {
    listen: async (epoch, urls, now) => {
      // After a fork the same number may have another committee.
      const key = `${epoch.number} ${epoch.seed === null ? "" : toHex(epoch.seed)}`;
      if (key !== heardOf) {
        heardOf = key;
        votes = new Map();
        // What an epoch without updates comes to, everybody knows.
        const { previousRoot } = epoch;
        const nothing = { previousRoot, root: previousRoot, updatesRoot: new Uint8Array(32), count: 0 };
        statements = new Map([[toHex(rules.digestOf(epoch, nothing)), nothing]]);
      }
      const unique = [...new Set(urls)];
      const some = Array.from(
        { length: Math.min(ASKED_AT_ONCE, unique.length) },
        (_, index) => unique[(next + index) % unique.length] as string,
      );
      next += ASKED_AT_ONCE;
      const answers = await Promise.allSettled(some.map((url) => ask(url, epoch.number)));
      for (const [index, answer] of answers.entries()) {
        if (answer.status === "fulfilled") take(epoch, answer.value, now);
        else log("info", "feed gave no votes", { feed: some[index], error: String(answer.reason) });
      }
      return { votes: [...votes.values()], statements };
    },
  };
}

async function ask(base: string, epoch: bigint): Promise<unknown> {
  const url = new URL("/v1/votes", base);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Error(`${url.protocol} is no feed`);
  url.searchParams.set("epoch", String(epoch));
  const response = await fetch(url, {
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_SECONDS * 1_000),
    headers: { accept: "application/json" },
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    length += part.length;
    if (length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8"));
}

function rowsOf(answer: unknown, field: "votes" | "statements"): Record<string, unknown>[] {
  if (typeof answer !== "object" || answer === null) return [];
  const rows = (answer as Record<string, unknown>)[field];
  if (!Array.isArray(rows)) return [];
  return rows.slice(0, MAX_ROWS).filter((row) => typeof row === "object" && row !== null);
}

function bytes(text: unknown, length: number): Uint8Array | null {
  if (typeof text !== "string" || text.length > 4 * length) return null;
  try {
    const decoded = fromBase64Url(text);
    return decoded.length === length ? decoded : null;
  } catch {
    return null;
  }
}

/** u32. */
const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff;
