/** A gateway as a process of its own, by the same start functions as `tolldns gateway`. */
import { type Connection, PublicKey } from "@solana/web3.js";
import type { GatewayStatus, RunningGateway } from "@tolldns/gateway";
import { startGateway } from "@tolldns/gateway";
import { connectionChain, openDecisionLog, openPolicy, type PolicyViewStatus } from "@tolldns/policy";
import { fromBase58 } from "@tolldns/sdk";
import { type GatewayConfig, openConfig } from "../../../clients/gateway/src/config.ts";
import { firstArgument, serve } from "./serve.ts";

export interface GatewayArguments {
  readonly config: GatewayConfig;
  /** Folder of the log of decisions. */
  readonly decisions: string;
  /** Null: own measurements alone. */
  readonly policy: PolicyArguments | null;
}

export interface PolicyArguments {
  /** Base58. */
  readonly program: string;
  readonly genesis: string;
  readonly targets: readonly string[];
  readonly cacheFile: string;
}

export interface GatewayReady {
  readonly addresses: RunningGateway["addresses"];
  /** PEM of the authority of its certificate. */
  readonly authority: string;
}

const told = await firstArgument<GatewayArguments>();
const { options, store } = await openConfig(told.config);
const decisions = await openDecisionLog({ folder: told.decisions, where: "gateway" });
const policy = told.policy === null ? null : await openView(told.policy);
const gateway = await startGateway({ ...options, decisions, ...(policy === null ? {} : { policy }) });
const ready: GatewayReady = { addresses: gateway.addresses, authority: gateway.authority ?? "" };

function openView({ program, genesis, targets, cacheFile }: PolicyArguments) {
  if (options.toll === undefined) throw new Error("states come by the chain that tolls come by");
  return openPolicy({
    chain: connectionChain(options.toll.chain as Connection, (address) => new PublicKey(address)),
    program: fromBase58(program),
    genesis: fromBase58(genesis),
    targets: targets.map((name) => ({ kind: "backend", name })),
    cacheFile,
    pollSeconds: 2,
  });
}

serve(
  ready,
  {
    status: (): GatewayStatus => gateway.status(),
    policy: (): PolicyViewStatus | null => policy?.status() ?? null,
  },
  async () => {
    await gateway.close();
    await policy?.close();
    await decisions.close();
    await store?.close();
  },
);
