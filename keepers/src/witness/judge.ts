import { bytesEqual, toHex, type VerifyEd25519 } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import {
  compareBytes,
  hashUpdate,
  isEmptyHash,
  isLater,
  MAX_LIST,
  maxVersion,
  parseRecords,
  type RouteEntry,
  type RouteMap,
  type Step,
  updateSigningBytes,
} from "@tolldns/sdk/routes";
import { entitlementOf } from "../feed/chain/entitled.ts";
import { isDue, type Registry } from "../feed/chain/registry.ts";
import type { EpochState, Moment, NameState } from "../feed/chain/types.ts";
import { hasRecords } from "../feed/gate.ts";
import type { PoolEntry } from "../feed/pool.ts";
import type { Statement } from "../feed/store/votes.ts";
import type { Submission } from "../feed/submission.ts";

/** Something the chain can be shown. Indices are places in the trace. */
export type Fault =
  | { readonly kind: "signature" | "authority"; readonly index: number }
  | {
      readonly kind: "step";
      readonly index: number;
      readonly entry: RouteEntry | undefined;
      readonly proof: Uint8Array;
    }
  | { readonly kind: "begin" | "end"; readonly index: number }
  /** Between `index` and the step after it. */
  | { readonly kind: "link" | "sort"; readonly index: number }
  | { readonly kind: "place"; readonly index: number }
  | {
      readonly kind: "omission";
      readonly name: NameState;
      readonly entry: RouteEntry | undefined;
      readonly proof: Uint8Array;
    };

export type Verdict =
  | { readonly is: "fine" }
  /** Not to be voted for, and nothing the chain would take for a proof. */
  | { readonly is: "refused"; readonly reason: string }
  | { readonly is: "wrong"; readonly fault: Fault };

/** Everything a trace is judged by. */
export interface Case {
  readonly domain: Uint8Array;
  readonly epoch: EpochState;
  readonly statement: Statement;
  readonly steps: readonly Step[];
  /** Bodies by auth hash in hex. */
  readonly bodies: ReadonlyMap<string, Submission>;
  /** The map under the previous root; left as it is. */
  readonly map: RouteMap;
  /** Names of the trace and of what was posted, read after the freeze. */
  readonly registry: Registry;
  /** Names with updates posted on chain. */
  readonly posted: readonly NameState[];
  /** What was here well before the freeze. */
  readonly held: readonly PoolEntry[];
  readonly verify: VerifyEd25519;
  /** Was this signature, by auth hash in hex, found good before, over the update of the body given for it? */
  readonly isVerified: (authHash: string) => boolean;
}

const refused = (reason: string): Verdict => ({ is: "refused", reason });
const wrong = (fault: Fault): Verdict => ({ is: "wrong", fault });

/**
 * Judges a proposal or an attested root, step by step: order, signatures, owners, versions, where each step leads, and what is left
 * out. The first fault found is told; the caller has held digest and updates root against the trace.
 */
export function judge(matter: Case): Verdict {
  const { epoch, statement, map, steps } = matter;
  if (!bytesEqual(statement.previousRoot, epoch.previousRoot)) return refused("it begins at another root");
  if (!bytesEqual(map.root, epoch.previousRoot)) return refused("the map here is not at the previous root");
  const order = judgeOrder(matter);
  if (order !== null) return order;
  const updates: Submission[] = [];
  for (const [index, { authHash }] of steps.entries()) {
    const body = matter.bodies.get(toHex(authHash));
    if (body === undefined) return refused("an update of it can't be had");
    const verdict = judgeSignature(matter, index, body);
    if (verdict !== null) return verdict;
    updates.push(body);
  }
  for (let index = 0; index + 1 < updates.length; index++) {
    const [one, next] = [updates[index] as Submission, updates[index + 1] as Submission];
    if (compareBytes(one.update.nameHash, next.update.nameHash) >= 0) return wrong({ kind: "sort", index });
  }
  const after = map.snapshot();
  try {
    for (const [index, update] of updates.entries()) {
      const verdict =
        judgeSigner(matter, index, update) ?? judgeStep(after, steps[index] as Step, index, update);
      if (verdict !== null) return verdict;
    }
    return judgeOmissions(matter, after) ?? { is: "fine" };
  } finally {
    after.release();
  }
}

function judgeOrder({ statement, steps, epoch }: Case): Verdict | null {
  const { root, count } = statement;
  const misplaced = steps.findIndex((step, place) => step.index !== place);
  if (misplaced >= 0) return wrong({ kind: "place", index: misplaced });
  if (count !== steps.length) {
    // A count that is no list's length shows at the last leaf.
    return steps.length === 0
      ? refused("its count is another")
      : wrong({ kind: "place", index: steps.length - 1 });
  }
  if (count > MAX_LIST) return refused("too many updates");
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined)
    return bytesEqual(root, epoch.previousRoot) ? null : refused("nothing leads to its root");
  if (!bytesEqual(first.before, epoch.previousRoot)) return wrong({ kind: "begin", index: 0 });
  const gap = steps.findIndex((step, i) => i > 0 && !bytesEqual(step.before, (steps[i - 1] as Step).after));
  if (gap > 0) return wrong({ kind: "link", index: gap - 1 });
  if (!bytesEqual(last.after, root)) return wrong({ kind: "end", index: steps.length - 1 });
  return null;
}

