import { createWatch, type Watched } from "./bounds.ts";
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
  const http1 = createHttp1(service, maxBody, watch);
  const { server, bound, release } = await bindSecure(
    options,
    "DoH",
    ["h2", "http/1.1"],
    stats,
    watch,
    (socket) => {
      const isServed =
        socket.alpnProtocol === "h2" ? watch.admit(new Http2Session(socket, context)) : http1.accept(socket);
      if (isServed) return;
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
