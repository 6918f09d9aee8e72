import { join } from "node:path";
import type { Connection } from "@solana/web3.js";
import type { RunningQuorumKeeper, RunningWitness } from "@tolldns/keepers";
import type { RoutesSettings } from "@tolldns/routes";
import { type Signer, toAddress } from "@tolldns/sdk";
import { QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import { decodeStakeConfig, deriveStakeConfig, STAKE_PROGRAM_ID } from "@tolldns/sdk/stake";
import type { Store } from "@tolldns/store";
import { CliError } from "../errors.ts";
import type { Stack } from "../roles/lifetime.ts";
import { giveLamports } from "../wallet/faucet.ts";
import type { Rpc } from "../wallet/rpc.ts";
import type { UpLog } from "./log.ts";
import { ensureWitnesses } from "./witnesses.ts";

/** What makes routes of `.dns` final on this machine, and who tells of them. */
export interface RunningRoutes {
  readonly witnesses: readonly RunningWitness[];
  readonly keeper: RunningQuorumKeeper;
  /** Base URLs of the witnesses' feeds. */
  readonly feeds: readonly string[];
  /** How gateway and edge are to answer `.dns`. */
  readonly settings: RoutesSettings;
}

export interface RoutesParts {
  readonly rpc: Rpc;
  readonly connection: Connection;
  /** Genesis hash of the chain, base58. */
  readonly genesis: string;
  readonly data: string;
  readonly store: Store;
  /** Pays the keeper's fees and the epochs' rent. */
  readonly feePayer: Signer;
  readonly ports: readonly number[];
  readonly log: UpLog;
}

/** SOL for fees and for the rent of epochs, which comes back: months of epochs. */
const LAMPORTS = 100_000_000_000;

/** Starts witnesses and the quorum keeper; epochs go on from where they were. */
export async function startRoutes(parts: RoutesParts, stack: Stack): Promise<RunningRoutes> {
  const { rpc, connection, genesis, data, store, feePayer, ports, log } = parts;
  const quorum = toAddress(QUORUM_PROGRAM_ID);
  await giveLamports(rpc, feePayer.publicKey, LAMPORTS);
  const own = await ensureWitnesses(rpc, await readStake(rpc, toAddress(STAKE_PROGRAM_ID)), data, ports);
  const { startQuorumKeeper, startWitness } = await import("@tolldns/keepers");
  const logOf = (role: string) => (level: string, event: string, fields?: Record<string, unknown>) =>
    log.event(role, { level, event, ...fields });
  const witnesses = await Promise.all(
    own.map(async ({ key, port }, index) => {
      const witness = await startWitness({
        connection,
        quorum,
        key,
        feePayer,
        store: { path: join(data, `witness-${index + 1}.sqlite`) },
        listen: { host: "127.0.0.1", port },
        // One machine: gossip takes no time, and the keeper relays three votes for one fee.
        policy: { intervalSeconds: 1, namesSeconds: 1 },
        voting: { patience: 4, pause: 0.3, omissionMargin: 1, attest: false },
        log: logOf(`witness ${index + 1}`),
      });
      return stack.add(`witness ${index + 1}`, witness);
    }),
  );
  const keeper = stack.add(
    "quorum keeper",
    await startQuorumKeeper({
      connection,
      store,
      feePayer,
      quorum,
      policy: { intervalSeconds: 1, relayPatienceSeconds: 0, syncPatienceSeconds: 4 },
      holder: "up",
      log: logOf("quorum keeper"),
    }),
  );
  const feeds = witnesses.map(({ url }) => url);
  const chain = { rpcUrl: rpc.url, genesis };
  return { witnesses, keeper, feeds, settings: { feeds, chain, policy: { recheckSeconds: 2 } } };
}

async function readStake(rpc: Rpc, stake: Uint8Array) {
  const account = await rpc.readAccount(deriveStakeConfig(stake).address);
  if (account === null)
    throw new CliError(
      "chain-refused",
      "the stake program is not initialised on this chain",
      "Start again: the migrations go on where they stopped.",
    );
  const { mint, tokenProgram, treasury } = decodeStakeConfig(account.data);
  return { stake, mint, tokenProgram, treasury };
}