/**
 * Did the signer sign what the step names, and is the body of that? The auth hash alone tells neither: a signature seen before may stand
 * beside another update, and a peer may give another update with it.
 */
function judgeSignature(matter: Case, index: number, body: Submission): Verdict | null {
  const { domain, verify, steps } = matter;
  const { update, signer, signature } = body;
  const { updateHash, authHash } = steps[index] as Step;
  const isSteps = bytesEqual(hashUpdate(update, domain), updateHash);
  const isKnown = isSteps && matter.isVerified(toHex(authHash));
  if (!isKnown && !verify(signer, updateSigningBytes(updateHash), signature))
    return wrong({ kind: "signature", index });
  return isSteps ? null : refused("an update of it can't be had");
}

function judgeSigner(matter: Case, index: number, body: Submission): Verdict | null {
  const { epoch, registry, steps } = matter;
  const { label, update, signer, records } = body;
  const { updateHash } = steps[index] as Step;
  const moment: Moment = { slot: epoch.frozenSlot, at: epoch.frozenAt };
  const name = registry.name(label);
  if (name !== null && update.expiresAt > name.expiresAt && name.generation === update.generation)
    return wrong({ kind: "authority", index });
  const entitled = entitlementOf(signer, update.generation, moment, name, registry.delegate(label, signer));
  if (entitled === "no") return wrong({ kind: "authority", index });
  if (entitled === "unknown") return refused(`whether ${label}.dns was its signer's can't be told any more`);
  if (update.expiresAt <= epoch.frozenAt) return refused(`the update of ${label}.dns had expired`);
  if (update.version > maxVersion(epoch.frozenAt)) return refused(`the version of ${label}.dns is of later`);
  // What the owner put on chain itself has to be taken in, with whatever records.
  if (name !== null && isDue(name, moment, registry) && isPosted(name, updateHash, matter)) return null;
  if (!hasRecords(body)) return refused(`nobody shows the records of ${label}.dns`);
  try {
    parseRecords(records, wireName(label));
  } catch {
    return refused(`the records of ${label}.dns are no record set`);
  }
  return null;
}

function isPosted(name: NameState, updateHash: Uint8Array, { registry }: Case): boolean {
  return name.posted !== null && bytesEqual(registry.hashOf(name.posted.update), updateHash);
}

/** Does the step do what its update says? Puts it into the map if so. */
function judgeStep(map: RouteMap, step: Step, index: number, { update }: Submission): Verdict | null {
  const { nameHash, generation, version } = update;
  const entry = map.get(nameHash);
  const fault = (proof: Uint8Array): Verdict => wrong({ kind: "step", index, entry, proof });
  const proof = () => map.prove(nameHash);
  if (entry !== undefined && !isLater(update, entry)) return fault(proof());
  const before = proof();
  map.set(nameHash, { generation, version, updateHash: step.updateHash });
  return bytesEqual(map.root, step.after) ? null : fault(before);
}

function judgeOmissions({ epoch, posted, held, registry, statement }: Case, after: RouteMap): Verdict | null {
  const moment: Moment = { slot: epoch.frozenSlot, at: epoch.frozenAt };
  if (statement.count >= MAX_LIST || isEmptyHash(after.root) !== isEmptyHash(statement.root)) return null;
  for (const old of posted) {
    const name = registry.name(old.label) ?? old;
    if (name.posted === null || !isDue(name, moment, registry)) continue;
    const entry = after.get(name.nameHash);
    if (entry === undefined || isLater(name.posted.update, entry))
      return wrong({ kind: "omission", name, entry, proof: after.prove(name.nameHash) });
  }
  for (const entry of held) {
    const there = after.get(entry.nameHash);
    if (there !== undefined && !isLater(entry, there)) continue;
    if (isIncludable(entry, moment, registry)) return refused(`it leaves out ${entry.label}.dns`);
  }
  return null;
}

/** Could this update be taken into an epoch frozen at that moment? */
export function isIncludable(
  entry: Pick<PoolEntry, "label" | "signer" | "generation" | "version" | "expiresAt" | "bare">,
  moment: Moment,
  registry: Registry,
): boolean {
  const { label, signer, generation, version, expiresAt, bare } = entry;
  const name = registry.name(label);
  if (version > maxVersion(moment.at)) return false;
  if (bare || name === null || expiresAt <= moment.at || expiresAt > name.expiresAt) return false;
  return entitlementOf(signer, generation, moment, name, registry.delegate(label, signer)) === "yes";
}
