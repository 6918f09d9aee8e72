import type { Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { createList, hashLeaf, type MerkleList, sha256 } from "@tolldns/sdk/routes";
import { PARTIES } from "../../programs/policy/deployed.ts";
import { addressOf } from "../../programs/world/keys.ts";
import type { Instruction } from "../../programs/world/sdk.ts";
import type { PolicyWorld } from "./world.ts";

const { challenger, authority } = PARTIES;

/** Records of a window whose counts follow: `ok` good ones, then wrong ones. `change` bends one before they are hashed. */
export function recordsOf(
  total: number,
  ok: number,
  change: Readonly<Record<number, Partial<policy.ProbeRecord>>> = {},
): policy.ProbeRecord[] {
  return Array.from({ length: total }, (_, index): policy.ProbeRecord => {
    const good = index < ok;
    const expected = addressOf(`answer ${index}`);
    const written: policy.ProbeRecord = {
      index,
      at: index * 100,
      transport: "udp",
      challenge: index % 4,
      outcome: good ? "ok" : "wrong",
      latency: 4,
      reason: good ? "none" : "records",
      runningOk: Math.min(index + 1, ok),
      expected,
      answer: good ? expected : addressOf(`another answer ${index}`),
      transcript: addressOf(`transcript ${index}`),
    };
    return { ...written, ...change[index] };
  });
}

/** What a seat committed to. `list` has the records in their order, whatever they say of themselves. */
export interface Committed {
  readonly seat: number;
  readonly begin: bigint;
  readonly records: readonly Uint8Array[];
  readonly list: MerkleList;
}

/** Bytes of records and the list over them. */
export function commitTo(seat: number, begin: bigint, records: readonly Uint8Array[]): Committed {
  return { seat, begin, records, list: createList(records.map((record) => hashLeaf(sha256, record))) };
}

/** Records of a window, one of them bent; `raw` bends its bytes. */
export function bent(
  total: number,
  ok: number,
  change: Parameters<typeof recordsOf>[2] = {},
  raw: Readonly<Record<number, (bytes: Uint8Array) => void>> = {},
): Uint8Array[] {
  return recordsOf(total, ok, change).map((record, index) => {
    const bytes = policy.encodeProbeRecord(record);
    raw[index]?.(bytes);
    return bytes;
  });
}

/** A seat's report of what it committed to. */
export const reportOf = (world: PolicyWorld, { seat, begin, list }: Committed, ok: number): Instruction =>
  world.reportOf(seat, begin, [list.size, ok], { probesRoot: list.root });

/** A report committed to by seat 0 in the window that runs, made when that is over. */
export function reported(world: PolicyWorld, records: readonly Uint8Array[], ok: number): Committed {
  const begin = world.firstWindow();
  world.at(world.timesOf(begin).end);
  const committed = commitTo(0, begin, records);
  world.must(reportOf(world, committed, ok), [world.verifierKey(0)]);
  return committed;
}

/** On which sides a leaf's siblings are, by the definition of the list (RFC 9162, section 2.1.1). */
function sidesOf(index: number, count: number): bigint {
  const way: boolean[] = [];
  let [at, size] = [index, count];
  while (size > 1) {
    let split = 1;
    while (split * 2 < size) split *= 2;
    const isRight = at >= split;
    way.unshift(isRight);
    [at, size] = isRight ? [at - split, size - split] : [at, split];
  }
  return way.reduce((sides, isRight, level) => sides | (isRight ? 1n << BigInt(level) : 0n), 0n);
}

/** The true way of the record at this place. */
export function wayOf({ list }: Committed, place: number): policy.RecordWay {
  const proof = list.prove(place);
  const siblings = Array.from({ length: proof[0] as number }, (_, i) => proof.slice(1 + 32 * i, 33 + 32 * i));
  return { sides: sidesOf(place, list.size), siblings };
}

const given = (world: PolicyWorld, { seat, begin }: Committed, signer: Signer) => ({
  deployment: world.deployment,
  id: world.idOf(),
  begin,
  challenger: signer.publicKey,
  roster: world.config.roster,
  seat,
  operator: world.operatorAddress(seat),
});

/** A challenge of the record at this place. */
export function challengeRecordOf(
  world: PolicyWorld,
  committed: Committed,
  place: number,
  change: Partial<Parameters<typeof policy.challengeRecord>[0]> = {},
  signer = challenger,
): Instruction {
  return policy.challengeRecord({
    ...given(world, committed, signer),
    record: committed.records[place] as Uint8Array,
    way: wayOf(committed, place),
    ...change,
  });
}

/** A challenge of the records at these places, which should follow each other. */
export function challengeOrderOf(
  world: PolicyWorld,
  committed: Committed,
  place: number,
  next = place + 1,
  change: Partial<Parameters<typeof policy.challengeOrder>[0]> = {},
): Instruction {
  return policy.challengeOrder({
    ...given(world, committed, challenger),
    record: committed.records[place] as Uint8Array,
    proof: committed.list.prove(place),
    next: committed.records[next] as Uint8Array,
    nextProof: committed.list.prove(next),
    ...change,
  });
}

/** A challenge set of fixed digests, one of them of the chain: number 3. */
export const ENTRIES: readonly Uint8Array[] = Array.from({ length: 4 }, (_, number) => {
  const entry = new Uint8Array(policy.ENTRY_BYTES);
  entry.set([number & 0xff, 0, number === 3 ? 3 : 2, 1, 1, 0]);
  entry.set(addressOf(`name ${number}`), 6);
  if (number !== 3) entry.set(addressOf(`answer ${number}`), 38);
  return entry;
});
export const ENTRY_LIST = createList(ENTRIES.map((entry) => hashLeaf(sha256, entry)));

/** Publishes the set of these entries. */
export function publish(world: PolicyWorld, version = 1): void {
  const { count, root } = { count: ENTRIES.length, root: ENTRY_LIST.root };
  const set = { deployment: world.deployment, authority: authority.publicKey, version, count, root };
  world.must(policy.publishSet(set), [authority]);
}

/** A challenge of what the record at this place expects, by the entry of this number. */
export function challengeExpectedOf(
  world: PolicyWorld,
  committed: Committed,
  place: number,
  number: number,
  change: Partial<Parameters<typeof policy.challengeExpected>[0]> = {},
): Instruction {
  return policy.challengeExpected({
    ...given(world, committed, challenger),
    record: committed.records[place] as Uint8Array,
    proof: committed.list.prove(place),
    entry: ENTRIES[number] as Uint8Array,
    entryProof: ENTRY_LIST.prove(number),
    ...change,
  });
}

/** The good records of `total` probes, as the published set expects them. */
export const honest = (total: number, ok = total): Uint8Array[] =>
  recordsOf(total, ok).map((record) => {
    const expected = addressOf(`answer ${record.challenge}`);
    const answer = record.outcome === "ok" ? expected : record.answer;
    return policy.encodeProbeRecord({ ...record, expected, answer });
  });
