import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { openQuorum, PARTIES, TERMS } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";

/**
 * What it takes to prove one wrong step of an epoch on the quorum program's own bytecode: over a map that is final, `count` updates, that of `nameHash` leading
 * where it does not lead. Compute units and bytes of the transaction. `map` is left as it is.
 */
export function measureChallenge(map: routes.RouteMap, nameHash: Uint8Array, count: number) {
  const world = openQuorum();
  world.begin();
  // How the map came to be is not the question here: a committee says so, and nobody challenges it.
  const unseen = { previousRoot: routes.emptyHash(), updatesRoot: addressOf("a trace"), count: 1 };
  world.attestAll({ ...unseen, root: map.root });
  world.pass(TERMS.window);
  world.must(quorum.finalize(world.of), []);
  world.map = map;
  world.begin();

  const held = map.get(nameHash);
  const signed = { signer: PARTIES.alice.publicKey, signature: new Uint8Array(64).fill(1) };
  const next = { nameHash, generation: held?.generation ?? 1, version: (held?.version ?? 0n) + 1n };
  const update = { ...next, expiresAt: 1_800_000_000n, recordsHash: addressOf("records") };
  const others = world.updates(count - 1).map((one) => ({ update: one.update, ...signed }));
  const { trace, outcome } = world.trace([...others, { update, ...signed }]);
  const updateHash = routes.hashUpdate(update, world.domain);
  const at = trace.steps.findIndex((step) => Buffer.compare(step.updateHash, updateHash) === 0);
  const steps = trace.steps.map((step, i) => (i === at ? { ...step, after: addressOf("elsewhere") } : step));
  const list = routes.createList(steps.map((step) => routes.hashStep(step)));
  world.attestAll({ ...outcome, updatesRoot: list.root });

  // The map as the step finds it: the updates of lower name hashes are in it.
  const before = map.snapshot();
  for (const { update: one } of others)
    if (Buffer.compare(one.nameHash, nameHash) < 0)
      before.set(one.nameHash, routes.entryOf(one, world.domain));
  const challenge = quorum.challengeStep({
    ...world.of,
    challenger: PARTIES.challenger.publicKey,
    step: steps[at] as routes.Step,
    proof: list.prove(at),
    update: routes.encodeUpdate(update, world.domain),
    before: { entry: held, proof: before.prove(nameHash) },
  });
  const { units, size } = world.must(challenge, [PARTIES.challenger], { version: 1 });
  if (world.epoch().status !== "rejected") throw new Error("the challenge proved nothing");
  before.release();
  return { units, size };
}
