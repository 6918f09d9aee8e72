import type { RoutesPolicy, RoutesSettings } from "@tolldns/routes";
import { toAddress } from "@tolldns/sdk";
import type { Run } from "../command.ts";
import { feedUrls, rpcUrl } from "../commands/wallet/open.ts";

/** What is known of the cluster, so that it needn't be asked. */
export interface KnownCluster {
  readonly rpcUrl: string;
  /** Base58. */
  readonly genesis: string;
}

/** How `.dns` is answered; undefined where no feed is named and none runs here. @throws CliError not-running, rpc-unreachable */
export async function routesSettings(
  run: Run,
  known: KnownCluster | undefined,
  policy: Partial<RoutesPolicy> = {},
): Promise<RoutesSettings | undefined> {
  const feeds = feedUrls(run);
  if (feeds.length === 0) return undefined;
  const url = rpcUrl(run);
  const { quorumProgram } = run.settings("chain");
  if (quorumProgram !== undefined) toAddress(quorumProgram);
  return {
    feeds,
    chain: {
      rpcUrl: url,
      genesis: known?.rpcUrl === url ? known.genesis : await askGenesis(url),
      ...(quorumProgram === undefined ? {} : { quorum: quorumProgram }),
    },
    policy,
  };
}

async function askGenesis(url: string): Promise<string> {
  const { createRpc } = await import("../wallet/rpc.ts");
  return createRpc(url).call<string>("getGenesisHash");
}
