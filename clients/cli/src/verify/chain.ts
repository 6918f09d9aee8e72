import { bytesEqual, formatAddress, fromBase58, toHex } from "@tolldns/sdk";
import { decodeDelegate, decodeName, deriveDelegate, deriveName } from "@tolldns/sdk/names";
import {
  decodeEpoch,
  deriveEpoch,
  deriveQuorumConfig,
  type Epoch,
  hashOutcome,
  isQuorum,
} from "@tolldns/sdk/quorum";
import { hashDomain } from "@tolldns/sdk/routes";
import type { Quorum } from "../names/quorum.ts";
import type { Rpc } from "../wallet/rpc.ts";
import { moment, type Step } from "./steps.ts";

/** The final root of an epoch as the chain remembers it; null if it is none of its last 16. */
export function finalRootOf(quorum: Quorum, epoch: bigint | null): Uint8Array | null {
  if (quorum.final?.epoch === epoch) return quorum.final.root;
  return quorum.recent.find((one) => one.epoch === epoch)?.root ?? null;
}

/** Is it the newest final root, and since when? */
export function newestStep(quorum: Quorum, epoch: bigint | null): Step {
  const { final } = quorum;
  if (final === undefined || epoch === null)
    return { step: "newest", ok: null, detail: "no epoch is final yet", facts: {} };
  const ok = final.epoch === epoch;
  const detail = ok
    ? `epoch ${epoch} is the last final one, since ${moment(final.at)}`
    : `the chain is at epoch ${final.epoch}, final since ${moment(final.at)}: what is shown may be old`;
  return { step: "newest", ok, detail, facts: { final: final.epoch, finalAt: final.at } };
}

/** Committee and votes of the epoch, as long as its account is there; afterwards its rent is back and QuorumConfig alone remembers. */
export async function committeeSteps(
  rpc: Rpc,
  quorum: Quorum,
  number: bigint | null,
): Promise<readonly Step[]> {
  if (number === null) return [];
  const address = deriveEpoch(quorum.program, number).address;
  const account = await rpc.readAccount(address);
  if (account === null || account.owner !== formatAddress(quorum.program))
    return [
      {
        step: "votes",
        ok: null,
        detail: "the epoch's account is closed already; its root stays in the quorum's configuration",
        facts: { account: formatAddress(address) },
      },
    ];
  return [votesStep(decodeEpoch(account.data), address)];
}

function votesStep(epoch: Epoch, address: Uint8Array): Step {
  const { attested, members, previousRoot, domain, number } = epoch;
  const facts = { account: formatAddress(address), status: epoch.status, members: members.length };
  if (attested === undefined)
    return { step: "votes", ok: false, detail: `epoch ${number} is ${epoch.status}`, facts };
  const digest = hashOutcome({ ...attested, previousRoot }, domain, number);
  const isDigest = bytesEqual(digest, attested.digest);
  const agreed = members.filter(
    ({ vote, struck }) => !struck && vote !== undefined && bytesEqual(vote, digest),
  );
  const weight = agreed.reduce((sum, member) => sum + member.weight, 0n);
  const ok = isDigest && epoch.status === "final" && isQuorum(weight, epoch.weight);
  const share = epoch.weight === 0n ? 0 : Number((weight * 1_000n) / epoch.weight) / 10;
  return {
    step: "votes",
    ok,
    detail: isDigest
      ? `${agreed.length} of ${members.length} members with ${share} % of the committee's weight (66.7 % are needed) voted for ${toHex(digest)}; the epoch is ${epoch.status}`
      : "the votes are for something else than this root",
    facts: {
      ...facts,
      digest,
      agreed: agreed.length,
      weight,
      committeeWeight: epoch.weight,
      attestedAt: attested.at,
      endedAt: epoch.endedAt ?? null,
    },
  };
}

/** Is it this cluster's quorum program that remembers the root? */
export async function chainStep(rpc: Rpc, quorum: Quorum): Promise<Step> {
  const genesis = await rpc.call<string>("getGenesisHash");
  const account = deriveQuorumConfig(quorum.program).address;
  const ok = bytesEqual(hashDomain(fromBase58(genesis), account), quorum.domain);
  const program = formatAddress(quorum.program);
  return {
    step: "chain",
    ok,
    detail: ok
      ? `account ${formatAddress(account)} of program ${program}, cluster ${genesis}`
      : `the domain of program ${program} is not that of cluster ${genesis}`,
    facts: { account: formatAddress(account), program, genesis, domain: quorum.domain },
  };
}

/** Who the signer is to the name today. Who it was at the freeze, the committee checked and anybody could challenge. */
export async function describeSigner(
  rpc: Rpc,
  quorum: Quorum,
  label: string,
  signer: Uint8Array,
): Promise<string> {
  const { namesProgram } = quorum;
  const account = await rpc.readAccount(deriveName(namesProgram, label).address);
  if (account === null) return "no such name is registered today";
  const name = decodeName(account.data);
  if (name.authority !== undefined && bytesEqual(name.authority, signer)) return "the name's owner";
  const delegate = await rpc.readAccount(deriveDelegate(namesProgram, label, signer).address);
  if (delegate === null) return "neither owner nor delegate today: the name may have changed hands since";
  const { ended } = decodeDelegate(delegate.data);
  return ended === undefined ? "a delegate for routes" : "a delegate for routes until it was dismissed";
}
