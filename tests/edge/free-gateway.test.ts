import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EdgeOptions, type RunningEdge, startEdge } from "@tolldns/edge";
import { type GatewayOptions, type RunningGateway, startGateway } from "@tolldns/gateway";
import { expect } from "chai";
import { handedPayer, startTolled } from "../gateway/support/gateways.ts";
import { alwaysA, type FixtureUpstream, startUpstream } from "../gateway/support/upstream.ts";
import { dig } from "./support/stand.ts";

describe("an edge without a wallet", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "tolldns-edge-free-"));
  const certificate = { kind: "development", folder: join(folder, "certificate") } as const;
  const closers: (() => Promise<unknown>)[] = [];
  let upstream: FixtureUpstream;
  let count = 0;
  const fresh = () => `n${count++}.example.com`;

  before(async () => {
    upstream = await startUpstream(alwaysA("198.51.100.7"));
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  after(async () => {
    await upstream?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startFree(listen: GatewayOptions["listen"] = { udp: 0, dot: 0, doh: 0 }) {
    const gateway = await startGateway({
      listen,
      certificate,
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
      log: { level: "error" },
    });
    closers.push(() => gateway.close());
    return gateway;
  }
  async function startFor(
    gateway: RunningGateway,
    source: Partial<EdgeOptions["gateways"][number]> = {},
    changes: Partial<EdgeOptions> = {},
  ): Promise<RunningEdge> {
    const url = `https://127.0.0.1:${gateway.addresses.doh?.port}`;
    const edge = await startEdge({
      stateDir: join(folder, `edge-${count++}`),
      listen: [{ host: "127.0.0.1", port: 0 }],
      gateways: [{ url, ca: gateway.authority as string, ...source }],
      ...changes,
    });
    closers.push(() => edge.close());
    return edge;
  }

  for (const transport of ["dot", "doh", "udp"] as const)
    it(`resolves by a gateway that charges nothing, over ${transport}`, async () => {
      const gateway = await startFree();
      const edge = await startFor(gateway, { transport });
      for (let i = 0; i < 5; i++)
        expect(await dig(edge, fresh())).to.deep.include({ status: "NOERROR", answers: ["198.51.100.7"] });
      const { queries, reasons, gateways, spent, lanes } = edge.status();
      expect(queries).to.include({ total: 5, paid: 0, free: 5, failed: 0 });
      expect(reasons).to.deep.equal(["no wallet is configured; free gateways answer"]);
      expect(gateways[0]).to.include({ usable: true, ledger: null, tickPrice: null, transport });
      expect(gateways[0]?.reason).to.equal("in use, free of charge");
      expect([spent.total, lanes.length]).to.deep.equal([0n, 0]);
      expect(gateway.status()).to.include({ unpaid: 5, paid: 0 });
    });

  it("uses a gateway that charges only if it serves unpaid queries too", async () => {
    for (const free of [false, true]) {
      const stand = await startTolled({ free });
      closers.push(stand.close);
      const edge = await startFor(stand.gateway);
      const answer = await dig(edge, fresh());
      expect(answer.status).to.equal(free ? "NOERROR" : "SERVFAIL");
      if (!free) expect(answer.ede).to.match(/no-wallet/);
      expect(edge.status().queries).to.include({ paid: 0, free: free ? 1 : 0 });
      expect(edge.status().reasons[0]).to.match(free ? /free gateways answer/ : /SERVFAIL/);
    }
  });

  it("uses no gateway that publishes no ledger where one was named", async () => {
    const edge = await startFor(await startFree(), { ledger: "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi" });
    expect((await dig(edge, fresh())).status).to.equal("SERVFAIL");
    expect(edge.status().gateways[0]?.reason).to.match(/gateway-foreign: publishes no ledger/);
  });

  it("reads the terms again when a gateway begins to charge, and pays nothing", async () => {
    const gateway = await startFree();
    const edge = await startFor(gateway);
    expect((await dig(edge, fresh())).status).to.equal("NOERROR");
    await gateway.close();
    const { udp, dot, doh } = gateway.addresses;
    const listen = { udp: udp?.port ?? 0, dot: dot?.port ?? 0, doh: doh?.port ?? 0 };
    const stand = await startTolled({ listen, certificate });
    closers.push(stand.close);
    handedPayer(stand, 0);
    const answer = await dig(edge, fresh());
    expect(answer.status).to.equal("SERVFAIL");
    expect(answer.ede).to.match(/no-wallet/);
    expect(edge.status().gateways[0]?.ledger).to.not.equal(null);
    expect(stand.gateway.status().paid).to.equal(0);
  });
});
