import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Answer, askFeeds, passToRpc } from "./api.ts";
import { bundlePage } from "./bundle.ts";
import { WEB_ERRORS, type WebErrorCode } from "./errors.ts";
import { readTransaction } from "./rpc.ts";
import type { Snapshot } from "./snapshot.ts";

export interface DashboardOptions {
  /** A loopback address. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Opens the dashboard; whoever has it may stop payments. Default random. */
  readonly key?: string;
  /** Solana JSON-RPC, for showing transactions. */
  readonly rpcUrl: string;
  /** Feeds of `.dns` routes, asked in this order. Default none. */
  feeds?(): readonly string[];
  snapshot(): Snapshot;
  /** The emergency stop. */
  stop(): Promise<void>;
  /** Milliseconds between two looks. Default 500. */
  readonly intervalMs?: number;
}

export interface RunningDashboard {
  /** With the key, for people. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const SECURITY = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>TollDNS</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%230f766e'/%3E%3Cpath d='M4 6h8M8 6v6' stroke='white' stroke-width='2'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/main.js"></script>
</head>
<body><div id="app"><p class="wait">Loading…</p></div></body>
</html>
`;

/** Pages open at once. */
const MAX_STREAMS = 32;

/**
 * Serves the dashboard on loopback. The page and its code are public; everything that tells or does something needs the key,
 * which travels in the fragment of the address and in a header, never in a cookie: cookies of 127.0.0.1 go to every port.
 * @throws the system's error when the port can't be bound
 */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const host = options.host ?? "127.0.0.1";
  const key = options.key ?? randomBytes(16).toString("base64url");
  const bundle = await bundlePage();
  const streams = new Set<ServerResponse>();
  let names: ReadonlySet<string> = new Set();

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 10_000;
  await listen(server, host, options.port);
  const { port } = server.address() as { port: number };
  // Only these names reach loopback by the user's own doing; any other was pointed here by somebody's DNS (rebinding).
  names = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `${host}:${port}`]);

  const timer = setInterval(() => {
    if (streams.size === 0) return;
    const event = encodeEvent(options.snapshot());
    // A page that doesn't read is left behind, not buffered for.
    for (const stream of streams) if (!stream.writableNeedDrain) stream.write(event);
  }, options.intervalMs ?? 500);

  async function handle(request: IncomingMessage, response: ServerResponse) {
    for (const [name, value] of Object.entries(SECURITY)) response.setHeader(name, value);
    const refusal = checkRequest(request, names);
    if (refusal !== undefined) return refuse(response, refusal);
    const path = new URL(request.url ?? "/", "http://loopback").pathname;
    if (!path.startsWith("/api/")) return servePage(path, request, response);
    if (!hasKey(request, key)) return refuse(response, "key-missing");
    if (path === "/api/stop") return stopPayments(request, response);
    if (path === "/api/rpc")
      return request.method === "POST"
        ? answer(response, await passToRpc(options.rpcUrl, request))
        : refuse(response, "method-wrong");
    if (request.method !== "GET") return refuse(response, "method-wrong");
    const name = /^\/api\/route\/([a-z0-9-]{1,63}\.dns)$/.exec(path)?.[1];
    if (name !== undefined) return answer(response, await askFeeds(options.feeds?.() ?? [], name));
    if (path === "/api/snapshot") return send(response, 200, options.snapshot());
    if (path === "/api/events") return openStream(response);
    const signature = /^\/api\/transaction\/([1-9A-HJ-NP-Za-km-z]{64,90})$/.exec(path)?.[1];
    if (signature === undefined) return refuse(response, "not-found");
    const transaction = await readTransaction(options.rpcUrl, signature).catch(() => undefined);
    return transaction === undefined
      ? refuse(response, "rpc-failed")
      : send(response, 200, { signature, transaction });
  }

  function servePage(path: string, request: IncomingMessage, response: ServerResponse) {
    if (request.method !== "GET") return refuse(response, "method-wrong");
    if (path === "/main.js") return sendBytes(response, "text/javascript; charset=utf-8", bundle.script);
    if (path === "/style.css") return sendBytes(response, "text/css; charset=utf-8", bundle.style);
    if (/^\/($|tx\/|names($|\/)|epochs$|policy$)/.test(path))
      return sendBytes(response, "text/html; charset=utf-8", Buffer.from(PAGE));
    return refuse(response, "not-found");
  }

  async function stopPayments(request: IncomingMessage, response: ServerResponse) {
    if (request.method !== "POST") return refuse(response, "method-wrong");
    try {
      await options.stop();
    } catch {
      return refuse(response, "stop-failed");
    }
    return send(response, 200, options.snapshot());
  }

  function openStream(response: ServerResponse) {
    if (streams.size >= MAX_STREAMS) return refuse(response, "busy");
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.write(encodeEvent(options.snapshot()));
    streams.add(response);
    response.on("close", () => streams.delete(response));
  }

  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}/#${key}`,
    host,
    port,
    async close() {
      clearInterval(timer);
      for (const stream of streams) stream.destroy();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Host and Origin name this very address, or the request is somebody else's. */
function checkRequest(request: IncomingMessage, names: ReadonlySet<string>): WebErrorCode | undefined {
  if (!names.has(request.headers.host ?? "")) return "host-foreign";
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.headers.host}`) return "origin-foreign";
  if (request.headers["sec-fetch-site"] === "cross-site" && request.headers["sec-fetch-mode"] !== "navigate")
    return "origin-foreign";
  return undefined;
}

function hasKey(request: IncomingMessage, key: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const encodeEvent = (snapshot: Snapshot): string => `event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`;

function answer(response: ServerResponse, given: Answer) {
  if ("refusal" in given) refuse(response, given.refusal);
  else send(response, 200, given.value);
}

function refuse(response: ServerResponse, code: WebErrorCode) {
  const { status, number, message } = WEB_ERRORS[code];
  send(response, status, { error: { code, number, message } });
}

function send(response: ServerResponse, status: number, value: unknown) {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

function sendBytes(response: ServerResponse, type: string, bytes: Uint8Array) {
  response.writeHead(200, { "content-type": type, "content-length": bytes.length });
  response.end(bytes);
}
