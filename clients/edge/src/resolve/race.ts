import type { Question } from "@tolldns/dns/wire/question";
import type { Attention } from "@tolldns/policy/attention";
import type { Board, Lineup } from "@tolldns/policy/board";
import { type Attempt, type Inquiry, newInquiry } from "@tolldns/policy/inquiry";
import { EdgeError } from "../errors.ts";
import type { HedgeBudget } from "../gateways/choose.ts";
import { OVERTAKEN } from "../pay/ask-paid.ts";
import type { QueryBudget } from "../pay/policy.ts";
import { type Attempts, LONGEST_WAIT } from "./attempts.ts";
import { isTrulyBogus } from "./doubt.ts";
import type { Member } from "./member.ts";
import type { Outcome } from "./outcome.ts";

/** Gateways and free upstreams that one question may be asked of. */
const MAX_GATEWAYS = 3;
const MAX_FREE = 2;
/** Members that say SERVFAIL before that is the answer. */
const SERVFAILS = 2;

export interface RaceDeps {
  readonly board: Board<Member>;
  readonly attempts: Attempts;
  /** What those asked are late by. */
  readonly attention: Attention;
  /** Questions asked twice for speed: taken when one is late. */
  readonly hedges: HedgeBudget | null;
  /** Questions asked twice because one is silent, though nothing says that it is dead. */
  readonly spares: HedgeBudget;
}

export interface RaceResult {
  readonly outcome: Extract<Outcome, { readonly kind: "good" | "poor" }>;
  /** Who answered. */
  readonly member: Member;
  readonly isHedge: boolean;
  readonly inquiry: Inquiry<Member>;
}

type Answer = Extract<Outcome, { readonly kind: "good" | "poor" }>;

/** One question under way. */
export interface Flight {
  /** A member was put out: who waits for it alone waits no longer. */
  dropped(): void;
}

/**
 * Asks those in `order`, the first good answer wins: the next as soon as one fails; beside it when it is late, within the budget of hedges; when it is silent for several
 * times its usual, within that of spares; and in any case after a second. Free upstreams are asked once every gateway before them failed or is overdue.
 * `errors` collects why attempts failed.
 */
