import { Ed25519Program, PublicKey, SYSVAR_INSTRUCTIONS_PUBKEY } from "@solana/web3.js";
import { encodeVoucher, type SignedVoucher, toAddress } from "@tolldns/sdk";
import { type Instruction, readonly, writable } from "@tolldns/sdk/transaction";

/** Bytes of an entry: offsets 14, key 32, signature 64, voucher 47. */
const OFFSETS = 14;
const HEADER = 2;
const VOUCHER = 47;

/**
 * The rival design: the runtime's Ed25519 precompile checks the signatures, and a program reads which from the instructions
 * sysvar. One precompile instruction for all vouchers, everything in its own data, which is the densest there is.
 */
export function precompileInstruction(
  rows: readonly { voucher: SignedVoucher; key: Uint8Array }[],
): Instruction {
  const entry = 32 + 64 + VOUCHER;
  const start = HEADER + OFFSETS * rows.length;
  const data = Buffer.alloc(start + entry * rows.length);
  data[0] = rows.length;
  for (const [index, { voucher, key }] of rows.entries()) {
    const at = start + index * entry;
    const here = 0xffff;
    const offsets = [at + 32, here, at, here, at + 96, VOUCHER, here];
    for (const [place, value] of offsets.entries())
      data.writeUInt16LE(value, HEADER + index * OFFSETS + place * 2);
    data.set(key, at);
    data.set(voucher.signature, at + 32);
    data.set(encodeVoucher(voucher), at + 96);
  }
  return { program: toAddress(Ed25519Program.programId.toBytes()), accounts: [], data };
}

/** What a program would need besides: ledger, instructions sysvar, a discriminator. */
export function readerInstruction(program: Uint8Array, ledger: Uint8Array): Instruction {
  const sysvar = new PublicKey(SYSVAR_INSTRUCTIONS_PUBKEY).toBytes();
  return { program, accounts: [writable(ledger), readonly(sysvar)], data: Uint8Array.of(0) };
}
