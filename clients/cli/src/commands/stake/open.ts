import { deriveTokenAccount } from "@tolldns/sdk";
import type { Run } from "../../command.ts";
import { findStake, type StakeSession } from "../../stake/program.ts";
import { readKeyFile } from "../../wallet/key-file.ts";
import { createRpc } from "../../wallet/rpc.ts";
import { addressFrom } from "../name/open.ts";
import { keyPath, rpcUrl } from "../wallet/open.ts";

export const STAKE_SECTIONS = ["chain", "wallet"] as const;
/** For who stakes with somebody else's operator. */
export const OPERATOR_FLAG = ["--operator <owner>", "owner of the operator (default: this wallet)"] as const;

export async function openStake(run: Run): Promise<StakeSession> {
  const signer = readKeyFile(keyPath(run));
  const rpc = createRpc(rpcUrl(run));
  return { rpc, signer, stake: await findStake(rpc, run.settings("chain").stakeProgram) };
}

/** Owner of the operator that is meant. @throws CliError usage */
export function ownerOf(run: Run, { signer }: StakeSession): Uint8Array {
  return run.flags.operator === undefined ? signer.publicKey : addressFrom(String(run.flags.operator));
}

/** Where the wallet's native tokens lie. */
export function nativeAccount({ stake, signer }: StakeSession): Uint8Array {
  const { mint, tokenProgram } = stake.deployment;
  return deriveTokenAccount(signer.publicKey, mint, tokenProgram).address;
}