export function race(
  deps: RaceDeps,
  { members: order, usable }: Order,
  ask: { readonly question: Question; readonly budget: QueryBudget; readonly signal: AbortSignal },
  errors: unknown[],
  flights: Set<Flight>,
): Promise<RaceResult> {
  const { board, attempts, attention, hedges, spares } = deps;
  const { question, budget, signal } = ask;
  return new Promise((resolve, reject) => {
    const inquiry = newInquiry<Member>();
    const controllers = new Set<AbortController>();
    let next = 0;
    let running = 0;
    let over = false;
    let timer: (() => void) | null = null;
    let worse: (Answer & { readonly from: Member }) | null = null;
    let servfails = 0;
    let doubter: { readonly member: Member; readonly isBogus: boolean } | null = null;
    let isHeld = false;

    const finish = (done: () => void, reason: unknown) => {
      if (over) return;
      over = true;
      timer?.();
      flights.delete(flight);
      signal.removeEventListener("abort", onAbort);
      done();
      for (const controller of controllers) controller.abort(reason);
    };
    const onAbort = () => finish(() => reject(signal.reason), signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });

    const accept = (outcome: Answer, member: Member, isHedge: boolean) => {
      attempts.settle(inquiry);
      finish(() => resolve({ outcome, member, isHedge, inquiry }), OVERTAKEN);
    };
    const giveUp = (error: unknown) => {
      const last = worse;
      if (last === null) return finish(() => reject(error), error);
      finish(() => resolve({ outcome: last, member: last.from, isHedge: false, inquiry }), OVERTAKEN);
    };

    const hasNext = (gatewayOnly: boolean) =>
      next < order.length && (!gatewayOnly || (order[next] as Member).gateway !== null);
    /** Is there another gateway that is more than a last resort? */
    const hasPeer = () => next < usable && hasNext(true);
    const wait = (ms: number, run: () => void) => {
      timer?.();
      timer = attention.after(ms, () => {
        timer = null;
        if (!over) run();
      });
    };

    const start = (): void => {
      const member = order[next++] as Member;
      const controller = new AbortController();
      const isHedge = running > 0;
      controllers.add(controller);
      running++;
      const { attempt, outcome } = attempts.launch(
        inquiry,
        member,
        { question, budget, signal: controller.signal },
        overdue,
      );
      if (hedges !== null && hasPeer() && member.measured.answers > 0)
        wait(board.lateAfter(member), () => {
          if (hasPeer() && !isHeld && hedges.take()) start();
        });
      void outcome.then((one) => receive(one, member, isHedge));
      // Silent to the question before: two are asked at once, so that it costs nobody any time.
      if (!isHedge && member.isDoubted() && hasPeer() && attempt.isWaiting && spares.take()) start();
    };

    const overdue = (attempt: Attempt<Member>): void => {
      if (over || isHeld) return;
      if (!hasNext(false)) return;
      // A lower tier only once nobody above is left who might answer in time.
      const isLower = !hasPeer();
      const others = inquiry.attempts.some((one) => one.isWaiting && !one.isOverdue);
      if (isLower ? !others : spares.take()) start();
      else
        wait(Math.max(0, LONGEST_WAIT - attempt.patience), () => {
          if (hasNext(false) && !isHeld) start();
        });
    };

    const receive = (outcome: Outcome, member: Member, isHedge: boolean): void => {
      running--;
      if (over) return;
      if (outcome.kind === "good") {
        void weigh(outcome, member, isHedge);
        return;
      }
      if (outcome.kind === "none") errors.push(outcome.error);
      else {
        worse ??= { ...outcome, from: member };
        if (outcome.isServfail && !question.unchecked) {
          servfails++;
          if (doubter === null || outcome.isBogus) doubter = { member, isBogus: outcome.isBogus };
        }
      }
      goOn(outcome.kind === "none" ? outcome.error : undefined);
    };

    const goOn = (error: unknown): void => {
      if (isHeld || over) return;
      if (servfails >= SERVFAILS) {
        giveUp(error);
        return;
      }
      // What fails validation at a gateway isn't asked of upstreams that may not validate.
      if (hasNext(servfails > 0)) start();
      else if (running === 0) giveUp(error ?? new EdgeError("gateway-none", "nobody else to ask"));
    };

    /** A good answer: taken, unless another's SERVFAIL may mean that it fails validation. */
    const weigh = async (outcome: Answer, member: Member, isHedge: boolean): Promise<void> => {
      if (doubter === null) return accept(outcome, member, isHedge);
      if (isHeld) return;
      isHeld = true;
      const isBogus = await isTrulyBogus(
        outcome.answer,
        member,
        doubter,
        { question, budget, signal },
        attention,
      );
      isHeld = false;
      if (over) return;
      if (isBogus) giveUp(undefined);
      else accept(outcome, member, isHedge);
    };

    const flight: Flight = {
      dropped() {
        const waits = inquiry.attempts.some(
          ({ isWaiting, member }) => isWaiting && member.measured.standing !== "out",
        );
        if (!over && !isHeld && !waits && hasNext(false)) start();
      },
    };
    flights.add(flight);
    if (order.length === 0) return finish(() => reject(new EdgeError("gateway-none")), null);
    start();
  });
}

/** Whom one question is asked, in order; those from `usable` on are the last resort. */
export interface Order {
  readonly members: readonly Member[];
  readonly usable: number;
}

/** Of all, those who can be asked: no more gateways and free upstreams than make sense. `may`: more about who can. */
export function orderOf(lineup: Lineup<Member>, may: (member: Member) => boolean = () => true): Order {
  let gateways = 0;
  let free = 0;
  let usable = 0;
  const members = lineup.members.filter((member, i) => {
    if (member.gateway !== null && member.gateway.reason() !== null) return false;
    if (!may(member)) return false;
    const fits = member.gateway === null ? free++ < MAX_FREE : gateways++ < MAX_GATEWAYS;
    if (fits && i < lineup.usable) usable++;
    return fits;
  });
  return { members, usable };
}
