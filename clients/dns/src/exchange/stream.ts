import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { DnsError } from "../errors.ts";
import { buildQuery } from "../wire/build.ts";
import type { Question } from "../wire/question.ts";
import { type Carrier, type CarrierContext, optionsOf, withoutId } from "./carrier.ts";
import type { Deadline } from "./deadlines.ts";
import { drawId, matchAnswer } from "./match.ts";
import type { AskExtras, UpstreamOptions } from "./upstream.ts";

/** Questions on one connection before another is opened beside it. */
const MAX_PER_CONNECTION = 1024;

interface Asked extends Deadline {
  readonly question: Question;
  readonly extras: AskExtras;
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (error: DnsError) => void;
  sent: Uint8Array;
  connection: Connection | undefined;
  tries: number;
}

interface Connection {
  readonly socket: Socket;
  readonly pending: Map<number, Asked>;
  /** Answers so far: a connection that ends after some was closed for being idle, and the question may be asked again. */
  answered: number;
  /** Bytes of answers not whole yet. */
  rest: Buffer;
  /** Queries of this turn, written together. */
  outgoing: Uint8Array[];
  lastUsed: number;
  open: boolean;
}

/** TLS options that check a server by name or by address. */
export function tlsOptionsOf(options: UpstreamOptions, port: number, alpn: string[]) {
  const name = options.serverName ?? options.address;
  return {
    host: options.address,
    port,
    // An address is no valid SNI (RFC 6066 section 3); it is then compared with the certificate's own addresses.
    ...(isIP(name) ? { host: name } : { servername: name }),
    ...(options.ca === undefined ? {} : { ca: options.ca as string | string[] }),
    ALPNProtocols: alpn,
    minVersion: "TLSv1.2" as const,
  };
}

/** What a failed connection means. */
export function connectionError(error: Error & { code?: string }, options: UpstreamOptions): DnsError {
  const code = error.code ?? "";
  const isTls = /^(ERR_TLS|ERR_SSL|EPROTO|CERT|DEPTH|UNABLE|SELF_SIGNED)/.test(code);
  return new DnsError(isTls ? "exchange-tls" : "exchange-refused", `${options.address}: ${error.message}`, {
    cause: error,
  });
}

