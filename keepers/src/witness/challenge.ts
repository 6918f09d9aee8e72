import { toHex } from "@tolldns/sdk";
import {
  challengeAuthority,
  challengeOmission,
  challengeOrder,
  challengeSignature,
  challengeStep,
  type OrderClaim,
  type QuorumDeployment,
  type ShownStep,
} from "@tolldns/sdk/quorum";
import { createList, encodeUpdate, hashStep, type MerkleList, type Step } from "@tolldns/sdk/routes";
import type { Instruction } from "@tolldns/sdk/transaction";
import type { Submission } from "../feed/submission.ts";
import type { Fault } from "./judge.ts";

/** A trace that was attested, with what is needed to show a fault of it. */
export interface Attested {
  readonly deployment: QuorumDeployment;
  readonly domain: Uint8Array;
  readonly challenger: Uint8Array;
  readonly epoch: bigint;
  readonly steps: readonly Step[];
  /** By auth hash in hex. */
  readonly bodies: ReadonlyMap<string, Submission>;
}

/** The challenge that shows this fault. */
export function challengeOf(attested: Attested, fault: Fault): Instruction {
  const { deployment, domain, challenger, epoch, steps } = attested;
  const of = { deployment, challenger, epoch };
  if (fault.kind === "omission") {
    const { name, entry, proof } = fault;
    const poster = name.posted?.signer ?? new Uint8Array(32);
    return challengeOmission({ ...of, nameHash: name.nameHash, poster, root: { entry, proof } });
  }
  const list = createList(steps.map((step) => hashStep(step)));
  const show = (index: number): ShownStep => ({ step: stepAt(steps, index), proof: list.prove(index) });
  const updateOf = (index: number) => encodeUpdate(bodyAt(attested, index).update, domain);
  const { index } = fault;
  switch (fault.kind) {
    case "signature": {
      const { signer, signature } = bodyAt(attested, index);
      return challengeSignature({ ...of, ...show(index), signer, signature });
    }
    case "authority": {
      const { signer, signature, update } = bodyAt(attested, index);
      const { nameHash } = update;
      return challengeAuthority({
        ...of,
        ...show(index),
        signer,
        signature,
        update: updateOf(index),
        nameHash,
      });
    }
    case "step": {
      const { entry, proof } = fault;
      return challengeStep({ ...of, ...show(index), update: updateOf(index), before: { entry, proof } });
    }
    default:
      return challengeOrder({ ...of, order: orderOf(fault.kind, index, list, steps, show, updateOf) });
  }
}

function orderOf(
  kind: "begin" | "end" | "link" | "sort" | "place",
  index: number,
  list: MerkleList,
  steps: readonly Step[],
  show: (index: number) => ShownStep,
  updateOf: (index: number) => Uint8Array,
): OrderClaim {
  switch (kind) {
    case "begin":
    case "end":
      return { claim: kind, ...show(index) };
    case "link":
      return { claim: kind, first: show(index), second: show(index + 1) };
    case "sort":
      return {
        claim: kind,
        first: show(index),
        second: show(index + 1),
        updates: [updateOf(index), updateOf(index + 1)],
      };
    case "place":
      return { claim: kind, step: stepAt(steps, index), ...wayTo(index, list) };
  }
}

/** A leaf's true way up: its siblings, and on which side each is (RFC 9162, section 2.1.3.2). */
export function wayTo(index: number, list: MerkleList): { sides: bigint; siblings: Uint8Array[] } {
  const proof = list.prove(index);
  const siblings = Array.from({ length: proof[0] ?? 0 }, (_, i) => proof.slice(1 + 32 * i, 33 + 32 * i));
  let [place, last, sides, length] = [index, list.size - 1, 0n, 0n];
  while (last !== 0) {
    if ((place & 1) === 1) sides |= 1n << length++;
    else if (place !== last) length++;
    place >>= 1;
    last >>= 1;
  }
  return { sides, siblings };
}

function stepAt(steps: readonly Step[], index: number): Step {
  const step = steps[index];
  if (step === undefined) throw new RangeError(`no step ${index}`);
  return step;
}

function bodyAt({ steps, bodies }: Attested, index: number): Submission {
  const body = bodies.get(toHex(stepAt(steps, index).authHash));
  if (body === undefined) throw new RangeError(`no body ${index}`);
  return body;
}
