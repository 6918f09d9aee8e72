import { join } from "node:path";
import { type Connection, PublicKey } from "@solana/web3.js";
import type { GatewayOptions } from "@tolldns/gateway";
import { connectionChain, openDecisionLog, openPolicy } from "@tolldns/policy";
import { toAddress } from "@tolldns/sdk";
import { formatTarget, POLICY_PROGRAM_ID } from "@tolldns/sdk/policy";
import { decisionFolder } from "../policy/logs.ts";
import { targetOfUpstream } from "../policy/targets.ts";
import type { createStack } from "./lifetime.ts";

export interface GatewayRoutingParts {
  readonly data: string;
  readonly stack: ReturnType<typeof createStack>;
  readonly upstreams: Pick<GatewayOptions, "upstreams" | "fallback">;
  /** Null where nothing is charged: such a gateway needs no chain, and goes by its own measurements. */
  readonly chain: { readonly connection: Connection; readonly genesis: Uint8Array } | null;
  /** Base58; the one this release deploys if left out. */
  readonly program: string | undefined;
  /** Which of several processes this is; 0 for the only one. */
  readonly worker: number;
  readonly onTrouble: (event: string, detail: string) => void;
}

/** What a gateway routes by, beside its own measurements, and where it writes what it decided. Processes that share ports have logs of their own. */
export async function openGatewayRouting(
  parts: GatewayRoutingParts,
): Promise<Pick<GatewayOptions, "policy" | "decisions">> {
  const { data, stack, chain, worker } = parts;
  const own = worker === 0 ? "" : `-${worker}`;
  const decisions = stack.add(
    "decision log",
    await openDecisionLog({
      folder: `${decisionFolder(data, "gateway")}${own}`,
      where: "gateway",
      onTrouble: (reason) => parts.onTrouble("decisions", reason),
    }),
  );
  if (chain === null) return { decisions };
  const { upstreams = [], fallback } = parts.upstreams;
  const targets = [...upstreams, ...(fallback?.central ?? [])].flatMap((one) => targetOfUpstream(one) ?? []);
  const policy = stack.add(
    "policy view",
    await openPolicy({
      chain: connectionChain(chain.connection, (address) => new PublicKey(address)),
      program: toAddress(parts.program ?? POLICY_PROGRAM_ID),
      genesis: chain.genesis,
      targets: targets.map((target) => ({ kind: target.kind, name: formatTarget(target) })),
      cacheFile: join(data, `policy${own}.json`),
      log: ({ event, detail }) => parts.onTrouble(event, detail),
    }),
  );
  return { decisions, policy };
}
