import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HttpResponse } from "./routes.ts";
import type { DohService } from "./service.ts";

/** The modest path for clients without HTTP/2: node's own server, fed with the sockets ALPN gave to it. */
export function createHttp1(service: DohService, maxBody: number, messageMs: number, idleMs: number): Server {
  const server = createServer({
    keepAliveTimeout: idleMs,
    headersTimeout: messageMs,
    requestTimeout: messageMs,
    connectionsCheckingInterval: Math.max(50, Math.min(1000, messageMs / 2)),
    maxHeaderSize: 16_384,
  });
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
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
      const { socket } = request;
      const headers = new Map<string, string>();
      for (const [name, value] of Object.entries(request.headers))
        headers.set(name, Array.isArray(value) ? value.join(", ") : String(value));
      service
        .respond({
          method: request.method ?? "GET",
          path: request.url ?? "/",
          headers,
          body: Buffer.concat(parts),
          peer: { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 },
        })
        .then((answer) => write(response, answer, request.method === "HEAD"));
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

function write(response: ServerResponse, answer: HttpResponse, isHead = false): void {
  if (response.destroyed || response.headersSent) return;
  const given = answer.body ?? "";
  const body = typeof given === "string" ? Buffer.from(given, "utf8") : given;
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  response.end(isHead ? undefined : body);
}
