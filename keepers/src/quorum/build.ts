import { toHex } from "@tolldns/sdk";
import { draw, drawCommittee, finalize, freeze, relay, seed, tally } from "@tolldns/sdk/quorum";
import { deriveStakeTree, sync, WeightTree } from "@tolldns/sdk/stake";
import {
  computeBudgetInstructions,
  type Instruction,
  MAX_COMPUTE_UNITS,
  sizeLimitOf,
  transactionSize,
} from "@tolldns/sdk/transaction";
import type { QuorumContext } from "./context.ts";
import { fail } from "./errors.ts";
import type { EpochFacts } from "./facts.ts";
import type { Roster } from "./operators.ts";
import type { Step } from "./plan.ts";
import type { Parcel } from "./send.ts";
import { equivocationParcels } from "./slash.ts";
import type { QuorumView } from "./view.ts";

/** Transactions of draws sent in one tick: each builds on the one before, and a lost one makes the rest fail. */
const DRAWS_AT_ONCE = 12;
/** Compute units a `draw` or a `sync` takes at most. */
const PROOF_UNITS = 60_000;

/** The transactions of a planned step. Throws `tree-unknown` for a draw from a tree this keeper never saw. */
export function parcelsOf(context: QuorumContext, view: QuorumView, roster: Roster, step: Step): Parcel[] {
  const { deployment, facts } = view;
  const { number } = facts;
  const payer = context.feePayer.publicKey;
  const one = (kind: string, instruction: Instruction): Parcel[] => [{ kind, instructions: [instruction] }];
  switch (step.do) {
    case "freeze":
      return one(
        `freeze ${step.number}`,
        freeze({ deployment, epoch: step.number, payer, tree: deriveStakeTree(deployment.stake).address }),
      );
    case "seed":
      return one(`seed ${number}/${facts.epoch?.seedSlot}`, seed({ deployment, epoch: number }));
    case "draw":
      return facts.epoch === null ? [] : drawParcels(view, facts.epoch, roster, payer);
    case "relay": {
      const { statement, rows } = step;
      const votes = rows.map(({ member, signature }) => ({ seat: member, signature }));
      const seats = rows.map(({ member }) => member).join(",");
      return one(`relay ${number}/${seats}`, relay({ deployment, epoch: number, outcome: statement, votes }));
    }
    case "tally":
      return one(`tally ${number}`, tally({ deployment, epoch: number, outcome: step.statement }));
    case "finalize":
      return one(`finalize ${number}`, finalize({ deployment, epoch: number }));
    case "equivocation":
      return facts.epoch === null ? [] : equivocationParcels(context, view, roster, facts.epoch, step);
  }
}

/** The seats that are empty yet, as many to a transaction as fit. */
function drawParcels(view: QuorumView, epoch: EpochFacts, roster: Roster, payer: Uint8Array): Parcel[] {
  const tree = roster.treeOf(epoch.stakeRoot);
  if (tree === null) throw fail("tree-unknown", { epoch: epoch.number, root: toHex(epoch.stakeRoot) });
  if (epoch.seed === null) return [];
  const weights = Array.from({ length: tree.count }, (_, index) => tree.leaf(index).weight);
  const seats = drawCommittee(epoch.seed, weights, epoch.seats).slice(epoch.members.length);
  const { deployment } = view;
  const draws = seats.map(({ index }) =>
    draw({ deployment, epoch: epoch.number, leaf: tree.leaf(index), proof: tree.prove(index) }),
  );
  const batches = packInstructions(payer, draws, PROOF_UNITS);
  let seat = epoch.members.length;
  return batches.slice(0, DRAWS_AT_ONCE).map((instructions, index) => {
    const kind = `draw ${epoch.number}/${seat}`;
    seat += instructions.length;
    return { kind, instructions, follows: index > 0 };
  });
}

/**
 * Brings the heaviest changes into the stake tree, as many as fit a transaction: each moves the tree on, and the next one's proof is
 * of that. The rest follows at the next tick.
 */
export function syncParcels({ feePayer }: QuorumContext, { deployment, stale, present }: Roster): Parcel[] {
  if (stale.length === 0 || present === null) return [];
  const tree = new WeightTree(Array.from({ length: present.count }, (_, index) => present.leaf(index)));
  const instructions: Instruction[] = [];
  for (const { address, operator, weight } of stale) {
    const { owner, listed, witness } = operator;
    const instruction = sync({ deployment, owner, proof: tree.proveSync(listed?.index) });
    if (!fits(feePayer.publicKey, [...instructions, instruction], PROOF_UNITS)) break;
    instructions.push(instruction);
    const index = listed?.index ?? tree.count;
    tree.set({ index, operator: address, witness: witness ?? new Uint8Array(32), weight });
  }
  return [{ kind: `sync ${toHex(present.root).slice(0, 16)}`, instructions }];
}

function packInstructions(
  payer: Uint8Array,
  instructions: readonly Instruction[],
  units: number,
): Instruction[][] {
  const batches: Instruction[][] = [];
  for (const instruction of instructions) {
    const last = batches.at(-1);
    if (last !== undefined && fits(payer, [...last, instruction], units)) last.push(instruction);
    else batches.push([instruction]);
  }
  return batches;
}

/** Do these go into one packet, within the compute units a transaction may take? */
function fits(payer: Uint8Array, instructions: readonly Instruction[], units: number): boolean {
  const budget = computeBudgetInstructions({ unitLimit: MAX_COMPUTE_UNITS, unitPrice: 1n });
  const size = transactionSize({
    version: 0,
    payer,
    blockhash: new Uint8Array(32),
    instructions: [...budget, ...instructions],
  });
  return size <= sizeLimitOf(0) && instructions.length * units <= MAX_COMPUTE_UNITS;
}
