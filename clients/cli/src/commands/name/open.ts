import { deriveTokenAccount, formatAddress, toAddress } from "@tolldns/sdk";
import { normalizeLabel } from "@tolldns/sdk/names";
import type { Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findNames, type NamesProgram, type NamesSession } from "../../names/program.ts";
import { readKeyFile } from "../../wallet/key-file.ts";
import { createRpc, type Rpc } from "../../wallet/rpc.ts";
import { keyPath, rpcUrl } from "../wallet/open.ts";

/** Settings of commands that sign. */
export const SIGNING_SECTIONS = ["chain", "wallet"] as const;

export async function openNames(run: Run): Promise<{ readonly rpc: Rpc; readonly names: NamesProgram }> {
  const rpc = createRpc(rpcUrl(run));
  return { rpc, names: await findNames(rpc, run.settings("chain").namesProgram) };
}

/** Names and the wallet that signs. */
export async function openNamesWallet(run: Run): Promise<NamesSession> {
  const signer = readKeyFile(keyPath(run));
  return { ...(await openNames(run)), signer };
}

/** The label of the name an argument means, normalised: `example`, `Example.dns`. @throws TollError label-invalid */
export const labelOf = (run: Run, at = 0): string => normalizeLabel(run.args[at] ?? "");

/** A wallet's address in an argument. @throws CliError usage */
export const addressOf = (run: Run, at: number): Uint8Array => addressFrom(run.args[at] ?? "");

/** @throws CliError usage */
export function addressFrom(text: string): Uint8Array {
  try {
    return toAddress(text);
  } catch (cause) {
    throw new CliError(
      "usage",
      `${JSON.stringify(text)} is no address`,
      "Write a wallet's address in base58.",
      { cause },
    );
  }
}

/** A whole number in a flag. @throws CliError usage */
export function numberOf(run: Run, flag: string, otherwise: number, min: number, max: number): number {
  const given = run.flags[flag];
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (/^\d+$/.test(String(given)) && value >= min && value <= max) return value;
  throw new CliError(
    "usage",
    `--${flag} must be a whole number from ${min} to ${max}`,
    `It is ${JSON.stringify(given)} now.`,
  );
}

/** Where the wallet's Index Units lie. */
export function sourceOf({ names, signer }: NamesSession): Uint8Array {
  const { mint, tokenProgram } = names.deployment;
  return deriveTokenAccount(signer.publicKey, mint, tokenProgram).address;
}

export const day = (seconds: bigint): string => new Date(Number(seconds) * 1_000).toISOString().slice(0, 10);
export const moment = (seconds: bigint): string =>
  `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
export const shown = (address: Uint8Array | undefined): string | null =>
  address === undefined ? null : formatAddress(address);
