import { formatAddress, toAddress } from "@tolldns/sdk";
import {
  decodeQuorumConfig,
  deriveQuorumConfig,
  QUORUM_PROGRAM_ID,
  type QuorumConfig,
} from "@tolldns/sdk/quorum";
import { CliError } from "../errors.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** The quorum program of a chain: what clients check routes against. */
export interface Quorum extends QuorumConfig {
  /** Program id. */
  readonly program: Uint8Array;
}

/** Reads it from the chain. @throws CliError chain-refused when the program isn't there */
export async function findQuorum(rpc: Rpc, named: string | undefined): Promise<Quorum> {
  const program = toAddress(named ?? QUORUM_PROGRAM_ID);
  const account = await rpc.readAccount(deriveQuorumConfig(program).address);
  if (account === null)
    throw new CliError(
      "chain-refused",
      `the quorum program ${formatAddress(program)} is not initialised on the chain of ${rpc.url}`,
      "Name the right RPC with --rpc or the program with --quorum-program.",
    );
  return { ...decodeQuorumConfig(account.data), program };
}
