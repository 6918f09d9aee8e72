import type { AddressInfo, Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Certificate, CertificatePair } from "../certificates.ts";
import { addressGroup, type StreamBounds, type Watch, type Watched } from "./bounds.ts";
import type { ListenOptions, MutableStats } from "./handler.ts";
import { bindServer } from "./tcp.ts";

export interface SecureOptions extends ListenOptions, StreamBounds {
  readonly certificate: Certificate;
  /** 48 bytes that several processes on one port share, so that a session made by one resumes at another. */
  readonly ticketKeys?: Buffer;
}

/** A bound TLS server. */
interface SecureServer {
  readonly server: Server;
  readonly bound: AddressInfo;
  /** Stops following the certificate. */
  release(): void;
}

/** A handshake under way: watched as a connection is, so that a slow one ends and all of them count. */
class Handshake implements Watched {
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

  end(): void {
    this.#socket.destroy();
  }
}

/**
 * Binds a TLS server, 1.2 or newer (RFC 8310 section 9), and hands over each connection whose handshake is done and that
 * the watch has room for.
 *
 * @throws DnsError `listen-failed`
 */
export async function bindSecure(
  options: SecureOptions,
  name: string,
  alpn: readonly string[],
  stats: MutableStats,
  watch: Watch<Watched>,
  accept: (socket: TLSSocket) => void,
): Promise<SecureServer> {
  const contextOf = (pair: CertificatePair) => ({
    cert: pair.cert,
    key: pair.key,
    minVersion: "TLSv1.2" as const,
    honorCipherOrder: true,
  });
  const server = createServer({
    ...contextOf(options.certificate.pair),
    ALPNProtocols: [...alpn],
    noDelay: true,
    // The watch ends slow handshakes on the listener's own clock; this is the net below it.
    handshakeTimeout: 60_000,
    ...(options.ticketKeys === undefined ? {} : { ticketKeys: options.ticketKeys }),
  });
  // A finished handshake is known only by its addresses: the TLS socket doesn't name the one below it.
  const handshakes = new Map<string, Handshake>();
  const keyOf = (socket: Socket) => `${socket.remoteAddress} ${socket.remotePort}`;
  server.on("connection", (socket: Socket) => {
    const handshake = new Handshake(socket, watch.now());
    if (!watch.admit(handshake)) {
      stats.dropped++;
      socket.destroy();
      return;
    }
    const key = keyOf(socket);
    handshakes.set(key, handshake);
    socket.on("close", () => {
      watch.release(handshake);
      if (handshakes.get(key) === handshake) handshakes.delete(key);
    });
  });
  server.on("secureConnection", (socket) => {
    const key = keyOf(socket);
    const handshake = handshakes.get(key);
    if (handshake !== undefined) {
      handshakes.delete(key);
      watch.release(handshake);
    }
    accept(socket);
  });
  server.on("tlsClientError", (_error, socket) => {
    stats.malformed++;
    socket.destroy();
  });
  const release = options.certificate.subscribe((pair) => server.setSecureContext(contextOf(pair)));
  const bound = await bindServer(server, options, name);
  return { server, bound, release };
}
