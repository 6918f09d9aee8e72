import { deriveLedger, type Signer } from "@tolldns/sdk";
import { decodeLedgerHeader, extendLedger, MAX_ROWS_AT_ONCE, openLedger } from "@tolldns/sdk/escrow";
import type { Escrow } from "../wallet/account.ts";
import type { Rpc } from "../wallet/rpc.ts";
import { createTokenAccount } from "../wallet/token.ts";

export interface OwnLedger {
  readonly address: Uint8Array;
  readonly rows: number;
  /** False if it was there with enough rows. */
  readonly changed: boolean;
}

/** Where the operator's ledger of this index is. */
export function ledgerAddress({ deployment }: Escrow, operator: Uint8Array, index: number): Uint8Array {
  return deriveLedger(deployment.escrow, deployment.genesisHash, operator, index).address;
}

/** Opens the operator's ledger unless it is open, and adds rows until it has `rows`. The operator pays rent and gets it back when it closes the ledger. */
export async function ensureLedger(
  rpc: Rpc,
  escrow: Escrow,
  operator: Signer,
  { index, rows, minReserve }: { readonly index: number; readonly rows: number; readonly minReserve: bigint },
): Promise<OwnLedger> {
  const { deployment } = escrow;
  const address = ledgerAddress(escrow, operator.publicKey, index);
  const account = await rpc.readAccount(address);
  let have = account === null ? 0 : decodeLedgerHeader(account.data).rows;
  const missing = account === null;
  if (missing) {
    const payout = createTokenAccount(operator.publicKey, operator.publicKey, deployment);
    const open = openLedger({
      deployment,
      operator: operator.publicKey,
      index,
      payout: payout.address,
      minReserve,
    });
    await rpc.send([payout.instruction, open], [operator], deployment.escrow);
  }
  const before = have;
  while (have < rows) {
    const more = Math.min(MAX_ROWS_AT_ONCE, rows - have);
    await rpc.send(
      [extendLedger({ deployment, operator: operator.publicKey, ledger: address, rows: more })],
      [operator],
      deployment.escrow,
    );
    have += more;
  }
  return { address, rows: have, changed: missing || have > before };
}
