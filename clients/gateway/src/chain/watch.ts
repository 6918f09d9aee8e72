import { PublicKey } from "@solana/web3.js";
import { bytesEqual, deriveLedger } from "@tolldns/sdk";
import {
  decodeLedgerHeader,
  LEDGER_HEADER_LENGTH,
  type LedgerHeader,
  ROW_LENGTH,
  readLane,
} from "@tolldns/sdk/escrow";
import { gatewayError } from "../errors.ts";
import type { ChainSource, Commitment } from "../options.ts";
import type { LaneSource, LaneTerms } from "../toll/lanes.ts";

/** What a gateway sees of its ledger. */
export interface ChainWatch extends LaneSource {
  /** As last seen. */
  header(): LedgerHeader;
  /** Slot of what was last seen. */
  slot(): number;
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly chain: ChainSource;
  readonly ledger: Uint8Array;
  readonly escrow: Uint8Array;
  readonly genesis: Uint8Array;
  readonly commitment: Commitment;
  /** Between full reads, which also prove that the chain still answers. */
  readonly pollSeconds: number;
  /** Unix seconds. */
  readonly now: () => number;
  /** Calls `run` about every `ms` milliseconds until the returned function is called. */
  readonly every: (ms: number, run: () => void) => () => void;
  /** These lanes' rows changed. */
  readonly onChange: (lanes: readonly number[]) => void;
  /** A read failed, or the account is no ledger any more. */
  readonly onError: (error: unknown) => void;
}

/** A slot lower than the last is a node that lags, unless nothing newer came for this long: then it was a rollback. */
const ROLLBACK_SECONDS = 30;
/** A read that takes longer is given up. */
const READ_SECONDS = 30;

/**
 * Follows a ledger account by subscription, and by reading it whole from time to time, since a subscription can die silently.
 * Only rows that differ are reported. @throws ledger-unreadable, ledger-foreign
 */
export async function watchLedger(options: WatchOptions): Promise<ChainWatch> {
  const { chain, now } = options;
  const address = new PublicKey(options.ledger);
  let data: Buffer = Buffer.alloc(0);
  let slot = -1;
  let seenAt = now();
  let readingSince = Number.NEGATIVE_INFINITY;

  const take = (bytes: Uint8Array, at: number): void => {
    if (at < slot && now() - seenAt < ROLLBACK_SECONDS) return;
    slot = at;
    seenAt = now();
    const next = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const before = data;
    data = next;
    const changed = changedLanes(before, next);
    if (changed.length > 0) options.onChange(changed);
  };

  const read = async (): Promise<void> => {
    readingSince = now();
    try {
      const { context, value } = await chain.getAccountInfoAndContext(address, options.commitment);
      if (value !== null && !bytesEqual(value.owner.toBytes(), options.escrow))
        throw gatewayError("ledger-foreign", "the account belongs to another program");
      take(value?.data ?? new Uint8Array(0), context.slot);
    } finally {
      readingSince = Number.NEGATIVE_INFINITY;
    }
  };

  await read().catch((error: unknown) => {
    throw (error as { code?: unknown }).code === "ledger-foreign"
      ? error
      : gatewayError("ledger-unreadable", "the chain did not answer", error);
  });
  let header = openHeader(data, options);
  const subscription = chain.onAccountChange(
    address,
    (account, context) => take(account.data, context.slot),
    options.commitment,
  );
  const stop = options.every(options.pollSeconds * 1000, () => {
    if (now() - readingSince < READ_SECONDS) return;
    read().catch(options.onError);
  });

  return {
    age: (time) => time - seenAt,
    slot: () => slot,
    header() {
      // A closed ledger keeps its last terms; its lanes are all gone.
      if (data.length >= LEDGER_HEADER_LENGTH) header = decodeLedgerHeader(data);
      return header;
    },
    readLane(lane): LaneTerms | null {
      if (data.length < LEDGER_HEADER_LENGTH + (lane + 1) * ROW_LENGTH) return null;
      try {
        const row = readLane(data, lane);
        return { ...row, deadline: Number(row.deadline) };
      } catch (error) {
        options.onError(error);
        return null;
      }
    },
    async close() {
      stop();
      await chain.removeAccountChangeListener(subscription).catch(() => {});
    },
  };
}

function openHeader(data: Uint8Array, options: WatchOptions): LedgerHeader {
  let header: LedgerHeader;
  try {
    header = decodeLedgerHeader(data);
  } catch (error) {
    throw gatewayError("ledger-foreign", "the account holds no open ledger", error);
  }
  const { address } = deriveLedger(options.escrow, options.genesis, header.operator, header.index);
  if (!bytesEqual(address, options.ledger))
    throw gatewayError("ledger-foreign", "the ledger belongs to another cluster");
  return header;
}

/** Numbers of the rows that differ, also those that came or went. */
export function changedLanes(before: Buffer, after: Buffer): number[] {
  const changed: number[] = [];
  const end = Math.max(before.length, after.length);
  for (let at = LEDGER_HEADER_LENGTH, lane = 0; at < end; at += ROW_LENGTH, lane++) {
    const to = at + ROW_LENGTH;
    if (to <= before.length && to <= after.length && before.compare(after, at, to, at, to) === 0) continue;
    changed.push(lane);
  }
  return changed;
}
