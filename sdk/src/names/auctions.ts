import { type Address, type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { type AccountMeta, type Instruction, paying, readonly, writable } from "../instruction.ts";
import { deriveAuction, deriveBid, deriveHolding, deriveNft } from "./address.ts";
import { amount, encode, encodeLabel } from "./data.ts";
import { config, type Generation, make, nameOf, TOKENS, vault } from "./parts.ts";

interface Bidding extends Generation {
  readonly bidder: AddressLike;
  /** Token account that is paid from. */
  readonly source: AddressLike;
  /** micro-IU */
  readonly amount: bigint;
}

const auctionOf = ({ deployment, label, generation }: Generation): Address =>
  deriveAuction(deployment.names, label, generation).address;

/** A bid that is paid in; `before`: what the instruction has before the auction. */
function payIn(input: Bidding, before: readonly AccountMeta[], data: Uint8Array): Instruction {
  const { deployment, bidder, source } = input;
  const auction = auctionOf(input);
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      ...before,
      writable(auction),
      writable(deriveBid(deployment.names, auction, bidder).address),
      writable(source),
      writable(vault(deployment)),
      readonly(deployment.tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    data,
  );
}

/** Puts a label of 1 to 4 bytes up for auction with a first bid of `amount` micro-IU. @throws label-invalid, amount errors, address-invalid */
export function openAuction(input: Bidding): Instruction {
  const data = encodeLabel("openAuction", input.label, amount(input.amount));
  return payIn(input, [writable(nameOf(input))], data);
}

/** Bids `amount` micro-IU in all; only what is missing to it is paid. @throws label-invalid, amount errors, address-invalid */
export function bid(input: Bidding): Instruction {
  return payIn(input, [], encode("bid", amount(input.amount)));
}

/** Takes a losing bid back to the token account `destination`. @throws label-invalid, address-invalid */
export function withdrawBid(
  input: Generation & { readonly bidder: AddressLike; readonly destination: AddressLike },
): Instruction {
  const { deployment, bidder, destination } = input;
  const { names, tokenProgram } = deployment;
  const auction = auctionOf(input);
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
  const auction = auctionOf(input);
  const nft = deriveNft(names, label, generation).address;
  return make(
    deployment,
    [
      paying(payer),
      readonly(config(deployment)),
      writable(nameOf(input)),
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
