import { createAssociatedTokenAccountIdempotentInstruction } from "@solana/spl-token";
import { PublicKey, type TransactionInstruction } from "@solana/web3.js";
import { type Address, type Deployment, deriveLedger, deriveTokenAccount } from "@tolldns/sdk";
import { extendLedger, openLedger } from "@tolldns/sdk/web3";

/** A wallet's account of Index Units. */
export const tokenAccountOf = ({ mint, tokenProgram }: Deployment, owner: PublicKey): PublicKey =>
  new PublicKey(deriveTokenAccount(owner.toBytes(), mint, tokenProgram).address);

/** What opens an operator's first ledger, for one transaction of the operator's: its account of Index Units, the ledger, and rows in it. */
export function openingOfLedger(
  deployment: Deployment,
  operator: PublicKey,
  rows: number,
): { readonly ledger: Address; readonly instructions: TransactionInstruction[] } {
  const key = operator.toBytes();
  const { address: ledger } = deriveLedger(deployment.escrow, deployment.genesisHash, key, 0);
  const account = tokenAccountOf(deployment, operator);
  const payout = account.toBytes();
  return {
    ledger,
    instructions: [
      createAssociatedTokenAccountIdempotentInstruction(
        operator,
        account,
        operator,
        new PublicKey(deployment.mint),
        new PublicKey(deployment.tokenProgram),
      ),
      openLedger({ deployment, operator: key, index: 0, payout, minReserve: 1_000n }),
      extendLedger({ deployment, operator: key, ledger, rows }),
    ],
  };
}
