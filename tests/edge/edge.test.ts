import { chmodSync, copyFileSync, readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { isEdgeError, type RunningEdge } from "@tolldns/edge";
import { startGateway } from "@tolldns/gateway";
import { expect } from "chai";
import { DEPOSIT, dig, PRICE, type Stand, type StandGateway, startStand, until } from "./support/stand.ts";

describe("the edge before real gateways and the real program", function () {
  this.timeout(60_000);
  let stand: Stand;
  let gateway: StandGateway;
  let other: StandGateway;
  const edges: RunningEdge[] = [];
  let count = 0;
  const fresh = () => `n${count++}.example.com`;
  const start: Stand["startEdge"] = async (...args) => {
    const edge = await stand.startEdge(...args);
    edges.push(edge);
    return edge;
  };

  before(async () => {
    stand = await startStand();
    gateway = await stand.addGateway();
    other = await stand.addGateway();
  });
  afterEach(async () => {
    for (const edge of edges.splice(0)) await edge.close();
  });
  after(() => stand?.close());

  it("opens a lane of the size allowed, pays what it asks, and tells all of it", async () => {
    const freeBefore = await stand.free();
    const edge = await start([gateway]);
    const paid = gateway.gateway.status().paid;
    for (let i = 0; i < 30; i++) expect((await dig(edge, fresh())).answers).to.deep.equal(["198.51.100.7"]);
    const hit = `n${count - 1}.example.com`;
    expect((await dig(edge, hit)).status, "from the cache").to.equal("NOERROR");
    expect(gateway.gateway.status().paid - paid).to.equal(30);
    await edge.refresh();
    const status = edge.status();
    expect(status.reasons).to.deep.equal(["paying and answering"]);
    expect(status.queries).to.include({ total: 30, paid: 30, free: 0, failed: 0 });
    expect(status.cache.hits).to.equal(1);
    expect(status.spent.hour).to.equal(30n * PRICE);
    expect(status.lanes).to.have.length(1);
    expect(status.lanes[0]).to.include({ state: "open", reserve: 20_000n });
    expect(status.wallet?.free).to.equal(freeBefore - 20_000n);
    expect((status.lanes[0]?.promised ?? 0n) >= 16n * PRICE).to.equal(true);
    expect(status.gateways[0]).to.include({ usable: true, transport: "dot", tickPrice: PRICE });
  });

  it("pays over DoH and over UDP as well", async () => {
    for (const transport of ["doh", "udp"] as const) {
      const edge = await start([], { gateways: [{ url: gateway.url, ca: gateway.ca, transport }] });
      for (let i = 0; i < 20; i++) expect((await dig(edge, fresh())).status, transport).to.equal("NOERROR");
      expect(edge.status().queries.paid).to.equal(20);
      expect((edge.status().lanes[0]?.promised ?? 0n) > 0n).to.equal(true);
      await edge.close();
    }
  });

  it("takes up session, lane and spending where they were after a restart", async () => {
    const options = stand.edgeOptions([gateway]);
    const changes = { stateDir: options.stateDir };
    const first = await start([gateway], changes);
    for (let i = 0; i < 10; i++) await dig(first, fresh());
    const { lanes, spent } = first.status();
    await first.close();
    const openings = stand.log.filter(({ event }) => event === "session-opened").length;
    const second = await start([gateway], changes);
    expect(second.status().spent).to.deep.equal(spent);
    expect((await dig(second, fresh())).status).to.equal("NOERROR");
    expect(second.status().lanes[0]).to.include({ lane: lanes[0]?.lane, generation: lanes[0]?.generation });
    expect(second.status().spent.hour).to.equal(spent.hour + PRICE);
    expect(stand.log.filter(({ event }) => event === "session-opened").length).to.equal(openings);
    expect(stand.log.some(({ event }) => event === "session-resumed")).to.equal(true);
  });

  it("tops its lane up before it is used up, within the limits", async () => {
    const limits = { laneReserve: 1_000n, perQuery: 100n };
    const edge = await start([gateway], { limits });
    for (let i = 0; i < 130; i++) {
      expect((await dig(edge, fresh())).status, `query ${i}`).to.equal("NOERROR");
      if (i % 40 === 39)
        await until(
          "a top-up",
          () => (edge.status().lanes[0]?.reserve ?? 0n) > BigInt(i + 20) * PRICE,
          4_000,
        );
    }
    const lane = edge.status().lanes[0];
    expect((lane?.reserve ?? 0n) >= 1_300n).to.equal(true);
    const row = (await gateway.lanes()).find((one) => one.lane === lane?.lane);
    expect(row?.reserve).to.equal(lane?.reserve);
  });

  it("takes a lane in that was opened while it was being cut off and killed, and opens no second one", async () => {
    const own = await stand.addGateway();
    const { stateDir } = stand.edgeOptions([own]);
    stand.rpc.cutAfterSend = true;
    let edge = await start([own], { stateDir, timeoutMs: 1_500 });
    try {
      expect((await dig(edge, fresh())).status).to.equal("SERVFAIL");
      await until("the transaction to land", async () => (await own.lanes()).length === 1);
      await edge.close();
    } finally {
      stand.rpc.cut = stand.rpc.cutAfterSend = false;
    }
    edge = await start([own], { stateDir });
    expect((await dig(edge, fresh())).status).to.equal("NOERROR");
    expect(await own.lanes()).to.have.length(1);
    expect(edge.status().lanes).to.have.length(1);
  });

  it("counts a top-up once whose confirmation it never heard", async () => {
    const own = await stand.addGateway();
    const { stateDir } = stand.edgeOptions([own]);
    const changes = { stateDir, limits: { laneReserve: 1_000n, perQuery: 100n } };
    let edge = await start([own], changes);
    for (let i = 0; i < 70; i++) await dig(edge, fresh());
    stand.rpc.cutAfterSend = true;
    try {
      for (let i = 0; i < 10; i++) await dig(edge, fresh());
      await until("the top-up to land", async () => ((await own.lanes())[0]?.reserve ?? 0n) > 1_000n);
      await edge.close();
    } finally {
      stand.rpc.cut = stand.rpc.cutAfterSend = false;
    }
    const reserve = (await own.lanes())[0]?.reserve;
    edge = await start([own], changes);
    for (let i = 0; i < 10; i++) expect((await dig(edge, fresh())).status).to.equal("NOERROR");
    await until("the edge to know of it", () => edge.status().lanes[0]?.reserve === reserve);
    expect((await own.lanes())[0]?.reserve).to.equal(reserve);
  });

  it("asks a gateway that charges nothing without paying, also when payment was stopped", async () => {
    const free = await startGateway({
      listen: { udp: 0, dot: 0, doh: 0 },
      certificate: { kind: "development", folder: join(stand.folder, "free-gateway") },
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: gateway.upstream.port }],
      log: { level: "error" },
    });
    try {
      const url = `https://127.0.0.1:${free.addresses.doh?.port}`;
      const edge = await start([], { gateways: [{ url, ca: free.authority as string }] });
      for (let i = 0; i < 3; i++) expect((await dig(edge, fresh())).status).to.equal("NOERROR");
      await edge.stopPayments();
      expect((await dig(edge, fresh())).status).to.equal("NOERROR");
      const { queries, spent, lanes, reasons } = edge.status();
      expect(queries).to.include({ paid: 0, free: 4, failed: 0 });
      expect([spent.total, lanes.length]).to.deep.equal([0n, 0]);
      expect(reasons[0]).to.match(/free gateways answer/);
    } finally {
      await free.close();
    }
  });

  it("uses no gateway above the price ceiling", async () => {
    const dear = await stand.addGateway({ price: 60n });
    const edge = await start([dear, gateway]);
    for (let i = 0; i < 5; i++) expect((await dig(edge, fresh())).status).to.equal("NOERROR");
    expect(dear.gateway.status().paid).to.equal(0);
    const told = edge.status().gateways.find(({ url }) => url === dear.url);
    expect(told).to.include({ usable: false });
    expect(told?.reason).to.match(/price-ceiling: 60 micro-IU a unit, at most 50/);
    const alone = await start([dear]);
    const answer = await dig(alone, fresh());
    expect(answer.status).to.equal("SERVFAIL");
    expect(answer.ede).to.match(/price-ceiling/);
    expect(await dear.lanes()).to.deep.equal([]);
  });

  it("goes to the other gateway at once when one fails, and says so", async () => {
    const failing = await stand.addGateway();
    const edge = await start([failing, other]);
    for (let i = 0; i < 40; i++) await dig(edge, fresh());
    await failing.close();
    for (let i = 0; i < 6; i++) {
      const answer = await dig(edge, fresh());
      expect(answer.status).to.equal("NOERROR");
      expect(answer.ms).to.be.below(2_500);
    }
    const told = edge.status().gateways.find(({ url }) => url === other.url);
    expect(told).to.include({ usable: true });
    expect((told?.answers ?? 0) > 5).to.equal(true);
  });

  it("asks a second gateway when the first is slower than usual, pays both and counts both", async () => {
    const slow = await stand.addGateway();
    const edge = await start([slow, other], { random: () => 0.99 });
    // Until the slow one is known as the better, and has been for as long as a change of mind takes: its rival answers late for now.
    other.upstream.behave(delayed(60));
    await until(
      "the slow one is the first choice",
      async () => {
        await dig(edge, fresh());
        const { gateways, routing } = edge.status();
        return gateways.every(({ answers }) => answers >= 4) && routing.choice === slow.url;
      },
      60_000,
    );
    other.upstream.behave(delayed(0));
    slow.upstream.behave(delayed(700));
    const before = edge.status();
    const paid = slow.gateway.status().paid + other.gateway.status().paid;
    for (let i = 0; i < 4; i++) {
      const answer = await dig(edge, fresh());
      expect(answer.status).to.equal("NOERROR");
      expect(answer.ms, "the slow one was not waited for").to.be.below(650);
    }
    const after = edge.status();
    expect(after.queries.hedged > before.queries.hedged).to.equal(true);
    await until("slow answers", () => slow.gateway.status().misses > 0);
    const tolls = slow.gateway.status().paid + other.gateway.status().paid - paid;
    expect(tolls).to.be.above(4);
    expect(after.spent.hour - before.spent.hour).to.equal(BigInt(tolls) * PRICE);
  });

  it("pays no gateway of another cluster or escrow", async () => {
    const deployment = { ...stand.deployment, escrow: new Uint8Array(32).fill(7) };
    const edge = await start([gateway], {
      wallet: { rpcUrl: stand.rpc.url, deployment, owner: { keyFile: stand.keyFile } },
    });
    const answer = await dig(edge, fresh());
    expect(answer.status).to.equal("SERVFAIL");
    expect(edge.status().gateways[0]?.reason).to.match(/gateway-foreign: of escrow/);
    expect(edge.status().lanes).to.deep.equal([]);
  });

  it("pays no gateway whose certificate or ledger is not the one named", async () => {
    const edge = await start([], {
      gateways: [
        { url: gateway.url, ca: other.ca },
        { url: other.url, ca: other.ca, ledger: gateway.ledger.toBase58() },
      ],
    });
    expect((await dig(edge, fresh())).status).to.equal("SERVFAIL");
    const [wrongCa, wrongLedger] = edge.status().gateways;
    expect(wrongCa?.reason).to.match(/certificate|self-signed|signature/i);
    expect(wrongLedger?.reason).to.match(/gateway-foreign: publishes ledger/);
    expect(edge.status().lanes).to.deep.equal([]);
  });

  it("refuses public names that point into the user's network, unless they may", async () => {
    gateway.upstream.behave(({ name }) => ({ answers: [{ type: "A", name, ttl: 60, data: "192.168.1.1" }] }));
    try {
      // The gateway guards as well: only names it exempts come through, which is what a careless one would do for all.
      const edge = await start([gateway], { rebinding: { protect: true, allow: ["ok.example.com"] } });
      const refused = await dig(edge, fresh());
      expect(refused.status).to.equal("SERVFAIL");
      expect(refused.answers).to.deep.equal([]);
    } finally {
      gateway.upstream.behave(delayed(0));
    }
  });

  it("lets nobody use the control endpoint without the token, and no web page at all", async () => {
    const edge = await start([gateway]);
    const { url, tokenFile } = edge.control as { url: string; tokenFile: string };
    expect(statSync(tokenFile).mode & 0o777).to.equal(0o600);
    expect(statSync(join(tokenFile, "..")).mode & 0o777).to.equal(0o700);
    const token = readFileSync(tokenFile, "utf8").trim();
    const ask = (headers: Record<string, string>) =>
      new Promise<number>((resolve) =>
        request(`${url}/stop`, { method: "POST", headers }, (got) =>
          resolve(got.resume().statusCode ?? 0),
        ).end(),
      );
    expect(await ask({})).to.equal(401);
    expect(await ask({ authorization: `Bearer ${token}x` })).to.equal(401);
    expect(await ask({ authorization: `Bearer ${token}`, host: "evil.example" })).to.equal(403);
    expect(edge.status().stopped).to.equal(false);
  });

  it("takes no key file that others may read, and no folder another edge uses", async () => {
    const readable = join(stand.folder, "readable.json");
    copyFileSync(stand.keyFile, readable);
    chmodSync(readable, 0o644);
    const codeOf = (promise: Promise<unknown>) =>
      promise.then(
        () => null,
        (error: unknown) => isEdgeError(error) && error.code,
      );
    const wallet = { rpcUrl: stand.rpc.url, deployment: stand.deployment, owner: { keyFile: readable } };
    expect(await codeOf(start([gateway], { wallet }))).to.equal("key-file");
    const options = stand.edgeOptions([gateway]);
    await start([gateway], { stateDir: options.stateDir });
    expect(await codeOf(start([gateway], { stateDir: options.stateDir }))).to.equal("journal-locked");
  });

  it("never moved a unit that is not in the free balance or a lane", async () => {
    let held = 0n;
    for (const one of [gateway, other]) for (const lane of await one.lanes()) held += lane.reserve;
    const free = await stand.free();
    expect(free + held <= DEPOSIT).to.equal(true);
    expect(free + held > 0n).to.equal(true);
  });
});

function delayed(ms: number) {
  return async ({ name, type }: { name: string; type: string }) => {
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return type === "A" ? { answers: [{ type: "A" as const, name, ttl: 300, data: "198.51.100.7" }] } : {};
  };
}
