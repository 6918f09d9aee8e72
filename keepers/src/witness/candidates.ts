import { concatBytes, toHex } from "@tolldns/sdk";
import { encodeStep, hashAuth, isLater, MAX_LIST, type RouteMap, traceUpdates } from "@tolldns/sdk/routes";
import { isDue, readRegistry } from "../feed/chain/registry.ts";
import type { EpochState, Moment } from "../feed/chain/types.ts";
import type { FeedNode } from "../feed/node.ts";
import type { PoolEntry } from "../feed/pool.ts";
import type { Statement } from "../feed/store/votes.ts";
import { digestOf } from "../feed/votes.ts";
import { isIncludable } from "./judge.ts";

/** A statement of one's own with its trace. */
export interface Draft extends Statement {
  readonly trace: Uint8Array;
}

interface Choice {
  readonly authHash: Uint8Array;
  readonly generation: number;
  readonly version: bigint;
  readonly seenAt: number;
  readonly isPosted: boolean;
}

/**
 * Everything that waits here and may be in the epoch, put to the map under the previous root. Of a name, the highest version whose signer
 * was entitled at the freeze; what owners posted on chain comes first where there is no room for all.
 */
export async function draftEpoch(node: FeedNode, epoch: EpochState, map: RouteMap): Promise<Draft> {
  const { pool, chain, verify, domain } = node;
  const moment: Moment = { slot: epoch.frozenSlot, at: epoch.frozenAt };
  const posted = [...node.posted.values()];
  const waiting = [...pool.all()];
  const registry = await readRegistry(
    chain,
    [
      ...waiting.map(({ label, signer }) => ({ label, signer })),
      ...posted.flatMap((name) =>
        name.posted === null ? [] : [{ label: name.label, signer: name.posted.signer }],
      ),
    ],
    verify,
  );
  const choices = new Map<string, Choice>();
  const offer = (nameHash: Uint8Array, choice: Choice) => {
    const held = map.get(nameHash);
    if (held !== undefined && !isLater({ ...choice, updateHash: choice.authHash }, held)) return;
    const key = toHex(nameHash);
    const other = choices.get(key);
    const isBetter =
      other === undefined ||
      isLater({ ...choice, updateHash: choice.authHash }, { ...other, updateHash: other.authHash });
    if (isBetter) choices.set(key, choice);
  };
  for (const entry of waiting)
    if (isIncludable(entry, moment, registry)) offer(entry.nameHash, choiceOf(entry));
  for (const old of posted) {
    const name = registry.name(old.label) ?? old;
    if (name.posted === null || !isDue(name, moment, registry)) continue;
    const { update, signer, signature } = name.posted;
    const { generation, version } = update;
    const authHash = hashAuth(signer, signature);
    offer(name.nameHash, { authHash, generation, version, seenAt: 0, isPosted: true });
  }
  const chosen = [...choices.values()]
    .sort((a, b) => Number(b.isPosted) - Number(a.isPosted) || a.seenAt - b.seenAt)
    .slice(0, MAX_LIST);
  const bodies = await node.bodies(chosen.map(({ authHash }) => authHash));
  const updates = chosen.flatMap(({ authHash }) => bodies.get(toHex(authHash)) ?? []);
  const after = map.snapshot();
  try {
    const trace = traceUpdates(after, updates, domain);
    const statement = {
      epoch: epoch.number,
      previousRoot: epoch.previousRoot,
      root: trace.root,
      updatesRoot: trace.list.root,
      count: trace.steps.length,
    };
    return {
      ...statement,
      digest: digestOf(statement, domain),
      trace: concatBytes(...trace.steps.map(encodeStep)),
    };
  } finally {
    after.release();
  }
}

function choiceOf({ authHash, generation, version, seenAt }: PoolEntry): Choice {
  return { authHash, generation, version, seenAt, isPosted: false };
}

/** What was here this many seconds before the freeze: a proposal has to have it. */
export function heldBefore(node: FeedNode, epoch: EpochState, margin: number): PoolEntry[] {
  const latest = Number(epoch.frozenAt) - margin;
  return [...node.pool.heads()].filter(({ seenAt }) => seenAt <= latest);
}
