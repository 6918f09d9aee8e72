import { deriveTokenAccount } from "@tolldns/sdk";
import { deposit } from "@tolldns/sdk/escrow";
import { ensureLedger, type OwnLedger } from "../roles/operator.ts";
import { type Escrow, readHoldings } from "../wallet/account.ts";
import { giveLamports, giveTokens } from "../wallet/faucet.ts";
import { ensureKeyFile } from "../wallet/key-file.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** What the demo wallet starts with, micro-IU: some in escrow, some outside, of which its first name costs 5 IU. */
const GIFT = 105_000_000n;
const DEPOSIT = 90_000_000n;
/** SOL for the rent of the ledger's rows, which the operator gets back by closing it. */
const OPERATOR_LAMPORTS = 2_000_000_000;

type KeyPair = ReturnType<typeof ensureKeyFile>;

/** Makes and fills the demo wallet the first time: Index Units from the chain's own faucet, most of them in escrow. */
export async function ensureDemoWallet(
  rpc: Rpc,
  escrow: Escrow,
  data: string,
  keyFile: string,
): Promise<KeyPair> {
  const wallet = ensureKeyFile(keyFile);
  const owner = wallet.publicKey;
  const { tokens, free, openLanes } = await readHoldings(rpc, escrow, owner);
  if (free > 0n || openLanes > 0) return wallet;
  if (tokens < DEPOSIT) await giveTokens(rpc, data, owner, GIFT);
  await giveLamports(rpc, owner);
  const { deployment } = escrow;
  const source = deriveTokenAccount(owner, deployment.mint, deployment.tokenProgram).address;
  await rpc.send([deposit({ deployment, owner, source, amount: DEPOSIT })], [wallet], deployment.escrow);
  return wallet;
}

/** The operator of the gateway on this machine, with a ledger of a few lanes. */
export async function ensureOperator(rpc: Rpc, escrow: Escrow, keyFile: string): Promise<OwnLedger> {
  const operator = ensureKeyFile(keyFile);
  await giveLamports(rpc, operator.publicKey, OPERATOR_LAMPORTS);
  return ensureLedger(rpc, escrow, operator, { index: 0, rows: 64, minReserve: 10_000n });
}

export async function ensureKeeper(rpc: Rpc, keyFile: string): Promise<KeyPair> {
  const keeper = ensureKeyFile(keyFile);
  await giveLamports(rpc, keeper.publicKey);
  return keeper;
}
