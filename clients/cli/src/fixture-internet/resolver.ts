import { createSocket } from "node:dgram";
import { createServer, type Socket } from "node:net";
import { decode, encode } from "dns-packet";
import type { Endpoint } from "./authority.ts";
import type { Found } from "./recursor.ts";

const RECURSION_AVAILABLE = 1 << 7;
const TRUNCATED = 1 << 9;

/** A resolver over UDP and TCP on a port of loopback, 0 for a free one, in front of a recursor. */
export async function startResolver(
  resolve: (name: string, type: string) => Promise<Found>,
  wanted = 0,
): Promise<{ readonly endpoint: Endpoint; close(): Promise<void> }> {
  const host = "127.0.0.1";
  const streams = new Set<Socket>();
  const tcp = createServer((socket) => {
    streams.add(socket);
    socket.once("close", () => streams.delete(socket));
    socket.on("error", () => socket.destroy());
    let pending = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const end = 2 + pending.readUInt16BE(0);
        void respond(resolve, pending.subarray(2, end), 65_535).then((answer) => {
          if (answer === undefined || socket.destroyed) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          socket.write(Buffer.concat([length, answer]));
        });
        pending = pending.subarray(end);
      }
    });
  });
  await new Promise<void>((done, failed) => tcp.once("error", failed).listen(wanted, host, done));
  const { port } = tcp.address() as { port: number };
  const udp = createSocket("udp4");
  await new Promise<void>((done, failed) => udp.once("error", failed).bind(port, host, done));
  udp.on("message", (message, from) => {
    void respond(resolve, message, 1232).then(
      (answer) => answer && udp.send(answer, from.port, from.address),
    );
  });
  return {
    endpoint: { host, port },
    async close() {
      for (const socket of streams) socket.destroy();
      await Promise.all([
        new Promise<void>((done) => udp.close(() => done())),
        new Promise<void>((done) => tcp.close(() => done())),
      ]);
    },
  };
}

async function respond(
  resolve: (name: string, type: string) => Promise<Found>,
  message: Buffer,
  limit: number,
): Promise<Buffer | undefined> {
  let query: ReturnType<typeof decode>;
  try {
    query = decode(message);
  } catch {
    return undefined;
  }
  const question = query.questions?.[0];
  if (query.type !== "query" || question === undefined) return undefined;
  const found = await resolve(question.name, question.type).catch(() => ({
    rcode: 2,
    answers: [],
    authorities: [],
  }));
  const flags = RECURSION_AVAILABLE | ((query.flags ?? 0) & (1 << 8)) | found.rcode;
  const base = { type: "response" as const, id: query.id ?? 0, questions: [question] };
  const full = encode({ ...base, flags, answers: [...found.answers], authorities: [...found.authorities] });
  return full.length <= limit ? full : encode({ ...base, flags: flags | TRUNCATED });
}
