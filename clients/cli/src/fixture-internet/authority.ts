import { createSocket, type Socket as Udp } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { decode, encode, type Packet } from "dns-packet";
import { lookUp } from "./lookup.ts";
import type { Zone } from "./zone-file.ts";

/** Where a server really listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Authority {
  readonly endpoint: Endpoint;
  close(): Promise<void>;
}

const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;
const RECURSION_DESIRED = 1 << 8;
const RCODES = { NOERROR: 0, NXDOMAIN: 3, REFUSED: 5 } as const;

/** Serves zones over UDP and TCP on one address. @throws when the address or port can't be bound. */
export async function startAuthority(zones: readonly Zone[], { host, port }: Endpoint): Promise<Authority> {
  const tcp = createServer((socket) => serveStream(socket, zones));
  const bound = await listenTcp(tcp, host, port);
  const udp = createSocket("udp4");
  try {
    await bindUdp(udp, host, bound);
  } catch (error) {
    tcp.close();
    throw error;
  }
  udp.on("message", (message, from) => {
    const answer = respond(zones, message, true);
    if (answer !== undefined) udp.send(answer, from.port, from.address);
  });
  udp.on("error", () => {});
  const streams = new Set<Socket>();
  tcp.on("connection", (socket) => {
    streams.add(socket);
    socket.once("close", () => streams.delete(socket));
  });
  return {
    endpoint: { host, port: bound },
    async close() {
      for (const socket of streams) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(() => resolve())),
        new Promise<void>((resolve) => tcp.close(() => resolve())),
      ]);
    },
  };
}

function listenTcp(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      server.on("error", () => {});
      resolve((server.address() as { port: number }).port);
    });
  });
}

function bindUdp(socket: Udp, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, host, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

/** DNS over TCP: each message behind two bytes of length (RFC 1035, section 4.2.2). */
function serveStream(socket: Socket, zones: readonly Zone[]) {
  let pending = Buffer.alloc(0);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const answer = respond(zones, pending.subarray(2, end), false);
      pending = pending.subarray(end);
      if (answer === undefined) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.write(Buffer.concat([length, answer]));
    }
  });
}

function respond(zones: readonly Zone[], message: Buffer, datagram: boolean): Buffer | undefined {
  let query: Packet;
  try {
    query = decode(message);
  } catch {
    return undefined;
  }
  const question = query.questions?.[0];
  if (query.type !== "query" || question === undefined) return undefined;
  const found = lookUp(zones, question.name, question.type);
  const opt = query.additionals?.find((record) => record.type === "OPT");
  const edns: Packet["additionals"] =
    opt === undefined
      ? []
      : [
          {
            type: "OPT",
            name: ".",
            udpPayloadSize: 1232,
            flags: 0,
            options: [],
            extendedRcode: 0,
            ednsVersion: 0,
            flag_do: false,
          } as never,
        ];
  const flags =
    RCODES[found.rcode] |
    (found.authoritative ? AUTHORITATIVE : 0) |
    ((query.flags ?? 0) & RECURSION_DESIRED);
  const base = { type: "response" as const, id: query.id ?? 0, questions: [question] };
  const full = encode({
    ...base,
    flags,
    answers: [...found.answers],
    authorities: [...found.authorities],
    additionals: [...found.additionals, ...edns],
  });
  const offered = (opt as { udpPayloadSize?: number } | undefined)?.udpPayloadSize ?? 512;
  if (!datagram || full.length <= Math.max(512, Math.min(offered, 1232))) return full;
  return encode({ ...base, flags: flags | TRUNCATED, additionals: edns });
}
