import { existsSync } from "node:fs";
import { type Deployment, formatAddress } from "@tolldns/sdk";
import { CliError } from "../errors.ts";
import { readKeyFile } from "./key-file.ts";
import type { Rpc } from "./rpc.ts";
import { createTokenAccount, mintTo } from "./token.ts";

/** Lamports below which the faucet tops an account up, and to what. */
const ENOUGH = 500_000_000;
const TOP_UP = 1_000_000_000;

/** Sees to it that an account of a development chain can pay fees. @throws CliError faucet-missing */
export async function giveLamports(rpc: Rpc, owner: Uint8Array, lamports = TOP_UP) {
  const account = await rpc.readAccount(owner);
  if ((account?.lamports ?? 0) >= Math.min(ENOUGH, lamports)) return;
  const signature = await rpc
    .call<string>("requestAirdrop", [formatAddress(owner), lamports])
    .catch((cause: unknown) => {
      throw new CliError(
        "faucet-missing",
        "this chain has no faucet for SOL",
        "Send SOL for fees to the address that `tolldns wallet address` prints.",
        { cause },
      );
    });
  await waitFor(rpc, signature);
}

/**
 * Gives SOL for fees and `amount` micro-IU, minted by the development chain's mint authority.
 * @param faucet key file of that authority, in the data folder of whoever runs the chain
 * @throws CliError faucet-missing
 */
export async function giveTokens(
  rpc: Rpc,
  deployment: Deployment,
  faucet: string,
  owner: Uint8Array,
  amount: bigint,
) {
  if (!existsSync(faucet))
    throw new CliError(
      "faucet-missing",
      "there is no faucet for Index Units of this chain here",
      "Only whoever runs a development chain has one (in its data folder: --data); elsewhere buy or earn Index Units.",
    );
  const authority = readKeyFile(faucet);
  await giveLamports(rpc, owner);
  await giveLamports(rpc, authority.publicKey);
  const account = createTokenAccount(authority.publicKey, owner, deployment);
  await rpc.send(
    [account.instruction, mintTo(deployment, authority.publicKey, account.address, amount)],
    [authority],
    deployment.escrow,
  );
}

async function waitFor(rpc: Rpc, signature: string) {
  for (let tries = 0; tries < 100; tries++) {
    const { value } = await rpc.call<{ value: ({ confirmationStatus: string } | null)[] }>(
      "getSignatureStatuses",
      [[signature]],
    );
    if (value[0] && value[0].confirmationStatus !== "processed") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
