import type { Question } from "@tolldns/dns/wire/question";
import type { Attention } from "@tolldns/policy/attention";
import type { BoardMember } from "@tolldns/policy/board";
import { TIER } from "@tolldns/policy/types";
import type { EdgeClock } from "../clock.ts";
import type { FreeUpstream } from "../free.ts";
import type { Answered, Gateway } from "../gateways/gateway.ts";
import { createScore, type Score } from "../gateways/score.ts";
import type { QueryBudget } from "../pay/policy.ts";

/** One that a question can be asked: a gateway, or an upstream that costs nothing. */
export interface Member extends BoardMember {
  readonly score: Score;
  /** Null for a free upstream. */
  readonly gateway: Gateway | null;
  /** It was silent for too long about something, and nothing came from it since. */
  isDoubted(): boolean;
  doubt(startedAt: number): void;
  ask(question: Question, budget: QueryBudget, signal: AbortSignal): Promise<Answered>;
}

export function gatewayMember(gateway: Gateway): Member {
  return {
    ...base(gateway.target, gateway.score),
    tier: TIER.BACKEND,
    gateway,
    ask: (question, budget, signal) => gateway.ask(question, budget, signal),
  };
}

/** Its answers are measured here: nobody else asks it. */
export function freeMember(
  upstream: FreeUpstream,
  clock: EdgeClock,
  attention: Attention,
  random: () => number,
): Member {
  const score = createScore(clock, attention, random);
  return {
    ...base(upstream.name, score),
    tier: TIER.CENTRAL,
    gateway: null,
    async ask(question, _budget, signal) {
      const hear = score.hear();
      const answer = await upstream.ask(question, signal).catch((error: unknown) => {
        if (!signal.aborted) score.failed("gave no answer", false);
        throw error;
      });
      hear(answer);
      return { answer, paid: false };
    },
  };
}

function base(name: string, score: Score) {
  let doubtedAt = Number.NEGATIVE_INFINITY;
  return {
    name,
    score,
    measured: score.measured,
    policy: null,
    price: 0n,
    quotaWait: 0,
    isDoubted: () => doubtedAt > score.heardAt,
    doubt(startedAt: number) {
      doubtedAt = Math.max(doubtedAt, startedAt);
    },
  };
}
