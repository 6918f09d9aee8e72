import type { AddressLike } from "../address.ts";
import { tail, u8 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveHolding, derivePassport, derivePassportMint } from "./address.ts";
import { encode, HINT_KINDS, type HintKind } from "./data.ts";
import { config, type Deployed, make, TOKENS } from "./parts.ts";

/** Gives a wallet its one passport. @throws address-invalid */
export function issuePassport(input: Deployed & { readonly wallet: AddressLike }): Instruction {
  const { deployment, wallet } = input;
  const mint = derivePassportMint(deployment.names, wallet).address;
  return make(
    deployment,
    [
      paying(wallet),
      readonly(config(deployment)),
      writable(derivePassport(deployment.names, wallet).address),
      writable(mint),
      writable(deriveHolding(wallet, mint).address),
      ...TOKENS.map(readonly),
    ],
    encode("issuePassport"),
  );
}

/** Sets the passport's `dyndns_hint`, at most 160 bytes; kind "none" and no bytes clear it. @throws address-invalid */
export function setHint(
  input: Deployed & { readonly wallet: AddressLike; readonly kind: HintKind; readonly hint: Uint8Array },
): Instruction {
  const { deployment, wallet, kind, hint } = input;
  const accounts = [signing(wallet), writable(derivePassport(deployment.names, wallet).address)];
  return make(deployment, accounts, encode("setHint", u8(HINT_KINDS.indexOf(kind), "kind"), tail(hint)));
}
