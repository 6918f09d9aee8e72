import type { AddressLike } from "../address.ts";
import { checkBytes } from "../bytes.ts";
import { hash, u64 } from "../encode.ts";
import { type Instruction, readonly, signing, writable } from "../instruction.ts";
import { deriveDelegate } from "./address.ts";
import { encode } from "./data.ts";
import { type Held, holdingOf, make, nameOf } from "./parts.ts";

/** What is posted of a signed route update; its name and generation are the account's. */
export interface Posting {
  readonly version: bigint;
  /** Unix seconds; not after the name's own. */
  readonly expiresAt: bigint;
  readonly recordsHash: Uint8Array;
  /** Of the cluster's epochs; from QuorumConfig. */
  readonly domain: Uint8Array;
  /** By the poster, over the update; see signUpdate in `@tolldns/sdk/routes`. The program does not check it. */
  readonly signature: Uint8Array;
}

/** Posts a signed route update, as holder or, with `poster`, as a delegate of theirs. @throws label-invalid, address-invalid, bytes-length */
export function postRoute(input: Held & Posting & { readonly poster?: AddressLike }): Instruction {
  const { deployment, label, holder, poster, version, expiresAt, recordsHash, domain, signature } = input;
  const { names } = deployment;
  return make(
    deployment,
    [
      signing(poster ?? holder),
      writable(nameOf(input)),
      readonly(holdingOf(input, holder)),
      readonly(poster === undefined ? names : deriveDelegate(names, label, poster).address),
    ],
    encode(
      "postRoute",
      u64(version, "version"),
      u64(expiresAt, "expiresAt"),
      hash(recordsHash, "recordsHash"),
      hash(domain, "domain"),
      checkBytes(signature, 64, "signature"),
    ),
  );
}
