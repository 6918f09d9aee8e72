import { DnsError } from "@tolldns/dns/errors";
import { EDE, FLAG } from "@tolldns/dns/wire/constants";
import type { Question } from "@tolldns/dns/wire/question";
import { isAuthentic } from "@tolldns/dns/wire/verdict";
import { newInquiry } from "@tolldns/policy/inquiry";
import { OVERTAKEN } from "../pay/ask-paid.ts";
import type { QueryBudget } from "../pay/policy.ts";
import { isSameAnswer } from "./agree.ts";
import type { Attempts } from "./attempts.ts";
import type { Member } from "./member.ts";
import type { Outcome } from "./outcome.ts";

type Good = Extract<Outcome, { readonly kind: "good" }> & { readonly member: Member };

/**
 * Asks two gateways and gives only what both say; another for each that fails or differs. Fails closed: SERVFAIL where no two agree.
 * Twice the toll for every question.
 */
export function confirm(
  members: readonly Member[],
  ask: { readonly question: Question; readonly budget: QueryBudget; readonly signal: AbortSignal },
  attempts: Attempts,
  errors: unknown[],
): Promise<{ readonly answer: Uint8Array; readonly paid: boolean }> {
  const { question, budget, signal } = ask;
  return new Promise((resolve, reject) => {
    const inquiry = newInquiry<Member>();
    const controller = new AbortController();
    const good: Good[] = [];
    let next = 0;
    let running = 0;
    let over = false;
    const finish = (done: () => void, reason: unknown) => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", onAbort);
      done();
      controller.abort(reason);
    };
    const onAbort = () => finish(() => reject(signal.reason), signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });

    const start = () => {
      const member = members[next++];
      if (member === undefined) return;
      running++;
      // Silent for too long: another is asked beside it.
      const { outcome } = attempts.launch(
        inquiry,
        member,
        { question, budget, signal: controller.signal },
        start,
      );
      void outcome.then((one) => receive(one, member));
    };
    const receive = (outcome: Outcome, member: Member) => {
      running--;
      if (over) return;
      if (outcome.kind === "none") errors.push(outcome.error);
      if (outcome.kind !== "good") start();
      else {
        const other = good.find((one) => isSameAnswer(one.parsed, outcome.parsed, question.type, false));
        if (other !== undefined) return agree(other, { ...outcome, member });
        good.push({ ...outcome, member });
        if (good.length > 1) start();
      }
      if (running === 0) finish(() => reject(disagreement(good.length)), OVERTAKEN);
    };
    const agree = (a: Good, b: Good) => {
      attempts.settle(inquiry);
      for (const one of good) one.member.score.compared(one === a, one.parsed.rcode !== a.parsed.rcode);
      b.member.score.compared(true, true);
      // Authentic only if both say so.
      const answer = isAuthentic(b.answer) ? a.answer : unvouched(a.answer);
      finish(() => resolve({ answer, paid: a.paid || b.paid }), OVERTAKEN);
    };
    start();
    start();
    if (running === 0) finish(() => reject(disagreement(0)), OVERTAKEN);
  });
}

function unvouched(answer: Uint8Array): Uint8Array {
  const copy = answer.slice();
  copy[3] = (copy[3] as number) & ~FLAG.AD;
  return copy;
}

function disagreement(sides: number): DnsError {
  const text = sides > 1 ? "gateways disagree" : "too few gateways answered to confirm it";
  return new DnsError("resolution-failed", text, {
    ede: { code: sides > 1 ? EDE.OTHER : EDE.NO_REACHABLE_AUTHORITY, text: `tolldns: ${text}` },
  });
}
