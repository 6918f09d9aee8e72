import { judgeAnswer, type Verdict } from "@tolldns/dns/wire/verdict";
import type { Answered } from "../gateways/gateway.ts";

/** What came of asking one, and what may be held against it. */
export type Outcome =
  /** An answer that settles the question, or a response code that another may know better: its own fault only if another does. */
  | (Answered & Exclude<Verdict, { readonly kind: "unusable" }>)
  /** Nothing to use. */
  | { readonly kind: "none"; readonly error: unknown };

/** What an answer is worth. */
export function judge(answered: Answered): Outcome {
  const verdict = judgeAnswer(answered.answer);
  return verdict.kind === "unusable" ? { kind: "none", error: verdict.error } : { ...answered, ...verdict };
}
