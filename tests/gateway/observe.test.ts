import { expect } from "chai";
import { createLog } from "../../clients/gateway/src/observe/log.ts";
import {
  askPaid,
  askUnpaid,
  clientOf,
  enterBy,
  handedPayer,
  startTolled,
  type Tolled,
} from "./support/gateways.ts";

describe("what a gateway tells its operator", () => {
  let stand: Tolled;
  const lines: string[] = [];

  before(async () => {
    stand = await startTolled({
      metrics: { port: 0 },
      log: { level: "debug", write: (line) => lines.push(line) },
    });
    const client = clientOf(stand.gateway, "tcp");
    const payer = handedPayer(stand, 0);
    await enterBy(client, payer, stand.time.now());
    for (let i = 0; i < 3; i++) await askPaid(client, payer, "secret-name.example");
    await askUnpaid(client, "secret-name.example");
    await client.close();
  });

  after(async () => {
    await stand.close();
  });

  const get = (path: string) => fetch(`http://127.0.0.1:${stand.gateway.addresses.metrics?.port}${path}`);

  it("is counted for Prometheus", async () => {
    const response = await get("/metrics");
    expect(response.headers.get("content-type")).to.contain("text/plain");
    const text = await response.text();
    for (const line of [
      'tolldns_queries_total{transport="tcp"} 5',
      'tolldns_served_total{by="tick"} 3',
      'tolldns_refusals_total{error="payment-required"} 1',
      "tolldns_toll_units_total 3",
      "tolldns_tolls_micro_iu_total 30",
      "tolldns_sessions 1",
      'tolldns_upstream_healthy{upstream="0 udp"} 1',
      "tolldns_upstream_seconds_count 1",
      "tolldns_payment_seconds_count 1",
    ])
      expect(text.split("\n"), line).to.include(line);
  });

  it("names no question, client, lane or upstream", async () => {
    const told = `${await (await get("/metrics")).text()}${lines.join("\n")}`;
    expect(told).not.to.contain("secret-name");
    expect(told).not.to.match(/\d+\.\d+\.\d+\.\d+/);
  });

  it("is healthy, and isn't when the chain or every upstream is away", async () => {
    expect((await get("/healthz")).status).to.equal(200);
    stand.chain.away = true;
    stand.time.offset += 121;
    const response = await get("/healthz");
    expect(response.status).to.equal(503);
    expect(await response.json()).to.deep.equal({
      ok: false,
      reasons: ["the chain does not answer"],
      notes: [],
    });
    stand.chain.away = false;
  });

  it("answers nothing else there", async () => {
    expect((await get("/")).status).to.equal(404);
    const post = await fetch(`http://127.0.0.1:${stand.gateway.addresses.metrics?.port}/metrics`, {
      method: "POST",
    });
    expect(post.status).to.equal(405);
  });

  it("names failed questions in its log only where the operator asked for it", async () => {
    for (const names of [false, true]) {
      const out: string[] = [];
      const own = await startTolled({
        free: true,
        log: { level: "debug", names, write: (line) => out.push(line) },
      });
      own.upstream.behave(() => undefined);
      const client = clientOf(own.gateway, "tcp");
      await askUnpaid(client, "failing.example").catch(() => {});
      await client.close();
      await own.close();
      expect(out.filter((line) => line.includes('"question-failed"')).length).to.equal(1);
      expect(out.some((line) => line.includes("failing.example"))).to.equal(names);
    }
  });

  it("is logged as JSON lines of the level asked for, a flood of one event cut short", () => {
    const out: string[] = [];
    let now = 1000;
    const log = createLog({ level: "warn", write: (line) => out.push(line) }, () => now);
    log.info("quiet");
    for (let i = 0; i < 100; i++) log.warn("flood", { i });
    expect(out).to.have.length(5);
    expect(JSON.parse(out[0] as string)).to.deep.equal({
      time: "1970-01-01T00:16:40.000Z",
      level: "warn",
      event: "flood",
      i: 0,
    });
    now = 1001;
    log.warn("flood");
    expect(JSON.parse(out[5] as string)).to.include({ suppressed: 95 });
  });
});
