import { formatAddress, type Signer, toAddress } from "@tolldns/sdk";
import type { Instruction } from "@tolldns/sdk/escrow";
import {
  createNamesDeployment,
  decodeNamesConfig,
  decodeNamesFailure,
  deriveNamesConfig,
  NAMES_PROGRAM_ID,
  type NamesConfig,
  type NamesDeployment,
} from "@tolldns/sdk/names";
import { CliError } from "../errors.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** The names program of the chain that `rpc` reaches. */
export interface NamesProgram {
  readonly deployment: NamesDeployment;
  readonly config: NamesConfig;
}

/** Reads from the chain where names live and on which terms. @throws CliError chain-refused when the program isn't there */
export async function findNames(rpc: Rpc, program: string | undefined): Promise<NamesProgram> {
  const names = toAddress(program ?? NAMES_PROGRAM_ID);
  const account = await rpc.readAccount(deriveNamesConfig(names).address);
  if (account === null)
    throw new CliError(
      "chain-refused",
      `the names program ${formatAddress(names)} is not initialised on the chain of ${rpc.url}`,
      "Name the right RPC with --rpc or the program with --names-program; on an embedded chain the migrations do it.",
    );
  const config = decodeNamesConfig(account.data);
  const { mint, tokenProgram, treasury } = config;
  return { deployment: createNamesDeployment({ names, mint, tokenProgram, treasury }), config };
}

/** Everything a command on names works with. */
export interface NamesSession {
  readonly rpc: Rpc;
  readonly names: NamesProgram;
  readonly signer: Signer;
}

/** Signs with the wallet, sends and waits. @returns the signature. @throws TollError of the names program */
export function sendNames(
  { rpc, names, signer }: NamesSession,
  instructions: readonly Instruction[],
): Promise<string> {
  const { names: address } = names.deployment;
  return rpc.send(instructions, [signer], (err, logs) => decodeNamesFailure(err, address, logs));
}
