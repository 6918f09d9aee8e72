import { connect } from "node:net";
import {
  buildQuery,
  createVirtualClock,
  encodeName,
  type Handler,
  listenDot,
  listenTcp,
  type Query,
  writeError,
} from "@tolldns/dns";
import { expect } from "chai";
import { frame, openTcp, openTls, StreamClient } from "../support/clients.ts";
import { decode } from "../support/messages.ts";
import { countingResolver, testCertificate } from "../support/servers.ts";

const query = (name: string, id = 1) => buildQuery({ id, name: encodeName(name), type: 1 });

/** A handler that answers `slow...` names when told to, others at once. */
function slowHandler() {
  const waiting: (() => void)[] = [];
  const answer = (given: Query) => {
    const out = new Uint8Array(1024);
    return out.slice(0, writeError(given, out, 0, 0));
  };
  const handler: Handler = (given, out, at) => {
    if (!given.name.startsWith("slow")) return writeError(given, out, at, 0);
    const kept = given.keep();
    return new Promise((resolve) => waiting.push(() => resolve(answer(kept))));
  };
  return { handler, waiting };
}

describe("the TCP listener", () => {
  for (const host of ["127.0.0.1", "::1"])
    it(`answers pipelined queries on ${host}`, async () => {
      const { handler } = countingResolver();
      const listener = await listenTcp({ port: 0, host, handler });
      const client = await openTcp(listener.port, host);
      client.send(...Array.from({ length: 300 }, (_, i) => query(`n${i % 50}.example`, i)));
      await client.until(({ answers }) => answers.length === 300);
      expect(client.answers.map((bytes) => bytes.readUInt16BE(0)).sort((a, b) => a - b)).to.deep.equal([
        ...Array(300).keys(),
      ]);
      client.end();
      await listener.close();
    });

  it("does not hold up answers behind a slow one (RFC 7766)", async () => {
    const { handler, waiting } = slowHandler();
    const listener = await listenTcp({ port: 0, handler });
    const client = await openTcp(listener.port);
    client.send(query("slow", 1), query("fast", 2));
    await client.until(({ answers }) => answers.length === 1);
    expect(decode(client.answers[0] as Buffer).id).to.equal(2);
    waiting[0]?.();
    await client.until(({ answers }) => answers.length === 2);
    client.end();
    await listener.close();
  });

  it("puts messages together however they are cut", async () => {
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler });
    const client = await openTcp(listener.port);
    const bytes = frame(query("one.example", 1), query("two.example", 2), query("three.example", 3));
    for (let at = 0; at < bytes.length; at += 7) {
      client.socket.write(bytes.subarray(at, at + 7));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.until(({ answers }) => answers.length === 3);
    for (const byte of frame(query("four.example", 4))) {
      client.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.until(({ answers }) => answers.length === 4);
    client.end();
    await listener.close();
  });

  it("still answers a client that has closed its own side", async () => {
    const { handler, waiting } = slowHandler();
    const listener = await listenTcp({ port: 0, handler });
    const client = new StreamClient(connect({ port: listener.port, host: "127.0.0.1", allowHalfOpen: true }));
    client.socket.end(frame(query("slow", 9)));
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting[0]?.();
    await client.until(({ answers, closed }) => answers.length === 1 && closed);
    await listener.close();
  });

  it("sends answers up to the largest a stream can carry", async () => {
    const handler: Handler = (given, out, at) => {
      const length = writeError(given, out, at, 0);
      out.fill(7, at + length, at + 65_535);
      return 65_535;
    };
    const listener = await listenTcp({ port: 0, handler });
    const client = await openTcp(listener.port);
    client.send(query("a", 1), query("b", 2), query("c", 3));
    await client.until(({ answers }) => answers.length === 3);
    expect(client.answers.map((bytes) => [bytes.readUInt16BE(0), bytes.length])).to.deep.equal([
      [1, 65_535],
      [2, 65_535],
      [3, 65_535],
    ]);
    client.end();
    await listener.close();
  });

  it("ends a connection without queries after its idle time, and not one that waits for an answer", async () => {
    const clock = createVirtualClock();
    const { handler, waiting } = slowHandler();
    const listener = await listenTcp({ port: 0, handler, clock, idleMs: 10_000 });
    const idle = await openTcp(listener.port);
    const busy = await openTcp(listener.port);
    idle.send(query("fast"));
    busy.send(query("slow"));
    await idle.until(({ answers }) => answers.length === 1);
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(11_000);
    await idle.until(({ closed }) => closed);
    expect(busy.closed).to.equal(false);
    waiting[0]?.();
    await busy.until(({ answers }) => answers.length === 1);
    busy.end();
    await listener.close();
  });

  it("stops reading a client that doesn't take its answers", async () => {
    const handler: Handler = (given, out, at) => {
      writeError(given, out, at, 0);
      return 20_000;
    };
    const listener = await listenTcp({ port: 0, handler, maxUnreadBytes: 100_000 });
    const client = await openTcp(listener.port);
    client.socket.pause();
    for (let i = 0; i < 3000; i++) client.send(query("a", i));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const seen = listener.stats().queries;
    expect(seen).to.be.below(2900);
    client.socket.resume();
    await client.until(({ answers }) => answers.length === 3000);
    client.end();
    await listener.close();
  });

  it("shares its port with another listener that asks to", async () => {
    const { handler } = countingResolver();
    const first = await listenTcp({ port: 0, handler, reusePort: true });
    const second = await listenTcp({ port: first.port, handler, reusePort: true });
    const clients = await Promise.all(Array.from({ length: 40 }, () => openTcp(first.port)));
    for (const client of clients) client.send(query("a.example"));
    await Promise.all(clients.map((client) => client.until(({ answers }) => answers.length === 1)));
    const counts = [first.stats().queries, second.stats().queries];
    for (const client of clients) client.end();
    await Promise.all([first.close(), second.close()]);
    expect((counts[0] as number) + (counts[1] as number)).to.equal(40);
    expect(Math.min(...counts)).to.be.above(0);
  });
});

