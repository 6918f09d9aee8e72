import { createHash } from "node:crypto";
import {
  type Address,
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  deriveTokenAccount,
  SYSTEM_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { type Instruction, paying, readonly, signing, writable } from "@tolldns/sdk/transaction";

/** The address the system program derives from a base key and a seed of at most 32 bytes. */
export function seededAddress(base: AddressLike, seed: string, owner: AddressLike): Address {
  return new Uint8Array(
    createHash("sha256").update(toAddress(base)).update(seed).update(toAddress(owner)).digest(),
  );
}

function system(tag: number, accounts: Instruction["accounts"], parts: readonly Uint8Array[]): Instruction {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(tag);
  return { program: toAddress(SYSTEM_PROGRAM), accounts, data: Buffer.concat([head, ...parts]) };
}

function u64(value: bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(value);
  return out;
}

/** Creates an account whose own key signs. */
export function createAccount(
  payer: AddressLike,
  account: AddressLike,
  lamports: bigint,
  space: number,
  owner: AddressLike,
): Instruction {
  return system(0, [paying(payer), paying(account)], [u64(lamports), u64(BigInt(space)), toAddress(owner)]);
}

/** Creates the account `seededAddress` names; `base` pays and signs, no other key is needed. */
export function createSeeded(
  base: AddressLike,
  seed: string,
  lamports: bigint,
  space: number,
  owner: AddressLike,
): Instruction {
  const account = seededAddress(base, seed, owner);
  return system(
    3,
    [paying(base), writable(account)],
    [
      toAddress(base),
      u64(BigInt(seed.length)),
      Buffer.from(seed),
      u64(lamports),
      u64(BigInt(space)),
      toAddress(owner),
    ],
  );
}

/** Lamports from one system account to another. */
export function transferLamports(from: AddressLike, to: AddressLike, lamports: bigint): Instruction {
  return system(2, [paying(from), writable(to)], [u64(lamports)]);
}

/** `InitializeMint2` of the token program, without freeze authority. */
export function initializeMint(
  tokenProgram: AddressLike,
  mint: AddressLike,
  decimals: number,
  authority: AddressLike,
): Instruction {
  const data = Buffer.concat([Buffer.from([20, decimals]), toAddress(authority), Buffer.from([0])]);
  return { program: toAddress(tokenProgram), accounts: [writable(mint)], data };
}

/** `InitializeAccount3`: makes an account of the token program a token account. */
export function initializeTokenAccount(
  tokenProgram: AddressLike,
  account: AddressLike,
  mint: AddressLike,
  owner: AddressLike,
): Instruction {
  const data = Buffer.concat([Buffer.from([18]), toAddress(owner)]);
  return { program: toAddress(tokenProgram), accounts: [writable(account), readonly(mint)], data };
}

/** `MintTo`: amount in the mint's smallest unit. */
export function mintTo(
  tokenProgram: AddressLike,
  mint: AddressLike,
  account: AddressLike,
  authority: AddressLike,
  amount: bigint,
): Instruction {
  const data = Buffer.concat([Buffer.from([7]), u64(amount)]);
  return {
    program: toAddress(tokenProgram),
    accounts: [writable(mint), writable(account), signing(authority)],
    data,
  };
}

/** Creates the associated token account unless it is there already. */
export function createAssociated(
  payer: AddressLike,
  owner: AddressLike,
  mint: AddressLike,
  tokenProgram: AddressLike,
): Instruction {
  return {
    program: toAddress(ASSOCIATED_TOKEN_PROGRAM),
    accounts: [
      paying(payer),
      writable(deriveTokenAccount(owner, mint, tokenProgram).address),
      readonly(owner),
      readonly(mint),
      readonly(SYSTEM_PROGRAM),
      readonly(tokenProgram),
    ],
    data: Uint8Array.of(1),
  };
}
