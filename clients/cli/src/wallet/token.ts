import {
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  type Deployment,
  deriveTokenAccount,
  SYSTEM_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { type Instruction, paying, readonly, writable } from "@tolldns/sdk/escrow";

/** `owner`'s token account for Index Units and the instruction that makes it unless it is there ("CreateIdempotent", byte 1). */
export function createTokenAccount(
  payer: AddressLike,
  owner: AddressLike,
  { mint, tokenProgram }: Pick<Deployment, "mint" | "tokenProgram">,
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
