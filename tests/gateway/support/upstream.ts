import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket as TcpSocket } from "node:net";
import { type Answer, decode, encode, type Packet } from "dns-packet";

/** What a fixture upstream does with a query: the answer's parts, bytes to send as they are, or nothing. */
export type Behaviour = (
  query: { readonly name: string; readonly type: string; readonly bytes: Buffer },
  via: "udp" | "tcp",
) => Reply | undefined | Promise<Reply | undefined>;

export interface Reply {
  readonly answers?: Answer[];
  readonly authorities?: Answer[];
  readonly additionals?: Answer[];
  readonly rcode?: number;
  /** Truncated. */
  readonly cut?: boolean;
  /** Sent instead of a message made from the parts. */
  readonly raw?: Buffer;
  /** TCP: end the connection by a reset instead of an answer. */
  readonly reset?: boolean;
  /** Reported as validated. */
  readonly authentic?: boolean;
}

/** A fixture: a DNS server on loopback, UDP and TCP on one port, that does what the test says. */
export interface FixtureUpstream {
  readonly port: number;
  /** Queries received. */
  readonly asked: () => number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

export async function startUpstream(behaviour: Behaviour, host = "127.0.0.1"): Promise<FixtureUpstream> {
  let behave = behaviour;
  let asked = 0;
  let closed = false;
  const sockets = new Set<TcpSocket>();

  const answer = async (bytes: Buffer, via: "udp" | "tcp"): Promise<Buffer | "reset" | null> => {
    let query: Packet;
    try {
      query = decode(bytes);
    } catch {
      return null;
    }
    asked++;
    const question = query.questions?.[0];
    if (question === undefined) return null;
    const reply = await behave(
      { ...query, name: question.name.toLowerCase(), type: question.type, bytes },
      via,
    );
    if (reply === undefined) return null;
    if (reply.reset === true) return "reset";
    if (reply.raw !== undefined) return reply.raw;
    const out = encode({
      type: "response",
      id: query.id ?? 0,
      flags: 0x0180 | (reply.cut === true ? 0x0200 : 0) | (reply.authentic === true ? 0x20 : 0),
      questions: query.questions ?? [],
      answers: reply.answers ?? [],
      authorities: reply.authorities ?? [],
      additionals: reply.additionals ?? [],
    });
    out[3] = ((out[3] as number) & 0xf0) | (reply.rcode ?? 0);
    // The question exactly as asked: dns-packet would lose nothing, but 0x20 is checked byte by byte.
    bytes.copy(out, 12, 12, 12 + questionLength(bytes));
    return out;
  };

  const udp: Socket = createSocket("udp4");
  udp.on("message", (message: Buffer, from: RemoteInfo) => {
    void answer(message, "udp").then((out) => {
      if (out instanceof Buffer && !closed) udp.send(out, from.port, from.address, () => {});
    });
  });
  udp.on("error", () => {});
  const tcp: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let held = Buffer.alloc(0);
    socket.on("data", (data) => {
      held = Buffer.concat([held, data]);
      while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
        const message = held.subarray(2, 2 + held.readUInt16BE(0));
        held = held.subarray(2 + message.length);
        void answer(Buffer.from(message), "tcp").then((out) => {
          if (out === "reset") socket.resetAndDestroy();
          else if (out !== null)
            socket.write(Buffer.concat([Buffer.from([out.length >> 8, out.length & 255]), out]));
        });
      }
    });
  });
  const port = await bindBoth(udp, tcp, host);
  return {
    port,
    asked: () => asked,
    behave(next) {
      behave = next;
    },
    async close() {
      closed = true;
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

/** TCP and UDP on one number: another process may hold the number for UDP, so a few are tried. */
async function bindBoth(udp: Socket, tcp: Server, host: string): Promise<number> {
  for (let tries = 0; ; tries++) {
    await once(tcp.listen(0, host), "listening");
    const { port } = tcp.address() as { port: number };
    try {
      udp.bind(port, host);
      await once(udp, "listening");
      return port;
    } catch (error) {
      if (tries === 16) throw error;
      await new Promise((resolve) => tcp.close(resolve));
    }
  }
}

function questionLength(bytes: Buffer): number {
  let at = 12;
  while (bytes[at] !== 0) at += (bytes[at] as number) + 1;
  return at + 5 - 12;
}

/** Answers every A query with one address and TTL. */
export function alwaysA(address: string, ttl = 300): Behaviour {
  return ({ name, type }) =>
    type === "A" ? { answers: [{ type: "A", name, ttl, data: address }] } : { answers: [] };
}
