import { createWatch, type Watched } from "./bounds.ts";
import { type Listener, newStats } from "./handler.ts";
import { bindSecure, type SecureOptions } from "./secure.ts";
import { StreamConnection } from "./stream.ts";
import { streamListener } from "./tcp.ts";

export type DotOptions = SecureOptions;

/**
 * Listens for queries over TLS (RFC 7858) with ALPN `dot`; clients without ALPN are served too.
 *
 * @throws DnsError `listen-failed`
 */
export async function listenDot(options: DotOptions): Promise<Listener> {
  const stats = newStats();
  const watch = createWatch<Watched>(options, () => stats.evicted++);
  const context = {
    handler: options.handler,
    transport: "dot" as const,
    localOption: options.localOption ?? 0,
    stats,
    watch,
    bounds: options,
  };
  const { server, bound, release } = await bindSecure(options, "DoT", ["dot"], stats, watch, (socket) => {
    const connection = new StreamConnection(socket, context);
    if (watch.admit(connection)) return;
    stats.dropped++;
    socket.destroy();
  });
  return streamListener(
    server,
    bound,
    stats,
    () => watch.size,
    () => {
      release();
      watch.close();
      for (const connection of [...watch.all()]) connection.end();
    },
  );
}
