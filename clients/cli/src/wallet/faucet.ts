import { existsSync } from "node:fs";
import { join } from "node:path";
import { formatAddress } from "@tolldns/sdk";
import { CliError } from "../errors.ts";
import type { Rpc } from "./rpc.ts";

/** Lamports the faucet gives to an account that has less than half of it. */
const SOL = 1_000_000_000;

/** Sees to it that an account of a development chain can pay fees and rent. @throws CliError faucet-missing */
export async function giveLamports(rpc: Rpc, owner: Uint8Array, lamports = SOL) {
  const account = await rpc.readAccount(owner);
  if ((account?.lamports ?? 0) >= lamports / 2) return;
  const signature = await rpc
    .call<string>("requestAirdrop", [formatAddress(owner), lamports])
    .catch((cause: unknown) => {
      const hint = "Send SOL for fees to the address that `tolldns wallet address` prints.";
      throw new CliError("faucet-missing", "this chain has no faucet for SOL", hint, { cause });
    });
  await rpc.confirmed(signature);
}

/** Folder of the keys and addresses of the chain that `tolldns up` or `tolldns chain` deployed to. */
export const deploymentFolder = (data: string): string => join(data, "deployment");

/**
 * Gives SOL for fees and `amount` micro-IU of the Index Unit that the migrations made.
 * @throws CliError faucet-missing where somebody else runs the chain
 */
export async function giveTokens(rpc: Rpc, data: string, owner: Uint8Array, amount: bigint) {
  const folder = deploymentFolder(data);
  if (!existsSync(join(folder, "faucet.json"))) {
    const hint =
      "Only whoever runs a development chain has one (name its data folder with --data); elsewhere buy or earn Index Units.";
    throw new CliError("faucet-missing", "there is no faucet for Index Units of this chain here", hint);
  }
  const { mintIndexUnits } = await import("@tolldns/migrations");
  await Promise.all([giveLamports(rpc, owner), mintIndexUnits({ rpcUrl: rpc.url, folder, owner, amount })]);
}

/** As giveTokens, for base units of the native token that is staked. @throws CliError faucet-missing */
export async function giveNative(rpc: Rpc, data: string, owner: Uint8Array, amount: bigint) {
  const folder = deploymentFolder(data);
  if (!existsSync(join(folder, "faucet.json"))) {
    const hint =
      "Only whoever runs a development chain has one (name its data folder with --data); elsewhere buy or earn them.";
    throw new CliError("faucet-missing", "there is no faucet for native tokens of this chain here", hint);
  }
  const { mintNativeTokens } = await import("@tolldns/migrations");
  await giveLamports(rpc, owner);
  await mintNativeTokens({ rpcUrl: rpc.url, folder, owner, amount });
}
