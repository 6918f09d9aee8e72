import { connect, type Socket } from "node:net";
import { buildQuery, encodeName, questionFor, TYPE } from "@tolldns/dns";
import { encodeTick } from "@tolldns/sdk";
import { expect } from "chai";
import { createBuckets } from "../../../clients/gateway/src/limits/buckets.ts";
import { createFlights } from "../../../clients/gateway/src/limits/flights.ts";
import { hashNetwork } from "../../../clients/gateway/src/limits/prefix.ts";
import { createResponseLimit } from "../../../clients/gateway/src/limits/responses.ts";
import { REFUSALS } from "../../../clients/gateway/src/toll/refusal.ts";
import {
  askDoh,
  askPaid,
  askUnpaid,
  clientOf,
  enterBy,
  handedPayer,
  httpClientOf,
  read,
  sendToll,
  startTolled,
  type Tolled,
} from "../../gateway/support/gateways.ts";
import { createPayer, openBytes, tickBytes } from "../../gateway/support/payer.ts";

describe("attacks by strangers", function () {
  this.timeout(60_000);
  let stand: Tolled | undefined;

  afterEach(async () => {
    await stand?.close();
    stand = undefined;
  });

  it("gives each bad payment its own documented answer, on DNS and on DoH", async () => {
    stand = await startTolled({ toll: { terms: { tickPrice: 10n, k: 4, t: 60, sessionSeconds: 600 } } });
    const dns = clientOf(stand.gateway, "tcp");
    const web = httpClientOf(stand.gateway);
    const payer = handedPayer(stand, 0);
    payer.chain = { ...payer.chain };
    await enterBy(dns, payer, stand.time.now());
    await askPaid(dns, payer, "first.example", tickBytes(payer, 1));
    const foreign = createPayer({ ledger: payer.ledger, lane: 5, price: 10n });
    const cases: readonly [string, Uint8Array | undefined, number, number][] = [
      ["missing", undefined, REFUSALS.paymentRequired, 402],
      ["malformed", Uint8Array.of(1, 2, 3), REFUSALS.malformed, 400],
      [
        "of no session",
        encodeTick({ session: new Uint8Array(8), index: 1, tick: new Uint8Array(32) }),
        REFUSALS.sessionUnknown,
        402,
      ],
      [
        "forged",
        encodeTick({ session: payer.session, index: 2, tick: new Uint8Array(32).fill(7) }),
        REFUSALS.tickWrong,
        402,
      ],
      ["of another chain", tickBytes({ ...foreign, session: payer.session }, 2), REFUSALS.tickWrong, 402],
      ["replayed", tickBytes(payer, 1), REFUSALS.tickReplayed, 402],
      [
        "exhausted",
        encodeTick({ session: payer.session, index: 1025, tick: new Uint8Array(32) }),
        REFUSALS.chainExhausted,
        402,
      ],
      ["unpaid for too long", tickBytes(payer, 9), REFUSALS.voucherDue, 402],
    ];
    for (const [what, tick, refusal, status] of cases) {
      const said =
        tick === undefined ? await askUnpaid(dns, "x.example") : await askPaid(dns, payer, "x.example", tick);
      expect(said, what).to.include({ rcode: 5, refusal, answers: 0 });
      expect(await askDoh(web, "x.example", tick), what).to.include({ status, code: refusal });
    }
    stand.time.offset += 600;
    expect(await askPaid(dns, payer, "x.example", tickBytes(payer, 2))).to.include({
      refusal: REFUSALS.sessionExpired,
    });
    expect(stand.gateway.status().tolls).to.equal(10n);
    web.close();
    await dns.close();
  });

  it("costs a stranger's refused query no question upstream and no session", async () => {
    stand = await startTolled();
    const dns = clientOf(stand.gateway, "tcp");
    for (let i = 0; i < 50; i++) await askUnpaid(dns, `free${i}.example`);
    expect(stand.upstream.asked()).to.equal(0);
    expect(stand.gateway.status()).to.include({ sessions: 0, cacheEntries: 0 });
    await dns.close();
  });

  it("lets a network have only so many bad openings verified", async () => {
    stand = await startTolled({ limits: { paymentRate: 1 } });
    const dns = clientOf(stand.gateway, "tcp");
    const honest = handedPayer(stand, 0);
    const forger = createPayer({ ledger: honest.ledger, lane: 0, price: 10n, seed: 77 });
    const answers: number[] = [];
    for (let i = 0; i < 20; i++)
      answers.push((await sendToll(dns, openBytes(forger, stand.time.now()))).refusal);
    expect(answers.slice(0, 5)).to.deep.equal(new Array(5).fill(REFUSALS.voucherSignature));
    expect(answers.slice(6)).to.deep.equal(new Array(14).fill(REFUSALS.rateLimited));
    await dns.close();
  });

  it("answers an unpaid flood over UDP by dropping and truncating, never by more than was asked", async () => {
    stand = await startTolled({ free: true, limits: { responseRate: 5, slip: 2, freeRate: 1e6 } });
    const { udp } = stand.gateway.addresses;
    const { createSocket } = await import("node:dgram");
    const socket = createSocket("udp4");
    const sizes: number[] = [];
    let truncated = 0;
    socket.on("message", (message) => {
      sizes.push(message.length);
      if (((message[2] as number) & 2) !== 0) truncated++;
    });
    const query = buildQuery({ name: encodeName("amplify.example"), type: TYPE.A, payloadSize: 4096 });
    for (let i = 0; i < 100; i++) {
      socket.send(query, udp?.port, udp?.host);
      if (i % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.close();
    expect(sizes.length).to.be.within(30, 70);
    expect(truncated).to.be.greaterThan(20);
    expect(Math.max(...sizes)).to.be.at.most(512);
    const sent = 100 * query.length;
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.lessThan(sent);
  });

  it("answers ANY with next to nothing", async () => {
    stand = await startTolled({ free: true });
    const dns = clientOf(stand.gateway, "tcp");
    const message = await dns.ask(questionFor("any.example", 255));
    expect(read(message)).to.include({ rcode: 0, answers: 1 });
    expect(message.length).to.be.lessThan(100);
    expect(stand.upstream.asked()).to.equal(0);
    await dns.close();
  });

  it("holds free clients to their rate, whatever paying ones do", async () => {
    stand = await startTolled({ free: true, limits: { freeRate: 1 } });
    const dns = clientOf(stand.gateway, "tcp");
    const payer = handedPayer(stand, 0);
    await enterBy(dns, payer, stand.time.now());
    const answers: number[] = [];
    for (let i = 0; i < 10; i++) answers.push((await askUnpaid(dns, "free.example")).refusal);
    expect(answers).to.deep.equal([0, 0, 0, 0, 0, 17, 17, 17, 17, 17]);
    expect(await askPaid(dns, payer, "free.example")).to.include({ rcode: 0, answers: 1 });
    await dns.close();
  });

  it("keeps the memory of its limits however many networks come", () => {
    const buckets = createBuckets({ rate: 1, burst: 2 });
    const responses = createResponseLimit(5, 2);
    const flights = createFlights(10);
    const before = buckets.bytes + responses.bytes + flights.bytes;
    for (let i = 0; i < 200_000; i++) {
      const network = hashNetwork(`${i & 255}.${(i >> 8) & 255}.${(i >> 16) & 255}.1`);
      buckets.take(network, i / 1000);
      responses.judge(network, i, i / 1000);
      flights.begin(network);
    }
    expect(buckets.bytes + responses.bytes + flights.bytes).to.equal(before);
    expect(before).to.be.lessThan(4 * 1024 * 1024);
  });

  it("counts clients by network, so that one can't have many addresses", () => {
    expect(hashNetwork("192.0.2.1")).to.equal(hashNetwork("192.0.2.254"));
    expect(hashNetwork("192.0.2.1")).not.to.equal(hashNetwork("192.0.3.1"));
    expect(hashNetwork("::ffff:192.0.2.9")).to.equal(hashNetwork("192.0.2.1"));
    expect(hashNetwork("2001:db8:1:ff01::1")).to.equal(hashNetwork("2001:db8:1:ffff:9:9:9:9"));
    expect(hashNetwork("2001:db8:1:ff01::1")).not.to.equal(hashNetwork("2001:db8:1:fe01::1"));
    expect(hashNetwork("2001:db8::1")).to.equal(hashNetwork("2001:db8:0:0:0:0:0:2"));
  });

  it("holds no more connections than it was allowed", async () => {
    stand = await startTolled({ limits: { maxConnections: 20 } });
    const at = stand.gateway.addresses.tcp as { host: string; port: number };
    const sockets: Socket[] = [];
    for (let i = 0; i < 60; i++) {
      const socket = connect(at.port, at.host);
      socket.on("error", () => {});
      sockets.push(socket);
    }
    const open = () => sockets.filter((socket) => !socket.destroyed && socket.readyState === "open").length;
    for (let i = 0; i < 500 && (open() > 20 || sockets.some((one) => one.connecting)); i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(open()).to.be.at.most(20);
    const dns = clientOf(stand.gateway, "tcp");
    expect(await askUnpaid(dns, "still.example")).to.include({ refusal: REFUSALS.paymentRequired });
    for (const socket of sockets) socket.destroy();
    await dns.close();
  });
});
