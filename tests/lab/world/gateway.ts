import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { GatewayStatus } from "@tolldns/gateway";
import { formatAddress } from "@tolldns/sdk";
import type { GatewayConfig } from "../../../clients/gateway/src/config.ts";
import type { Place } from "../places/place.ts";
import { type Child, type Served, startScript } from "../processes/child.ts";
import type { GatewayReady } from "../processes/gateway.ts";
import type { LabChain } from "./chain.ts";
import { type Money, PRICE } from "./money.ts";
import type { LabResolver } from "./resolver.ts";

/** A paid gateway. It can be killed and started again, on the same address, with what it had on disk. */
export interface LabGateway {
  readonly name: string;
  readonly url: string;
  readonly ca: string;
  readonly decisions: string;
  readonly child: () => Child;
  start(): Promise<void>;
  status(): Promise<GatewayStatus>;
  end(): Promise<void>;
}

export interface GatewayPlan {
  readonly name: string;
  readonly place: Place;
  readonly folder: string;
  readonly chain: LabChain;
  readonly money: Money;
  readonly backends: readonly LabResolver[];
  readonly central: LabResolver;
}

const GATEWAY_AT = 1;
const PORTS = { udp: 5353, tcp: 5353, dot: 8853, doh: 8443 };

export async function startLabGateway(plan: GatewayPlan): Promise<LabGateway> {
  const { name, place, money, chain } = plan;
  const home = join(plan.folder, `gateway-${name}`);
  mkdirSync(home, { recursive: true });
  const host = place.address(GATEWAY_AT);
  const ledger = await money.openLedgerFor(name);
  const config: GatewayConfig = {
    listen: { host, ...PORTS },
    certificate: { kind: "development", folder: home, names: [host] },
    upstreams: plan.backends.map(({ upstream }) => upstream),
    limits: { clientRate: 1e6, clientBurst: 1e6, maxInFlightPerClient: 4_096 },
    log: { level: "warn" },
    toll: {
      rpc: chain.rpcUrl,
      store: `sqlite:${join(home, "store.db")}`,
      ledger: formatAddress(ledger),
      escrow: money.deployed.escrow,
      genesis: money.deployed.genesisHash,
      terms: { tickPrice: String(PRICE), k: 256, t: 60 },
      pollSeconds: 2,
    },
  };
  let child: Served<GatewayReady>;
  const start = async () => {
    child = await startScript<GatewayReady>(place, `gateway ${name}`, "../processes/gateway.ts", config);
  };
  await start();
  return {
    name,
    url: `https://${host}:${PORTS.doh}`,
    get ca() {
      return child.ready.authority;
    },
    decisions: join(home, "decisions.jsonl"),
    child: () => child,
    start,
    status: () => child.ask("status"),
    end: () => child.end(),
  };
}
