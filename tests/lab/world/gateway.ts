import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { GatewayStatus } from "@tolldns/gateway";
import { formatAddress } from "@tolldns/sdk";
import type { GatewayConfig } from "../../../clients/gateway/src/config.ts";
import { nameOf } from "../measure/target.ts";
import type { Place } from "../places/place.ts";
import { type Child, type Served, startScript } from "../processes/child.ts";
import type { GatewayArguments, GatewayReady, PolicyArguments } from "../processes/gateway.ts";
import type { LabChain } from "./chain.ts";
import { type Money, PRICE } from "./money.ts";
import type { LabResolver } from "./resolver.ts";

/** A paid gateway. It can be killed and started again, on the same address, with what it had on disk. */
export interface LabGateway {
  readonly name: string;
  readonly url: string;
  readonly ca: string;
  /** Folder of its log of decisions. */
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
  readonly centrals: readonly LabResolver[];
  /** Do several backends have to say the same? */
  readonly confirm: boolean;
  /** Seconds a choice is kept at least, and ramps last. Default: the gateway's own. */
  readonly dwell?: number;
  /** The policy program, base58; null where the world has none. */
  readonly policy: string | null;
}

const GATEWAY_AT = 1;
/** Names that every honest resolver of the lab answers alike. */
const CANARIES = ["p0.signed.test", "p1.plain.test"];
const PORTS = { udp: 5353, tcp: 5353, dot: 8853, doh: 8443 };

const withOperator = ({ name: operator, upstream }: LabResolver) => ({ ...upstream, operator });

export async function startLabGateway(plan: GatewayPlan): Promise<LabGateway> {
  const { name, place, money, chain } = plan;
  const home = join(plan.folder, `gateway-${name}`);
  mkdirSync(home, { recursive: true });
  const host = place.address(GATEWAY_AT);
  const ledger = await money.openLedgerFor(name);
  const config: GatewayConfig = {
    listen: { host, ...PORTS },
    certificate: { kind: "development", folder: home, names: [host] },
    upstreams: plan.backends.map(withOperator),
    fallback: { central: plan.centrals.map(withOperator) },
    ...(plan.confirm ? { confirm: { ask: 2, agree: 2 } } : {}),
    router: {
      canary: { names: CANARIES },
      ...(plan.dwell === undefined ? {} : { dwell: plan.dwell, ramp: plan.dwell }),
    },
    limits: { clientRate: 1e6, clientBurst: 1e6, maxInFlightPerClient: 4_096 },
    log: { level: "info" },
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
  const decisions = join(home, "decisions");
  const policy: PolicyArguments | null =
    plan.policy === null
      ? null
      : {
          program: plan.policy,
          genesis: money.deployed.genesisHash,
          targets: [...plan.backends, ...plan.centrals].map(nameOf),
          cacheFile: join(home, "policy.json"),
        };
  const told: GatewayArguments = { config, decisions, policy };
  let child: Served<GatewayReady>;
  const start = async () => {
    child = await startScript<GatewayReady>(place, `gateway ${name}`, "../processes/gateway.ts", told);
  };
  await start();
  return {
    name,
    url: `https://${host}:${PORTS.doh}`,
    get ca() {
      return child.ready.authority;
    },
    decisions,
    child: () => child,
    start,
    status: () => child.ask("status"),
    end: () => child.end(),
  };
}
