import type { IncomingMessage } from "node:http";
import { isTollError, toBase64Url } from "@tolldns/sdk";
import { createFeed, webTransport } from "@tolldns/sdk/feed";
import type { WebErrorCode } from "./errors.ts";

/** What the page may ask the chain: reading, and nothing that costs the RPC a search through everything. */
const READING = new Set([
  "getAccountInfo",
  "getMultipleAccounts",
  "getSignaturesForAddress",
  "getSlot",
  "getBlockTime",
  "getTokenLargestAccounts",
  "getTransaction",
]);
/** Bytes of a question to the RPC. */
const MAX_QUESTION = 4_096;
/** Milliseconds for a feed or the RPC. */
const PATIENCE_MS = 8_000;

export type Answer = { readonly value: unknown } | { readonly refusal: WebErrorCode };

/** Passes a reading of the chain on, as JSON-RPC has it: the page checks proofs against what the chain says, not against what this server says. */
export async function passToRpc(rpcUrl: string, request: IncomingMessage): Promise<Answer> {
  const text = await readBody(request);
  if (text === undefined) return { refusal: "question-wrong" };
  const question = parse(text);
  if (question === undefined || !READING.has(question.method)) return { refusal: "question-wrong" };
  try {
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...question }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const { result, error } = (await response.json()) as { result?: unknown; error?: unknown };
    return error === undefined ? { value: { result: result ?? null } } : { refusal: "rpc-failed" };
  } catch {
    return { refusal: "rpc-failed" };
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  request.setEncoding("utf8");
  for await (const part of request as AsyncIterable<string>) {
    text += part;
    if (text.length > MAX_QUESTION) return undefined;
  }
  return text;
}

function parse(text: string): { readonly method: string; readonly params: readonly unknown[] } | undefined {
  try {
    const { method, params } = JSON.parse(text) as { method?: unknown; params?: unknown };
    return typeof method === "string" && Array.isArray(params) ? { method, params } : undefined;
  } catch {
    return undefined;
  }
}

/** What the first feed that answers says of a name, unchecked: the page checks it. Bytes are base64url. */
export async function askFeeds(feeds: readonly string[], name: string): Promise<Answer> {
  let unknown = false;
  for (const url of feeds) {
    try {
      const route = await createFeed(url, webTransport(globalThis.fetch)).route(name, {
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return { value: { feed: url, epoch: String(route.epoch), evidence: toBase64Url(route.evidence) } };
    } catch (error) {
      unknown ||= isTollError(error, "feed-unknown");
    }
  }
  return { refusal: unknown ? "feed-unknown" : "feed-failed" };
}
