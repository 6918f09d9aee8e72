import {
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  type Deployment,
  deriveTokenAccount,
  SYSTEM_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { type Instruction, paying, readonly, signing, writable } from "@tolldns/sdk/escrow";

/** `owner`'s token account for Index Units and the instruction that makes it unless it is there ("CreateIdempotent", byte 1). */
export function createTokenAccount(
  payer: AddressLike,
  owner: AddressLike,
  { mint, tokenProgram }: Deployment,
): { readonly address: Uint8Array; readonly instruction: Instruction } {
  const { address } = deriveTokenAccount(owner, mint, tokenProgram);
  const accounts = [
    paying(payer),
    writable(address),
    readonly(owner),
    readonly(mint),
    readonly(SYSTEM_PROGRAM),
    readonly(tokenProgram),
  ];
  return {
    address,
    instruction: { program: toAddress(ASSOCIATED_TOKEN_PROGRAM), accounts, data: Uint8Array.of(1) },
  };
}

/** Mints `amount` micro-IU ("MintTo", byte 7 and a u64). Only a mint's authority can, so only on development chains. */
export function mintTo(
  { mint, tokenProgram }: Deployment,
  authority: AddressLike,
  destination: AddressLike,
  amount: bigint,
): Instruction {
  const data = new Uint8Array(9);
  data[0] = 7;
  new DataView(data.buffer).setBigUint64(1, amount, true);
  return {
    program: tokenProgram,
    accounts: [writable(mint), writable(destination), signing(authority)],
    data,
  };
}
