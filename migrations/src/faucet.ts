import { existsSync } from "node:fs";
import { join } from "node:path";
import { type AddressLike, deriveTokenAccount, formatAddress, type Signer } from "@tolldns/sdk";
import { createAssociated, mintTo } from "./accounts.ts";
import { readDeployment } from "./deployment.ts";
import { fail } from "./errors.ts";
import { readKey } from "./keys.ts";
import { connect } from "./rpc.ts";
import { send } from "./send.ts";

interface MintOptions {
  rpcUrl: string;
  folder: string;
  owner: AddressLike;
  /** Smallest units of the token. */
  amount: bigint;
  /** Pays the fee; default the deployment's authority. */
  payer?: Signer;
}

/**
 * Mints Index Units (`amount` in micro-IU) to an owner's associated token account, which it creates if need be. Only where the migration made
 * the mint: its key is in the deployment's folder.
 * @returns the token account, base58, once the units are confirmed
 * @throws migrate-faucet, migrate-rpc, migrate-failed, migrate-expired
 */
export async function mintIndexUnits(options: MintOptions): Promise<string> {
  const deployment = readDeployment(options.folder);
  if (deployment === null || deployment.faucet === null) {
    throw fail("migrate-faucet", { mint: deployment?.mint ?? "none" });
  }
  return mint(options, deployment.mint, deployment.tokenProgram);
}

/** As mintIndexUnits, for native tokens (`amount` in base units, 9 decimals) where the migration made their mint. */
export async function mintNativeTokens(options: MintOptions): Promise<string> {
  const { nativeMint, nativeTokenProgram } = readDeployment(options.folder) ?? {};
  const faucet = existsSync(join(options.folder, "faucet.json"));
  if (nativeMint === undefined || nativeTokenProgram === undefined || !faucet) {
    throw fail("migrate-faucet", { mint: nativeMint ?? "none" });
  }
  return mint(options, nativeMint, nativeTokenProgram);
}

async function mint(options: MintOptions, mint: string, tokenProgram: string): Promise<string> {
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
