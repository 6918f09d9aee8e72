import { type AccountMeta, PublicKey, TransactionInstruction, VersionedTransaction } from "@solana/web3.js";
import { toAddress } from "../address.ts";
import type { Instruction } from "../instruction.ts";
import { encodeMessageOf, joinTransaction, type TransactionParts } from "../transaction/transaction.ts";
import { Buffer } from "./buffer.ts";

/** The same instruction for web3.js. */
export function toTransactionInstruction({ program, accounts, data }: Instruction): TransactionInstruction {
  const keys = accounts.map(
    ({ address, signer, writable }): AccountMeta => ({
      pubkey: new PublicKey(address),
      isSigner: signer,
      isWritable: writable,
    }),
  );
  return new TransactionInstruction({ programId: new PublicKey(program), keys, data: Buffer.from(data) });
}

/** An instruction of web3.js for the functions of this package. */
export function fromTransactionInstruction({ programId, keys, data }: TransactionInstruction): Instruction {
  const accounts = keys.map(({ pubkey, isSigner, isWritable }) => ({
    address: toAddress(pubkey),
    signer: isSigner,
    writable: isWritable,
  }));
  return { program: toAddress(programId), accounts, data: new Uint8Array(data) };
}

/**
 * A legacy or v0 transaction without signatures, for a wallet to sign. A v1 transaction web3.js 1.99 can read but not
 * write: sign those with signTransaction of `@tolldns/sdk/transaction`.
 * @throws transaction-size, transaction-count, address-invalid
 */
export function toVersionedTransaction(
  parts: TransactionParts & { readonly version: "legacy" | 0 },
): VersionedTransaction {
  const message = encodeMessageOf(parts);
  const signers = message[parts.version === 0 ? 1 : 0] as number;
  const blank = Array.from({ length: signers }, () => new Uint8Array(64));
  return VersionedTransaction.deserialize(joinTransaction(parts.version, message, blank));
}
