import type { Ask } from "@tolldns/dns/cache/resolver";
import { DnsError } from "@tolldns/dns/errors";
import type { RebindingGuard } from "@tolldns/dns/rebinding";
import type { Question } from "@tolldns/dns/wire/question";
import { readMessage } from "@tolldns/dns/wire/records";
import type { EdgeClock } from "../clock.ts";
import { describeError, EdgeError } from "../errors.ts";
import { createHedgeBudget, orderCandidates } from "../gateways/choose.ts";
import { type Answered, type Gateway, OVERTAKEN } from "../gateways/gateway.ts";
import { createQueryBudget, type QueryBudget } from "../pay/policy.ts";

/** Added to an EdgeError's number for the info-code of its extended error: the range for private use (RFC 8914 section 5.2). */
export const EDE_BASE = 49_152;
/** Attempts one question may take. */
const MAX_ATTEMPTS = 3;

export interface AskerOptions {
  readonly gateways: readonly Gateway[];
  readonly clock: EdgeClock;
  readonly random: () => number;
  readonly hedge: boolean;
  /** Milliseconds for a whole question. */
  readonly timeoutMs: number;
  /** Why nothing is paid at all (stopped, no wallet), or null. Gateways that cost nothing are asked all the same. */
  readonly blocked: () => EdgeError | null;
  /** Asks without paying, when nothing more may be paid; null if the user chose to fail. */
  readonly free: ((question: Question, signal: AbortSignal) => Promise<Uint8Array>) | null;
  readonly guard: RebindingGuard | null;
  readonly counters: AskCounters;
  /** Told where an answer came from, just before it is given. */
  readonly onSource: (question: Question, source: "gateway" | "free") => void;
}

export interface AskCounters {
  total: number;
  paid: number;
  free: number;
  hedged: number;
  failed: number;
  /** Why the last question that should have been paid wasn't, or null once one was answered as it should. */
  unpaidReason: string | null;
}

export function newAskCounters(): AskCounters {
  return { total: 0, paid: 0, free: 0, hedged: 0, failed: 0, unpaidReason: null };
}

interface Found {
  readonly answer: Uint8Array;
  readonly source: "gateway" | "free";
}

/** Asks the best gateway, another when it fails, and a second one beside it when it is slower than it usually is. */
export function createAsker(options: AskerOptions): Ask {
  const { clock, counters } = options;
  const hedges = createHedgeBudget();

  async function askFree(question: Question, cause: EdgeError, signal: AbortSignal): Promise<Found> {
    counters.unpaidReason = cause.message;
    if (options.free === null) throw cause;
    const answer = await options.free(question, signal);
    counters.free++;
    return { answer, source: "free" };
  }

  async function resolve(question: Question, signal: AbortSignal): Promise<Found> {
    const blocked = options.blocked();
    const usable =
      blocked === null ? options.gateways : options.gateways.filter((one) => one.mustPay() !== true);
    if (blocked !== null && usable.length === 0) return askFree(question, blocked, signal);
    const errors: unknown[] = [];
    try {
      const { answer, paid } = await race(usable, question, createQueryBudget(), signal, errors);
      counters[paid ? "paid" : "free"]++;
      counters.unpaidReason = null;
      return { answer, source: "gateway" };
    } catch (error) {
      const cause = errors.find(isAboutMoney) ?? (options.free === null ? null : blocked);
      if (cause !== null) return askFree(question, cause, signal);
      throw error;
    }
  }

  /** First answer wins. `errors` collects why attempts failed. */
  function race(
    gateways: readonly Gateway[],
    question: Question,
    budget: QueryBudget,
    signal: AbortSignal,
    errors: unknown[],
  ): Promise<Answered> {
    const order = orderCandidates(gateways, clock.now(), options.random);
    if (order.length === 0) {
      errors.push(
        ...gateways.map((gateway) => new EdgeError("gateway-none", gateway.reason() ?? gateway.url)),
      );
      return Promise.reject(new EdgeError("gateway-none", gateways.map((one) => one.reason()).join("; ")));
    }
    hedges.asked();
    return new Promise((resolve, reject) => {
      let next = 0;
      let running = 0;
      let over = false;
      let timer: (() => void) | null = null;
      const all: AbortController[] = [];

      const finish = (settle: () => void, reason: unknown) => {
        if (over) return;
        over = true;
        timer?.();
        signal.removeEventListener("abort", onAbort);
        settle();
        for (const controller of all) controller.abort(reason);
      };
      const onAbort = () => finish(() => reject(signal.reason), signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });

      const start = () => {
        const gateway = order[next] as Gateway;
        const controller = new AbortController();
        const isHedge = running > 0;
        all.push(controller);
        next++;
        running++;
        timer?.();
        timer =
          next < Math.min(order.length, MAX_ATTEMPTS) ? clock.after(patience(gateway, next), late) : null;
        gateway.ask(question, budget, controller.signal).then(
          (answer) => {
            if (isHedge && !over) counters.hedged++;
            finish(() => resolve(answer), OVERTAKEN);
          },
          (error) => {
            running--;
            if (over) return;
            errors.push(error);
            if (next < Math.min(order.length, MAX_ATTEMPTS)) start();
            else if (running === 0) finish(() => reject(error), error);
          },
        );
      };
      const late = () => {
        if (!over) start();
      };
      start();
    });
  }

  /** Milliseconds to wait for a gateway before another is asked beside it. */
  function patience(gateway: Gateway, attempt: number): number {
    const usual = gateway.score.p95();
    if (options.hedge && attempt === 1 && usual !== null && hedges.take()) return Math.max(10, usual);
    return Math.min(1_500, Math.max(400, 4 * (usual ?? 250)));
  }

  return async (question) => {
    counters.total++;
    const controller = new AbortController();
    const cancel = clock.after(options.timeoutMs, () =>
      controller.abort(new EdgeError("gateway-timeout", `${options.timeoutMs} ms`)),
    );
    try {
      const { answer, source } = await resolve(question, controller.signal);
      if (options.guard?.refuses(question.name, readMessage(answer)) === true)
        throw new DnsError("resolution-failed", "rebinding", {
          ede: { code: 15, text: "a public name may not point into this network" },
        });
      options.onSource(question, source);
      return answer;
    } catch (error) {
      counters.failed++;
      throw asDnsError(error);
    } finally {
      cancel();
    }
  };
}

/** Did the user's money or limits keep the question from being paid? */
function isAboutMoney(error: unknown): error is EdgeError {
  if (!(error instanceof EdgeError)) return false;
  return error.number >= 7010 && error.number < 7020 && error.code !== "promise-lower";
}

/** What the client is told: the reason in words, so that it needn't look into a log. */
function asDnsError(error: unknown): DnsError {
  if (error instanceof DnsError && error.ede !== undefined) return error;
  if (error instanceof EdgeError)
    return new DnsError("resolution-failed", error.message, {
      cause: error,
      ede: { code: EDE_BASE + error.number, text: `tolldns: ${error.message}`.slice(0, 200) },
    });
  if (error instanceof DnsError) return error;
  return new DnsError("resolution-failed", describeError(error), { cause: error });
}
