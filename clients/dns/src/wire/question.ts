import { nameToText } from "./name.ts";
import { KEY_DNSSEC, KEY_UNCHECKED, type Query } from "./query.ts";

/** What is asked, apart from who asks: the thing a cache stores under and an upstream is asked. */
export interface Question {
  /** Uncompressed wire name in lower case. */
  readonly name: Uint8Array;
  readonly type: number;
  readonly class: number;
  /** DO bit (RFC 3225). */
  readonly dnssecOk: boolean;
  /** CD bit (RFC 4035 section 3.2.2). */
  readonly unchecked: boolean;
  /** Data of a client subnet option to send on (RFC 7871); only where a resolver is told to. */
  readonly subnet?: Uint8Array | undefined;
  /** Cache key, and its hash in this process. */
  readonly key: Uint8Array;
  readonly hash: number;
}

/** Copies the question out of a query; it stays valid when the query does not. */
export function questionOf(query: Query): Question {
  const key = query.key.slice(0, query.keyLength);
  return {
    name: key.subarray(0, query.nameLength),
    type: query.type,
    class: query.class,
    dnssecOk: (query.keyFlags & KEY_DNSSEC) !== 0,
    unchecked: (query.keyFlags & KEY_UNCHECKED) !== 0,
    ...(query.bySubnet ? { subnet: key.subarray(query.nameLength + 5) } : {}),
    key,
    hash: query.hash,
  };
}

/** Presentation form of a question's name. */
export function questionName(question: Question): string {
  return nameToText(question.name);
}
