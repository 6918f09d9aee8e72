import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { expect } from "chai";
import { openQuorum, PARTIES, type QuorumWorld, TERMS } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger, bob } = PARTIES;

/** A trace with steps of one's own making. */
interface Lie {
  readonly steps: readonly routes.Step[];
  readonly list: routes.MerkleList;
  readonly outcome: quorum.EpochOutcome;
}

/** What a committee of liars says of these updates: `change` turns the honest steps into others. */
function lieOf(
  world: QuorumWorld,
  updates: readonly routes.SignedUpdate[],
  change: (steps: routes.Step[]) => routes.Step[],
  claim: Partial<quorum.EpochOutcome> = {},
): Lie {
  const { trace, outcome } = world.trace(updates);
  const steps = change([...trace.steps]);
  const list = routes.createList(steps.map((step) => routes.hashStep(step)));
  const root = steps.at(-1)?.after ?? outcome.root;
  return {
    steps,
    list,
    outcome: { ...outcome, root, updatesRoot: list.root, count: steps.length, ...claim },
  };
}

/** A world where the committee attested this. */
function attested(lie: (world: QuorumWorld) => Lie): { world: QuorumWorld; lie: Lie } {
  const world = openQuorum();
  world.begin();
  const made = lie(world);
  world.attestAll(made.outcome);
  return { world, lie: made };
}

const shown = ({ steps, list }: Lie, index: number): quorum.ShownStep => ({
  step: steps[index] as routes.Step,
  proof: list.prove(index),
});
const by = (world: QuorumWorld) => ({ ...world.of, challenger: challenger.publicKey });
const sorted = (updates: readonly routes.SignedUpdate[]) =>
  [...updates].sort((a, b) => Buffer.compare(a.update.nameHash, b.update.nameHash));

/** The challenge succeeds: the epoch is rejected, the root stays, and who challenged is noted. */
function proves(world: QuorumWorld, instruction: quorum.Instruction, kind: quorum.ChallengeKind, v1 = false) {
  const before = world.config.final;
  const outcome = world.must(instruction, [challenger], v1 ? { version: 1 } : {});
  expect(outcome.units).lessThan(60_000);
  expect(world.epoch().status).equal("rejected");
  expect(world.epoch().challenge).eql({ kind, challenger: challenger.publicKey });
  expect(world.config.final).eql(before);
  expect(world.config.running).equal(false);
  refuse(world, quorum.finalize(world.of), [], code("WrongEpoch"));
}
const fails = (world: QuorumWorld, instruction: quorum.Instruction, error: string, v1 = false) => {
  refuse(world, instruction, [challenger], code(error), v1 ? { version: 1 } : {});
  expect(world.epoch().status).equal("attested");
};

const replace = (steps: routes.Step[], index: number, change: Partial<routes.Step>): routes.Step[] =>
  steps.map((step, at) => (at === index ? { ...step, ...change } : step));

