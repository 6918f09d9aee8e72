import type { Question } from "@tolldns/dns/wire/question";
import type { WireMessage } from "@tolldns/dns/wire/records";
import type { Attention } from "@tolldns/policy/attention";
import { type Inquiry, newInquiry } from "@tolldns/policy/inquiry";
import type { EdgeClock } from "../clock.ts";
import type { HedgeBudget } from "../gateways/choose.ts";
import { OVERTAKEN } from "../pay/ask-paid.ts";
import type { QueryBudget } from "../pay/policy.ts";
import { isSameAnswer } from "./agree.ts";
import { type Attempts, patienceOf } from "./attempts.ts";
import type { Member } from "./member.ts";
import type { Order } from "./race.ts";

/** What became of answers that were held against another gateway's. */
export interface CheckCounters {
  /** Questions that two gateways answered. */
  checked: number;
  /** Of these, those whose answers were not the same. */
  differed: number;
  /** Of these, those where a third gateway showed who was wrong. */
  settled: number;
}

export interface CheckDeps {
  readonly clock: EdgeClock;
  readonly attention: Attention;
  readonly attempts: Attempts;
  readonly random: () => number;
  /** Null: no question is asked twice. */
  readonly hedges: HedgeBudget | null;
  /** For a third gateway where two differ. */
  readonly spares: HedgeBudget;
  /** Share of questions. */
  readonly share: number;
  readonly counters: CheckCounters;
}

interface Asked {
  readonly question: Question;
  readonly budget: QueryBudget;
}

/**
 * Asks another gateway too, behind the user's back: one that is out and due for a trial; one that was never asked, so that it is ready when it is needed; and now and then,
 * within the budget of hedges, any other, whose answer is then held against the one that was given. Paid as everything else, out of the question's own budget.
 */
export function createChecks(deps: CheckDeps) {
  const { clock, attention, attempts, random, hedges, spares, share, counters } = deps;

  /** Whom to ask beside the first; null for nobody. */
  function pick(members: readonly Member[], order: Order): Member | null {
    const now = clock.now();
    const trial = members.find((one) => one.gateway?.reason() === null && one.measured.isTrialDue(now));
    if (trial !== undefined && trial !== order.members[0]) return trial;
    if (hedges === null || share <= 0) return null;
    const others = order.members.slice(1, order.usable).filter(({ gateway }) => gateway !== null);
    if (others.length === 0) return null;
    const isNew = others.find(({ measured }) => measured.answers === 0 && measured.failures === 0);
    const isSampled = random() < share;
    if (isNew === undefined && !isSampled) return null;
    if (!hedges.take()) return null;
    return isNew ?? (others[Math.floor(random() * others.length)] as Member);
  }

  /** Asks one and waits a while; null if no good answer came. */
  async function ask(
    inquiry: Inquiry<Member>,
    member: Member,
    { question, budget }: Asked,
  ): Promise<WireMessage | null> {
    const controller = new AbortController();
    const { outcome } = attempts.launch(
      inquiry,
      member,
      { question, budget, signal: controller.signal },
      () => {},
    );
    // A lane may have to be opened first.
    const ms = member.gateway?.isOpening() === true ? 15_000 : 2 * patienceOf(member);
    const cancel = attention.after(ms, () => controller.abort(OVERTAKEN));
    const found = await outcome;
    cancel();
    return found.kind === "good" ? found.parsed : null;
  }

  return {
    /** Begins, if there is somebody to ask. The function returned takes the answer that was given, and who gave it. */
    begin(
      members: readonly Member[],
      order: Order,
      asked: Asked,
    ): ((given: { parsed: WireMessage; member: Member; inquiry: Inquiry<Member> } | null) => void) | null {
      const other = pick(members, order);
      if (other === null) return null;
      const inquiry = newInquiry<Member>();
      const second = ask(inquiry, other, asked);
      return (given) => {
        if (given === null || given.member === other) return;
        // Silence and SERVFAIL are its own fault now that the question is known to have an answer.
        attempts.settle(inquiry);
        void second.then((parsed) => {
          if (parsed !== null) void compare(given, { parsed, member: other }, order, asked);
        });
      };
    },
  };

  async function compare(
    first: { readonly parsed: WireMessage; readonly member: Member },
    second: { readonly parsed: WireMessage; readonly member: Member },
    order: Order,
    asked: Asked,
  ): Promise<void> {
    if (first.member.gateway === null) return;
    const { type } = asked.question;
    counters.checked++;
    if (isSameAnswer(first.parsed, second.parsed, type, true)) {
      first.member.score.compared(true, true);
      second.member.score.compared(true, true);
      return;
    }
    counters.differed++;
    const third = order.members
      .slice(0, order.usable)
      .find((one) => one.gateway !== null && one !== first.member && one !== second.member);
    if (third === undefined || !spares.take()) return;
    const parsed = await ask(newInquiry(true), third, asked);
    if (parsed === null) return;
    const withFirst = isSameAnswer(parsed, first.parsed, type, true);
    const withSecond = isSameAnswer(parsed, second.parsed, type, true);
    // Three that all say something else show nothing.
    if (withFirst === withSecond) return;
    counters.settled++;
    // Large sites give resolvers other addresses; whether a name exists is the same everywhere.
    const isSure = first.parsed.rcode !== second.parsed.rcode;
    first.member.score.compared(withFirst, isSure);
    second.member.score.compared(withSecond, isSure);
    third.score.compared(true, true);
  }
}
