import { encodeOption, questionFor, TYPE } from "@tolldns/dns";
import { decodeAcknowledgement, EDNS_OPTION_TOLL, parseDiscovery } from "@tolldns/sdk";
import { expect } from "chai";
import { REFUSALS } from "../../clients/gateway/src/toll/refusal.ts";
import {
  askPaid,
  askUnpaid,
  clientOf,
  enterBy,
  handedPayer,
  PRICE,
  read,
  sendToll,
  startTolled,
  type Tolled,
} from "./support/gateways.ts";
import { HANDED_LEDGER } from "./support/handed-chain.ts";
import { tickBytes, voucherBytes } from "./support/payer.ts";

describe("a gateway that charges", function () {
  this.timeout(60_000);
  let stand: Tolled;
  let lane = 0;

  before(async () => {
    stand = await startTolled();
  });

  after(async () => {
    await stand.close();
  });

  for (const protocol of ["udp", "tcp", "dot"] as const) {
    describe(`over ${protocol}`, () => {
      it("answers paid queries and takes vouchers by the EDNS option", async () => {
        const client = clientOf(stand.gateway, protocol);
        const payer = handedPayer(stand, lane++);
        try {
          await enterBy(client, payer, stand.time.now());
          for (let i = 0; i < 8; i++) {
            const said = await askPaid(client, payer, `${protocol}${i}.example`);
            expect(said).to.include({ rcode: 0, answers: 1, refusal: 0 });
          }
          const due = tickBytes(payer);
          expect(await askPaid(client, payer, "more.example", due)).to.include({
            rcode: 5,
            refusal: REFUSALS.voucherDue,
            text: "voucher-due",
          });
          const said = await sendToll(client, voucherBytes(payer, stand.time.now(), 80n));
          expect(said.rcode).to.equal(0);
          const kept = decodeAcknowledgement(said.option as Uint8Array);
          expect(kept).to.include({ acknowledged: 80n, consumed: 80n });
          expect(await askPaid(client, payer, "more.example", due)).to.include({ rcode: 0, answers: 1 });
        } finally {
          await client.close();
        }
      });

      it("says payment-required to unpaid queries", async () => {
        const client = clientOf(stand.gateway, protocol);
        const said = await askUnpaid(client, "unpaid.example");
        expect(said).to.include({
          rcode: 5,
          refusal: REFUSALS.paymentRequired,
          text: "payment-required",
          answers: 0,
        });
        await client.close();
      });

      it("tells a stale voucher's sender what it holds", async () => {
        const client = clientOf(stand.gateway, protocol);
        const payer = handedPayer(stand, lane++);
        await enterBy(client, payer, stand.time.now());
        await sendToll(client, voucherBytes(payer, stand.time.now(), 500n));
        const said = await sendToll(client, voucherBytes(payer, stand.time.now(), 499n));
        expect(said).to.include({ rcode: 5, refusal: REFUSALS.voucherStale });
        expect(decodeAcknowledgement(said.option as Uint8Array)).to.include({
          acknowledged: 500n,
          consumed: 0n,
        });
        await client.close();
      });
    });
  }

  it("publishes the discovery document as TXT", async () => {
    const client = clientOf(stand.gateway, "tcp");
    const message = await client.ask(questionFor("toll.tolldns", TYPE.TXT, { class: 3 }));
    let at = message.length;
    const text = Buffer.from(message).toString("latin1");
    at = text.indexOf('{"protocol"');
    let json = "";
    // Strings of 255 bytes, each after its length.
    for (let length = message[at - 1] as number; ; length = message[at++] as number) {
      json += text.slice(at, at + length);
      at += length;
      if (length < 255) break;
    }
    const discovery = parseDiscovery(JSON.parse(json));
    expect(discovery).to.deep.include({ tickPrice: PRICE, k: 8, t: 60, free: false, minReserve: 1000n });
    if (!discovery.charges) throw new Error("published as free of charge");
    expect(Buffer.from(discovery.ledger).equals(HANDED_LEDGER)).to.equal(true);
    expect(discovery.dotPort).to.equal(stand.gateway.addresses.dot?.port);
    await client.close();
  });

  it("cuts the discovery document over UDP, so that it can't be used against others", async () => {
    const client = clientOf(stand.gateway, "udp");
    const { gateway } = stand;
    const before = gateway.status().queries;
    const message = await client.ask(questionFor("toll.tolldns", TYPE.TXT, { class: 3 }));
    // The client came back over TCP by itself.
    expect(read(message)).to.include({ rcode: 0, answers: 1 });
    expect(gateway.status().queries).to.equal(before + 2);
    await client.close();
  });

  it("stops serving a lane the moment the chain says its close is pending", async () => {
    const client = clientOf(stand.gateway, "dot");
    const payer = handedPayer(stand, 7);
    await enterBy(client, payer, stand.time.now());
    expect(await askPaid(client, payer, "before.example")).to.include({ rcode: 0 });
    stand.chain.setLane(7, {
      state: "closing",
      generation: 1,
      sessionKey: payer.signer.publicKey,
      reserve: 1_000_000n,
      settled: 0n,
      deadline: Math.floor(stand.time.now()) + 86_400,
    });
    stand.chain.publish();
    expect(await askPaid(client, payer, "after.example")).to.include({
      rcode: 5,
      refusal: REFUSALS.laneClosing,
      text: "lane-closing",
    });
    await client.close();
  });

  it("counts what it earns", async () => {
    const kept: bigint[] = [];
    const own = await startTolled({ onVoucher: (voucher) => kept.push(voucher.cumulative) });
    const client = clientOf(own.gateway, "tcp");
    const payer = handedPayer(own, 1);
    await enterBy(client, payer, own.time.now());
    for (let i = 0; i < 5; i++) await askPaid(client, payer, "earned.example");
    await sendToll(client, voucherBytes(payer, own.time.now(), 50n));
    await askUnpaid(client, "unpaid.example");
    const { chain, ...status } = own.gateway.status();
    expect(status).to.include({ queries: 8, hits: 4, misses: 1, paid: 5, refused: 1 });
    expect(status).to.include({ tolls: 5n * PRICE, vouchers: 1, promised: 50n, sessions: 1 });
    expect(chain?.slot).to.be.greaterThan(100);
    expect(kept).to.deep.equal([50n]);
    await client.close();
    await own.close();
  });

  it("answers a retransmitted query again without a charge", async () => {
    const client = clientOf(stand.gateway, "udp");
    const payer = handedPayer(stand, 6);
    await enterBy(client, payer, stand.time.now());
    const options = encodeOption(EDNS_OPTION_TOLL, tickBytes(payer));
    const before = stand.gateway.status().tolls;
    for (let i = 0; i < 3; i++) {
      const said = read(await client.ask(questionFor("again.example", TYPE.A), { options }));
      expect(said).to.include({ rcode: 0, answers: 1 });
    }
    expect(stand.gateway.status().tolls - before).to.equal(PRICE);
    await client.close();
  });
});
