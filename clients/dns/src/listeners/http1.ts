import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Peer } from "../wire/query.ts";
import { addressGroup, type Watch, type Watched } from "./bounds.ts";
import type { HttpResponse } from "./routes.ts";
import type { DohService } from "./service.ts";

/** An HTTP/1.1 connection. A request must be whole in the time the watch gives to messages, the first one's head included. */
class Http1Connection implements Watched, Peer {
  lastActive: number;
  partialSince: number;
  underWay = 0;
  readonly group: string;
  readonly #socket: Socket;

  constructor(socket: Socket, now: number) {
    this.#socket = socket;
    this.lastActive = now;
    this.partialSince = now;
    this.group = addressGroup(socket.remoteAddress);
  }

  get address(): string {
    return this.#socket.remoteAddress ?? "";
  }

  get port(): number {
    return this.#socket.remotePort ?? 0;
  }

  end(): void {
    this.#socket.destroy();
  }
}

/** The modest path for clients without HTTP/2: node's own server, fed with the sockets ALPN gave to it. */
export interface Http1 {
  /** Serves a connection; false if there is no room for it. */
  accept(socket: Socket): boolean;
  close(): void;
}

export function createHttp1(service: DohService, maxBody: number, watch: Watch<Watched>): Http1 {
  const connections = new WeakMap<Socket, Http1Connection>();
  // The watch keeps all times: node's own checks run only in servers that listen themselves.
  const server: Server = createServer({ keepAliveTimeout: 0, maxHeaderSize: 16_384 });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection === undefined) {
      socket.destroy();
      return;
    }
    connection.underWay++;
    connection.partialSince = watch.now();
    response.on("close", () => {
      connection.underWay--;
      connection.lastActive = watch.now();
    });
    const parts: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBody) parts.push(chunk);
      else {
        request.removeAllListeners("end");
        response.setHeader("connection", "close");
        write(response, { status: 413, body: "too large\n" });
      }
    });
    request.on("error", () => response.destroy());
    request.on("end", () => {
      connection.partialSince = -1;
      const headers = new Map<string, string>();
      for (const [name, value] of Object.entries(request.headers))
        headers.set(name, Array.isArray(value) ? value.join(", ") : String(value));
      const path = request.url ?? "/";
      const method = request.method ?? "GET";
      service
        .respond({ method, path, headers, body: Buffer.concat(parts), peer: connection })
        .then((answer) => write(response, answer, method === "HEAD"));
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());

  return {
    accept(socket) {
      const connection = new Http1Connection(socket, watch.now());
      if (!watch.admit(connection)) return false;
      connections.set(socket, connection);
      socket.on("close", () => watch.release(connection));
      server.emit("connection", socket);
      return true;
    },
    close: () => void server.close(),
  };
}

function write(response: ServerResponse, answer: HttpResponse, isHead = false): void {
  if (response.destroyed || response.headersSent) return;
  const given = answer.body ?? "";
  const body = typeof given === "string" ? Buffer.from(given, "utf8") : given;
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  response.end(isHead ? undefined : body);
}
