import { join } from "node:path";
import { deriveTokenAccount, type Signer } from "@tolldns/sdk";
import { deposit } from "@tolldns/sdk/escrow";
import {
  addNode,
  decodeNode,
  decodeStakeFailure,
  deriveNode,
  deriveOperator,
  type StakeDeployment,
  setNode,
} from "@tolldns/sdk/stake";
import { type Escrow, readHoldings } from "../wallet/account.ts";
import { giveLamports, giveTokens } from "../wallet/faucet.ts";
import { ensureKeyFile } from "../wallet/key-file.ts";
import type { Rpc } from "../wallet/rpc.ts";
import { WITNESSES } from "./witnesses.ts";

/** Verifiers that `tolldns up` runs: one for each operator that has a witness, since their stake is what weighs. */
export const VERIFIERS = WITNESSES;

/** Their nodes stand beside the witness's. */
const NODE = 2;
/** Networks for private use (RFC 6996): a machine of one's own is in none of the others'. */
const FIRST_ASN = 64_512;
/** SOL for fees and for the rent of rounds, which comes back. */
const LAMPORTS = 20_000_000_000;
/** Micro-IU that a verifier's wallet gets when it has less than a tenth of it: months of probes. */
const TOLLS = 20_000_000n;

/** A verifier of this machine. */
export interface OwnVerifier {
  readonly key: Signer;
  readonly port: number;
  /** Keypair file of the wallet that pays its probes. */
  readonly wallet: string;
}

/** Registers a verifier for each port with the operators of the witnesses, in regions and networks of their own, unless an earlier start did. */
export async function ensureVerifiers(
  rpc: Rpc,
  deployment: StakeDeployment,
  escrow: Escrow,
  data: string,
  ports: readonly number[],
): Promise<OwnVerifier[]> {
  return Promise.all(
    ports.map(async (port, index) => {
      const number = index + 1;
      const key = ensureKeyFile(join(data, `verifier-${number}.json`));
      const owner = ensureKeyFile(join(data, `witness-${number}.operator.json`));
      const wallet = join(data, `verifier-${number}.wallet.json`);
      await giveLamports(rpc, key.publicKey, LAMPORTS);
      await ensureNode(rpc, deployment, owner, key, number, `http://127.0.0.1:${port}`);
      await ensureTolls(rpc, escrow, data, wallet);
      return { key, port, wallet };
    }),
  );
}

async function ensureNode(
  rpc: Rpc,
  deployment: StakeDeployment,
  owner: Signer,
  key: Signer,
  number: number,
  endpoint: string,
): Promise<void> {
  const operator = deriveOperator(deployment.stake, owner.publicKey).address;
  const account = await rpc.readAccount(deriveNode(deployment.stake, operator, NODE).address);
  const region = number;
  const asn = FIRST_ASN + number;
  const place = { deployment, owner: owner.publicKey, number: NODE, region, asn, endpoint };
  if (account !== null && decodeNode(account.data).endpoint === endpoint) return;
  await giveLamports(rpc, owner.publicKey);
  const instruction =
    account === null ? addNode({ ...place, role: "verifier", hotKey: key.publicKey }) : setNode(place);
  await rpc.send([instruction], [owner], (err, logs) => decodeStakeFailure(err, deployment.stake, logs));
}

async function ensureTolls(rpc: Rpc, escrow: Escrow, data: string, keyFile: string): Promise<void> {
  const wallet = ensureKeyFile(keyFile);
  const owner = wallet.publicKey;
  if ((await readHoldings(rpc, escrow, owner)).free >= TOLLS / 10n) return;
  await giveTokens(rpc, data, owner, TOLLS);
  const { deployment } = escrow;
  const source = deriveTokenAccount(owner, deployment.mint, deployment.tokenProgram).address;
  await rpc.send([deposit({ deployment, owner, source, amount: TOLLS })], [wallet], deployment.escrow);
}
