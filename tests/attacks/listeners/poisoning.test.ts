import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { createUpstream, type DnsError, questionFor, TYPE, type Upstream } from "@tolldns/dns";
import { expect } from "chai";
import packet from "dns-packet";
import { frame } from "../../dns/support/clients.ts";
import { decode } from "../../dns/support/messages.ts";
import { bindBoth } from "../../dns/support/ports.ts";
import { optRecord } from "../../support/opt.ts";

const question = questionFor("victim.example", TYPE.A);
const GOOD = "192.0.2.1";
const EVIL = "203.0.113.66";

/** An answer to a query with its question echoed byte for byte. */
function reply(query: Buffer, address: string): Buffer {
  const name = packet.decode(query).questions?.[0]?.name ?? "";
  const made = packet.encode({
    type: "response",
    id: query.readUInt16BE(0),
    flags: 0x180,
    questions: [{ name, type: "A" }],
    answers: [{ type: "A", name, ttl: 60, data: address }],
  });
  query.copy(made, 12, 12, 12 + name.length + 2);
  return made;
}

/** A server on UDP and TCP, whose UDP side an attacker may anticipate; its TCP side is honest. */
async function contested(
  onUdp: (query: Buffer, from: RemoteInfo, socket: Socket) => void,
  run: (upstream: Upstream) => Promise<void>,
  options: { cookies?: boolean } = {},
) {
  const tcp: Server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => socket.write(frame(reply(chunk.subarray(2), GOOD))));
  });
  const { port, udp } = await bindBoth(tcp);
  udp.on("message", (query, from) => onUdp(query, from, udp));
  const upstream = createUpstream({
    protocol: "udp",
    address: "127.0.0.1",
    port,
    timeoutMs: 800,
    ...options,
  });
  try {
    await run(upstream);
  } finally {
    await upstream.close();
    udp.close();
    await new Promise((resolve) => tcp.close(resolve));
  }
}

const addressOf = async (upstream: Upstream) => {
  const [record] = decode(await upstream.ask(question)).answers ?? [];
  return record?.type === "A" ? record.data : undefined;
};

describe("forged answers", () => {
  it("of a wrong id are thrown away, and the right one is taken", () =>
    contested(
      (query, from, socket) => {
        for (let i = 1; i < 50; i++) {
          const forged = reply(query, EVIL);
          forged.writeUInt16BE((query.readUInt16BE(0) + i) & 0xffff);
          socket.send(forged, from.port, from.address);
        }
        socket.send(reply(query, GOOD), from.port, from.address);
      },
      async (upstream) => {
        expect(await addressOf(upstream)).to.equal(GOOD);
        expect(upstream.stats().mismatched).to.equal(49);
      },
    ));

  it("from a wrong port never reach the question", () => {
    const attacker = createSocket("udp4");
    return contested(
      (query, from, socket) => {
        // All right but for the port it comes from.
        attacker.send(reply(query, EVIL), from.port, from.address, () =>
          setTimeout(() => socket.send(reply(query, GOOD), from.port, from.address), 30),
        );
      },
      async (upstream) => {
        expect(await addressOf(upstream)).to.equal(GOOD);
      },
    ).finally(() => attacker.close());
  });

  it("in a wrong case of letters make us ask over TCP", () =>
    contested(
      (query, from, socket) => {
        const forged = reply(query, EVIL);
        for (let i = 13; i < 19; i++) forged[i] = (forged[i] as number) ^ 0x20;
        socket.send(forged, from.port, from.address);
      },
      async (upstream) => {
        expect(await addressOf(upstream)).to.equal(GOOD);
      },
    ));

  it("to another question are thrown away, and too many make us ask over TCP", () =>
    contested(
      (query, from, socket) => {
        for (let i = 0; i < 3; i++) {
          const forged = reply(query, EVIL);
          forged[forged.indexOf(Buffer.from([0, 1, 0, 1]))] = i + 1;
          socket.send(forged, from.port, from.address);
        }
      },
      async (upstream) => {
        expect(await addressOf(upstream)).to.equal(GOOD);
        expect(upstream.stats().mismatched).to.equal(3);
      },
    ));

  it("with a wrong cookie are thrown away", () =>
    contested(
      (query, from, socket) => {
        const made = packet.encode({
          type: "response",
          id: query.readUInt16BE(0),
          flags: 0x180,
          questions: [{ name: packet.decode(query).questions?.[0]?.name ?? "", type: "A" }],
          answers: [{ type: "A", name: "victim.example", ttl: 60, data: EVIL }],
          additionals: [optRecord([{ code: 10, data: Buffer.alloc(16, 1) }])],
        });
        query.copy(made, 12, 12, 12 + "victim.example".length + 2);
        socket.send(made, from.port, from.address);
        setTimeout(() => socket.send(reply(query, GOOD), from.port, from.address), 30);
      },
      async (upstream) => {
        expect(await addressOf(upstream)).to.equal(GOOD);
      },
    ));

  it("that are queries, or nothing at all, are no answers", () =>
    contested(
      (query, from, socket) => {
        socket.send(query, from.port, from.address);
        socket.send(Buffer.alloc(0), from.port, from.address);
        socket.send(query.subarray(0, 11), from.port, from.address);
        setTimeout(() => socket.send(reply(query, GOOD), from.port, from.address), 30);
      },
      async (upstream) => {
        expect(await addressOf(upstream)).to.equal(GOOD);
      },
    ));

  it("over TCP from a server that answers another question fail as such", async () => {
    const tcp = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (chunk) => {
        const forged = reply(chunk.subarray(2), EVIL);
        forged[14] = 0x78;
        socket.write(frame(forged));
      });
    });
    await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
    const { port } = tcp.address() as { port: number };
    const upstream = createUpstream({ protocol: "tcp", address: "127.0.0.1", port, timeoutMs: 800 });
    const error = (await upstream.ask(question).catch((caught: unknown) => caught)) as DnsError;
    expect(error.code).to.equal("exchange-mismatch");
    await upstream.close();
    await new Promise((resolve) => tcp.close(resolve));
  });
});
