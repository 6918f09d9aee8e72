import { join } from "node:path";
import { type Connection, PublicKey } from "@solana/web3.js";
import type { EdgeOptions } from "@tolldns/edge";
import type { GatewayOptions } from "@tolldns/gateway";
import { connectionChain, openDecisionLog, openPolicy } from "@tolldns/policy";
import { fromBase58, toAddress } from "@tolldns/sdk";
import { formatTarget, POLICY_PROGRAM_ID, type Target } from "@tolldns/sdk/policy";
import { decisionFolder, PLACES } from "../policy/logs.ts";
import { targetOfGateway, targetOfUpstream } from "../policy/targets.ts";
import type { Stack } from "../roles/lifetime.ts";
import type { UpLog } from "./log.ts";
import type { Network } from "./network.ts";

export interface RoutingParts {
  readonly data: string;
  readonly connection: Connection;
  /** Base58. */
  readonly genesis: string;
  readonly network: Network;
  readonly gatewayPort: number;
}

/** What gateway and edge route by, and what verifiers are to probe. */
export interface Routing {
  readonly targets: readonly Target[];
  readonly gateway: Pick<GatewayOptions, "policy" | "decisions" | "router">;
  readonly edge: Partial<EdgeOptions>;
  /** Folders of the decision logs. */
  readonly logs: readonly string[];
}

/** Opens the view of states and the decision logs. The view works before the program is there: until then own measurements are all there is. */
export async function openRouting(
  { data, connection, genesis, network, gatewayPort }: RoutingParts,
  log: UpLog,
  stack: Stack,
): Promise<Routing> {
  const backends = network.upstreams.flatMap((upstream) => targetOfUpstream(upstream) ?? []);
  const targets = [targetOfGateway(`https://127.0.0.1:${gatewayPort}`), ...backends];
  const view = stack.add(
    "policy view",
    await openPolicy({
      chain: connectionChain(connection, (address) => new PublicKey(address)),
      program: toAddress(POLICY_PROGRAM_ID),
      genesis: fromBase58(genesis),
      targets: targets.map((target) => ({ kind: target.kind, name: formatTarget(target) })),
      cacheFile: join(data, "policy.json"),
      log: (line) => log.event("policy", line),
    }),
  );
  const logs = PLACES.map((place) => decisionFolder(data, place));
  const [gatewayLog, edgeLog] = await Promise.all(
    PLACES.map(async (where, index) =>
      stack.add(
        `${where}'s decisions`,
        await openDecisionLog({
          folder: logs[index] as string,
          where,
          onTrouble: (reason) => log.event("decisions", { where, reason }),
        }),
      ),
    ),
  );
  return {
    targets,
    gateway: {
      policy: view,
      ...(gatewayLog === undefined ? {} : { decisions: gatewayLog }),
      ...(network.canaries === undefined ? {} : { router: { canary: { names: network.canaries } } }),
    },
    edge: { policy: view, ...(edgeLog === undefined ? {} : { decisions: edgeLog }) },
    logs,
  };
}
