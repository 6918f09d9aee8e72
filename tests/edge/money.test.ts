import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Keypair } from "@solana/web3.js";
import type { RunningEdge } from "@tolldns/edge";
import { expect } from "chai";
import { control, dig, PRICE, type Stand, type StandGateway, startStand, until } from "./support/stand.ts";

describe("when payment ends", function () {
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

  it("stops at once by the control endpoint, revokes every lane on chain, stays stopped, and pays again when told", async () => {
    const options = stand.edgeOptions([gateway, other]);
    const changes = { stateDir: options.stateDir };
    let edge = await start([gateway, other], changes);
    for (let i = 0; i < 12; i++) await dig(edge, fresh());
    const { lanes } = edge.status();
    const paid = () => gateway.gateway.status().paid + other.gateway.status().paid;
    const vouchers = () => gateway.gateway.status().vouchers + other.gateway.status().vouchers;
    const stopped = await control(edge, "POST", "/stop");
    expect(stopped).to.deep.equal({ status: 200, body: { stopped: true } });
    const [tolls, signed] = [paid(), vouchers()];
    const refused = await dig(edge, fresh());
    expect(refused.status).to.equal("SERVFAIL");
    expect(refused.ede).to.match(/56162.*stopped/);
    const rows = async () => [...(await gateway.lanes()), ...(await other.lanes())];
    // One that was only being opened, because the first gateway was late, may have landed or not: none is left open.
    const opened = lanes.filter(({ state }) => state === "open");
    expect(opened).not.to.have.length(0);
    await until(
      "revocation on chain",
      async () => {
        const all = await rows();
        return (
          edge.status().lanes.every(({ state }) => state === "revoked") &&
          all.every(({ state }) => state === "revoked") &&
          opened.every(({ lane, generation }) =>
            all.some((row) => row.lane === lane && row.generation === generation),
          )
        );
      },
      40_000,
    );
    await edge.close();
    edge = await start([gateway, other], changes);
    expect(edge.status().stopped).to.equal(true);
    expect((await dig(edge, fresh())).status).to.equal("SERVFAIL");
    expect([paid(), vouchers()], "tolls and vouchers since the stop").to.deep.equal([tolls, signed]);
    expect(edge.status().reasons[0]).to.match(
      /payment was stopped; no lane's key is good any more; questions fail/,
    );
    await control(edge, "POST", "/resume");
    expect((await dig(edge, fresh())).status).to.equal("NOERROR");
    expect(paid()).to.be.above(tolls);
    expect(edge.status()).to.include({ stopped: false });
  });

  it("goes on trying to revoke while the chain is out of reach, also over a restart", async () => {
    const options = stand.edgeOptions([gateway]);
    const changes = { stateDir: options.stateDir };
    let edge = await start([gateway], changes);
    await dig(edge, fresh());
    const lane = edge.status().lanes[0];
    const row = async () => (await gateway.lanes()).find((one) => one.lane === lane?.lane);
    stand.rpc.cut = true;
    try {
      const { revoked } = await edge.stopPayments();
      let done = false;
      void revoked.then(() => {
        done = true;
      });
      await until("a failed attempt", () => stand.log.some(({ event }) => event === "revoke-failed"));
      expect(done).to.equal(false);
      expect((await row())?.state).to.equal("open");
      await edge.close();
      edge = await start([gateway], changes);
    } finally {
      stand.rpc.cut = false;
    }
    await until("revocation", async () => (await row())?.state === "revoked");
  });

  it("re-keys a revoked lane once its deadline has passed, with what is left in it", async () => {
    const limits = { laneReserve: 20_000n, lanesTotal: 20_000n, perQuery: 100n };
    const edge = await start([gateway], { limits });
    await dig(edge, fresh());
    const lane = edge.status().lanes[0];
    await (await edge.stopPayments()).revoked;
    await edge.resume();
    // No room for a second lane: until the deadline nothing can be paid.
    expect((await dig(edge, fresh())).ede).to.match(/lane-spent/);
    await until("the deadline", async () => (await dig(edge, fresh())).status === "NOERROR", 30_000);
    expect(edge.status().lanes).to.have.length(1);
    expect(edge.status().lanes[0]).to.include({
      lane: lane?.lane,
      generation: lane?.generation,
      state: "open",
    });
  });

  it("fails with the reason in words when the hour's money is spent, and answers from the cache still", async () => {
    const edge = await start([gateway], {
      limits: { laneReserve: 20_000n, perQuery: 100n, perHour: 5n * PRICE },
    });
    const names = Array.from({ length: 5 }, fresh);
    for (const name of names) expect((await dig(edge, name)).status).to.equal("NOERROR");
    const refused = await dig(edge, fresh());
    expect(refused.status).to.equal("SERVFAIL");
    expect(refused.ede).to.match(/56164.*50 of 50 micro-IU spent this hour/);
    expect((await dig(edge, names[0] as string)).status).to.equal("NOERROR");
    expect(edge.status().reasons[0]).to.match(
      /50 of 50 micro-IU spent this hour; questions fail with SERVFAIL/,
    );
  });

  it("asks free upstreams instead when the user chose so, and pays nothing", async () => {
    const free = other.upstream;
    // Free upstreams are asked too while a gateway is late: until the money is spent they have nothing to say here.
    free.behave(() => undefined);
    try {
      const edge = await start([gateway], {
        limits: { laneReserve: 20_000n, perQuery: 100n, perHour: 3n * PRICE },
        outOfMoney: "free",
        freeUpstreams: [`udp://127.0.0.1:${free.port}`],
      });
      for (let i = 0; i < 3; i++) expect((await dig(edge, fresh())).answers).to.deep.equal(["198.51.100.7"]);
      free.behave(() => ({
        answers: [{ type: "A", name: `n${count - 1}.example.com`, ttl: 60, data: "203.0.113.9" }],
      }));
      expect((await dig(edge, fresh())).answers).to.deep.equal(["203.0.113.9"]);
      expect(edge.status().queries).to.include({ paid: 3, free: 1 });
      expect(edge.status().reasons[0]).to.match(/free upstreams answer/);
    } finally {
      free.behave(delayed(0));
    }
  });

  it("says that the balance is empty when there is nothing to open a lane with", async () => {
    const keyFile = join(stand.folder, "poor.json");
    const poor = Keypair.generate();
    writeFileSync(keyFile, JSON.stringify([...poor.secretKey]), { mode: 0o600 });
    const edge = await start([gateway], {
      wallet: { rpcUrl: stand.rpc.url, deployment: stand.deployment, owner: { keyFile } },
    });
    const answer = await dig(edge, fresh());
    expect(answer.status).to.equal("SERVFAIL");
    expect(answer.ede).to.match(/56168.*balance-empty: 0 micro-IU free/);
  });
});

function delayed(ms: number) {
  return async ({ name, type }: { name: string; type: string }) => {
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return type === "A" ? { answers: [{ type: "A" as const, name, ttl: 300, data: "198.51.100.7" }] } : {};
  };
}
