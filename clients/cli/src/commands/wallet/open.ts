import { join } from "node:path";
import type { Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { readRunning } from "../../state.ts";
import { findEscrow, type OpenWallet } from "../../wallet/account.ts";
import { readKeyFile } from "../../wallet/key-file.ts";
import { createRpc } from "../../wallet/rpc.ts";

/** Settings that every wallet command takes. */
export const WALLET_SECTIONS = ["chain", "wallet"] as const;

/** The wallet's key file: as named, or wallet.json of the data folder. */
export function keyPath(run: Run): string {
  return run.settings("wallet").key ?? join(run.settings("general").data, "wallet.json");
}

/** The RPC to use: as named, or the running `up`'s. @throws CliError not-running */
export function rpcUrl(run: Run): string {
  const { data } = run.settings("general");
  const url = run.settings("chain").rpc ?? readRunning(data)?.rpc;
  if (url !== undefined) return url;
  throw new CliError(
    "not-running",
    "no chain to ask: `tolldns up` is not running",
    "Start it with `npm start` or `tolldns up`, or name a Solana RPC with --rpc.",
  );
}

export async function openWallet(run: Run): Promise<OpenWallet> {
  const signer = readKeyFile(keyPath(run));
  const rpc = createRpc(rpcUrl(run));
  return { rpc, signer, escrow: await findEscrow(rpc, run.settings("chain").escrow) };
}

/** Feeds of `.dns` routes to ask: as named, or the running `up`'s; none if neither is there. */
export function feedUrls(run: Run): readonly string[] {
  const { data } = run.settings("general");
  return run.settings("chain").feeds ?? readRunning(data)?.feeds ?? [];
}
