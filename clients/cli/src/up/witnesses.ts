import { join } from "node:path";
import type { Signer } from "@tolldns/sdk";
import {
  addNode,
  decodeNode,
  decodeStakeFailure,
  deriveNode,
  deriveOperator,
  registerOperator,
  type StakeDeployment,
  setNode,
  stake,
} from "@tolldns/sdk/stake";
import type { Instruction } from "@tolldns/sdk/transaction";
import { deploymentFolder, giveLamports } from "../wallet/faucet.ts";
import { ensureKeyFile } from "../wallet/key-file.ts";
import type { FailureReader, Rpc } from "../wallet/rpc.ts";

/** Witnesses that `tolldns up` runs: so many that none decides alone, so few that they cost nothing to speak of. */
export const WITNESSES = 3;

/** What each of them stakes, base units of the native token. */
const STAKE = 1_000_000_000_000n;
const NODE = 1;

/** A witness of this machine. */
export interface OwnWitness {
  /** The hot key: signs votes and receipts. */
  readonly key: Signer;
  readonly port: number;
}

/** Registers an operator for each port, with stake and a witness node there, unless an earlier start did. */
export function ensureWitnesses(
  rpc: Rpc,
  deployment: StakeDeployment,
  data: string,
  ports: readonly number[],
): Promise<OwnWitness[]> {
  return Promise.all(
    ports.map(async (port, index) => {
      const key = ensureKeyFile(join(data, `witness-${index + 1}.json`));
      const owner = ensureKeyFile(join(data, `witness-${index + 1}.operator.json`));
      await ensureNode(rpc, deployment, data, owner, key, `http://127.0.0.1:${port}`);
      return { key, port };
    }),
  );
}

async function ensureNode(
  rpc: Rpc,
  deployment: StakeDeployment,
  data: string,
  owner: Signer,
  key: Signer,
  endpoint: string,
): Promise<void> {
  const { publicKey } = owner;
  const operator = deriveOperator(deployment.stake, publicKey).address;
  const account = await rpc.readAccount(deriveNode(deployment.stake, operator, NODE).address);
  const place = { deployment, owner: publicKey, number: NODE, region: 0, asn: 0, endpoint };
  const explain: FailureReader = (err, logs) => decodeStakeFailure(err, deployment.stake, logs);
  const send = (...instructions: readonly Instruction[]) => rpc.send(instructions, [owner], explain);
  if (account !== null) {
    if (decodeNode(account.data).endpoint !== endpoint) await send(setNode(place));
    return;
  }
  await giveLamports(rpc, publicKey);
  const { mintNativeTokens } = await import("@tolldns/migrations");
  const folder = deploymentFolder(data);
  const source = await mintNativeTokens({ rpcUrl: rpc.url, folder, owner: publicKey, amount: STAKE });
  await send(
    registerOperator({ deployment, owner: publicKey, commissionBps: 0 }),
    stake({ deployment, owner: publicKey, staker: publicKey, source, amount: STAKE, tier: 0 }),
    addNode({ ...place, role: "witness", hotKey: key.publicKey }),
  );
}
