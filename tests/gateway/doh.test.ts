import {
  decodeAcknowledgement,
  findTollError,
  parseDiscovery,
  SESSION_PATH,
  VOUCHER_PATH,
} from "@tolldns/sdk";
import { expect } from "chai";
import { REFUSALS } from "../../clients/gateway/src/toll/refusal.ts";
import {
  askDoh,
  type HttpClient,
  handedPayer,
  httpClientOf,
  PRICE,
  read,
  startTolled,
  type Tolled,
} from "./support/gateways.ts";
import { entered, openBytes, type Payer, tickBytes, voucherBytes } from "./support/payer.ts";

describe("a gateway that charges, over DoH", function () {
  this.timeout(60_000);
  let stand: Tolled;
  let client: HttpClient;
  let payer: Payer;
  let lane = 0;

  before(async () => {
    stand = await startTolled();
    client = httpClientOf(stand.gateway);
  });

  after(async () => {
    client.close();
    await stand.close();
  });

  beforeEach(async () => {
    payer = handedPayer(stand, lane++ % 8);
    stand.time.offset += 1;
    const said = await client.send(SESSION_PATH, { body: openBytes(payer, stand.time.now()) });
    expect(said.status, said.body.toString()).to.equal(200);
    expect(said.type).to.equal("application/octet-stream");
    entered(payer, said.body);
  });

  it("publishes its terms", async () => {
    const said = await client.send("/.well-known/tolldns");
    expect(said.status).to.equal(200);
    expect(said.type).to.equal("application/json");
    const discovery = parseDiscovery(JSON.parse(said.body.toString()));
    expect(discovery).to.deep.include({ tickPrice: PRICE, classes: { standard: 1 }, dohPath: "/dns-query" });
  });

  it("answers queries with a tick in the header and takes vouchers by POST", async () => {
    for (let i = 0; i < 8; i++) {
      const said = await askDoh(client, `doh${i}.example`, tickBytes(payer));
      expect(said.status).to.equal(200);
      expect(read(said.body)).to.include({ rcode: 0, answers: 1 });
    }
    const due = tickBytes(payer);
    expect(await askDoh(client, "due.example", due)).to.include({ status: 402, code: REFUSALS.voucherDue });
    const said = await client.send(VOUCHER_PATH, { body: voucherBytes(payer, stand.time.now(), 80n) });
    expect(said.status).to.equal(200);
    expect(decodeAcknowledgement(said.body)).to.include({ acknowledged: 80n, consumed: 80n });
    expect((await askDoh(client, "due.example", due)).status).to.equal(200);
  });

  it("answers 402 with problem details to an unpaid query", async () => {
    const said = await askDoh(client, "unpaid.example");
    expect(said).to.include({
      status: 402,
      type: "application/problem+json",
      code: REFUSALS.paymentRequired,
    });
    expect(JSON.parse(said.body.toString())).to.deep.equal({
      type: "https://tolldns.org/errors/payment-required",
      title: findTollError(1)?.title,
      status: 402,
      code: 1,
      detail: findTollError(1)?.hint,
    });
  });

  it("answers 400 to what is no toll", async () => {
    for (const toll of ["AA", "AQIDBA", "not base64url!", "A".repeat(400)]) {
      const said = await client.send("/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB", {
        headers: { toll },
      });
      expect(said, toll).to.include({ status: 400 });
    }
  });

  it("tells how far the lane is with a stale voucher", async () => {
    await client.send(VOUCHER_PATH, { body: voucherBytes(payer, stand.time.now(), 300n) });
    const said = await client.send(VOUCHER_PATH, { body: voucherBytes(payer, stand.time.now(), 299n) });
    expect(said).to.include({ status: 402, code: REFUSALS.voucherStale });
    expect(JSON.parse(said.body.toString())).to.include({ acknowledged: "300", consumed: "0" });
  });

  it("takes toll messages by POST only", async () => {
    for (const path of [SESSION_PATH, VOUCHER_PATH]) expect((await client.send(path)).status).to.equal(405);
    expect((await client.send(VOUCHER_PATH, { body: new Uint8Array(3) })).status).to.equal(400);
    expect((await client.send("/elsewhere")).status).to.equal(404);
  });
});
