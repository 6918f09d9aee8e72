import {
  encodeOption,
  type Refusal as HttpRefusal,
  type Query,
  RCODE,
  type ReplyOptions,
  writeError,
} from "@tolldns/dns";
import {
  EDNS_OPTION_TOLL,
  encodeAcknowledgement,
  findTollError,
  PROBLEM_MEDIA_TYPE,
  problemOf,
  SESSION_ID_LENGTH,
  TOLL_ERRORS,
  type TollProtocolError,
} from "@tolldns/sdk";
import type { Refusal } from "../toll/refusal.ts";

/** What the lane's payer may be told with a refusal, micro-IU. */
export interface Known {
  readonly acknowledged: bigint;
  readonly consumed: bigint;
}

// Built once: refusing must cost next to nothing.
const HTTP: readonly HttpRefusal[] = TOLL_ERRORS.map((entry) => ({
  status: entry.status,
  contentType: PROBLEM_MEDIA_TYPE,
  body: Buffer.from(JSON.stringify(problemOf(entry))),
}));
const REPLY: readonly ReplyOptions[] = TOLL_ERRORS.map((entry) => ({
  ede: { code: entry.infoCode, text: entry.slug },
}));

/** How a refusal is answered to a query: problem details on DoH, REFUSED with an extended error elsewhere. */
export function writeRefusal(
  query: Query,
  refusal: Refusal,
  out: Uint8Array,
  at: number,
): number | HttpRefusal {
  if (query.transport === "doh") return HTTP[refusal - 1] as HttpRefusal;
  return writeError(query, out, at, RCODE.REFUSED, REPLY[refusal - 1]);
}

/** A refused payment, in a message: the extended error, and what the payer needs to go on. */
export function writePaymentRefusal(
  query: Query,
  refusal: Refusal,
  known: Known | undefined,
  out: Uint8Array,
): number {
  const options = REPLY[refusal - 1] as ReplyOptions;
  if (known === undefined) return writeError(query, out, 0, RCODE.REFUSED, options);
  const told = encodeAcknowledgement({ session: new Uint8Array(SESSION_ID_LENGTH), ...known, expiresAt: 0n });
  return writeError(query, out, 0, RCODE.REFUSED, {
    ...options,
    options: encodeOption(EDNS_OPTION_TOLL, told),
  });
}

/** A refused payment, over HTTP. */
export function paymentProblem(refusal: Refusal, known: Known | undefined): HttpRefusal {
  const entry = findTollError(refusal) as TollProtocolError;
  const problem = {
    ...problemOf(entry),
    ...(known === undefined
      ? {}
      : { acknowledged: known.acknowledged.toString(), consumed: known.consumed.toString() }),
  };
  return {
    status: entry.status,
    contentType: PROBLEM_MEDIA_TYPE,
    body: Buffer.from(JSON.stringify(problem)),
  };
}
