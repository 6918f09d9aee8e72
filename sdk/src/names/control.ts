import { type AddressLike, TOKEN_2022_PROGRAM } from "../address.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveNft } from "./address.ts";
import { address, encode } from "./data.ts";
import { config, type Held, holdingOf, make, nameOf, TOKENS } from "./parts.ts";

/** Offers a name to a wallet, which must accept. The token is taken to lie in the holder's associated account, as in every instruction that takes a holder. @throws label-invalid, address-invalid */
export function offerControl(input: Held & { readonly to: AddressLike }): Instruction {
  const { deployment, holder, to } = input;
  return make(
    deployment,
    [
      signing(holder),
      readonly(config(deployment)),
      writable(nameOf(input)),
      writable(holdingOf(input, holder)),
      readonly(TOKEN_2022_PROGRAM),
    ],
    encode("offerControl", address(to)),
  );
}

/** Accepts a name that `holder` offered. @throws label-invalid, address-invalid */
export function acceptControl(input: Held & { readonly accepter: AddressLike }): Instruction {
  const { deployment, label, generation, holder, accepter } = input;
  return make(
    deployment,
    [
      paying(accepter),
      readonly(config(deployment)),
      writable(nameOf(input)),
      writable(holdingOf(input, holder)),
      writable(holdingOf(input, accepter)),
      readonly(deriveNft(deployment.names, label, generation).address),
      ...TOKENS.map(readonly),
    ],
    encode("acceptControl"),
  );
}

/** Takes an offer back. @throws label-invalid, address-invalid */
export function withdrawOffer(input: Held): Instruction {
  const accounts = [signing(input.holder), writable(nameOf(input)), readonly(holdingOf(input, input.holder))];
  return make(input.deployment, accounts, encode("withdrawOffer"));
}

/**
 * Records who holds a name now as who signs its routes, after the token was moved by an ordinary wallet. Anyone may.
 * @throws label-invalid, address-invalid
 */
export function recordAuthority(input: Held): Instruction {
  const accounts = [writable(nameOf(input)), readonly(holdingOf(input, input.holder))];
  return make(input.deployment, accounts, encode("recordAuthority"));
}
