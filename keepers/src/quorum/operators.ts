import { isTollError, toHex } from "@tolldns/sdk";
import { WeightTree } from "@tolldns/sdk/stake";
import type { QuorumContext } from "./context.ts";
import type { MemberFacts } from "./facts.ts";
import { type OperatorFacts, readStake, type StakeFacts } from "./stake.ts";
import type { QuorumView } from "./view.ts";

export interface Roster extends StakeFacts {
  /** Those that weigh something else than the tree says, heaviest change first. */
  readonly stale: readonly OperatorFacts[];
  /** The tree as it is now; null when accounts were read while it changed. */
  readonly present: WeightTree | null;
  /** The tree with this root, if this keeper has seen it. */
  treeOf(root: Uint8Array): WeightTree | null;
  /** Feeds of these members. */
  feedsOf(members: readonly MemberFacts[]): string[];
  /** The operator with this place in the tree; undefined if none was read. */
  at(index: number): OperatorFacts | undefined;
}

/** Knows the operators, and the trees that this keeper has seen. */
export interface Operators {
  look(view: QuorumView): Promise<Roster>;
}

/** Trees remembered; draws are from the last one or two only. */
const KEPT_TREES = 4;

export function createOperators(context: QuorumContext): Operators {
  const { clock, policy } = context;
  let readAt = Number.NEGATIVE_INFINITY;
  let known: StakeFacts | null = null;
  /** By root in hex, newest last. */
  const trees = new Map<string, WeightTree>();

  function remember({ operators }: StakeFacts): void {
    let tree: WeightTree;
    try {
      tree = WeightTree.of(operators);
    } catch (error) {
      // Accounts were read while an operator was added; the next look has all of them.
      if (isTollError(error, "stake-tree-gap")) return;
      throw error;
    }
    trees.set(toHex(tree.root), tree);
    for (const root of [...trees.keys()].slice(0, -KEPT_TREES)) trees.delete(root);
  }

  return {
    look: async ({ facts, tree, config, deployment }) => {
      const now = clock.now();
      const moved = !trees.has(toHex(tree.root));
      const freezes = !config.running && facts.now >= facts.nextAt;
      if (known === null || moved || freezes || now - readAt >= policy.operatorSeconds) {
        known = await readStake(context, deployment.stake);
        readAt = now;
        remember(known);
      }
      const { operators } = known;
      return {
        ...known,
        stale: operators.filter(isStale).sort((a, b) => (changeOf(a) > changeOf(b) ? -1 : 1)),
        present: trees.get(toHex(tree.root)) ?? null,
        treeOf: (root) => trees.get(toHex(root)) ?? null,
        feedsOf: (members) => {
          const places = new Set(members.map(({ operator }) => operator));
          return operators.flatMap(({ operator: { listed }, feed }) =>
            listed !== undefined && places.has(listed.index) && feed !== null ? [feed] : [],
          );
        },
        at: (index) => operators.find(({ operator }) => operator.listed?.index === index),
      };
    },
  };
}

function isStale({ operator: { listed, witness }, weight }: OperatorFacts): boolean {
  // One that never weighed anything needs no place in the tree, and gets none.
  if (listed === undefined) return weight > 0n;
  if (listed.weight !== weight) return true;
  return weight > 0n && witness !== undefined && toHex(listed.witness) !== toHex(witness);
}

function changeOf({ operator: { listed }, weight }: OperatorFacts): bigint {
  const before = listed?.weight ?? 0n;
  return before > weight ? before - weight : weight - before;
}
