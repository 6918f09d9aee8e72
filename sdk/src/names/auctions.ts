import { type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { deriveAuction, deriveBid, deriveHolding, deriveName, deriveNft } from "./address.ts";
import { amount, encode, encodeLabel } from "./data.ts";
import { config, type Generation, make, TOKENS, vault } from "./parts.ts";

/** Puts a label of 1 to 4 bytes up for auction with a first bid of `amount` micro-IU. @throws label-invalid, amount errors, address-invalid */
export function openAuction(
  input: Generation & { readonly bidder: AddressLike; readonly source: AddressLike; readonly amount: bigint },
): Instruction {
  const { deployment, label, generation, bidder, source } = input;
  const { names, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      writable(deriveName(names, label).address),
      writable(auction),
      writable(deriveBid(names, auction, bidder).address),
      writable(source),
      writable(vault(deployment)),
      readonly(tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encodeLabel("openAuction", label, amount(input.amount)),
  );
}

/** Bids `amount` micro-IU in all; only what is missing to it is paid. @throws label-invalid, amount errors, address-invalid */
export function bid(
  input: Generation & { readonly bidder: AddressLike; readonly source: AddressLike; readonly amount: bigint },
): Instruction {
  const { deployment, label, generation, bidder, source } = input;
  const { names, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      writable(auction),
      writable(deriveBid(names, auction, bidder).address),
      writable(source),
      writable(vault(deployment)),
      readonly(tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("bid", amount(input.amount)),
  );
}

/** Takes a losing bid back to the token account `destination`. @throws label-invalid, address-invalid */
export function withdrawBid(
  input: Generation & { readonly bidder: AddressLike; readonly destination: AddressLike },
): Instruction {
  const { deployment, label, generation, bidder, destination } = input;
  const { names, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      readonly(auction),
      writable(deriveBid(names, auction, bidder).address),
      writable(vault(deployment)),
      writable(destination),
      readonly(tokenProgram),
    ],
    encode("withdrawBid"),
  );
}

/** Ends an auction; anyone may. @throws label-invalid, address-invalid */
export function settleAuction(
  input: Generation & { readonly payer: AddressLike; readonly winner: AddressLike },
): Instruction {
  const { deployment, label, generation, payer, winner } = input;
  const { names, treasury, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  const nft = deriveNft(names, label, generation).address;
  return make(
    deployment,
    [
      paying(payer),
      readonly(config(deployment)),
      writable(deriveName(names, label).address),
      writable(auction),
      writable(deriveBid(names, auction, winner).address),
      readonly(winner),
      writable(vault(deployment)),
      writable(treasury),
      writable(nft),
      writable(deriveHolding(winner, nft).address),
      readonly(tokenProgram),
      ...TOKENS.map(readonly),
    ],
    encode("settleAuction"),
  );
}
