import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Keypair, Transaction, type TransactionInstruction } from "@solana/web3.js";
import { type Deployment as Deployed, migrate, mintIndexUnits } from "@tolldns/migrations";
import { createDeployment, type Deployment } from "@tolldns/sdk";
import { deposit } from "@tolldns/sdk/web3";
import { keySeedOf } from "../../keepers/world/seeds.ts";
import { openingOfLedger, tokenAccountOf } from "../../support/ledger.ts";
import type { LabChain } from "./chain.ts";
import { LAB_TERMS } from "./terms.ts";

/** Micro-IU a unit. */
export const PRICE = 2n;
const DEPOSIT = 4_000_000_000n;

/** Programs on the chain and who pays whom. */
export interface Money {
  readonly deployed: Deployed;
  readonly deployment: Deployment;
  /** Key file of the wallet the edge pays from. */
  readonly walletFile: string;
  /** Opens a ledger for a gateway. @returns its address */
  openLedgerFor(name: string): Promise<Uint8Array>;
}

const keypairOf = (name: string) => Keypair.fromSeed(keySeedOf(name));

/** Brings the programs to the chain, fills a wallet. */
export async function openMoney(chain: LabChain, folder: string, withPolicy: boolean): Promise<Money> {
  const deployments = join(folder, "deployment");
  const { windowUrl: rpcUrl, connection } = chain;
  const deployed = await migrate({
    rpcUrl,
    folder: deployments,
    ...(withPolicy ? { programs: ["stake", "policy"] as const, policyTerms: LAB_TERMS } : {}),
  });
  const deployment = createDeployment(deployed);
  const wallet = keypairOf("lab wallet");
  // Signed by hand: web3.js keeps a blockhash longer than a chain of short slots honours it.
  const send = async (signer: Keypair, ...instructions: TransactionInstruction[]) => {
    const latest = await connection.getLatestBlockhash();
    const transaction = new Transaction({ ...latest, feePayer: signer.publicKey }).add(...instructions);
    transaction.sign(signer);
    const signature = await connection.sendRawTransaction(transaction.serialize());
    const { value } = await connection.confirmTransaction({ signature, ...latest });
    if (value.err !== null) throw new Error(`${signature}: ${JSON.stringify(value.err)}`);
  };
  await chain.airdrop(wallet.publicKey.toBase58(), 20);
  const owner = wallet.publicKey.toBytes();
  await mintIndexUnits({ rpcUrl, folder: deployments, owner, amount: DEPOSIT });
  const source = tokenAccountOf(deployment, wallet.publicKey).toBytes();
  await send(wallet, deposit({ deployment, owner, source, amount: DEPOSIT }));
  const walletFile = join(folder, "wallet.json");
  writeFileSync(walletFile, JSON.stringify([...wallet.secretKey]), { mode: 0o600 });
  return {
    deployed,
    deployment,
    walletFile,
    async openLedgerFor(name) {
      const operator = keypairOf(`lab operator ${name}`);
      await chain.airdrop(operator.publicKey.toBase58(), 5);
      const { ledger, instructions } = openingOfLedger(deployment, operator.publicKey, 32);
      await send(operator, ...instructions);
      return ledger;
    },
  };
}
