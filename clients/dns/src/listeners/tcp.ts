import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { DnsError } from "../errors.ts";
import { createWatch, type StreamBounds, type Watched } from "./bounds.ts";
import { type Listener, type ListenOptions, type MutableStats, newStats } from "./handler.ts";
import { StreamConnection } from "./stream.ts";

export interface TcpOptions extends ListenOptions, StreamBounds {}

/** Binds a stream server. @throws DnsError `listen-failed` */
export async function bindServer(server: Server, options: ListenOptions, name: string): Promise<AddressInfo> {
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new DnsError("listen-failed", `${name} ${host} port ${options.port}: ${cause.message}`, { cause }),
      );
    server.once("error", fail);
    const reusePort = options.reusePort ?? false;
    server.listen({ host, port: options.port, reusePort, ipv6Only: true, backlog: 1024 }, () => {
      server.off("error", fail);
      resolve();
    });
  });
  server.on("error", () => {});
  return server.address() as AddressInfo;
}

/** A {@link Listener} around a bound stream server. */
export function streamListener(
  server: Server,
  bound: AddressInfo,
  stats: MutableStats,
  count: () => number,
  endAll: () => void,
): Listener {
  let closing: Promise<void> | undefined;
  return {
    address: bound.address,
    port: bound.port,
    stats: () => ({ ...stats, connections: count() }),
    close: () => {
      closing ??= new Promise<void>((resolve) => {
        server.close(() => resolve());
        endAll();
      });
      return closing;
    },
  };
}

/**
 * Listens for queries over TCP (RFC 7766): pipelined, answered out of order, bounded.
 *
 * @throws DnsError `listen-failed`
 */
export async function listenTcp(options: TcpOptions): Promise<Listener> {
  const stats = newStats();
  const watch = createWatch<Watched>(options, () => stats.evicted++);
  const context = {
    handler: options.handler,
    transport: "tcp" as const,
    localOption: options.localOption ?? 0,
    stats,
    watch,
    bounds: options,
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket: Socket) => {
    const connection = new StreamConnection(socket, context);
    if (watch.admit(connection)) return;
    stats.dropped++;
    socket.destroy();
  });
  const bound = await bindServer(server, options, "TCP");
  return streamListener(
    server,
    bound,
    stats,
    () => watch.size,
    () => {
      watch.close();
      for (const connection of [...watch.all()]) connection.end();
    },
  );
}
