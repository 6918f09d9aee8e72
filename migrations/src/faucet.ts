import { join } from "node:path";
import { type AddressLike, deriveTokenAccount, formatAddress, type Signer } from "@tolldns/sdk";
import { createAssociated, mintTo } from "./accounts.ts";
import { readDeployment } from "./deployment.ts";
import { fail } from "./errors.ts";
import { readKey } from "./keys.ts";
import { connect } from "./rpc.ts";
import { send } from "./send.ts";

/**
 * Mints Index Units to an owner's associated token account, which it creates if need be. Only where the migration made
 * the mint: its key is in the deployment's folder.
 * @param amount micro-IU
 * @param payer pays the fee; default the deployment's authority
 * @returns the token account, base58, once the units are confirmed
 * @throws migrate-faucet, migrate-rpc, migrate-failed, migrate-expired
 */
export async function mintIndexUnits(options: {
  rpcUrl: string;
  folder: string;
  owner: AddressLike;
  amount: bigint;
  payer?: Signer;
}): Promise<string> {
  const deployment = readDeployment(options.folder);
  if (deployment === null || deployment.faucet === null) {
    throw fail("migrate-faucet", { mint: deployment?.mint ?? "none" });
  }
  const { mint, tokenProgram } = deployment;
  const faucet = readKey(join(options.folder, "faucet.json"));
  const payer = options.payer ?? readKey(join(options.folder, "authority.json"));
  const account = deriveTokenAccount(options.owner, mint, tokenProgram).address;
  await send(
    { rpc: connect(options.rpcUrl), payer, unitPrice: 0n },
    [
      createAssociated(payer.publicKey, options.owner, mint, tokenProgram),
      mintTo(tokenProgram, mint, account, faucet.publicKey, options.amount),
    ],
    [faucet],
  );
  return formatAddress(account);
}
