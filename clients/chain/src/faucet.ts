import type { Signer } from "./ledger/identity.ts";
import { COMPUTE_BUDGET, SYSTEM_BYTES } from "./svm/ids.ts";
import { fromBase58 } from "./wire/base58.ts";

const COMPUTE_BUDGET_BYTES = fromBase58(COMPUTE_BUDGET, 32) as Uint8Array;
/** Enough for the transfer and the budget instruction itself. */
const UNITS = 10_000;

/**
 * The faucet's signed transfer, as bytes of a legacy transaction. `salt` makes equal airdrops in one slot different
 * transactions: it goes into the compute-unit limit, which costs nothing.
 */
export function airdropTransaction(
  faucet: Signer,
  to: Uint8Array,
  lamports: bigint,
  blockhash: Uint8Array,
  salt: number,
): Uint8Array {
  const limit = Buffer.alloc(5);
  limit[0] = 2;
  limit.writeUInt32LE(UNITS + (salt % 1_000_000), 1);
  const transfer = Buffer.alloc(12);
  transfer.writeUInt32LE(2, 0);
  transfer.writeBigUInt64LE(lamports, 4);
  const message = Buffer.concat([
    Buffer.from([1, 0, 2, 4]),
    faucet.address,
    to,
    SYSTEM_BYTES,
    COMPUTE_BUDGET_BYTES,
    blockhash,
    Buffer.from([2]),
    Buffer.from([3, 0, limit.length]),
    limit,
    Buffer.from([2, 2, 0, 1, transfer.length]),
    transfer,
  ]);
  return Buffer.concat([Buffer.from([1]), faucet.sign(message), message]);
}
