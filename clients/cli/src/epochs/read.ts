import { formatAddress, toHex } from "@tolldns/sdk";
import { decodeEpoch, deriveEpoch, type Epoch } from "@tolldns/sdk/quorum";
import type { Quorum } from "../names/quorum.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** Epochs by number, newest first; those whose account was closed are left out. */
export async function readEpochs(rpc: Rpc, quorum: Quorum, newest: bigint, count: number): Promise<Epoch[]> {
  const numbers: bigint[] = [];
  for (let number = newest; number > 0n && numbers.length < count; number--) numbers.push(number);
  if (numbers.length === 0) return [];
  const addresses = numbers.map((number) => formatAddress(deriveEpoch(quorum.program, number).address));
  const { value } = await rpc.call<{ value: ({ data: [string, string] } | null)[] }>("getMultipleAccounts", [
    addresses,
    { encoding: "base64", commitment: "confirmed" },
  ]);
  return value.flatMap((account) =>
    account === null ? [] : [decodeEpoch(new Uint8Array(Buffer.from(account.data[0], "base64")))],
  );
}

/** Weight that voted for the digest that has most of it, struck members left out. */
export function votedWeight({ members, attested }: Epoch): bigint {
  const sums = new Map<string, bigint>();
  for (const { vote, struck, weight } of members)
    if (vote !== undefined && !struck) sums.set(toHex(vote), (sums.get(toHex(vote)) ?? 0n) + weight);
  if (attested !== undefined) return sums.get(toHex(attested.digest)) ?? 0n;
  return [...sums.values()].reduce((a, b) => (a > b ? a : b), 0n);
}

/** Why an epoch was rejected, in words; null if it was not. */
export function challengeText({ challenge }: Epoch): string | null {
  switch (challenge?.kind) {
    case "signature":
      return "a step's signature is no signature of its signer";
    case "authority":
      return "a step was signed by somebody who could not sign for the name";
    case "step":
      return "a step does not lead where it says, or its version does not rise";
    case "order":
      return "the trace does not begin, go on or end as it must";
    case "omission":
      return "an update that its owner had posted on chain was left out";
    default:
      return null;
  }
}
