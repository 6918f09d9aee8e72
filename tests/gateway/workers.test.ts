import { createServer } from "node:net";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { createUpstream } from "@tolldns/dns";
import { formatAddress } from "@tolldns/sdk";
import { expect } from "chai";
import type { GatewayConfig } from "../../clients/gateway/src/config.ts";
import { REFUSALS } from "../../clients/gateway/src/toll/refusal.ts";
import { buildWorld } from "../keepers/world/world.ts";
import { temporaryFolder } from "./support/booths.ts";
import { askPaid, enterBy, sendToll } from "./support/gateways.ts";
import { createPayer, tickBytes, voucherBytes } from "./support/payer.ts";
import { startProcess } from "./support/process.ts";
import { alwaysA, startUpstream } from "./support/upstream.ts";

const PRICE = 10n;

describe("two gateway processes that share ports", function () {
  this.timeout(120_000);

  it("serve a session and take its vouchers whichever of them a packet reaches", async () => {
    const folder = temporaryFolder();
    const chain = await startChain({ clock: { kind: "virtual", autoAdvance: true } });
    const upstream = await startUpstream(alwaysA("192.0.2.7"));
    const world = await buildWorld(chain.rpcUrl, join(folder.path, "deployment"), { lanes: 4 });
    const port = await freePort();
    const config: GatewayConfig = {
      listen: { udp: port, tcp: port },
      workers: 2,
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
      log: { level: "error" },
      toll: {
        rpc: chain.rpcUrl,
        websocket: chain.wsUrl,
        store: `sqlite:${join(folder.path, "store.db")}`,
        ledger: formatAddress(world.ledger),
        escrow: formatAddress(world.deployment.escrow),
        genesis: formatAddress(world.deployment.genesisHash),
        terms: { tickPrice: PRICE.toString(), k: 8 },
      },
    };
    const gateway = await startProcess(folder.path, config);
    try {
      const holders = new Set<number>();
      for (const lane of [0, 1]) {
        const payer = {
          ...createPayer({ ledger: world.ledger, lane, price: PRICE }),
          signer: world.sessionKey(lane),
        };
        const first = client("tcp");
        await enterBy(first, payer, Date.now() / 1000);
        await first.close();
        holders.add(payer.session[0] as number);
        let owed = 0n;
        for (let i = 0; i < 24; i++) {
          // A connection or socket of its own each time: the kernel sends it to either process.
          const one = client(i % 2 === 0 ? "udp" : "tcp");
          const tick = tickBytes(payer);
          owed += PRICE;
          expect(await askPaid(one, payer, `q${i}.example`, tick), `query ${i}`).to.include({
            rcode: 0,
            answers: 1,
          });
          expect(await askPaid(one, payer, "other.example", tick)).to.include({
            refusal: REFUSALS.tickReplayed,
          });
          if (i % 4 === 3) {
            const said = await sendToll(one, voucherBytes(payer, Date.now() / 1000, owed));
            expect(said).to.include({ rcode: 0, refusal: 0 });
          }
          await one.close();
        }
      }
      expect([...holders].sort()).to.deep.equal([0, 1]);
    } finally {
      expect(await gateway.end()).to.equal(0);
      await upstream.close();
      await chain.close();
      folder.remove();
    }

    function client(protocol: "udp" | "tcp") {
      return createUpstream({ protocol, address: "127.0.0.1", port, timeoutMs: 3000, udpSockets: 1 });
    }
  });
});

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
