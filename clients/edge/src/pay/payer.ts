import type { TollDiscovery } from "@tolldns/sdk";
import { encodeTick, revealTick } from "@tolldns/sdk";
import type { EdgeClock } from "../clock.ts";
import { describeError, EdgeError, isEdgeError } from "../errors.ts";
import type { LaneAccount } from "./account.ts";
import type { Book } from "./book.ts";
import { type GatewayLink, TollRefused } from "./link.ts";
import { openSession } from "./opening.ts";
import type { QueryBudget } from "./policy.ts";
import { REMEDIES } from "./remedies.ts";
import { type LiveSession, larger, worthOf } from "./session.ts";
import {
  countGood,
  countLost,
  createTrust,
  deficit,
  forgive,
  isStalling,
  mayAsk,
  takePause,
} from "./trust.ts";
import { sendVoucher } from "./voucher.ts";
import { abortable, createSignals } from "./wait.ts";

/** Where lanes come from: the wallet, or a test. */
export interface LaneSupply {
  /** An open lane at this gateway; opens one if need be. @throws EdgeError why there is none */
  ready(): Promise<LaneAccount>;
  /** The lane is nearly used up. Doesn't wait. */
  wantMore(lane: LaneAccount): void;
  /** The gateway says the lane is unknown, spent or closing: looks at the chain. True if it may be tried again. */
  doubt(lane: LaneAccount, said: string): Promise<boolean>;
}

export interface PayerOptions {
  readonly link: GatewayLink;
  readonly book: Book;
  readonly lanes: LaneSupply;
  readonly clock: EdgeClock;
  /** The terms in force; reads them from the gateway when none are held. @throws EdgeError gateway-discovery, price-ceiling */
  readonly terms: () => Promise<TollDiscovery>;
  /** Forgets the terms, so that they are read again. */
  readonly forgetTerms: () => void;
  /** Secret random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Milliseconds to wait for an acknowledgement. */
  readonly timeoutMs: number;
  readonly onEvent?: (
    event: "session-opened" | "session-resumed" | "voucher" | "refused" | "lied",
    detail: string,
  ) => void;
}

/** A tick drawn for one query, not revealed yet. */
export interface Toll {
  readonly index: number;
  readonly units: number;
  readonly cost: bigint;
  readonly session: LiveSession;
}

/** `cancelled`: another gateway was faster. `lost`: no answer came. */
export type Outcome = "answered" | "cancelled" | "lost";

/** Pays one gateway. Never prompts; every amount goes through the book first. */
export interface Payer {
  /** A tick for a query of `units`. Waits for lane, session and credit until `signal`. @throws EdgeError why not */
  draw(units: number, budget: QueryBudget, signal: AbortSignal): Promise<Toll>;
  /** The message that reveals it. Called in the same turn as it is sent, so that nothing leaves after a stop. @throws EdgeError stopped */
  reveal(toll: Toll): Uint8Array;
  settle(toll: Toll, outcome: Outcome): void;
  /** The query was refused: does what docs/reference/toll.md asks. True if it may be asked again with a new draw. */
  refused(toll: Toll | null, error: TollRefused, budget: QueryBudget, signal: AbortSignal): Promise<boolean>;
  /** Why this gateway isn't paid now, or null; and until when, by the clock, 0 if it is. */
  resting(): string | null;
  restingUntil(): number;
  /** Is there no session yet, or is one being opened? */
  isOpening(): boolean;
  /** Ends use of the session; it can be resumed later. */
  close(): Promise<void>;
}

