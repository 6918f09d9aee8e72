import { type Connection, PublicKey, SYSVAR_CLOCK_PUBKEY } from "@solana/web3.js";
import { formatAddress } from "@tolldns/sdk";
import { decodeLedgerHeader, decodeRow, type Lane, type LedgerHeader, rowSlice } from "@tolldns/sdk/escrow";
import { fail } from "../errors.ts";

/** A ledger as one node saw it in one slot. */
export interface LedgerView {
  readonly slot: number;
  /** The chain's clock in that slot, Unix seconds: what programs compare deadlines with. */
  readonly now: bigint;
  readonly header: LedgerHeader;
  /** The row, or undefined beyond the last one. */
  lane(lane: number): Lane | undefined;
  /** Numbers of the rows whose owner asked to close. */
  closing(): number[];
}

/** Where a row's state byte is, and its value for a lane that is closing. */
const STATE_OFFSET = 90;
const CLOSING = 3;

/** Reads ledger and clock in one call. Throws `ledger-missing`, `clock-missing`, the SDK's account errors, and what the RPC node answers. */
export async function readLedgerView(
  connection: Connection,
  escrow: Uint8Array,
  ledger: Uint8Array,
  commitment: "confirmed" | "finalized",
): Promise<LedgerView> {
  const keys = [new PublicKey(ledger), SYSVAR_CLOCK_PUBKEY];
  const { context, value } = await connection.getMultipleAccountsInfoAndContext(keys, { commitment });
  const [account, clock] = value;
  if (!account?.owner.equals(new PublicKey(escrow))) {
    throw fail("ledger-missing", { ledger: formatAddress(ledger) });
  }
  // slot u64, epoch start i64, epoch u64, leader schedule epoch u64, unix timestamp i64
  if (!clock || clock.data.length < 40) throw fail("clock-missing", {});
  const { data } = account;
  const header = decodeLedgerHeader(data);
  return {
    slot: context.slot,
    now: clock.data.readBigInt64LE(32),
    header,
    lane: (lane) => {
      if (lane >= header.rows) return undefined;
      const { offset, length } = rowSlice(lane);
      return decodeRow(data.subarray(offset, offset + length));
    },
    closing: () => {
      const lanes: number[] = [];
      for (let lane = 0; lane < header.rows; lane++) {
        if (data[rowSlice(lane).offset + STATE_OFFSET] === CLOSING) lanes.push(lane);
      }
      return lanes;
    },
  };
}
