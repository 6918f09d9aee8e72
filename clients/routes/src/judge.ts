import { sha256Node, verifyEd25519Node } from "@tolldns/sdk/node";
import {
  type AnswerQuestion,
  createAnswerer,
  decodeEvidence,
  type RouteRecord,
  verifyEvidence,
} from "@tolldns/sdk/routes";
import { fail } from "./errors.ts";
import type { RootBook } from "./roots.ts";

/** Evidence that was verified: what a name points at under one final root. */
export interface Verified {
  /** Wire name of the registered name. */
  readonly name: Uint8Array;
  readonly epoch: bigint;
  /** As it came: what a client that asks for proof is given. */
  readonly evidence: Uint8Array;
  /** Null if the name is not there. */
  readonly route: VerifiedRouteSet | null;
}

export interface VerifiedRouteSet {
  readonly generation: number;
  readonly version: bigint;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly records: readonly RouteRecord[];
  readonly answer: AnswerQuestion;
}

/**
 * Holds evidence against the final root of its epoch, which is asked of the chain if it wasn't seen yet. Expiry is left to
 * whoever answers, at the time of the answer.
 * @param before what was verified of the name earlier: nothing older counts after it
 * @throws as RootBook.rootOf and verifyEvidence; route-older
 */
export async function judgeEvidence(
  bytes: Uint8Array,
  name: Uint8Array,
  book: RootBook,
  domain: Uint8Array,
  before: Verified | null,
): Promise<Verified> {
  const { epoch } = decodeEvidence(bytes);
  if (before !== null && epoch < before.epoch) throw fail("route-older", { epoch: String(epoch) });
  const root = await book.rootOf(epoch);
  const found = verifyEvidence(bytes, {
    name,
    domain,
    epoch,
    root,
    now: 0n,
    verify: verifyEd25519Node,
    hash: sha256Node,
  });
  const evidence = Uint8Array.from(bytes);
  if (found.status === "absent") return { name, epoch, evidence, route: null };
  const { generation, version, expiresAt } = found.update;
  const last = before?.route ?? null;
  const isOlder =
    last !== null &&
    (generation < last.generation || (generation === last.generation && version < last.version));
  if (isOlder) throw fail("route-older", { epoch: String(epoch) });
  const { records } = found;
  const route = {
    generation,
    version,
    expiresAt: Number(expiresAt),
    records,
    answer: createAnswerer(records, name),
  };
  return { name, epoch, evidence, route };
}
