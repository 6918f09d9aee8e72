import type { TLSSocket } from "node:tls";
import { addressGroup, createWatch, type Watched } from "./bounds.ts";
import { type Listener, newStats } from "./handler.ts";
import { createHttp1 } from "./http1.ts";
import { Http2Session } from "./http2/session.ts";
import type { Route } from "./routes.ts";
import { bindSecure, type SecureOptions } from "./secure.ts";
import { createDohService } from "./service.ts";
import { streamListener } from "./tcp.ts";

export interface HttpsOptions extends SecureOptions {
  /** Path of DoH. Default `/dns-query`. */
  readonly path?: string;
  /** Request header whose base64url value is handed on as `query.local`; none if left out. */
  readonly localHeader?: string;
  /** Answers requests to other paths. Default: 404. */
  readonly route?: Route;
  /** Most bytes of a request's body. Default 65 535. */
  readonly maxBody?: number;
}

const NOT_FOUND = {
  status: 404,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: "not found\n",
};

/** An HTTP/1.1 connection: node's server keeps its times, the watch its count. */
class Http1Connection implements Watched {
  lastActive = Number.POSITIVE_INFINITY;
  partialSince = 0;
  underWay = 0;
  readonly group: string;
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket, group: string) {
    this.#socket = socket;
    this.group = group;
  }

  end(): void {
    this.#socket.destroy();
  }
}

/**
 * Listens for DNS over HTTPS (RFC 8484, GET and POST, and the JSON form) and ordinary requests, over HTTP/2 and HTTP/1.1
 * as ALPN decides.
 *
 * @throws DnsError `listen-failed`
 */
export async function listenHttps(options: HttpsOptions): Promise<Listener> {
  const stats = newStats();
  const maxBody = options.maxBody ?? 65_535;
  const service = createDohService({
    handler: options.handler,
    localOption: options.localOption ?? 0,
    localHeader: options.localHeader ?? "",
    path: options.path ?? "/dns-query",
    route: options.route ?? (() => NOT_FOUND),
    stats,
  });
  const watch = createWatch<Watched>(options, () => stats.evicted++);
  const context = { service, stats, watch, bounds: options, maxBody };
  const http1 = createHttp1(service, maxBody, options.messageMs ?? 5000, options.idleMs ?? 20_000);
  const { server, bound, release } = await bindSecure(
    options,
    "DoH",
    ["h2", "http/1.1"],
    stats,
    watch,
    (socket) => {
      if (socket.alpnProtocol === "h2") {
        const session = new Http2Session(socket, context);
        if (watch.admit(session)) return;
      } else {
        const connection = new Http1Connection(socket, addressGroup(socket.remoteAddress));
        if (watch.admit(connection)) {
          socket.on("close", () => watch.release(connection));
          http1.emit("connection", socket);
          return;
        }
      }
      stats.dropped++;
      socket.destroy();
    },
  );
  return streamListener(
    server,
    bound,
    stats,
    () => watch.size,
    () => {
      release();
      watch.close();
      http1.close();
      for (const connection of [...watch.all()]) connection.end();
    },
  );
}
