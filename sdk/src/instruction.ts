import { type Address, type AddressLike, toAddress } from "./address.ts";

/** An account of an instruction and what the instruction may do with it. */
export interface AccountMeta {
  readonly address: Address;
  readonly signer: boolean;
  readonly writable: boolean;
}

/** An instruction of any program, free of any library; `@tolldns/sdk/web3` and `/umi` turn it into theirs. */
export interface Instruction {
  readonly program: Address;
  readonly accounts: readonly AccountMeta[];
  readonly data: Uint8Array;
}

/** An account that is only read. @throws address-invalid */
export function readonly(address: AddressLike): AccountMeta {
  return { address: toAddress(address), signer: false, writable: false };
}

/** An account that is written. @throws address-invalid */
export function writable(address: AddressLike): AccountMeta {
  return { address: toAddress(address), signer: false, writable: true };
}

/** An account that signs and is only read. @throws address-invalid */
export function signing(address: AddressLike): AccountMeta {
  return { address: toAddress(address), signer: true, writable: false };
}

/** An account that signs and is written, such as one that pays rent. @throws address-invalid */
export function paying(address: AddressLike): AccountMeta {
  return { address: toAddress(address), signer: true, writable: true };
}
