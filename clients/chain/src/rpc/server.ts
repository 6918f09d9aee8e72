import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import type { Context } from "./context.ts";
import { answer, failure, run } from "./dispatch.ts";
import { INVALID_PARAMS, INVALID_REQUEST, PARSE_ERROR, RpcError } from "./errors.ts";
import { isSubscribe, isUnsubscribe, Subscriptions } from "./subscriptions.ts";

/** As on a validator: bytes a request may have. */
const MAX_BODY = 50 * 1024;
/** Batches of transactions are larger than one request. */
const MAX_BATCH_BODY = 8 * 1024 * 1024;
const MAX_SUBSCRIPTIONS = 10_000;

export interface RpcServer {
  port: number;
  wsPort: number;
  close(): Promise<void>;
}

/**
 * Serves JSON-RPC over HTTP on `port`, and over WebSocket on `port` (as an upgrade) and on the next one, where
 * `web3.js` looks for it unless told otherwise. With port 0 it takes a free pair.
 */
export async function serveRpc(context: Context, host: string, port: number): Promise<RpcServer> {
  const subscriptions = new Subscriptions(context);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BATCH_BODY });
  sockets.on("connection", (socket) => serveSocket(context, subscriptions, socket));
  const make = (): Server => {
    const server = createServer((request, response) => void serveHttp(context, request, response));
    server.keepAliveTimeout = 60_000;
    server.on("upgrade", (request, socket, head) => {
      if (context.faults.settings().rpcDown) socket.destroy();
      else sockets.handleUpgrade(request, socket, head, (made) => sockets.emit("connection", made, request));
    });
    return server;
  };
  const [http, ws] = await listenPair(make, host, port);
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;
  return {
    port: portOf(http),
    wsPort: portOf(ws),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await Promise.all([...new Set([http, ws])].map(closeServer));
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve(server.removeListener("error", reject) && undefined));
  });
}

/** Two servers on adjacent ports; if the second is taken and the first was asked for, one serves both. */
async function listenPair(make: () => Server, host: string, port: number): Promise<[Server, Server]> {
  for (let attempt = 0; ; attempt++) {
    const http = make();
    await listen(http, host, port);
    const next = (http.address() as AddressInfo).port + 1;
    const ws = make();
    try {
      await listen(ws, host, next);
      return [http, ws];
    } catch {
      if (port !== 0 || attempt === 20) return [http, http];
      await closeServer(http);
    }
  }
}

/** Milliseconds that requests under way get to be answered in. */
const GRACE_MS = 500;

function closeServer(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  // Idle connections end at once, busy ones with their answer.
  return new Promise((resolve) =>
    server.close(() => {
      clearTimeout(timer);
      resolve();
    }),
  );
}

async function serveHttp(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("access-control-allow-origin", "*");
  if (request.method === "OPTIONS") {
    response.setHeader("access-control-allow-headers", "*");
    response.setHeader("access-control-allow-methods", "POST, GET, OPTIONS");
    response.writeHead(204).end();
    return;
  }
  const body = await readBody(request);
  const control = body?.includes('"tolldns_') === true && context.control;
  const { rpcDown, rpcDelayMs } = context.faults.settings();
  if (rpcDown && !control) {
    response.writeHead(503).end("Service Unavailable");
    return;
  }
  if (rpcDelayMs > 0 && !control) await sleep(rpcDelayMs);
  if (request.method === "GET" && request.url === "/health") {
    response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    return;
  }
  if (request.method !== "POST") {
    response.writeHead(405).end("Used HTTP Method is not allowed. POST or OPTIONS is required\n");
    return;
  }
  if (body === null) {
    response.writeHead(413).end("Payload Too Large");
    return;
  }
  const text = await answer(context, body);
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(text);
}

/** The body as text; null when it is too long. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    let limit = MAX_BODY;
    request.on("data", (part: Buffer) => {
      if (length === 0 && part[0] === BRACKET) limit = MAX_BATCH_BODY;
      length += part.length;
      if (length <= limit) parts.push(part);
    });
    request.on("end", () => resolve(length > limit ? null : Buffer.concat(parts).toString("utf8")));
    request.on("error", () => resolve(null));
  });
}

const BRACKET = 0x5b;

function serveSocket(context: Context, subscriptions: Subscriptions, socket: WebSocket): void {
  const mine = new Set<number>();
  const send = (value: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(value));
  };
  socket.on("message", (data) => void receive(data.toString()));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    for (const id of mine) subscriptions.remove(id);
  });

  const receive = async (text: string): Promise<void> => {
    let request: { jsonrpc?: unknown; id?: unknown; method?: unknown; params?: unknown };
    try {
      request = JSON.parse(text) as typeof request;
    } catch {
      send(failure(null, new RpcError(PARSE_ERROR, "Parse error")));
      return;
    }
    const { id, method, params } = request;
    if (context.faults.settings().rpcDown) {
      socket.terminate();
      return;
    }
    try {
      if (typeof method !== "string") throw new RpcError(INVALID_REQUEST, "Invalid request");
      const result = await handle(method, Array.isArray(params) ? params : []);
      // What comes without an id, such as web3.js's ping, wants no answer.
      if (id !== undefined) send({ jsonrpc: "2.0", result, id });
    } catch (error) {
      send(failure(id ?? null, error));
    }
  };

  const handle = (method: string, params: readonly unknown[]): unknown => {
    if (method === "ping") return "pong";
    if (isSubscribe(method)) return subscribe(method, params);
    if (!isUnsubscribe(method)) return run(context, method, params);
    const [id] = params;
    if (typeof id !== "number" || !mine.delete(id))
      throw new RpcError(INVALID_PARAMS, "Invalid subscription id.");
    return subscriptions.remove(id) || true;
  };

  const subscribe = (method: string, params: readonly unknown[]): number => {
    if (mine.size >= MAX_SUBSCRIPTIONS) throw new RpcError(INVALID_PARAMS, "Too many subscriptions");
    const made = subscriptions.add(method, params, (subscription, name, result) => {
      if (context.faults.settings().rpcDown) return;
      send({ jsonrpc: "2.0", method: name, params: { result, subscription } });
    });
    mine.add(made);
    return made;
  };
}
