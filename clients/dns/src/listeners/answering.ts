import { RCODE } from "../wire/constants.ts";
import { type ParseResult, type Query, rcodeOf } from "../wire/query.ts";
import { writeError } from "../wire/reply.ts";
import { type Answer, type Handler, isRefusal, type MutableStats, type Refusal } from "./handler.ts";

/** Runs a handler; one that throws is answered SERVFAIL. */
export function runHandler(
  handler: Handler,
  stats: MutableStats,
  query: Query,
  out: Uint8Array,
  at: number,
): number | Refusal | Promise<Answer> {
  stats.queries++;
  try {
    return handler(query, out, at);
  } catch {
    stats.failures++;
    return writeError(query, out, at, RCODE.SERVFAIL);
  }
}

/** Answers what the parser refused; 0 to stay silent. */
export function answerMalformed(
  result: ParseResult,
  stats: MutableStats,
  query: Query,
  out: Uint8Array,
  at: number,
): number {
  stats.malformed++;
  if (result === "drop" || result === "ok") return 0;
  return writeError(query, out, at, rcodeOf(result));
}

/** Calls `send` with what a handler promised, once; a rejection becomes SERVFAIL to `kept`. */
export function whenAnswered(
  promise: Promise<Answer>,
  stats: MutableStats,
  kept: Query,
  send: (answer: Answer) => void,
): void {
  promise.then(send, () => {
    stats.failures++;
    const out = new Uint8Array(1024);
    send(out.subarray(0, writeError(kept, out, 0, RCODE.SERVFAIL)));
  });
}

/** Message bytes of an answer on transports that know no refusal. */
export function messageOf(answer: Answer): Uint8Array | undefined {
  return answer === undefined || (!(answer instanceof Uint8Array) && isRefusal(answer)) ? undefined : answer;
}
