import { type Connection, PublicKey } from "@solana/web3.js";
import type { Address } from "@tolldns/sdk";
import { decodeRound, deriveRound, type Round } from "@tolldns/sdk/policy";

/** Most accounts that RPC nodes give in one answer. */
const AT_ONCE = 100;

/** Reads the Rounds of these windows, each in its place; null where there is none. `id`: the target's, `begin`: Unix seconds. @throws the SDK's account errors, and what the RPC node answers */
export async function readRounds(
  connection: Connection,
  policy: Address,
  windows: readonly { readonly id: Uint8Array; readonly begin: bigint }[],
): Promise<(Round | null)[]> {
  const keys = windows.map(({ id, begin }) => new PublicKey(deriveRound(policy, id, begin).address));
  const rounds: (Round | null)[] = [];
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const some = keys.slice(from, from + AT_ONCE);
    for (const account of await connection.getMultipleAccountsInfo(some, "confirmed"))
      rounds.push(account === null ? null : decodeRound(account.data));
  }
  return rounds;
}