export function createPayer(options: PayerOptions): Payer {
  const { book, clock, lanes } = options;
  const changed = createSignals();
  let live: LiveSession | null = null;
  let opening: Promise<LiveSession> | null = null;
  let sending: Promise<void> | null = null;
  let dueTimer: (() => void) | null = null;
  let terms: TollDiscovery | null = null;
  let lane: LaneAccount | null = null;
  let rest: { until: number; seconds: number; reason: string } = { until: 0, seconds: 0, reason: "" };
  let closed = false;
  const trust = createTrust();

  const restFor = (seconds: number, reason: string) => {
    rest = { until: clock.now() + seconds * 1000, seconds, reason };
    changed.wake();
  };
  const restLonger = (reason: string) => restFor(Math.min(60, Math.max(2, rest.seconds * 2)), reason);
  const resting = () => (clock.now() < rest.until ? rest.reason : null);

  /** Pays and asks it nothing for a while. */
  function stall(): EdgeError {
    restFor(takePause(trust), "takes ticks and does not answer");
    return new EdgeError("gateway-refused", rest.reason);
  }

  /** What a voucher may cover: all up to the last answer, less the units it took for nothing beyond what is put up with. */
  const payable = (session: LiveSession) =>
    worthOf(session, session.answered) - BigInt(deficit(trust)) * session.price;
  const owes = (session: LiveSession) => payable(session) > session.acknowledged;

  function endSession(session: LiveSession): void {
    session.over = true;
    if (live === session) live = null;
    if (session.lane.session?.seed !== undefined) session.lane.session = null;
    changed.wake();
  }

  function open(): Promise<LiveSession> {
    opening ??= (async () => {
      try {
        terms = await options.terms();
        lane = await lanes.ready();
        live = await openSession(options, lane, terms, trust);
        return live;
      } catch (error) {
        await answerFault(error);
        throw error;
      } finally {
        opening = null;
        changed.wake();
      }
    })();
    return opening;
  }

  /** What a failure while opening or paying means for the next query. */
  async function answerFault(error: unknown): Promise<void> {
    if (error instanceof TollRefused) {
      const { remedy, restSeconds } = REMEDIES[error.slug];
      options.onEvent?.("refused", error.slug);
      if (remedy === "terms") options.forgetTerms();
      if (remedy === "lane" && lane !== null && (await lanes.doubt(lane, error.slug))) return;
      restFor(Math.max(1, restSeconds), `refused the toll: ${error.slug}`);
    } else if (isEdgeError(error, "gateway-lied")) {
      options.onEvent?.("lied", error.message);
      restFor(300, error.message);
    } else if (!isEdgeError(error) || error.code === "gateway-timeout") {
      restLonger(`unreachable: ${describeError(error)}`);
    }
  }

  /** Sends a voucher for what was answered, one at a time. */
  function voucher(session: LiveSession): Promise<void> {
    sending ??= (async () => {
      try {
        await sendVoucher(options, session, terms as TollDiscovery, payable(session));
        rest = { until: 0, seconds: 0, reason: "" };
      } catch (error) {
        if (error instanceof TollRefused && REMEDIES[error.slug].remedy === "open") endSession(session);
        else await answerFault(error);
        if (isEdgeError(error, "gateway-lied")) endSession(session);
        // Whatever it was, the same voucher isn't tried again at once: a full disk would make that a busy loop.
        if (!session.over && resting() === null && !book.stopped()) restLonger(describeError(error));
        throw error;
      } finally {
        sending = null;
        watch();
        changed.wake();
      }
    })();
    return sending;
  }

  function inBackground(session: LiveSession): void {
    voucher(session).catch(() => {});
  }

  /** Sends a voucher when half of what the gateway lends is used, or half its time. */
  function watch(): void {
    const session = live;
    if (session === null || terms === null || closed || book.stopped()) return;
    const unpaid = payable(session) - session.acknowledged;
    if (unpaid <= 0n || sending !== null || resting() !== null) return;
    if (unpaid >= (BigInt(terms.k) * session.price + 1n) / 2n) {
      inBackground(session);
      return;
    }
    const oldest = session.reveals[0];
    if (oldest === undefined || dueTimer !== null) return;
    const due = oldest.at + terms.t * 500 - clock.now();
    dueTimer = clock.after(Math.max(1, Math.ceil(due)), () => {
      dueTimer = null;
      const still = live;
      if (still === null || closed || book.stopped() || sending !== null) return;
      const first = still.reveals[0];
      if (first === undefined || !owes(still)) return;
      if (clock.now() - first.at >= (terms as TollDiscovery).t * 500) inBackground(still);
      else watch();
    });
  }

  /** Waits until the gateway lends more. */
  async function credit(session: LiveSession, signal: AbortSignal): Promise<void> {
    if (sending !== null)
      return abortable(
        sending.catch(() => {}),
        signal,
      );
    if (owes(session)) return abortable(voucher(session), signal);
    if (session.inFlight > 0) return abortable(changed.next(), signal);
    // All it lends is gone for queries it never answered: pay for those if they are few.
    session.answered = session.next;
    if (!owes(session)) throw stall();
    return abortable(voucher(session), signal);
  }

  async function draw(units: number, budget: QueryBudget, signal: AbortSignal): Promise<Toll> {
    for (;;) {
      signal.throwIfAborted();
      book.checkGate();
      const reason = resting();
      if (reason !== null) throw new EdgeError("gateway-refused", reason);
      if (isStalling(trust)) throw stall();
      if (live !== null && (live.expiresAt - 5 <= clock.wall() || live.lane.state !== "open"))
        endSession(live);
      const session = live ?? (await abortable(open(), signal));
      if (session.over) continue;
      if (!mayAsk(trust, session.inFlight)) {
        await abortable(changed.next(), signal);
        continue;
      }
      const index = session.next + units;
      if (index > session.chain.units) {
        await settleBeforeNext(session, signal);
        continue;
      }
      const upTo = worthOf(session, index);
      const cost = BigInt(units) * session.price;
      if (upTo > session.lane.reserve - session.lane.reserve / 4n) lanes.wantMore(session.lane);
      if (upTo - session.acknowledged > BigInt((terms as TollDiscovery).k) * session.price) {
        await credit(session, signal);
        continue;
      }
      const onDisk = book.authorise(session.lane, upTo, cost, budget);
      session.next = index;
      session.inFlight++;
      const toll: Toll = { index, units, cost, session };
      if (onDisk !== null) {
        try {
          await onDisk;
          book.checkGate();
        } catch (error) {
          giveBack(toll, budget);
          throw error;
        }
      }
      if (session.over) {
        giveBack(toll, budget);
        continue;
      }
      session.reveals.push({ index, at: clock.now() });
      watch();
      return toll;
    }
  }

  /** The chain is used up: pays for what was answered, then ends the session so that a new one opens. */
  async function settleBeforeNext(session: LiveSession, signal: AbortSignal): Promise<void> {
    while (session.inFlight > 0 && !session.over) await abortable(changed.next(), signal);
    if (!session.over && owes(session)) await abortable(voucher(session), signal);
    endSession(session);
  }

  /** A tick that was not spent: the next query takes it, unless later ones are out already. */
  function giveBack(toll: Toll, budget: QueryBudget): void {
    const { session } = toll;
    session.inFlight--;
    budget.spent -= toll.cost;
    if (session.next === toll.index) {
      session.next -= toll.units;
      if (session.reveals.at(-1)?.index === toll.index) session.reveals.pop();
    } else countLost(trust, toll.units, true);
    changed.wake();
  }

  function settle(toll: Toll, outcome: Outcome): void {
    const { session } = toll;
    session.inFlight--;
    if (outcome === "lost") countLost(trust, toll.units, resting() !== null);
    else if (toll.index > session.answered) {
      session.answered = toll.index;
      trust.answered = larger(worthOf(session, toll.index), trust.answered ?? 0n);
    }
    if (outcome === "answered") countGood(trust, toll.units);
    if (session === live) watch();
    changed.wake();
  }

  /** It lends no more. True if a voucher was sent or others in flight may still make one possible. */
  async function pay(session: LiveSession, signal: AbortSignal): Promise<boolean> {
    if (!owes(session) && session.inFlight > 0) {
      await abortable(changed.next(), signal);
      return true;
    }
    if (!owes(session)) session.answered = session.next;
    // What it lends has a time, too: a unit that stays unpaid for longer than `t` bars any trial.
    if (!owes(session) && trust.trying) forgive(trust);
    if (!owes(session)) {
      if (deficit(trust) > 0) stall();
      else restFor(30, "asks for vouchers it has");
      return false;
    }
    await abortable(voucher(session), signal);
    return true;
  }

  return {
    draw,
    resting,
    restingUntil: () => (clock.now() < rest.until ? rest.until : 0),
    isOpening: () => live === null,
    reveal({ session, index }) {
      book.checkGate();
      return encodeTick({ session: session.id, index, tick: revealTick(session.chain, index) });
    },
    settle,
    async refused(toll, error, budget, signal) {
      const { remedy } = REMEDIES[error.slug];
      options.onEvent?.("refused", error.slug);
      if (toll !== null) {
        if (remedy === "next") settle(toll, "lost");
        else giveBack(toll, budget);
      }
      const session = toll?.session ?? live;
      if (remedy === "open" || remedy === "terms") {
        if (session !== null) endSession(session);
        if (remedy === "terms") options.forgetTerms();
        return true;
      }
      if (remedy === "next") return true;
      if (remedy === "voucher" && session !== null && !session.over) return pay(session, signal);
      if (session !== null && remedy === "lane") endSession(session);
      await answerFault(error);
      return resting() === null;
    },
    async close() {
      closed = true;
      dueTimer?.();
      // One under way covers what was answered when it was sent; what came since is handed in after it.
      await sending?.catch(() => {});
      const session = live;
      if (session !== null && !book.stopped() && owes(session)) await voucher(session).catch(() => {});
    },
  };
}
