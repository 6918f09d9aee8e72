import { copyBytes, deriveAddress, formatAddress, readU64, toAddress } from "@tolldns/sdk";
import { CliError } from "../errors.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** What clients check routes against: the quorum program's account, as far as names need it. */
export interface Quorum {
  readonly domain: Uint8Array;
  /** 0 before the first. */
  readonly finalEpoch: bigint;
  /** The last final epochs and their roots, the newest among them. */
  readonly recent: readonly { readonly epoch: bigint; readonly root: Uint8Array }[];
}

/** Reads it from the chain. @throws CliError chain-refused when the program isn't there */
export async function findQuorum(rpc: Rpc, program: string | undefined): Promise<Quorum> {
  if (program === undefined)
    throw new CliError(
      "option-missing",
      "the quorum program's address is not known",
      "Name it with --quorum-program.",
    );
  const quorum = toAddress(program);
  const account = await rpc.readAccount(deriveAddress(quorum, [new TextEncoder().encode("quorum")]).address);
  if (account === null)
    throw new CliError(
      "chain-refused",
      `the quorum program ${formatAddress(quorum)} is not initialised on the chain of ${rpc.url}`,
      "Name the right RPC with --rpc or the program with --quorum-program.",
    );
  const { data } = account;
  const recent = Array.from({ length: 16 }, (_, i) => ({
    epoch: readU64(data, 360 + 8 * i),
    root: copyBytes(data, 488 + 32 * i, 520 + 32 * i),
  }));
  return {
    domain: copyBytes(data, 48, 80),
    finalEpoch: readU64(data, 240),
    recent: recent.filter(({ epoch }) => epoch > 0n),
  };
}