/** Questions over TCP or TLS, pipelined on connections that are kept (RFC 7766, RFC 7858). */
export function createStreamCarrier(context: CarrierContext, secure: boolean): Carrier {
  const { clock, counters, deadlines, options, port } = context;
  const idleMs = options.idleMs ?? 10_000;
  const connections = new Set<Connection>();
  let session: Buffer | undefined;
  let closed = false;
  let stopIdle: (() => void) | undefined;

  const fail = (asked: Asked, error: DnsError) => {
    deadlines.delete(asked);
    asked.connection?.pending.delete(((asked.sent[0] as number) << 8) | (asked.sent[1] as number));
    asked.reject(error);
  };

  const drop = (connection: Connection, error: DnsError) => {
    if (!connections.delete(connection)) return;
    connection.open = false;
    connection.socket.destroy();
    if (connections.size === 0) {
      stopIdle?.();
      stopIdle = undefined;
    }
    const orphans = [...connection.pending.values()];
    connection.pending.clear();
    for (const asked of orphans) {
      asked.connection = undefined;
      // RFC 7766 section 6.2.4: a connection closed under a question is no answer to it; try once more, afresh.
      if (connection.answered > 0 && asked.tries < 2 && !closed) send(asked);
      else fail(asked, error);
    }
  };

  const read = (connection: Connection, chunk: Buffer) => {
    const bytes = connection.rest.length === 0 ? chunk : Buffer.concat([connection.rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      const length = bytes.readUInt16BE(at);
      if (bytes.length - at - 2 < length) break;
      receive(connection, bytes.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
    connection.rest = bytes.subarray(at);
  };

  const receive = (connection: Connection, bytes: Buffer) => {
    const id = bytes.length < 2 ? -1 : bytes.readUInt16BE(0);
    const asked = connection.pending.get(id);
    if (asked === undefined) {
      // Late, after its deadline; anything else on a connection of ours is the server's fault, and harmless.
      counters.mismatched++;
      return;
    }
    connection.pending.delete(id);
    connection.answered++;
    connection.lastUsed = clock.now();
    const match = matchAnswer(asked.sent, bytes);
    if (match === "ok" || match === "case") {
      deadlines.delete(asked);
      asked.resolve(withoutId(Uint8Array.from(bytes)));
      return;
    }
    counters.mismatched++;
    asked.connection = undefined;
    fail(asked, new DnsError("exchange-mismatch", `${options.address} answered another question`));
  };

  const flush = (connection: Connection) => {
    const { outgoing, socket } = connection;
    connection.outgoing = [];
    if (!connection.open || outgoing.length === 0) return;
    socket.write(outgoing.length === 1 ? (outgoing[0] as Uint8Array) : Buffer.concat(outgoing));
  };

  const connect = (): Connection => {
    counters.connections++;
    const socket = secure
      ? connectTls({ ...tlsOptionsOf(options, port, ["dot"]), ...(session === undefined ? {} : { session }) })
      : connectTcp({ host: options.address, port });
    socket.setNoDelay(true);
    const connection: Connection = {
      socket,
      pending: new Map(),
      answered: 0,
      rest: Buffer.alloc(0),
      outgoing: [],
      lastUsed: clock.now(),
      open: true,
    };
    connections.add(connection);
    socket.on("session", (given: Buffer) => {
      session = given;
    });
    socket.on("data", (chunk: Buffer) => read(connection, chunk));
    socket.on("error", (error) => drop(connection, connectionError(error, options)));
    socket.on("close", () =>
      drop(connection, new DnsError("exchange-closed", `${options.address} closed the connection`)),
    );
    stopIdle ??= clock.every(Math.max(100, idleMs / 4), () => {
      for (const one of [...connections])
        if (one.pending.size === 0 && clock.now() - one.lastUsed >= idleMs)
          drop(one, new DnsError("exchange-closed", "idle"));
    });
    return connection;
  };

  const choose = (): Connection => {
    for (const connection of connections)
      if (connection.open && !connection.socket.destroyed && connection.pending.size < MAX_PER_CONNECTION)
        return connection;
    return connect();
  };

  const send = (asked: Asked) => {
    const connection = choose();
    let id = drawId();
    while (connection.pending.has(id)) id = drawId();
    const { question } = asked;
    asked.tries++;
    asked.connection = connection;
    asked.sent = buildQuery({
      id,
      name: question.name,
      type: question.type,
      class: question.class,
      dnssecOk: question.dnssecOk,
      unchecked: question.unchecked,
      options: optionsOf(question, asked.extras),
      padding: secure,
    });
    connection.pending.set(id, asked);
    connection.lastUsed = clock.now();
    if (connection.outgoing.length === 0) setImmediate(flush, connection);
    const framed = new Uint8Array(2 + asked.sent.length);
    framed[0] = asked.sent.length >>> 8;
    framed[1] = asked.sent.length & 0xff;
    framed.set(asked.sent, 2);
    connection.outgoing.push(framed);
  };

  return {
    ask(question, extras, due) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new DnsError("exchange-closed", "the upstream is closed"));
        const asked: Asked = {
          question,
          extras,
          resolve,
          reject,
          sent: new Uint8Array(0),
          connection: undefined,
          tries: 0,
          due,
          retryAt: Number.POSITIVE_INFINITY,
          retry: () => {},
          expire: () => {
            const { connection } = asked;
            fail(asked, new DnsError("exchange-timeout", `${options.address} port ${port}`));
            // A connection on which nothing comes back is not asked again.
            if (connection !== undefined && connection.answered === 0)
              drop(connection, new DnsError("exchange-timeout", `${options.address} port ${port}`));
          },
        };
        deadlines.add(asked);
        send(asked);
      });
    },
    async close() {
      closed = true;
      for (const connection of [...connections])
        drop(connection, new DnsError("exchange-closed", "the upstream was closed"));
      stopIdle?.();
    },
  };
}
