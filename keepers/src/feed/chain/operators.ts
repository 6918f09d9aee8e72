import { type Connection, PublicKey } from "@solana/web3.js";
import { toBase58, toHex } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  decodeNode,
  decodeOperator,
  decodeStakeConfig,
  deriveStakeConfig,
  type Operator,
  type StakeConfig,
  weightOf,
} from "@tolldns/sdk/stake";
import { fail } from "../errors.ts";
import type { FeedPlace } from "./types.ts";

/** Feeds followed at most, those of the heaviest operators: registering costs next to nothing, weight does not. */
const MOST_FEEDS = 256;

/** An operator and where its account is. */
export interface FoundOperator {
  readonly address: Uint8Array;
  readonly operator: Operator;
}

/** @throws chain-missing, and what the RPC node answers */
export async function readStakeConfig(connection: Connection, stake: Uint8Array): Promise<StakeConfig> {
  const key = new PublicKey(deriveStakeConfig(stake).address);
  const account = await connection.getAccountInfo(key, "confirmed");
  if (account === null) throw fail("chain-missing", { account: key.toBase58() });
  return decodeStakeConfig(account.data);
}

export async function readOperators(connection: Connection, stake: Uint8Array): Promise<FoundOperator[]> {
  const rows = await readAll(connection, stake, "Operator");
  return rows.map(({ pubkey, account }) => ({
    address: pubkey.toBytes(),
    operator: decodeOperator(account.data),
  }));
}

/** Feeds that operators with weight registered with their WITNESS nodes, heaviest first. */
export async function readFeeds(connection: Connection, stake: Uint8Array): Promise<FeedPlace[]> {
  const [{ terms }, operators, nodes] = await Promise.all([
    readStakeConfig(connection, stake),
    readOperators(connection, stake),
    readAll(connection, stake, "Node"),
  ]);
  const weights = new Map(
    operators.map(({ address, operator }) => [toHex(address), weightOf(operator, terms.leastSelfStake)]),
  );
  return nodes
    .map(({ account }) => decodeNode(account.data))
    .filter(({ role, endpoint }) => role === "witness" && endpoint !== "")
    .map(({ operator, hotKey, endpoint }) => ({
      place: { witness: hotKey, url: endpoint },
      weight: weights.get(toHex(operator)) ?? 0n,
    }))
    .filter(({ weight }) => weight > 0n)
    .sort((a, b) => (a.weight > b.weight ? -1 : a.weight < b.weight ? 1 : 0))
    .slice(0, MOST_FEEDS)
    .map(({ place }) => place);
}

function readAll(connection: Connection, stake: Uint8Array, kind: "Operator" | "Node") {
  return connection.getProgramAccounts(new PublicKey(stake), {
    commitment: "confirmed",
    filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS[kind])) } }],
  });
}
