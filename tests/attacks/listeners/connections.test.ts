import { buildQuery, createVirtualClock, encodeName, listenDot, listenTcp } from "@tolldns/dns";
import { expect } from "chai";
import { openTcp, openTls, type StreamClient } from "../../dns/support/clients.ts";
import { countingResolver, testCertificate } from "../../dns/support/servers.ts";

const query = buildQuery({ name: encodeName("a.example"), type: 1 });

async function openMany(count: number, open: () => Promise<StreamClient>): Promise<StreamClient[]> {
  const clients: StreamClient[] = [];
  while (clients.length < count)
    clients.push(...(await Promise.all(Array.from({ length: Math.min(100, count - clients.length) }, open))));
  return clients;
}

describe("thousands of idle connections", () => {
  it("cost little memory, and a new client is served beside them", async () => {
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler, maxConnectionsPerAddress: 5000 });
    const before = process.memoryUsage().rss;
    const idle = await openMany(2000, () => openTcp(listener.port));
    const client = await openTcp(listener.port);
    client.send(query);
    await client.until(({ answers }) => answers.length === 1);
    // Both ends of each live in this process.
    expect(process.memoryUsage().rss - before).to.be.below(150e6);
    expect(listener.stats().connections).to.equal(2001);
    for (const one of [...idle, client]) one.end();
    await listener.close();
  });

  it("are ended by one timer once their time is up", async () => {
    const clock = createVirtualClock();
    const { handler } = countingResolver();
    const listener = await listenTcp({
      port: 0,
      handler,
      clock,
      maxConnectionsPerAddress: 5000,
      messageMs: 60_000,
      idleMs: 20_000,
    });
    const idle = await openMany(1000, () => openTcp(listener.port));
    for (let i = 0; i < 100 && listener.stats().connections < 1000; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    clock.advance(21_000);
    await Promise.all(idle.map((client) => client.until(({ closed }) => closed)));
    expect(listener.stats()).to.deep.include({ connections: 0, evicted: 1000 });
    await listener.close();
  });

  it("from one address are refused beyond its share", async () => {
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler, maxConnectionsPerAddress: 10 });
    const clients = await openMany(10, () => openTcp(listener.port));
    const eleventh = await openTcp(listener.port);
    await eleventh.until(({ closed }) => closed);
    expect(listener.stats()).to.deep.include({ connections: 10, dropped: 1 });
    clients[0]?.end();
    for (let i = 0; i < 100 && listener.stats().connections > 9; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const next = await openTcp(listener.port);
    next.send(query);
    await next.until(({ answers }) => answers.length === 1);
    for (const client of [...clients, next]) client.end();
    await listener.close();
  });

  it("make room for a new one when all places are taken", async () => {
    const clock = createVirtualClock();
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler, clock, maxConnections: 20 });
    const clients: StreamClient[] = [];
    for (let i = 0; i < 21; i++) {
      const client = await openTcp(listener.port);
      client.send(query);
      await client.until(({ answers }) => answers.length === 1);
      clients.push(client);
      clock.advance(10);
    }
    await clients[0]?.until(({ closed }) => closed);
    expect(listener.stats()).to.deep.include({ connections: 20, evicted: 1 });
    for (const client of clients) client.end();
    await listener.close();
  });

  it("inside handshakes count as connections", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenDot({ port: 0, handler, certificate, maxConnectionsPerAddress: 5 });
    const silent = await openMany(5, () => openTcp(listener.port));
    for (let i = 0; i < 100 && listener.stats().connections < 5; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const refused = await openTls(listener.port, ca).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
    for (const client of silent) client.end();
    for (let i = 0; i < 100 && listener.stats().connections > 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const client = await openTls(listener.port, ca);
    client.send(query);
    await client.until(({ answers }) => answers.length === 1);
    client.end();
    await listener.close();
  });
});
