import { createSocket, type RemoteInfo } from "node:dgram";
import { isIPv6 } from "node:net";
import { DnsError } from "../errors.ts";
import { MAX_MESSAGE_BYTES } from "../wire/constants.ts";
import { type Peer, parseQuery, Query } from "../wire/query.ts";
import { SERVER_PAYLOAD_SIZE, writeTruncated } from "../wire/reply.ts";
import { answerMalformed, messageOf, runHandler, whenAnswered } from "./answering.ts";
import { type Listener, type ListenOptions, newStats } from "./handler.ts";

export interface UdpOptions extends ListenOptions {
  /** Largest answer in bytes, whatever the client announces. Default 1232. */
  readonly maxAnswer?: number;
  /** Bytes of answers the kernel hasn't taken yet, beyond which answers are dropped. Default 4 MiB. */
  readonly maxQueuedBytes?: number;
  /** Socket buffers in bytes; the system's default if left out. */
  readonly receiveBuffer?: number;
  readonly sendBuffer?: number;
}

/** Answers are written one after another into this; it is left to pending sends only when the kernel lags. */
const RING_BYTES = 256 * 1024;
const RING_SPARE = MAX_MESSAGE_BYTES + 1024;

/**
 * Listens for queries over UDP (RFC 1035 section 4.2.1), answers cut to what the client and `maxAnswer` allow.
 *
 * @throws DnsError `listen-failed`
 */
export async function listenUdp(options: UdpOptions): Promise<Listener> {
  const { handler } = options;
  const host = options.host ?? "127.0.0.1";
  const localOption = options.localOption ?? 0;
  const maxAnswer = options.maxAnswer ?? SERVER_PAYLOAD_SIZE;
  const maxQueuedBytes = options.maxQueuedBytes ?? 4 * 1024 * 1024;
  const type = isIPv6(host) ? "udp6" : "udp4";
  const socket = createSocket({
    type,
    ...(type === "udp6" ? { ipv6Only: true } : {}),
    ...(options.reusePort === undefined ? {} : { reusePort: options.reusePort }),
    ...(options.receiveBuffer === undefined ? {} : { recvBufferSize: options.receiveBuffer }),
    ...(options.sendBuffer === undefined ? {} : { sendBufferSize: options.sendBuffer }),
    // Addresses are numeric already. The default look-up would cost a turn of the event loop for each send.
    lookup: (address, _options, callback) => callback(null, address, type === "udp6" ? 6 : 4),
  });
  const stats = newStats();
  const query = new Query();
  query.transport = "udp";
  let out = Buffer.allocUnsafeSlow(RING_BYTES + RING_SPARE);
  let at = 0;
  let closed = false;

  const send = (bytes: Uint8Array, from: number, length: number, to: Peer) => {
    if (to.port === 0 || closed) return;
    stats.answers++;
    socket.send(bytes, from, length, to.port, to.address);
  };

  const advance = (length: number) => {
    at += length;
    if (at < RING_BYTES) return;
    at = 0;
    // Sends are done at once unless the kernel's buffer is full; then the bytes must stay as they are.
    if (socket.getSendQueueCount() > 0) out = Buffer.allocUnsafeSlow(RING_BYTES + RING_SPARE);
  };

  socket.on("message", (message: Buffer, from: RemoteInfo) => {
    const result = parseQuery(query, message, 0, message.length, localOption);
    query.peer = from;
    query.limit = Math.min(query.payloadSize, maxAnswer);
    if (result !== "ok") {
      const length = answerMalformed(result, stats, query, out, at);
      if (length === 0) return;
      send(out, at, length, from);
      return advance(length);
    }
    const answer = runHandler(handler, stats, query, out, at);
    if (typeof answer === "number") {
      if (answer === 0) return;
      // Whatever the handler says, nobody is sent more than the limit: forged addresses are what it protects.
      const length = answer > query.limit ? writeTruncated(query, out, at) : answer;
      if (socket.getSendQueueSize() > maxQueuedBytes) {
        stats.dropped++;
        return;
      }
      send(out, at, length, from);
      return advance(length);
    }
    if (!(answer instanceof Promise)) return;
    const kept = query.keep();
    whenAnswered(answer, stats, kept, (later) => {
      let bytes = messageOf(later);
      if (bytes === undefined || bytes.length === 0 || closed) return;
      if (bytes.length > kept.limit) {
        const cut = new Uint8Array(1024);
        bytes = cut.subarray(0, writeTruncated(kept, cut, 0));
      }
      if (socket.getSendQueueSize() > maxQueuedBytes) stats.dropped++;
      else send(bytes, 0, bytes.length, from);
    });
  });
  // A client's ICMP error must not end the listener.
  socket.on("error", () => {
    stats.dropped++;
  });

  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new DnsError("listen-failed", `UDP ${host} port ${options.port}: ${cause.message}`, { cause }));
    socket.once("error", fail);
    socket.bind(options.port, host, () => {
      socket.off("error", fail);
      resolve();
    });
  });
  const bound = socket.address();
  return {
    address: bound.address,
    port: bound.port,
    stats: () => ({ ...stats }),
    close: () =>
      new Promise((resolve) => {
        if (closed) return resolve();
        closed = true;
        socket.close(() => resolve());
      }),
  };
}
