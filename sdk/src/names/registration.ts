import { type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { hash, u8 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveCommitment, deriveHolding, deriveName, deriveNft } from "./address.ts";
import { encode, encodeLabel } from "./data.ts";
import { hashCommitment, hashName } from "./hash.ts";
import { config, type Deployed, type Generation, type Labelled, make, TOKENS } from "./parts.ts";

/** Promises to register a name; the hash is `hashCommitment`'s. @throws address-invalid, bytes-length */
export function commit(
  input: Deployed & { readonly owner: AddressLike; readonly hash: Uint8Array },
): Instruction {
  const { deployment, owner } = input;
  return make(
    deployment,
    [
      paying(owner),
      readonly(config(deployment)),
      writable(deriveCommitment(deployment.names, owner, input.hash).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("commit", hash(input.hash, "hash")),
  );
}

/** Takes back a commitment that is too old to reveal. @throws address-invalid, bytes-length */
export function cancelCommitment(
  input: Deployed & { readonly owner: AddressLike; readonly hash: Uint8Array },
): Instruction {
  const { deployment, owner } = input;
  const commitment = deriveCommitment(deployment.names, owner, input.hash).address;
  return make(
    deployment,
    [paying(owner), readonly(config(deployment)), writable(commitment)],
    encode("cancelCommitment"),
  );
}

/** Reveals a commitment and registers a name of 5 bytes or more for `years` terms; `generation` is the Name's plus 1, or 1. @throws label-invalid, integer-range, address-invalid */
export function register(
  input: Generation & {
    readonly owner: AddressLike;
    readonly source: AddressLike;
    readonly secret: Uint8Array;
    readonly years: number;
  },
): Instruction {
  const { deployment, label, generation, owner, source, secret, years } = input;
  const { names, treasury, tokenProgram } = deployment;
  const commitment = deriveCommitment(names, owner, hashCommitment(hashName(label), owner, secret)).address;
  const nft = deriveNft(names, label, generation).address;
  return make(
    deployment,
    [
      paying(owner),
      readonly(config(deployment)),
      writable(commitment),
      writable(deriveName(names, label).address),
      writable(source),
      writable(treasury),
      writable(nft),
      writable(deriveHolding(owner, nft).address),
      readonly(tokenProgram),
      ...TOKENS.map(readonly),
    ],
    encodeLabel("register", label, secret, u8(years, "years")),
  );
}

/** Pays for `years` more terms of any name. @throws label-invalid, integer-range, address-invalid */
export function renew(
  input: Labelled & { readonly payer: AddressLike; readonly source: AddressLike; readonly years: number },
): Instruction {
  const { deployment, label, payer, source, years } = input;
  return make(
    deployment,
    [
      signing(payer),
      readonly(config(deployment)),
      writable(deriveName(deployment.names, label).address),
      writable(source),
      writable(deployment.treasury),
      readonly(deployment.tokenProgram),
    ],
    encode("renew", u8(years, "years")),
  );
}
