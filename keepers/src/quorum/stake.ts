import { PublicKey } from "@solana/web3.js";
import { type Address, toBase58, toHex } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  createStakeDeployment,
  decodeNode,
  decodeOperator,
  decodeStakeConfig,
  deriveStakeConfig,
  type Operator,
  type StakeDeployment,
  weightOf,
} from "@tolldns/sdk/stake";
import type { QuorumContext } from "./context.ts";
import { fail } from "./errors.ts";

/** An operator as the stake tree has it and as it would have it after a sync. */
export interface OperatorFacts {
  /** Operator account, 32 bytes. */
  readonly address: Address;
  readonly operator: Operator;
  /** Weight that a sync would write. */
  readonly weight: bigint;
  /** Base URL of its WITNESS node's feed; null if it has none. */
  readonly feed: string | null;
}

/** The stake program's configuration and everybody who is registered there. */
export interface StakeFacts {
  readonly deployment: StakeDeployment;
  readonly operators: readonly OperatorFacts[];
}

/** Reads every operator, and the feed of each that has a WITNESS node. Throws `stake-missing` and what the RPC node answers. */
export async function readStake({ connection }: QuorumContext, stake: Uint8Array): Promise<StakeFacts> {
  const program = new PublicKey(stake);
  const every = (kind: "Operator" | "Node") =>
    connection.getProgramAccounts(program, {
      commitment: "confirmed",
      filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS[kind])) } }],
    });
  const [config, operators, nodes] = await Promise.all([
    connection.getAccountInfo(new PublicKey(deriveStakeConfig(stake).address), "confirmed"),
    every("Operator"),
    every("Node"),
  ]);
  if (config === null) throw fail("stake-missing", { stake: toBase58(stake) });
  const { terms, mint, tokenProgram, treasury } = decodeStakeConfig(config.data);
  const feeds = new Map<string, string>();
  for (const { account } of nodes) {
    const { role, operator, endpoint } = decodeNode(account.data);
    if (role === "witness" && isWeb(endpoint)) feeds.set(toHex(operator), endpoint);
  }
  return {
    deployment: createStakeDeployment({ stake, mint, tokenProgram, treasury }),
    operators: operators.map(({ pubkey, account }) => {
      const address = pubkey.toBytes();
      const operator = decodeOperator(account.data);
      const weight = weightOf(operator, terms.leastSelfStake);
      return { address, operator, weight, feed: feeds.get(toHex(address)) ?? null };
    }),
  };
}

const isWeb = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
