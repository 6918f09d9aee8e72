import { join } from "node:path";
import type { Chain } from "@tolldns/chain";
import type { Upstream } from "@tolldns/dns";
import { type RunningGateway, startGateway } from "@tolldns/gateway";
import { mintIndexUnits } from "@tolldns/migrations";
import { batchOf, toAddress } from "@tolldns/sdk";
import { deposit, revokeLane, settle, topUpLane } from "@tolldns/sdk/escrow";
import { openSqliteStore, type Store } from "@tolldns/store";
import { expect } from "chai";
import { REFUSALS } from "../../clients/gateway/src/toll/refusal.ts";
import { buildWorld, START, startVirtualChain, type World } from "../keepers/world/world.ts";
import { temporaryFolder } from "./support/booths.ts";
import { askPaid, clientOf, enterBy, sendToll } from "./support/gateways.ts";
import { createPayer, newChain, openBytes, type Payer, tickBytes, voucherBytes } from "./support/payer.ts";
import { alwaysA, type FixtureUpstream, startUpstream } from "./support/upstream.ts";

const PRICE = 10n;

describe("a gateway on the embedded chain", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let chain: Chain;
  let world: World;
  let store: Store;
  let upstream: FixtureUpstream;
  let gateway: RunningGateway;
  let client: Upstream;
  const time = { now: START + 1000 };

  before(async () => {
    chain = await startVirtualChain();
    world = await buildWorld(chain.rpcUrl, join(folder.path, "deployment"), { lanes: 8, reserve: 100_000n });
    const source = toAddress(
      await mintIndexUnits({
        rpcUrl: chain.rpcUrl,
        folder: join(folder.path, "deployment"),
        owner: world.owner.publicKey,
        amount: 1_000n,
      }),
    );
    const { deployment, owner } = world;
    await world.send([deposit({ deployment, owner: owner.publicKey, source, amount: 1_000n })], [owner]);
    store = await openSqliteStore({ path: join(folder.path, "store.db") });
    upstream = await startUpstream(alwaysA("192.0.2.7"));
    gateway = await startGateway(optionsOf());
    client = clientOf(gateway, "tcp");
  });

  after(async () => {
    await client?.close();
    await gateway?.close();
    // web3.js would try to reach the ended chain for ever.
    (world.connection as unknown as { _rpcWebSocket: { close(): void } })._rpcWebSocket.close();
    await upstream?.close();
    await store?.close();
    await chain?.close();
    folder.remove();
  });

  function optionsOf(changes: { ledger?: Uint8Array; genesis?: Uint8Array; escrow?: Uint8Array } = {}) {
    return {
      listen: { udp: 0, tcp: 0 },
      upstreams: [{ kind: "udp" as const, host: "127.0.0.1", port: upstream.port }],
      log: { level: "error" as const, write: () => {} },
      now: () => time.now,
      toll: {
        chain: world.connection,
        store,
        ledger: world.ledger,
        escrow: world.deployment.escrow,
        genesis: world.deployment.genesisHash,
        terms: { tickPrice: PRICE, k: 8, t: 60 },
        pollSeconds: 0.1,
        ...changes,
      },
    };
  }

  function payerOf(lane: number): Payer {
    const payer = createPayer({ ledger: world.ledger, lane, price: PRICE });
    return { ...payer, signer: world.sessionKey(lane) };
  }

  /** Polls what the gateway answers to a query without charging for polls: a spent tick with its question. */
  async function until(check: () => Promise<boolean>): Promise<void> {
    for (let i = 0; i < 1500; i++) {
      if (await check()) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error("it did not come to that");
  }

  it("sells queries on a lane that is open there, and what it accepted settles", async () => {
    const payer = payerOf(0);
    await enterBy(client, payer, time.now);
    for (let i = 0; i < 5; i++)
      expect(await askPaid(client, payer, `q${i}.example`)).to.include({ rcode: 0 });
    expect((await sendToll(client, voucherBytes(payer, time.now, 50n))).rcode).to.equal(0);
    const [kept] = await store.listUnsettled(world.ledger);
    expect(kept?.cumulative).to.equal(50n);
    const batch = batchOf([kept as NonNullable<typeof kept>]);
    await world.send([settle({ ledger: world.ledger, deployment: world.deployment, batch })]);
    expect((await world.readLanes()).lane(0).settled).to.equal(50n);
  });

  it("serves nothing while the payer's close is pending, once the chain has confirmed it", async () => {
    const payer = payerOf(1);
    await enterBy(client, payer, time.now);
    const tick = tickBytes(payer);
    expect(await askPaid(client, payer, "closing.example", tick)).to.include({ rcode: 0 });
    await world.requestClose(1);
    let said = { refusal: 0 };
    await until(async () => {
      said = await askPaid(client, payer, "closing.example", tick);
      return said.refusal !== 0;
    });
    expect(said).to.include({ rcode: 5, refusal: REFUSALS.laneClosing, text: "lane-closing" });
    const again = payerOf(1);
    time.now += 1;
    expect(await sendToll(client, openBytes(again, time.now))).to.include({ refusal: REFUSALS.laneClosing });
  });

  it("serves nothing on a revoked lane, and still takes what is owed", async () => {
    const payer = payerOf(2);
    await enterBy(client, payer, time.now);
    const tick = tickBytes(payer);
    expect(await askPaid(client, payer, "revoked.example", tick)).to.include({ rcode: 0 });
    await world.send(
      [
        revokeLane({
          deployment: world.deployment,
          ledger: world.ledger,
          lane: 2,
          generation: 1,
          owner: world.owner.publicKey,
        }),
      ],
      [world.owner],
    );
    await until(
      async () => (await askPaid(client, payer, "revoked.example", tick)).refusal === REFUSALS.laneClosing,
    );
    expect((await sendToll(client, voucherBytes(payer, time.now, PRICE))).rcode).to.equal(0);
  });

  it("lends up to the reserve and further once it was topped up", async () => {
    const payer = payerOf(3);
    await enterBy(client, payer, time.now);
    expect((await sendToll(client, voucherBytes(payer, time.now, 100_000n))).rcode).to.equal(0);
    expect(await sendToll(client, voucherBytes(payer, time.now, 100_001n))).to.include({
      refusal: REFUSALS.laneExhausted,
    });
    const { deployment, ledger, owner } = world;
    await world.send(
      [topUpLane({ deployment, ledger, lane: 3, generation: 1, owner: owner.publicKey, amount: 1n })],
      [owner],
    );
    await until(async () => (await sendToll(client, voucherBytes(payer, time.now, 100_001n))).rcode === 0);
  });

  it("serves on what it knows while the chain is away, then opens no session, then serves no more", async () => {
    const payer = payerOf(4);
    await enterBy(client, payer, time.now);
    chain.faults.set({ rpcDown: true });
    try {
      // Reads under way end; none succeeds any more.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await askPaid(client, payer, "away.example")).to.include({ rcode: 0 });
      await sendToll(client, voucherBytes(payer, time.now, 50n));
      time.now += 121;
      expect(await askPaid(client, payer, "away.example")).to.include({ rcode: 0 });
      expect(await sendToll(client, openBytes(payerOf(5), time.now))).to.include({
        refusal: REFUSALS.unavailable,
      });
      await sendToll(client, voucherBytes(payer, time.now, 100n));
      time.now += 800;
      expect(await askPaid(client, payer, "away.example")).to.include({ refusal: REFUSALS.unavailable });
    } finally {
      chain.faults.set({ rpcDown: false });
    }
    payer.chain = newChain(64);
    await until(async () => {
      time.now += 0.001;
      return (await sendToll(client, openBytes(payerOf(5), time.now))).rcode === 0;
    });
  });

  it("refuses to start on a ledger of another cluster, of another program, or none", async () => {
    const codeOf = async (changes: Parameters<typeof optionsOf>[0]) => {
      try {
        await (await startGateway(optionsOf(changes))).close();
        return "started";
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(await codeOf({ genesis: new Uint8Array(32).fill(1) })).to.equal("ledger-foreign");
    expect(await codeOf({ escrow: new Uint8Array(32).fill(1) })).to.equal("ledger-foreign");
    expect(await codeOf({ ledger: world.vault })).to.equal("ledger-foreign");
    expect(await codeOf({ ledger: new Uint8Array(32).fill(77) })).to.equal("ledger-foreign");
  });
});