describe("the DoT listener", () => {
  it("answers with ALPN dot and without ALPN, and pads for those who pad", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenDot({ port: 0, handler, certificate });
    for (const ALPNProtocols of [["dot"], undefined]) {
      const client = await openTls(listener.port, ca, ALPNProtocols === undefined ? {} : { ALPNProtocols });
      client.send(buildQuery({ id: 1, name: encodeName("a.example"), type: 1, padding: true }));
      await client.until(({ answers }) => answers.length === 1);
      expect(client.answers[0]).to.have.length(468);
      expect(client.socket.alpnProtocol).to.equal(ALPNProtocols === undefined ? false : "dot");
      client.end();
    }
    await listener.close();
  });

  it("resumes a session by its ticket", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenDot({ port: 0, handler, certificate });
    const first = await openTls(listener.port, ca);
    const ticket = new Promise<Buffer>((resolve) => first.socket.once("session", resolve));
    first.send(query("a.example"));
    const session = await ticket;
    const second = await openTls(listener.port, ca, { session });
    expect(second.socket.isSessionReused()).to.equal(true);
    first.end();
    second.end();
    await listener.close();
  });

  it("serves a replaced certificate to new connections and keeps the old ones", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenDot({ port: 0, handler, certificate });
    const before = await openTls(listener.port, ca);
    const { ensureDevelopmentCertificate } = await import("@tolldns/dns");
    const { mkdtemp, rm } = await import("node:fs/promises");
    const dir = await mkdtemp("/tmp/tolldns-dns-");
    const other = await ensureDevelopmentCertificate(dir, ["localhost"]);
    certificate.replace(other.pair);
    const after = await openTls(listener.port, other.ca);
    expect(after.socket.getPeerCertificate().fingerprint256).to.not.equal(
      before.socket.getPeerCertificate().fingerprint256,
    );
    before.send(query("a.example"));
    await before.until(({ answers }) => answers.length === 1);
    before.end();
    after.end();
    await listener.close();
    await rm(dir, { recursive: true });
  });
});
