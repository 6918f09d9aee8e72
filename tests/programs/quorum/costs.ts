/**
 * Writes the table of costs into docs/reference/quorum.md from what the committed program does; `--check` compares instead.
 *
 *   node tests/programs/quorum/costs.ts [--check]
 */
import * as names from "@tolldns/sdk/names";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { type Cost, costOf, keepPage, PACKET, pageWith } from "../costs/cost.ts";
import { PARTIES as OWNERS } from "../names/world.ts";
import { addressOf } from "../world/keys.ts";
import type { Outcome } from "../world/machine.ts";
import { LABEL, openRegistry, postOf, updateOf } from "./names.ts";
import { openStaked } from "./staked.ts";
import { openQuorum, PARTIES, type QuorumWorld, TERMS } from "./world.ts";

const { keeper, challenger, authority } = PARTIES;

/** A cost and what it may not be above. */
export interface Limited extends Cost {
  readonly limit: number;
  readonly packet: number;
}

const cost = (what: string, outcome: Outcome, limit: number, packet = PACKET): Limited => ({
  ...costOf(what, outcome),
  limit,
  packet,
});

/** A committee of a hundred, from 130 operators. */
function hundred(): QuorumWorld {
  const world = openQuorum(Array.from({ length: 130 }, (_, i) => 1_000n + BigInt(i)));
  const terms = { ...TERMS, committee: 100 };
  world.must(quorum.setTerms({ deployment: world.deployment, authority: authority.publicKey, terms }), [
    authority,
  ]);
  return world;
}

function measureLife(): Limited[] {
  const world = hundred();
  const rows = [cost("`freeze`, 100 seats", world.must(world.freezeOf(), [keeper]), 20_000)];
  world.skipSlots(TERMS.seedDelay + 1);
  world.hashSlots();
  rows.push(cost("`seed`, of 512 slot hashes", world.must(quorum.seed(world.of), []), 20_000));
  const draws = world.drawsOf().map((draw) => world.must(draw, []));
  rows.push(cost("`draw`, first seat of 130 operators", draws[0] as Outcome, 20_000));
  rows.push(cost("`draw`, hundredth seat", draws[99] as Outcome, 20_000));
  const { outcome } = world.trace(world.updates(1));
  rows.push(cost("`attest`", world.attest(99, outcome), 4_000));
  const relayOf = (from: number, count: number) => {
    const seats = Array.from({ length: count }, (_, i) => from + i);
    return world.must(world.budgeted(world.relayOf(seats, outcome), 300_000), []);
  };
  rows.push(cost("`relay` of 13 votes, with a limit of units", relayOf(0, 13), 200_000));
  rows.push(cost("the same again", relayOf(0, 13), 20_000));
  for (let seat = 13; seat < 99; seat += 13) relayOf(seat, Math.min(13, 99 - seat));
  rows.push(cost("`tally` of 100 votes", world.must(quorum.tally({ ...world.of, outcome }), []), 30_000));
  world.pass(TERMS.window);
  rows.push(cost("`finalize`", world.must(quorum.finalize(world.of), []), 20_000));
  world.pass(TERMS.evidence);
  const close = quorum.close({ ...world.of, payer: keeper.publicKey });
  rows.push(cost("`close`", world.must(close, []), 20_000));
  return rows;
}

function measureSlashes(): Limited[] {
  const staked = openStaked();
  const { world } = staked;
  world.begin();
  const { trace, outcome } = world.trace(world.updates(2));
  const lie = { ...outcome, root: addressOf("elsewhere") };
  const shown = (seat: number, of: quorum.EpochOutcome) => ({
    outcome: of,
    signature: world.voteOf(seat, of).signature,
  });
  for (const seat of [0, 1, 2, 3]) world.attest(seat, lie);
  const prove = (
    seat: number,
    votes: readonly [quorum.ShownVote] | readonly [quorum.ShownVote, quorum.ShownVote],
  ) => world.must(quorum.proveEquivocation({ ...staked.slashed(seat, challenger), votes }), []);
  world.must(quorum.tally({ ...world.of, outcome: lie }), []);
  const rows = [
    cost(
      "`prove_equivocation`, a signed vote against the one on chain, and the slash",
      prove(0, [shown(0, outcome)]),
      30_000,
    ),
    cost(
      "`prove_equivocation`, two signed votes, and the slash",
      prove(4, [shown(4, outcome), shown(4, lie)]),
      45_000,
    ),
  ];
  const step = trace.steps[1] as routes.Step;
  const order = { claim: "end", step, proof: trace.list.prove(1) } as const;
  world.must(quorum.challengeOrder({ ...world.of, challenger: challenger.publicKey, order }), [challenger]);
  const slash = world.must(quorum.slashVote(staked.slashed(1, challenger)), []);
  return [...rows, cost("`slash_vote`", slash, 30_000)];
}

/** A map in which the way to a name has this many nodes, and what is at the name. */
function deepMap(nameHash: Uint8Array, nodes: number): routes.RouteMap {
  const beside = Array.from({ length: nodes }, (_, bit) => {
    const hash = nameHash.slice();
    hash[bit >> 3] = (hash[bit >> 3] as number) ^ (0x80 >> (bit & 7));
    return { nameHash: hash, generation: 1, version: 1n, updateHash: addressOf(`beside ${bit}`) };
  });
  return routes.RouteMap.create([
    ...beside,
    { nameHash, generation: 1, version: 1n, updateHash: addressOf("old") },
  ]);
}

/** `challenge_omission` with a map proof of this many nodes. */
export function measureOmission(nodes: number): Limited {
  const registry = openRegistry();
  const { world } = registry;
  const { alice } = OWNERS;
  const posted = updateOf(registry, alice, { version: 2n });
  registry.naming.must(postOf(registry, alice, posted, world.domain), [alice]);
  world.begin();
  const nameHash = names.hashName(LABEL);
  const map = deepMap(nameHash, nodes);
  world.attestAll({ ...world.trace(world.updates(1)).outcome, root: map.root });
  const root = { entry: map.get(nameHash), proof: map.prove(nameHash) };
  const challenge = quorum.challengeOmission({
    ...world.of,
    challenger: challenger.publicKey,
    nameHash,
    poster: alice.publicKey,
    root,
  });
  const outcome = world.must(challenge, [challenger], nodes > 20 ? { version: 1 } : {});
  return cost(
    `\`challenge_omission\`, ${nodes === 1 ? "one node" : `${nodes} nodes`} above the name`,
    outcome,
    40_000,
    nodes > 20 ? 4_096 : PACKET,
  );
}

/** All costs, the same on every machine but for a few hundred units that differ with the bumps of addresses. */
export function measureCosts(): Limited[] {
  return [
    ...measureLife(),
    ...measureSlashes(),
    measureOmission(1),
    measureOmission(20),
    measureOmission(30),
  ];
}

if (import.meta.main) keepPage("quorum.md", (page) => pageWith(page, measureCosts()));
