import { connect, type Socket } from "node:net";
import { buildQuery, createVirtualClock, encodeName, listenDot, listenHttps, listenTcp } from "@tolldns/dns";
import { expect } from "chai";
import { frame, openTcp, openTls } from "../../dns/support/clients.ts";
import { countingResolver, testCertificate } from "../../dns/support/servers.ts";
import { frameOf, getHead, openRawHttp2 } from "./support/http2.ts";

/** Until what was written has surely been read at the other end. */
const tick = () => new Promise((resolve) => setTimeout(resolve, 100));
const whole = frame(buildQuery({ name: encodeName("a.example"), type: 1 }));

async function isClosed(socket: Socket): Promise<boolean> {
  socket.on("error", () => {});
  socket.resume();
  for (let i = 0; i < 100 && !socket.closed; i++) await tick();
  return socket.closed;
}

describe("slow-loris", () => {
  it("on TCP: a message that trickles in is given five seconds, however lively the trickle", async () => {
    const clock = createVirtualClock();
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler, clock });
    const client = await openTcp(listener.port);
    for (let i = 0; i < 6; i++) {
      client.socket.write(whole.subarray(i, i + 1));
      await tick();
      clock.advance(1000);
    }
    await client.until(({ closed }) => closed);
    expect(listener.stats().evicted).to.equal(1);
    await listener.close();
  });

  it("on TCP: a connection that says nothing is given five seconds", async () => {
    const clock = createVirtualClock();
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler, clock });
    const client = await openTcp(listener.port);
    await tick();
    clock.advance(5500);
    await client.until(({ closed }) => closed);
    await listener.close();
  });

  it("on TCP: announcing 65 535 bytes reserves none of them", async () => {
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler });
    const before = process.memoryUsage().arrayBuffers;
    const clients = await Promise.all(Array.from({ length: 500 }, () => openTcp(listener.port)));
    for (const client of clients) client.socket.write(Buffer.of(255, 255, 0));
    await tick();
    expect(process.memoryUsage().arrayBuffers - before).to.be.below(16e6);
    for (const client of clients) client.end();
    await listener.close();
  });

  for (const protocol of ["DoT", "DoH"])
    it(`in a TLS handshake with ${protocol} is given five seconds`, async () => {
      const clock = createVirtualClock();
      const { certificate } = await testCertificate();
      const { handler } = countingResolver();
      const listen = protocol === "DoT" ? listenDot : listenHttps;
      const listener = await listen({ port: 0, handler, certificate, clock });
      const socket = connect(listener.port, "127.0.0.1");
      await new Promise((resolve) => socket.once("connect", resolve));
      socket.write(Buffer.of(0x16, 3, 1));
      await tick();
      clock.advance(5500);
      expect(await isClosed(socket)).to.equal(true);
      expect(listener.stats().evicted).to.equal(1);
      await listener.close();
    });

  it("inside TLS on DoT: half a message is given five seconds", async () => {
    const clock = createVirtualClock();
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenDot({ port: 0, handler, certificate, clock });
    const client = await openTls(listener.port, ca);
    client.socket.write(whole.subarray(0, 9));
    await tick();
    clock.advance(5500);
    await client.until(({ closed }) => closed);
    await listener.close();
  });

  for (const [what, bytes] of [
    ["half a frame", frameOf(1, 5, 1, getHead("/x")).subarray(0, 11)],
    ["a head without end", frameOf(1, 1, 1, getHead("/x"))],
    ["a body without end", frameOf(1, 4, 1, getHead("/x"))],
  ] as const)
    it(`on HTTP/2: ${what} is given five seconds`, async () => {
      const clock = createVirtualClock();
      const { certificate, ca } = await testCertificate();
      const { handler } = countingResolver();
      const listener = await listenHttps({ port: 0, handler, certificate, clock });
      const client = await openRawHttp2(listener.port, ca);
      client.socket.write(bytes);
      await tick();
      clock.advance(5500);
      expect(await isClosed(client.socket)).to.equal(true);
      await listener.close();
    });

  it("on HTTP/1.1: headers that trickle in are cut off", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenHttps({ port: 0, handler, certificate, messageMs: 300 });
    const client = await openTls(listener.port, ca, { ALPNProtocols: ["http/1.1"] });
    client.socket.write("GET / HTTP/1.1\r\nhost: x\r\n");
    expect(await isClosed(client.socket)).to.equal(true);
    await listener.close();
  });
});
