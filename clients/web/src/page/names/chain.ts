/// <reference lib="dom" />
import { formatAddress, fromBase58 } from "@tolldns/sdk";
import { decodeQuorumConfig, deriveQuorumConfig } from "@tolldns/sdk/quorum";
import { ask } from "../live.ts";

/** Asks the chain's RPC, through the server, which only passes readings on. */
export async function rpc<T>(apiKey: string, method: string, params: readonly unknown[]): Promise<T> {
  const { result } = await ask<{ result: T }>(apiKey, "/api/rpc", "POST", { method, params });
  return result;
}

/** Data of an account, or null. */
export async function readAccount(apiKey: string, address: Uint8Array): Promise<Uint8Array | null> {
  const { value } = await rpc<{ value: { data: [string, string] } | null }>(apiKey, "getAccountInfo", [
    formatAddress(address),
    { encoding: "base64", commitment: "confirmed" },
  ]);
  return value === null ? null : bytesOf(value.data[0]);
}

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** What proofs are checked against, as the chain has it. */
export interface ChainRoots {
  /** Account it was read from, base58. */
  readonly account: string;
  readonly domain: Uint8Array;
  readonly recent: readonly { readonly epoch: bigint; readonly root: Uint8Array }[];
}

export async function readRoots(apiKey: string, quorum: string): Promise<ChainRoots> {
  const { address } = deriveQuorumConfig(quorum);
  const data = await readAccount(apiKey, address);
  if (data === null) throw new Error("The chain has no quorum program");
  const { domain, recent } = decodeQuorumConfig(data);
  return { account: formatAddress(address), domain, recent };
}

/** Who holds a token, base58; null if nobody can be found. */
export async function readHolder(apiKey: string, mint: Uint8Array): Promise<string | null> {
  const { value } = await rpc<{ value: { address: string; amount: string }[] }>(
    apiKey,
    "getTokenLargestAccounts",
    [formatAddress(mint), { commitment: "confirmed" }],
  );
  const holding = value.find(({ amount }) => amount === "1");
  const data = holding === undefined ? null : await readAccount(apiKey, fromBase58(holding.address));
  // Mint, then owner.
  return data === null ? null : formatAddress(data.slice(32, 64));
}

/** Seconds since 1970 by the chain's clock. */
export async function readTime(apiKey: string): Promise<bigint> {
  const slot = await rpc<number>(apiKey, "getSlot", [{ commitment: "confirmed" }]);
  return BigInt(await rpc<number>(apiKey, "getBlockTime", [slot]));
}
