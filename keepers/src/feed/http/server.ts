import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { isTollError } from "@tolldns/sdk";
import { isStoreError } from "@tolldns/store";
import type { Log } from "../../runtime/log.ts";
import { fail, statusOf } from "../errors.ts";
import type { Limiter } from "./limits.ts";
import { limitKey } from "./limits.ts";

/** A request as handlers see it. */
export interface FeedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Values of the route's placeholders. */
  readonly params: readonly string[];
  /** Limit key of who asks. */
  readonly from: string;
  readonly accept: string;
  readonly etag: string | undefined;
  /** The whole body as JSON, at most `limit` bytes. @throws request-size, request-form */
  json(limit: number): Promise<unknown>;
}

export interface FeedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, bigint as decimal string... */
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  /** ...or as a stream, closed in any case. */
  readonly stream?: NodeJS.ReadableStream;
  /** ...or takes the response over: event streams. */
  readonly take?: (response: ServerResponse) => void;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** Anchored; groups become `params`. */
  readonly path: RegExp;
  readonly handle: (request: FeedRequest) => Promise<FeedAnswer> | FeedAnswer;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly requests: Limiter;
  readonly now: () => number;
  readonly log: Log;
}

export interface HttpServer {
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

const JSON_TYPE = "application/json";
/** Longest request target read. */
const MAX_TARGET = 20_000;

/** Serves routes over plain HTTP/1.1 with bounded connections, headers, bodies and times. */
export async function serveHttp(options: HttpOptions, routes: readonly Route[]): Promise<HttpServer> {
  const { requests, now, log } = options;

  async function answer(request: IncomingMessage): Promise<FeedAnswer> {
    const from = limitKey(request.socket.remoteAddress);
    const wait = requests.take(from, now());
    if (wait > 0) throw fail("request-rate", { retryAfter: Math.ceil(wait) });
    const target = request.url ?? "/";
    if (target.length > MAX_TARGET) throw fail("request-size", { limit: MAX_TARGET });
    const cut = target.indexOf("?");
    const path = cut < 0 ? target : target.slice(0, cut);
    const method = request.method === "HEAD" ? "GET" : request.method;
    const fitting = routes.filter((route) => route.path.test(path));
    if (fitting.length === 0) throw fail("not-found", { what: path.slice(0, 128) });
    const route = fitting.find((one) => one.method === method);
    if (route === undefined)
      throw fail("request-method", { allowed: fitting.map((one) => one.method).join(", ") });
    return await route.handle({
      path,
      query: new URLSearchParams(cut < 0 ? "" : target.slice(cut + 1)),
      params: (route.path.exec(path) ?? []).slice(1).map(decode),
      from,
      accept: request.headers.accept ?? "",
      etag: request.headers["if-none-match"],
      json: (limit) => readJson(request, limit),
    });
  }

  const server = createServer(
    {
      requestTimeout: 30_000,
      headersTimeout: 10_000,
      keepAliveTimeout: 30_000,
      maxHeaderSize: 24_576,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      answer(request)
        .catch((error: unknown) => describe(error, log))
        .then((given) => send(request, response, given))
        .catch(() => response.destroy());
    },
  );
  server.maxConnections = options.connections;
  server.on("clientError", (_error, socket) => {
    // Who neither reads nor closes its end would hold a connection for ever.
    const end = () => socket.destroy();
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", end);
    else end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => resolve());
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    address: { host: address, port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function send(request: IncomingMessage, response: ServerResponse, given: FeedAnswer): Promise<void> {
  // A body nobody read would be taken for the next request.
  if (!request.complete && request.method === "POST") response.setHeader("connection", "close");
  const headers = {
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
    ...given.headers,
  };
  const status = given.status ?? 200;
  if (given.take !== undefined) return given.take(response);
  if (given.stream !== undefined) {
    response.writeHead(status, headers);
    if (request.method === "HEAD") {
      response.end();
      (given.stream as NodeJS.ReadableStream & { destroy?(): void }).destroy?.();
    } else await pipeline(given.stream, response);
    return;
  }
  const body =
    given.bytes ?? (given.json === undefined ? new Uint8Array() : Buffer.from(`${toJson(given.json)}\n`));
  const type = given.json === undefined ? {} : { "content-type": JSON_TYPE };
  response.writeHead(status, {
    ...type,
    ...headers,
    ...(status === 304 ? {} : { "content-length": body.length }),
  });
  response.end(request.method === "HEAD" || status === 304 ? undefined : body);
}

/** JSON with integers beyond 2^53 as decimal strings. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}

function describe(error: unknown, log: Log): FeedAnswer {
  if (isTollError(error)) {
    const { code, number, message, hint, context } = error;
    const headers: Record<string, string> = { "cache-control": "no-store" };
    if (code === "request-rate")
      headers["retry-after"] = String((context as { retryAfter: number }).retryAfter);
    if (code === "request-method") headers.allow = (context as { allowed: string }).allowed;
    return { status: statusOf(code), headers, json: { code, number, message, hint } };
  }
  log("error", "request failed", { error: String(error) });
  const code = isStoreError(error) ? `store-${error.code}` : "unexpected";
  const hint = isStoreError(error) ? error.hint : "See the log of this feed.";
  const json = { code, number: 6349, message: "the feed could not do it", hint };
  return { status: isStoreError(error) ? 503 : 500, headers: { "cache-control": "no-store" }, json };
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    throw fail("request-form", { reason: "percent encoding" });
  }
}

async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (Number(request.headers["content-length"] ?? 0) > limit) throw fail("request-size", { limit });
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw fail("request-size", { limit });
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw fail("request-form", { reason: "not JSON" });
  }
}
