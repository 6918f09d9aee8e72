import type { Ask } from "@tolldns/dns/cache/resolver";
import { DnsError } from "@tolldns/dns/errors";
import type { RebindingGuard } from "@tolldns/dns/rebinding";
import type { Question } from "@tolldns/dns/wire/question";
import { readMessage } from "@tolldns/dns/wire/records";
import type { Attention } from "@tolldns/policy/attention";
import type { Board } from "@tolldns/policy/board";
import type { EdgeClock } from "../clock.ts";
import { describeError, EdgeError } from "../errors.ts";
import type { FreeUpstreams } from "../free.ts";
import { createHedgeBudget } from "../gateways/choose.ts";
import type { Gateway } from "../gateways/gateway.ts";
import { createQueryBudget } from "../pay/policy.ts";
import { createAttempts } from "./attempts.ts";
import { type CheckCounters, createChecks } from "./check.ts";
import { confirm } from "./confirm.ts";
import type { Member } from "./member.ts";
import { type Flight, orderOf, race } from "./race.ts";

/** Added to an EdgeError's number for the info-code of its extended error: the range for private use (RFC 8914 section 5.2). */
export const EDE_BASE = 49_152;

export interface AskerOptions {
  readonly gateways: readonly Gateway[];
  readonly members: readonly Member[];
  readonly board: Board<Member>;
  /** What users wait by, and what those asked are judged by. */
  readonly clock: EdgeClock;
  readonly attention: Attention;
  readonly random: () => number;
  readonly hedge: boolean;
  /** Share of questions that another gateway is asked too, to hold its answer against the first's. */
  readonly crossCheck: number;
  /** Give only what two gateways say. */
  readonly confirm: boolean;
  /** Milliseconds for a whole question. */
  readonly timeoutMs: number;
  /** Why nothing is paid at all (stopped, no wallet), or null. Gateways that cost nothing are asked all the same. */
  readonly blocked: () => EdgeError | null;
  /** Asked without paying, when nothing more may be paid or no gateway answers; null if the user chose to fail. */
  readonly free: FreeUpstreams | null;
  readonly guard: RebindingGuard | null;
  readonly counters: AskCounters;
  /** Told where an answer came from, just before it is given. */
  readonly onSource: (question: Question, source: "gateway" | "free") => void;
}

export interface AskCounters extends CheckCounters {
  total: number;
  paid: number;
  free: number;
  hedged: number;
  failed: number;
  /** Why the last question that should have been paid wasn't, or null once one was answered as it should. */
  unpaidReason: string | null;
}

export function newAskCounters(): AskCounters {
  return {
    total: 0,
    paid: 0,
    free: 0,
    hedged: 0,
    failed: 0,
    checked: 0,
    differed: 0,
    settled: 0,
    unpaidReason: null,
  };
}

interface Found {
  readonly answer: Uint8Array;
  readonly source: "gateway" | "free";
}

export interface Asker {
  readonly ask: Ask;
  /** A member was put out: questions that wait for it alone go elsewhere. */
  readonly dropped: () => void;
}

/** Asks in the board's order; see `race`. Free upstreams, where the user named some, come after the gateways. */
export function createAsker(options: AskerOptions): Asker {
  const { clock, attention, counters, board, members } = options;
  const attempts = createAttempts(attention);
  const hedges = createHedgeBudget();
  const spares = createHedgeBudget(0.1, 32);
  const deps = { board, attempts, attention, hedges: options.hedge ? hedges : null, spares };
  const flights = new Set<Flight>();
  const checks = createChecks({
    clock,
    attention,
    attempts,
    random: options.random,
    hedges: deps.hedges,
    spares,
    share: options.crossCheck,
    counters,
  });

  async function askFree(question: Question, cause: EdgeError, signal: AbortSignal): Promise<Found> {
    counters.unpaidReason = cause.message;
    if (options.free === null) throw cause;
    const answer = await options.free.ask(question, signal);
    counters.free++;
    return { answer, source: "free" };
  }

  async function resolve(question: Question, signal: AbortSignal): Promise<Found> {
    const blocked = options.blocked();
    const may = blocked === null ? () => true : ({ gateway }: Member) => gateway?.mustPay() !== true;
    const order = orderOf(board.lineup(), may);
    if (blocked !== null && !order.members.some(({ gateway }) => gateway !== null))
      return askFree(question, blocked, signal);
    if (order.members.length === 0) throw noneOf(options.gateways);
    hedges.asked();
    spares.asked();
    const errors: unknown[] = [];
    const budget = createQueryBudget();
    try {
      if (options.confirm) {
        const gateways = order.members.filter(({ gateway }) => gateway !== null);
        const { answer, paid } = await confirm(gateways, { question, budget, signal }, attempts, errors);
        counters[paid ? "paid" : "free"]++;
        counters.unpaidReason = null;
        return { answer, source: "gateway" };
      }
      const check = checks.begin(members, order, { question, budget });
      const won = await race(deps, order, { question, budget, signal }, errors, flights).catch(
        (error: unknown) => {
          check?.(null);
          throw error;
        },
      );
      const { outcome, member, inquiry } = won;
      check?.(outcome.kind === "good" ? { parsed: outcome.parsed, member, inquiry } : null);
      if (won.isHedge) counters.hedged++;
      counters[outcome.paid ? "paid" : "free"]++;
      const money = errors.find(isAboutMoney);
      counters.unpaidReason = member.gateway === null && money !== undefined ? money.message : null;
      return { answer: outcome.answer, source: member.gateway === null ? "free" : "gateway" };
    } catch (error) {
      const cause = errors.find(isAboutMoney) ?? (options.free === null ? null : blocked);
      if (cause !== null) return askFree(question, cause, signal);
      throw error;
    }
  }

  async function ask(question: Question): Promise<Uint8Array> {
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
  }

  return {
    ask,
    dropped: () => {
      for (const flight of [...flights]) flight.dropped();
    },
  };
}

function noneOf(gateways: readonly Gateway[]): EdgeError {
  return new EdgeError("gateway-none", gateways.map((one) => one.reason() ?? one.url).join("; "));
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
