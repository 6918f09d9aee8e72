import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { type Answer, type DecodedPacket, decode, encode } from "dns-packet";
import type { Endpoint } from "./authority.ts";

/** What following the delegations found. */
export interface Found {
  readonly rcode: number;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
}

const TRUNCATED = 1 << 9;
const TIMEOUT_MS = 1_000;

/**
 * Follows delegations from the roots, as a recursor does, for machines without Unbound. A fixture: no cache, no DNSSEC, and it
 * trusts glue, which is right only for servers of one's own.
 */
export function createRecursor(roots: readonly string[], route: (address: string) => Endpoint | undefined) {
  return async function resolve(name: string, type: string): Promise<Found> {
    const answers: Answer[] = [];
    let at = name;
    for (let aliases = 0; aliases < 8; aliases++) {
      const reply = await descend(at, type, 0);
      answers.push(...(reply.answers ?? []));
      const last = answers.at(-1);
      if (last?.type !== "CNAME" || type === "CNAME" || type === "ANY")
        return { rcode: (reply.flags ?? 0) & 15, answers, authorities: reply.authorities ?? [] };
      at = last.data;
    }
    return { rcode: 2, answers: [], authorities: [] };
  };

  async function descend(name: string, type: string, depth: number): Promise<DecodedPacket> {
    let servers: readonly string[] = roots;
    for (let cuts = 0; cuts < 12; cuts++) {
      const reply = await askAny(servers, name, type);
      const cut = (reply.authorities ?? []).flatMap((record) => (record.type === "NS" ? [record.data] : []));
      const final = (reply.answers ?? []).length > 0 || cut.length === 0 || ((reply.flags ?? 0) & 15) !== 0;
      if (final) return reply;
      servers = await addressesOf(cut, reply.additionals ?? [], depth);
    }
    throw new Error("too many delegations");
  }

  async function addressesOf(
    hosts: readonly string[],
    additionals: readonly Answer[],
    depth: number,
  ): Promise<string[]> {
    const glue = additionals.flatMap((record) =>
      record.type === "A" && hosts.includes(record.name) ? [record.data] : [],
    );
    if (glue.length > 0) return glue;
    if (depth > 3 || hosts[0] === undefined) throw new Error("a delegation without addresses");
    const reply = await descend(hosts[0], "A", depth + 1);
    return (reply.answers ?? []).flatMap((record) => (record.type === "A" ? [record.data] : []));
  }

  async function askAny(servers: readonly string[], name: string, type: string): Promise<DecodedPacket> {
    for (const address of servers) {
      const endpoint = route(address);
      if (endpoint === undefined) continue;
      const reply = await ask(endpoint, name, type).catch(() => undefined);
      if (reply !== undefined) return reply;
    }
    throw new Error(`no server for ${name} answers`);
  }
}

async function ask(endpoint: Endpoint, name: string, type: string): Promise<DecodedPacket> {
  const id = randomInt(65_536);
  const query = encode({
    type: "query",
    id,
    flags: 0,
    questions: [{ name, type: type as "A", class: "IN" }],
  });
  const reply = decode(await askUdp(endpoint, query, id));
  return ((reply.flags ?? 0) & TRUNCATED) === 0 ? reply : decode(await askTcp(endpoint, query));
}

function askUdp({ host, port }: Endpoint, query: Buffer, id: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const done = (error: Error | null, answer?: Buffer) => {
      clearTimeout(timer);
      socket.close();
      if (answer === undefined) reject(error);
      else resolve(answer);
    };
    const timer = setTimeout(() => done(new Error("no answer")), TIMEOUT_MS);
    socket.on("error", (error) => done(error));
    socket.on(
      "message",
      (answer) => answer.length > 2 && answer.readUInt16BE(0) === id && done(null, answer),
    );
    socket.connect(port, host, () => socket.send(query));
  });
}

function askTcp({ host, port }: Endpoint, query: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let got = Buffer.alloc(0);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.length);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error("no answer")));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed before an answer")));
    socket.on("data", (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      resolve(got.subarray(2, 2 + got.readUInt16BE(0)));
      socket.destroy();
    });
    socket.end(Buffer.concat([length, query]));
  });
}
