import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest, Agent as TlsAgent } from "node:https";
import { fail } from "../errors.ts";
import { toJson } from "../http/server.ts";

/** Asks other feeds over plain HTTP or HTTPS. */
export interface PeerClient {
  /** The answer's JSON. @throws peer-failed */
  get(base: string, path: string, limit?: number): Promise<unknown>;
  /** The answer's bytes. @throws peer-failed */
  bytes(base: string, path: string, limit: number): Promise<Uint8Array>;
  post(base: string, path: string, body: unknown): Promise<unknown>;
  /** Reads a stream until it ends or `signal` aborts. @throws peer-failed */
  stream(
    base: string,
    path: string,
    onOpen: () => void,
    onPart: (part: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): void;
}

const SECONDS = 10;
/** An event stream says something at least every 15 s. */
const SILENCE_SECONDS = 45;
const MAX_BYTES = 8 << 20;

export function createPeerClient(): PeerClient {
  const agents = {
    "http:": new Agent({ keepAlive: true, maxSockets: 8, timeout: 30_000 }),
    "https:": new TlsAgent({ keepAlive: true, maxSockets: 8, timeout: 30_000 }),
  };
  const ending = new AbortController();

  function open(
    base: string,
    path: string,
    method: "GET" | "POST",
    accept: string,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const url = new URL(base + path);
    const agent = agents[url.protocol as keyof typeof agents];
    if (agent === undefined) throw fail("peer-failed", { url: base, reason: `no such protocol` });
    const make = url.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const headers: Record<string, string> = { accept };
      if (body !== undefined) headers["content-type"] = "application/json";
      // Streams stay open, and would use up the sockets that questions wait for.
      const request = make(url, {
        method,
        headers,
        signal,
        agent: accept === "text/event-stream" ? false : agent,
      });
      request.on("response", resolve);
      request.on("error", reject);
      request.end(body);
    });
  }

  async function ask(
    base: string,
    path: string,
    method: "GET" | "POST",
    limit: number,
    body?: unknown,
    accept = "application/json",
  ): Promise<Uint8Array> {
    const signal = AbortSignal.any([AbortSignal.timeout(SECONDS * 1_000), ending.signal]);
    try {
      const text = body === undefined ? undefined : toJson(body);
      const response = await open(base, path, method, accept, text, signal);
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of response as AsyncIterable<Buffer>) {
        size += part.length;
        if (size > limit) {
          response.destroy();
          throw new Error(`more than ${limit} bytes`);
        }
        parts.push(part);
      }
      const bytes = Buffer.concat(parts);
      const status = response.statusCode ?? 0;
      if (status < 200 || status > 299)
        throw new Error(`${status} ${bytes.subarray(0, 200).toString("utf8").trim()}`);
      return bytes;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw fail("peer-failed", { url: base, reason }, error);
    }
  }

  const parse = (base: string, bytes: Uint8Array): unknown => {
    try {
      return JSON.parse(Buffer.from(bytes).toString("utf8"));
    } catch (error) {
      throw fail("peer-failed", { url: base, reason: "not JSON" }, error);
    }
  };

  return {
    get: async (base, path, limit = MAX_BYTES) => parse(base, await ask(base, path, "GET", limit)),
    bytes: (base, path, limit) => ask(base, path, "GET", limit, undefined, "*/*"),
    post: async (base, path, body) => parse(base, await ask(base, path, "POST", MAX_BYTES, body)),
    stream: async (base, path, onOpen, onPart, signal) => {
      const either = AbortSignal.any([signal, ending.signal]);
      try {
        const response = await open(base, path, "GET", "text/event-stream", undefined, either);
        if (response.statusCode !== 200) {
          response.destroy();
          throw new Error(`status ${response.statusCode}`);
        }
        response.setTimeout(SILENCE_SECONDS * 1_000, () => response.destroy(new Error("silence")));
        onOpen();
        for await (const part of response as AsyncIterable<Buffer>) onPart(part);
      } catch (error) {
        if (either.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        throw fail("peer-failed", { url: base, reason }, error);
      }
    },
    close: () => {
      ending.abort();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
