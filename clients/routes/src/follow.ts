import { buildQuery } from "@tolldns/dns/wire/build";
import { MAX_MESSAGE_BYTES } from "@tolldns/dns/wire/constants";
import { type Query, queryOf } from "@tolldns/dns/wire/query";

/** How an ordinary name is answered at this end: cache first, then whoever it asks. */
export type AnswerOrdinary = (query: Query, out: Uint8Array, at: number) => number | Promise<Uint8Array>;

/** Resolves the ordinary names that CNAMEs of `.dns` lead to, through the same cache as everything else. */
export function createFollow(
  answer: AnswerOrdinary,
): (name: Uint8Array, type: number) => Promise<Uint8Array> {
  return async (name, type) => {
    const query = queryOf(buildQuery({ name, type }));
    if (query === undefined) throw new Error("a query built here can always be parsed");
    query.limit = MAX_MESSAGE_BYTES;
    const out = new Uint8Array(MAX_MESSAGE_BYTES + 1_024);
    const found = answer(query, out, 0);
    return typeof found === "number" ? out.subarray(0, found) : found;
  };
}
