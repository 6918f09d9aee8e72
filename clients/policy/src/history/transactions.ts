import { decodePolicyEvents, type PolicyEvent } from "@tolldns/sdk/policy";
import type { RpcCall } from "../view/chains.ts";
import type { Landed } from "./types.ts";

/** An event and the transaction it is of. */
export interface LandedEvent extends Landed {
  readonly event: PolicyEvent;
}

export interface ReadEventsOptions {
  readonly call: RpcCall;
  /** The policy program, 32 bytes. */
  readonly program: Uint8Array;
  /** The account whose transactions are read, base58. */
  readonly address: string;
  /** Unix seconds: older transactions are not read. */
  readonly since: number;
  /** Most transactions read. */
  readonly most: number;
}

interface SignatureRow {
  readonly signature: string;
  readonly slot: number;
  readonly err: unknown;
  readonly blockTime: number | null;
}

/** Signatures of one request, and transactions asked for at once. */
const PAGE = 1_000;
const AT_ONCE = 8;
/** Pages read at most: failed transactions are listed too, and cost a stranger little. */
const PAGES = 100;
const COMMITMENT = { commitment: "confirmed" } as const;

/**
 * What the policy program said in the transactions that touch an account, oldest first. `isComplete` is false where there were older ones that
 * were not read or that the RPC doesn't have any more.
 */
export async function readEvents(
  options: ReadEventsOptions,
): Promise<{ readonly events: LandedEvent[]; readonly isComplete: boolean }> {
  const { call, program } = options;
  const { rows, isComplete } = await listSignatures(options);
  const found: LandedEvent[][] = new Array(rows.length);
  let missing = false;
  let next = 0;
  async function work(): Promise<void> {
    for (let i = next++; i < rows.length; i = next++) {
      const { signature, slot, blockTime } = rows[i] as SignatureRow;
      const options = { ...COMMITMENT, encoding: "base64", maxSupportedTransactionVersion: 0 };
      const transaction = await call<{ meta: { logMessages: string[] | null } | null } | null>(
        "getTransaction",
        [signature, options],
      );
      const logs = transaction?.meta?.logMessages ?? null;
      if (logs === null) missing = true;
      found[i] = decodePolicyEvents(logs ?? [], program).map((event) => ({
        event,
        signature,
        slot,
        landedAt: blockTime,
      }));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // Newest first is how they come.
  return { events: found.reverse().flat(), isComplete: isComplete && !missing };
}

async function listSignatures({ call, address, since, most }: ReadEventsOptions) {
  const rows: SignatureRow[] = [];
  let before: string | undefined;
  for (let pages = 0; pages < PAGES; pages++) {
    const options = { ...COMMITMENT, limit: PAGE, ...(before === undefined ? {} : { before }) };
    const page = await call<SignatureRow[]>("getSignaturesForAddress", [address, options]);
    for (const row of page) {
      if (row.blockTime !== null && row.blockTime < since) return { rows, isComplete: true };
      if (rows.length >= most) return { rows, isComplete: false };
      if (row.err === null) rows.push(row);
    }
    if (page.length < PAGE) return { rows, isComplete: true };
    before = page.at(-1)?.signature;
  }
  return { rows, isComplete: false };
}
