import type { Question } from "@tolldns/dns/wire/question";
import { isAuthentic } from "@tolldns/dns/wire/verdict";
import type { Attention } from "@tolldns/policy/attention";
import { OVERTAKEN } from "../pay/ask-paid.ts";
import type { QueryBudget } from "../pay/policy.ts";
import { patienceOf } from "./attempts.ts";
import type { Member } from "./member.ts";
import { judge, type Outcome } from "./outcome.ts";

/**
 * One says SERVFAIL, another answers. Is it a fault of the one, or do the data fail validation, which the other doesn't check? An answer that whoever gave it
 * vouches for (AD) is good. Else whoever said SERVFAIL is asked for the data without validation (CD, RFC 4035 section 3.2.2): has it them, they are bogus. If it
 * said so itself (RFC 8914), only AD clears the answer.
 */
export async function isTrulyBogus(
  answer: Uint8Array,
  member: Member,
  doubter: { readonly member: Member; readonly isBogus: boolean },
  ask: { readonly question: Question; readonly budget: QueryBudget; readonly signal: AbortSignal },
  attention: Attention,
): Promise<boolean> {
  if (isAuthentic(answer)) return false;
  const { question } = ask;
  if (doubter.isBogus) {
    if (question.dnssecOk) return true;
    const again = await once(member, { ...ask, question: { ...question, dnssecOk: true } }, attention);
    return again?.kind !== "good" || !isAuthentic(again.answer);
  }
  const without = await once(
    doubter.member,
    { ...ask, question: { ...question, unchecked: true } },
    attention,
  );
  return without?.kind === "good";
}

/** One question more, for as long as its silence is put up with; null if nothing came. */
async function once(
  member: Member,
  ask: { readonly question: Question; readonly budget: QueryBudget; readonly signal: AbortSignal },
  attention: Attention,
): Promise<Outcome | null> {
  const controller = new AbortController();
  const end = () => controller.abort(OVERTAKEN);
  const cancel = attention.after(patienceOf(member), end);
  ask.signal.addEventListener("abort", end, { once: true });
  try {
    return judge(await member.ask(ask.question, ask.budget, controller.signal));
  } catch {
    return null;
  } finally {
    cancel();
    ask.signal.removeEventListener("abort", end);
  }
}