describe("quorum: challenges of a signature", () => {
  const forged = (world: QuorumWorld) => {
    const updates = sorted(world.updates(4));
    const bad = updates.map((update, i) =>
      i === 2 ? { ...update, signature: new Uint8Array(64).fill(1) } : update,
    );
    return { updates: bad, lie: lieOf(world, bad, (steps) => steps) };
  };
  const of = (world: QuorumWorld, lie: Lie, index: number, update: routes.SignedUpdate) =>
    quorum.challengeSignature({ ...by(world), ...shown(lie, index), ...update });

  attack("false aggregate", "rejects a root with an update that its owner did not sign", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[2] as routes.SignedUpdate;
    proves(world, of(world, lie, 2, update), "signature");
  });
  attack("true aggregate", "leaves a root alone whose signature holds", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[1] as routes.SignedUpdate;
    fails(world, of(world, lie, 1, update), "SignatureHolds");
  });
  attack("true aggregate", "hears of no other signature than the step's", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[1] as routes.SignedUpdate;
    const other = { ...update, signature: new Uint8Array(64) };
    fails(world, of(world, lie, 1, other), "NotStepsAuth");
    fails(world, of(world, lie, 1, { ...update, signer: bob.publicKey }), "NotStepsAuth");
  });
  attack("index bits", "hears of no step that is not in the trace", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[2] as routes.SignedUpdate;
    const moved = { ...(lie.steps[2] as routes.Step), index: 3 };
    const base = { ...by(world), ...update };
    fails(world, quorum.challengeSignature({ ...base, step: moved, proof: lie.list.prove(2) }), "NotInTrace");
    fails(
      world,
      quorum.challengeSignature({ ...base, ...shown(lie, 2), proof: lie.list.prove(1) }),
      "NotInTrace",
    );
  });
  attack("proof length", "hears of no proof that is too short, too long or torn", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[2] as routes.SignedUpdate;
    const base = { ...by(world), ...update, step: lie.steps[2] as routes.Step };
    const proof = lie.list.prove(2);
    const short = Uint8Array.from([1, ...proof.subarray(1, 33)]);
    const long = Uint8Array.from([3, ...proof.subarray(1), ...new Uint8Array(32)]);
    fails(world, quorum.challengeSignature({ ...base, proof: short }), "NotInTrace");
    fails(world, quorum.challengeSignature({ ...base, proof: long }), "NotInTrace");
    fails(world, quorum.challengeSignature({ ...base, proof: proof.subarray(0, 40) }), "ChallengeForm");
    fails(world, quorum.challengeSignature({ ...base, proof: new Uint8Array(0) }), "ChallengeForm");
  });
  attack("leaf as node", "hears of no inner node passed off as a step", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[2] as routes.SignedUpdate;
    // The top node's two children are 64 bytes; a step has 132 and another first byte in its hash.
    const step = { ...(lie.steps[0] as routes.Step), before: lie.list.root, after: lie.list.root };
    fails(
      world,
      quorum.challengeSignature({ ...by(world), ...update, step, proof: Uint8Array.of(0) }),
      "NotInTrace",
    );
  });
  attack("false aggregate", "hears a challenge up to the window's last second and none after", () => {
    for (const [seconds, error] of [
      [TERMS.window - 1, undefined],
      [TERMS.window, "WindowOver"],
      [TERMS.window + 1, "WindowOver"],
    ] as const) {
      const { world, lie } = attested((world) => forged(world).lie);
      const update = forged(world).updates[2] as routes.SignedUpdate;
      world.pass(seconds);
      const challenge = of(world, lie, 2, update);
      if (error === undefined) proves(world, challenge, "signature");
      else fails(world, challenge, error);
    }
  });
  attack("root replaced", "leaves a final root final, whatever is shown of it later", () => {
    const { world, lie } = attested((world) => forged(world).lie);
    const update = forged(world).updates[2] as routes.SignedUpdate;
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    refuse(world, of(world, lie, 2, update), [challenger], code("EpochStatus"));
  });
});

describe("quorum: challenges of a step", () => {
  /** Version 6 of three names over a final epoch with version 5; the second name has another version if told. */
  function second(version = 6n) {
    const world = openQuorum();
    world.begin();
    world.finish(world.updates(3, 5n));
    world.begin();
    const other = sorted(world.updates(3, version))[1] as routes.SignedUpdate;
    const updates = sorted(world.updates(3, 6n)).map((update, i) => (i === 1 ? other : update));
    return { world, updates };
  }
  /** The map as it is when step `index` begins. */
  function mapAt(world: QuorumWorld, updates: readonly routes.SignedUpdate[], index: number) {
    const map = world.map.snapshot();
    for (const { update } of updates.slice(0, index))
      map.set(update.nameHash, routes.entryOf(update, world.domain));
    return map;
  }
  function challengeOf(
    world: QuorumWorld,
    lie: Lie,
    updates: readonly routes.SignedUpdate[],
    index: number,
  ): quorum.Instruction {
    const { update } = updates[index] as routes.SignedUpdate;
    const map = mapAt(world, updates, index);
    const before = { entry: map.get(update.nameHash), proof: map.prove(update.nameHash) };
    return quorum.challengeStep({
      ...by(world),
      ...shown(lie, index),
      update: routes.encodeUpdate(update, world.domain),
      before,
    });
  }

  attack("false aggregate", "rejects a root that a step does not lead to", () => {
    const { world, updates } = second();
    const lie = lieOf(world, updates, (steps) => replace(steps, 2, { after: addressOf("elsewhere") }));
    world.attestAll(lie.outcome);
    proves(world, challengeOf(world, lie, updates, 2), "step");
  });
  attack("false aggregate", "rejects a root in which a version goes back", () => {
    for (const version of [5n, 4n]) {
      const { world, updates } = second(version);
      // The SDK refuses to trace this, so the liars do it by hand.
      const map = world.map.snapshot();
      const steps = updates.map(({ update, signer, signature }, index): routes.Step => {
        const before = map.root;
        const entry = routes.entryOf(update, world.domain);
        map.set(update.nameHash, entry);
        const authHash = routes.hashAuth(signer, signature);
        return { index, updateHash: entry.updateHash, authHash, before, after: map.root };
      });
      const list = routes.createList(steps.map((step) => routes.hashStep(step)));
      const previousRoot = world.config.final?.root as Uint8Array;
      const outcome = { previousRoot, root: map.root, updatesRoot: list.root, count: 3 };
      world.attestAll(outcome);
      const lie = { steps, list, outcome };
      fails(world, challengeOf(world, lie, updates, 0), "StepHolds");
      proves(world, challengeOf(world, lie, updates, 1), "step");
    }
  });
  attack("true aggregate", "leaves honest steps alone, of new names and of known ones", () => {
    const world = openQuorum();
    world.begin();
    const first = sorted(world.updates(5));
    const lie = lieOf(world, first, (steps) => steps);
    world.attestAll(lie.outcome);
    for (const index of first.keys()) fails(world, challengeOf(world, lie, first, index), "StepHolds");
  });
  attack("true aggregate", "hears of no map proof at another root, and of no other update", () => {
    const world = openQuorum();
    world.begin();
    const updates = sorted(world.updates(5));
    const lie = lieOf(world, updates, (steps) => steps);
    world.attestAll(lie.outcome);
    const { update } = updates[2] as routes.SignedUpdate;
    const final = mapAt(world, updates, 5);
    const input = {
      ...by(world),
      ...shown(lie, 2),
      update: routes.encodeUpdate(update, world.domain),
    };
    const later = { entry: final.get(update.nameHash), proof: final.prove(update.nameHash) };
    fails(world, quorum.challengeStep({ ...input, before: later }), "MapProof");
    const absent = { entry: undefined, proof: final.prove(update.nameHash) };
    fails(world, quorum.challengeStep({ ...input, before: absent }), "ChallengeForm");
    const other = routes.encodeUpdate({ ...update, version: 9n }, world.domain);
    fails(world, quorum.challengeStep({ ...input, update: other, before: later }), "NotStepsUpdate");
  });
});

