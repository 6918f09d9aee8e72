import { type Address, formatAddress, fromBase58, readU64 } from "@tolldns/sdk";
import {
  type Auction,
  decodeAuction,
  decodeName,
  deriveAuction,
  deriveHolding,
  deriveName,
  deriveNft,
  isPremium,
  type Name,
  priceOf,
  tenureOf,
} from "@tolldns/sdk/names";
import { CliError } from "../errors.ts";
import { chainTime, type Rpc } from "../wallet/rpc.ts";
import type { NamesProgram } from "./program.ts";

/** What the chain says of a label. Times Unix seconds, money micro-IU. */
export interface Look {
  readonly label: string;
  readonly now: bigint;
  /** Undefined while nobody ever had it. */
  readonly name: Name | undefined;
  readonly tenure: "free" | "held" | "grace";
  /** Who holds its token, unless it is free. */
  readonly holder: Address | undefined;
  /** The auction that is open or not yet settled, if there is one. */
  readonly auction: Auction | undefined;
  readonly premium: boolean;
  /** A year's price. */
  readonly price: bigint;
}

/** Looks a normalised label up on the chain. */
export async function lookUp(rpc: Rpc, { deployment, config }: NamesProgram, label: string): Promise<Look> {
  const { names } = deployment;
  const [now, account] = await Promise.all([
    chainTime(rpc),
    rpc.readAccount(deriveName(names, label).address),
  ]);
  const name = account === null ? undefined : decodeName(account.data);
  const tenure = tenureOf(name, config.terms.grace, now);
  const premium = isPremium(label);
  const [holder, auction] = await Promise.all([
    name === undefined || tenure === "free" ? undefined : readHolder(rpc, name.mint),
    premium && tenure === "free" ? readAuction(rpc, names, label, (name?.generation ?? 0) + 1) : undefined,
  ]);
  return {
    label,
    now,
    name,
    tenure,
    holder,
    auction,
    premium,
    price: priceOf(config.terms.prices, label.length, 1),
  };
}

/** Who holds a name's token, in whatever token account. */
async function readHolder(rpc: Rpc, mint: Address): Promise<Address | undefined> {
  const { value } = await rpc.call<{ value: { address: string; amount: string }[] }>(
    "getTokenLargestAccounts",
    [formatAddress(mint), { commitment: "confirmed" }],
  );
  const holding = value.find(({ amount }) => amount === "1");
  if (holding === undefined) return undefined;
  const account = await rpc.readAccount(fromBase58(holding.address));
  // Mint, then owner (SPL Token's account layout).
  return account === null ? undefined : account.data.slice(32, 64);
}

async function readAuction(
  rpc: Rpc,
  names: Address,
  label: string,
  generation: number,
): Promise<Auction | undefined> {
  const account = await rpc.readAccount(deriveAuction(names, label, generation).address);
  const auction = account === null ? undefined : decodeAuction(account.data);
  return auction?.settled === true ? undefined : auction;
}

/** The name, held by this wallet in its associated account, as the instructions take it. @throws CliError name-free, name-foreign */
export async function requireOwn(
  rpc: Rpc,
  names: NamesProgram,
  label: string,
  wallet: Address,
): Promise<Look & { readonly name: Name }> {
  const look = await requireHeld(rpc, names, label);
  if (look.holder === undefined || formatAddress(look.holder) !== formatAddress(wallet))
    throw new CliError(
      "name-foreign",
      `${label}.dns belongs to ${look.holder === undefined ? "nobody that can be found" : formatAddress(look.holder)}`,
      "Name the owner's wallet with --key.",
    );
  const mint = deriveNft(names.deployment.names, label, look.name.generation).address;
  const holding = await rpc.readAccount(deriveHolding(wallet, mint).address);
  if (holding === null || readU64(holding.data, 64) !== 1n)
    throw new CliError(
      "name-foreign",
      `${label}.dns lies in a token account of the wallet that isn't its usual one`,
      `Move its token to the wallet's associated account: \`tolldns name transfer ${label}.dns ${formatAddress(wallet)}\` does not; use an ordinary wallet program.`,
    );
  return look;
}

/** @throws CliError name-free, name-foreign */
export async function requireHeld(
  rpc: Rpc,
  names: NamesProgram,
  label: string,
): Promise<Look & { readonly name: Name }> {
  const look = await lookUp(rpc, names, label);
  const { name, tenure } = look;
  if (name === undefined || tenure === "free")
    throw new CliError(
      "name-free",
      `nobody owns ${label}.dns`,
      `\`tolldns name ${look.premium ? "auction" : "register"} ${label}.dns\` takes it.`,
    );
  if (tenure === "grace")
    throw new CliError(
      "name-foreign",
      `${label}.dns has lapsed and can only be renewed`,
      `\`tolldns name renew ${label}.dns\` brings it back to its owner.`,
    );
  return { ...look, name };
}
