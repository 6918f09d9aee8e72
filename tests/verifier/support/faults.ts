import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server, type Socket as TcpSocket } from "node:net";
import { freePort } from "./zone.ts";

/** What a fault does to an answer of the resolver behind it; null says nothing at all. Bytes are whole DNS messages. */
export type Fault = (answer: Buffer, query: Buffer) => Buffer | null;

/** A resolver that lies in one way and is right in all others: speaks DNS over UDP and TCP, and asks a real one. */
export interface FaultyResolver {
  readonly port: number;
  setFault(fault: Fault | null): void;
  /** Queries that came, as they came, over UDP. */
  readonly queries: { readonly bytes: Buffer; readonly port: number }[];
  /** Their like over TCP. */
  readonly streams: Buffer[];
  close(): Promise<void>;
}

/** Starts it in front of the resolver at this port of 127.0.0.1. */
export async function startFaulty(behind: number): Promise<FaultyResolver> {
  const port = await freePort();
  let fault: Fault | null = null;
  const queries: FaultyResolver["queries"] = [];
  const streams: Buffer[] = [];
  const udp = createSocket("udp4");
  const sockets = new Set<Socket | TcpSocket>([udp]);
  const apply = (answer: Buffer, query: Buffer) =>
    fault === null ? answer : fault(Buffer.from(answer), query);

  udp.on("message", (query, from) => {
    queries.push({ bytes: Buffer.from(query), port: from.port });
    const ask = createSocket("udp4");
    sockets.add(ask);
    const done = () => {
      if (sockets.delete(ask)) ask.close();
    };
    const timer = setTimeout(done, 4_000);
    ask.on("error", done);
    ask.on("message", (answer) => {
      clearTimeout(timer);
      done();
      const given = apply(answer, query);
      if (given !== null) udp.send(given, from.port, from.address);
    });
    ask.send(query, behind, "127.0.0.1");
  });
  udp.on("error", () => {});

  const tcp: Server = createServer((client) => {
    sockets.add(client);
    client.on("error", () => {});
    client.on("close", () => sockets.delete(client));
    let rest = Buffer.alloc(0);
    client.on("data", (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
        const query = Buffer.from(rest.subarray(2, 2 + rest.readUInt16BE(0)));
        rest = rest.subarray(2 + query.length);
        streams.push(query);
        void askTcp(behind, query).then((answer) => {
          const given = answer === null ? null : apply(answer, query);
          if (given === null || client.destroyed) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(given.length);
          client.write(Buffer.concat([length, given]));
        });
      }
    });
  });
  await new Promise<void>((resolve) => udp.bind(port, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => tcp.listen(port, "127.0.0.1", resolve));
  return {
    port,
    setFault(next) {
      fault = next;
    },
    queries,
    streams,
    close: async () => {
      for (const socket of sockets) "destroy" in socket ? socket.destroy() : socket.close();
      // What is still under way finds its socket gone from here.
      sockets.clear();
      await new Promise<void>((resolve) => tcp.close(() => resolve()));
    },
  };
}

async function askTcp(port: number, query: Buffer): Promise<Buffer | null> {
  const { connect } = await import("node:net");
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let got = Buffer.alloc(0);
    socket.setTimeout(4_000, () => socket.destroy());
    socket.on("error", () => resolve(null));
    socket.on("close", () => resolve(null));
    socket.on("connect", () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
    socket.on("data", (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      resolve(Buffer.from(got.subarray(2, 2 + got.readUInt16BE(0))));
      socket.destroy();
    });
  });
}

/** Response code instead of its own, without records. */
export const rcodeFault =
  (rcode: number): Fault =>
  (answer) => {
    const end = questionEnd(answer);
    const out = Buffer.from(answer.subarray(0, end));
    out[3] = ((out[3] as number) & 0xf0) | rcode;
    out.fill(0, 6, 12);
    return out;
  };

export const servfail = rcodeFault(2);
export const nxdomain = rcodeFault(3);
export const silent: Fault = () => null;

/** Changes the last byte of the first record of the answer that has this type. */
export const lie =
  (type: number): Fault =>
  (answer) => {
    const at = recordsOf(answer).find((record) => record.section === 0 && record.type === type);
    if (at !== undefined) answer[at.end - 1] = (answer[at.end - 1] as number) ^ 0xff;
    return answer;
  };

/** Leaves records out by section (0 answer, 1 authority, 2 additional) and type. */
export const strip =
  (
    leave: (record: { readonly section: number; readonly type: number; readonly place: number }) => boolean,
  ): Fault =>
  (answer) => {
    const records = recordsOf(answer);
    const kept = records.filter((record) => !leave(record));
    // Pointers count from the message's begin: only whole tails may go, or records whose names others don't point into.
    const out = Buffer.concat([
      answer.subarray(0, questionEnd(answer)),
      ...kept.map(({ start, end }) => answer.subarray(start, end)),
    ]);
    for (const section of [0, 1, 2])
      out.writeUInt16BE(kept.filter((record) => record.section === section).length, 6 + 2 * section);
    return out;
  };

/** Takes AD away, or sets it. */
export const ad =
  (set: boolean): Fault =>
  (answer) => {
    answer[3] = ((answer[3] as number) & ~0x20) | (set ? 0x20 : 0);
    return answer;
  };

/** Answers every query with what it answered to the first with this question. */
export function stale(): Fault {
  const first = new Map<string, Buffer>();
  return (answer, query) => {
    const key = query.subarray(12).toString("latin1").toLowerCase().slice(0, 40);
    const old = first.get(key) ?? answer;
    first.set(key, old);
    const out = Buffer.from(old);
    query.copy(out, 0, 0, 2);
    // The question's letters as they were asked.
    query.copy(out, 12, 12, questionEnd(query));
    return out;
  };
}

/** Cuts the answer in the middle of its records, and says nothing of it. */
export const cut: Fault = (answer) => {
  const records = recordsOf(answer).filter(({ section }) => section === 0);
  const kept = records.slice(0, Math.ceil(records.length / 2));
  const end = kept.at(-1)?.end ?? questionEnd(answer);
  const opt = recordsOf(answer).filter(({ type }) => type === 41);
  const out = Buffer.concat([
    answer.subarray(0, end),
    ...opt.map((record) => answer.subarray(record.start, record.end)),
  ]);
  out.writeUInt16BE(kept.length, 6);
  out.writeUInt16BE(0, 8);
  out.writeUInt16BE(opt.length, 10);
  return out;
};

/** Bytes that are no message after the question. */
export const garbage: Fault = (answer) => {
  answer.fill(0xff, questionEnd(answer));
  return answer;
};

interface Found {
  readonly section: number;
  readonly type: number;
  readonly start: number;
  readonly end: number;
  /** Among those of its section. */
  readonly place: number;
}

function recordsOf(message: Buffer): Found[] {
  const found: Found[] = [];
  let at = questionEnd(message);
  for (const section of [0, 1, 2])
    for (let place = 0; place < message.readUInt16BE(6 + 2 * section); place++) {
      const start = at;
      at = skipName(message, at);
      const type = message.readUInt16BE(at);
      at += 10 + message.readUInt16BE(at + 8);
      found.push({ section, type, start, end: at, place });
    }
  return found;
}

const questionEnd = (message: Buffer): number => skipName(message, 12) + 4;

function skipName(message: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const length = message[at] as number;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    at += length + 1;
  }
}
