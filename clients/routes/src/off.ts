import { RCODE } from "@tolldns/dns/wire/constants";
import type { Query } from "@tolldns/dns/wire/query";
import { writeError } from "@tolldns/dns/wire/reply";
import { edeOf, fail } from "./errors.ts";

const REPLY = { ede: edeOf(fail("routes-off", {})) };

/** What is answered about `dns` where no feed is configured: that, and never what a public resolver would make of it. */
export function answerRoutesOff(query: Query, out: Uint8Array, at: number): number {
  return writeError(query, out, at, RCODE.SERVFAIL, REPLY);
}
