import { join } from "node:path";
import type { EdgeOptions, EdgeStatus } from "@tolldns/edge";
import type { Place } from "../places/place.ts";
import { type Child, type Served, startScript } from "../processes/child.ts";
import type { EdgeReady } from "../processes/edge.ts";
import type { LabChain } from "./chain.ts";
import type { LabGateway } from "./gateway.ts";
import type { Money } from "./money.ts";

/** The user's edge, which pays the gateways. */
export interface LabEdge {
  readonly address: { readonly host: string; readonly port: number };
  /** Folder of its log of decisions. */
  readonly decisions: string;
  readonly child: () => Child;
  status(): Promise<EdgeStatus>;
  end(): Promise<void>;
}

const EDGE_AT = 1;

export async function startLabEdge(
  place: Place,
  folder: string,
  chain: LabChain,
  money: Money,
  gateways: readonly LabGateway[],
): Promise<LabEdge> {
  const stateDir = join(folder, "edge");
  const listen = { host: place.address(EDGE_AT), port: 53 };
  const options: EdgeOptions = {
    stateDir,
    listen: [listen],
    gateways: gateways.map(({ url, ca }) => ({ url, ca })),
    wallet: {
      rpcUrl: chain.rpcUrl,
      deployment: money.deployment,
      owner: { keyFile: money.walletFile },
    },
    limits: {
      perQuery: 200n,
      perHour: 1_000_000_000n,
      perDay: 1_000_000_000n,
      laneReserve: 20_000_000n,
      lanesTotal: 1_000_000_000n,
    },
  };
  const child: Served<EdgeReady> = await startScript(place, "edge", "../processes/edge.ts", options);
  return {
    address: listen,
    decisions: join(stateDir, "decisions"),
    child: () => child,
    status: () => child.ask("status"),
    end: child.end,
  };
}
