import type { Feed } from "@tolldns/sdk/feed";
import type { RoutesClock } from "./clock.ts";
import { isLie, wordsOf } from "./errors.ts";
import type { EvidenceSource } from "./source.ts";

/** How one feed does. */
export interface FeedStatus {
  readonly url: string;
  readonly answers: number;
  readonly failures: number;
  /** Answers that were refused, and those among them that only a liar sends. */
  readonly refused: number;
  readonly lies: number;
  /** Milliseconds, moving average; null before the first answer. */
  readonly latencyMs: number | null;
  /** Why it is left alone now, or its last trouble; null if there is none. */
  readonly trouble: string | null;
  readonly usable: boolean;
}

/** Several feeds, the best first. */
export interface FeedPool {
  readonly feeds: readonly Feed[];
  /** Sources in the order they are to be asked; those in a pause come last. */
  sources(): EvidenceSource[];
  status(): FeedStatus[];
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A feed that lied is asked last for so long. */
const LIE_PAUSE_MS = 300_000;

interface Member {
  readonly feed: Feed;
  readonly source: EvidenceSource;
  answers: number;
  failures: number;
  refused: number;
  lies: number;
  row: number;
  latencyMs: number | null;
  pausedUntil: number;
  trouble: string | null;
}

export function createFeedPool(feeds: readonly Feed[], clock: RoutesClock): FeedPool {
  const members = feeds.map((feed): Member => {
    const member: Member = {
      feed,
      source: {
        label: feed.url,
        hasEpochs: true,
        patienceMs: () => Math.min(1_000, Math.max(100, 3 * (member.latencyMs ?? 150))),
        async ask(name, { epoch, signal }) {
          const started = clock.now();
          try {
            const call = epoch === undefined ? { signal } : { signal, epoch };
            const bytes = await feed.evidence(name.text, call);
            const ms = clock.now() - started;
            member.answers++;
            member.row = 0;
            member.latencyMs =
              member.latencyMs === null ? ms : member.latencyMs + (ms - member.latencyMs) / 5;
            return bytes;
          } catch (error) {
            if (!signal.aborted) failed(member, error);
            throw error;
          }
        },
        refused(error) {
          member.refused++;
          member.trouble = wordsOf(error);
          if (!isLie(error)) return;
          member.lies++;
          member.pausedUntil = clock.now() + LIE_PAUSE_MS;
        },
      },
      answers: 0,
      failures: 0,
      refused: 0,
      lies: 0,
      row: 0,
      latencyMs: null,
      pausedUntil: 0,
      trouble: null,
    };
    return member;
  });

  function failed(member: Member, error: unknown): void {
    member.failures++;
    member.row++;
    member.trouble = wordsOf(error);
    member.pausedUntil = Math.max(
      member.pausedUntil,
      clock.now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (member.row - 1)),
    );
  }

  const isPaused = (member: Member) => member.pausedUntil > clock.now();
  return {
    feeds,
    sources: () =>
      members
        .toSorted(
          (a, b) => Number(isPaused(a)) - Number(isPaused(b)) || (a.latencyMs ?? 0) - (b.latencyMs ?? 0),
        )
        .map(({ source }) => source),
    status: () =>
      members.map((member) => ({
        url: member.feed.url,
        answers: member.answers,
        failures: member.failures,
        refused: member.refused,
        lies: member.lies,
        latencyMs: member.latencyMs,
        trouble: isPaused(member) || member.answers === 0 ? member.trouble : null,
        usable: !isPaused(member),
      })),
  };
}