describe("quorum: challenges of the order", () => {
  const honest = (steps: routes.Step[]) => steps;
  const challengeOf = (world: QuorumWorld, order: quorum.OrderClaim) =>
    quorum.challengeOrder({ ...by(world), order });
  const link = (lie: Lie, at: number): quorum.OrderClaim => ({
    claim: "link",
    first: shown(lie, at),
    second: shown(lie, at + 1),
  });
  const siblingsOf = (proof: Uint8Array) =>
    Array.from({ length: proof[0] as number }, (_, i) => proof.slice(1 + 32 * i, 33 + 32 * i));
  /** The sides of a leaf's siblings by the definition of the list. */
  function sidesOf(index: number, count: number): bigint {
    let [sides, bit] = [0n, 0n];
    const walk = (at: number, size: number): void => {
      if (size === 1) return;
      let split = 1;
      while (split * 2 < size) split *= 2;
      if (at < split) walk(at, split);
      else walk(at - split, size - split);
      if (at >= split) sides |= 1n << bit;
      bit++;
    };
    walk(index, count);
    return sides;
  }
  const place = (lie: Lie, at: number, count = lie.steps.length): quorum.OrderClaim => ({
    claim: "place",
    step: lie.steps[at] as routes.Step,
    sides: sidesOf(at, count),
    siblings: siblingsOf(lie.list.prove(at)),
  });

  attack("false aggregate", "rejects a trace that begins elsewhere than at the last final root", () => {
    const { world, lie } = attested((world) =>
      lieOf(world, world.updates(4), (steps) => replace(steps, 0, { before: addressOf("elsewhere") })),
    );
    proves(world, challengeOf(world, { claim: "begin", ...shown(lie, 0) }), "order");
  });
  attack("false aggregate", "rejects a trace that ends elsewhere than at the root", () => {
    const { world, lie } = attested((world) =>
      lieOf(world, world.updates(4), honest, { root: addressOf("elsewhere") }),
    );
    fails(world, challengeOf(world, { claim: "end", ...shown(lie, 2) }), "OrderHolds");
    proves(world, challengeOf(world, { claim: "end", ...shown(lie, 3) }), "order");
  });
  attack("false aggregate", "rejects a trace with a gap between two steps", () => {
    const { world, lie } = attested((world) =>
      lieOf(world, world.updates(4), (steps) => replace(steps, 2, { before: addressOf("elsewhere") })),
    );
    proves(world, challengeOf(world, link(lie, 1)), "order");
  });
  attack("unsorted list", "rejects a trace whose names are not in order", () => {
    const { world, lie } = attested((world) =>
      lieOf(world, world.updates(4), (steps) =>
        steps.map((_, index) => ({ ...(steps[3 - index] as routes.Step), index })),
      ),
    );
    const [, , first, second] = sorted(world.updates(4)).reverse() as routes.SignedUpdate[];
    const bytes = [first, second].map((signed) =>
      routes.encodeUpdate((signed as routes.SignedUpdate).update, world.domain),
    ) as [Uint8Array, Uint8Array];
    const sort = { claim: "sort", first: shown(lie, 2), second: shown(lie, 3), updates: bytes } as const;
    proves(world, challengeOf(world, sort), "order", true);
  });
  attack("duplicate entries", "rejects a trace in which a name has two updates", () => {
    const world = openQuorum();
    world.begin();
    const [one] = world.updates(1);
    const [two] = world.updates(1, 2n);
    const map = world.map.snapshot();
    const pair = [one, two] as routes.SignedUpdate[];
    const steps = pair.map(({ update, signer, signature }, index): routes.Step => {
      const before = map.root;
      const entry = routes.entryOf(update, world.domain);
      map.set(update.nameHash, entry);
      return {
        index,
        updateHash: entry.updateHash,
        authHash: routes.hashAuth(signer, signature),
        before,
        after: map.root,
      };
    });
    const list = routes.createList(steps.map((step) => routes.hashStep(step)));
    const outcome = {
      previousRoot: routes.emptyHash(),
      root: map.root,
      updatesRoot: list.root,
      count: 2,
    };
    world.attestAll(outcome);
    const lie = { steps, list, outcome };
    const updates = pair.map(({ update }) => routes.encodeUpdate(update, world.domain)) as [
      Uint8Array,
      Uint8Array,
    ];
    const sort = { claim: "sort", first: shown(lie, 0), second: shown(lie, 1), updates } as const;
    proves(world, challengeOf(world, sort), "order", true);
  });
  attack("proof length", "rejects a trace that counts more or fewer steps than it has", () => {
    for (const count of [1, 2, 3, 5, 6, 7, 8, 16_384]) {
      const { world, lie } = attested((world) => lieOf(world, world.updates(4), honest, { count }));
      proves(world, challengeOf(world, place(lie, 3)), "order");
    }
  });
  attack("index bits", "rejects a trace whose steps are not where their index says", () => {
    const { world, lie } = attested((world) =>
      lieOf(world, world.updates(4), (steps) => replace(steps, 1, { index: 3 })),
    );
    proves(world, challengeOf(world, place(lie, 1)), "order");
  });
  attack("true aggregate", "leaves an honest trace alone, of any length and at every place", () => {
    for (const count of [1, 2, 3, 5, 7]) {
      const { world, lie } = attested((world) => lieOf(world, world.updates(count), honest));
      fails(world, challengeOf(world, { claim: "begin", ...shown(lie, 0) }), "OrderHolds");
      fails(world, challengeOf(world, { claim: "end", ...shown(lie, count - 1) }), "OrderHolds");
      for (let at = 0; at < count; at++) {
        fails(world, challengeOf(world, place(lie, at)), "OrderHolds");
        if (at + 1 < count) fails(world, challengeOf(world, link(lie, at)), "OrderHolds");
        // The way to a leaf, told with other sides, leads to no root.
        fails(world, challengeOf(world, { ...place(lie, at), sides: 1n } as quorum.OrderClaim), "OrderHolds");
      }
    }
  });
  attack("true aggregate", "leaves an honest trace alone when steps that are no neighbours are shown", () => {
    const { world, lie } = attested((world) => lieOf(world, world.updates(5), honest));
    const apart = { claim: "link", first: shown(lie, 1), second: shown(lie, 3) } as const;
    fails(world, challengeOf(world, apart), "OrderHolds");
    const turned = { claim: "link", first: shown(lie, 2), second: shown(lie, 1) } as const;
    fails(world, challengeOf(world, turned), "OrderHolds");
  });
  attack("unknown enum", "hears of no claim it does not know", () => {
    const { world, lie } = attested((world) => lieOf(world, world.updates(2), honest));
    const good = challengeOf(world, link(lie, 0));
    for (const claim of [0, 6, 255]) {
      const data = good.data.slice();
      data[1] = claim;
      fails(world, { ...good, data }, "ChallengeForm");
    }
  });
});
