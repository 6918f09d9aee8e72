import { formatAddress, toAddress } from "@tolldns/sdk";
import type { FeedTransport } from "@tolldns/sdk/feed";
import { decodeQuorumConfig, deriveQuorumConfig, QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import { hashDomain } from "@tolldns/sdk/routes";
import { fail } from "./errors.ts";
import type { ChainOfRoots } from "./options.ts";
import type { ReadFinalRoots } from "./roots.ts";

/** Most bytes of the RPC's answer: the account has 1 000. */
const MAX_ANSWER = 64 * 1_024;
/** Before the first final epoch: the root of nothing. */
const NOTHING = { epoch: 0n, root: new Uint8Array(32), at: 0n };

/** How final roots are read, and the domain they are of. @throws routes-option */
export function openChain(
  chain: ChainOfRoots,
  send: FeedTransport,
): { readonly readRoots: ReadFinalRoots; readonly domain: Uint8Array } {
  if ("readRoots" in chain) return chain;
  if (!URL.canParse(chain.rpcUrl)) throw fail("routes-option", { option: "rpcUrl", expected: "a URL" });
  try {
    const quorum = toAddress(chain.quorum ?? QUORUM_PROGRAM_ID);
    const config = deriveQuorumConfig(quorum).address;
    // Out of what the user set, not of what the RPC says: an RPC of another cluster is told from this one by it.
    const domain = hashDomain(toAddress(chain.genesis), config);
    return { domain, readRoots: createRootReader(chain.rpcUrl, quorum, config, send) };
  } catch (cause) {
    throw fail("routes-option", { option: "genesis, quorum", expected: "addresses in base58" }, cause);
  }
}

/** Reads QuorumConfig by Solana's JSON-RPC; what is confirmed counts. */
function createRootReader(
  rpcUrl: string,
  quorum: Uint8Array,
  config: Uint8Array,
  send: FeedTransport,
): ReadFinalRoots {
  const address = formatAddress(config);
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "getAccountInfo",
    params: [address, { encoding: "base64", commitment: "confirmed" }],
  });
  return async (signal) => {
    const answer = await send({ method: "POST", url: rpcUrl, accept: "application/json", body, signal });
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of answer.body) {
      size += part.length;
      if (size > MAX_ANSWER) throw new Error("the RPC's answer is too long");
      parts.push(part);
    }
    const account = accountIn(Buffer.concat(parts).toString("utf8"));
    if (account === null) throw new Error(`the chain has no quorum configuration at ${address}`);
    if (account.owner !== formatAddress(quorum))
      throw new Error(`the account at ${address} is not the quorum program's`);
    const { domain, terms, final = NOTHING, recent } = decodeQuorumConfig(account.data);
    return {
      domain,
      epoch: final.epoch,
      root: final.root,
      finalAt: Number(final.at),
      epochSeconds: terms.length,
      earlier: recent.filter(({ epoch }) => epoch !== final.epoch),
    };
  };
}

function accountIn(text: string): { readonly data: Uint8Array; readonly owner: string } | null {
  const { result, error } = JSON.parse(text) as {
    result?: { value: { data: [string, string]; owner: string } | null };
    error?: { message?: unknown };
  };
  if (error !== undefined) throw new Error(`the RPC refused: ${String(error.message).slice(0, 150)}`);
  if (result === undefined) throw new Error("the RPC's answer has no result");
  if (result.value === null) return null;
  return { data: Buffer.from(result.value.data[0], "base64"), owner: result.value.owner };
}
