import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { expect } from "chai";
import { PARTIES as OWNERS } from "../../programs/names/world.ts";
import { LABEL, openRegistry, postOf, type Registry, updateOf } from "../../programs/quorum/names.ts";
import { PARTIES, TERMS } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { attack as run } from "./attack.ts";
import { appoint, fails, held, proves, transfer } from "./owners.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger } = PARTIES;
const { alice, bob, carol } = OWNERS;

describe("quorum: challenges of an omission", () => {
  /** The committee attested these updates; this challenges that it left out what the name's account has posted. */
  function attest(
    registry: Registry,
    updates: readonly routes.SignedUpdate[],
    poster: Signer,
  ): quorum.Instruction {
    const { world } = registry;
    const { outcome } = world.trace(updates);
    world.attestAll(outcome);
    const map = world.map.snapshot();
    routes.traceUpdates(map, updates, world.domain);
    const nameHash = names.hashName(LABEL);
    return quorum.challengeOmission({
      ...world.of,
      challenger: challenger.publicKey,
      nameHash,
      poster: poster.publicKey,
      root: { entry: map.get(nameHash), proof: map.prove(nameHash) },
    });
  }
  const post = (
    registry: Registry,
    signed: routes.SignedUpdate,
    holder: Signer = alice,
    domain?: Uint8Array,
  ) => {
    const poster = [alice, bob, carol].find(
      ({ publicKey }) => Buffer.compare(publicKey, signed.signer) === 0,
    );
    const instruction = postOf(registry, holder, signed, domain ?? registry.world.domain);
    registry.naming.must(instruction, [poster as Signer]);
  };

  attack(
    "withheld",
    "rejects a root that leaves out an update which its owner posted before the freeze",
    () => {
      const registry = openRegistry();
      post(registry, updateOf(registry, alice));
      registry.world.begin();
      const others = registry.world.updates(20);
      proves(registry.world, attest(registry, others, alice), "omission");
    },
  );
  attack("withheld", "rejects a root that has an older version than the one posted", () => {
    const registry = openRegistry();
    registry.world.begin();
    registry.world.finish([updateOf(registry, alice)]);
    post(registry, updateOf(registry, alice, { version: 2n }));
    registry.world.begin();
    proves(registry.world, attest(registry, [], alice), "omission");
  });
  attack("withheld", "rejects a root that leaves out what a delegate posted", () => {
    const registry = openRegistry();
    appoint(registry, carol);
    post(registry, updateOf(registry, carol));
    registry.world.begin();
    proves(registry.world, attest(registry, [], carol), "omission");
  });

  const sound: {
    readonly title: string;
    readonly before?: (registry: Registry) => void;
    readonly after?: (registry: Registry) => void;
    readonly updates?: (registry: Registry) => routes.SignedUpdate[];
    readonly poster?: Signer;
  }[] = [
    {
      title: "has what was posted",
      before: (r) => post(r, updateOf(r, alice)),
      updates: (r) => [updateOf(r, alice)],
    },
    {
      title: "has a later version than what was posted",
      before: (r) => post(r, updateOf(r, alice)),
      updates: (r) => [updateOf(r, alice, { version: 2n })],
    },
    { title: "lacks what was posted after the freeze", after: (r) => post(r, updateOf(r, alice)) },
    {
      title: "lacks what was posted again after the freeze",
      before: (r) => post(r, updateOf(r, alice)),
      after: (r) => post(r, updateOf(r, alice, { version: 2n })),
    },
    {
      title: "lacks what was posted with a signature that is none",
      before: (r) => post(r, { ...updateOf(r, alice), signature: new Uint8Array(64).fill(1) }),
    },
    {
      title: "lacks what was posted for another cluster",
      before: (r) => post(r, updateOf(r, alice), alice, addressOf("another domain")),
    },
    {
      title: "lacks what a former owner had posted",
      before: (r) => {
        post(r, updateOf(r, alice));
        transfer(r, alice, bob);
      },
    },
    {
      title: "lacks what was over at the freeze",
      before: (r) => {
        post(r, updateOf(r, alice, { expiresAt: r.world.machine.now() + 60n }));
        r.world.pass(60);
      },
    },
    {
      title: "lacks what a delegate had posted that was dismissed before the freeze",
      poster: carol,
      before: (r) => {
        appoint(r, carol);
        post(r, updateOf(r, carol));
        r.naming.must(names.dismissDelegate({ ...held(r), delegate: carol.publicKey }), [alice]);
      },
    },
    { title: "lacks a name for which nothing was posted" },
  ];
  for (const { title, before, after, updates, poster = alice } of sound)
    attack("true aggregate", `leaves alone a root that ${title}`, () => {
      const registry = openRegistry();
      before?.(registry);
      registry.world.begin();
      after?.(registry);
      const made = updates?.(registry) ?? registry.world.updates(3);
      fails(registry.world, attest(registry, made, poster), "NothingOmitted");
    });

  attack("true aggregate", "hears of no map proof at another root", () => {
    const registry = openRegistry();
    post(registry, updateOf(registry, alice));
    registry.world.begin();
    const good = attest(registry, registry.world.updates(3), alice);
    const map = registry.world.map;
    const nameHash = names.hashName(LABEL);
    const old = quorum.challengeOmission({
      ...registry.world.of,
      challenger: challenger.publicKey,
      nameHash,
      poster: alice.publicKey,
      root: { entry: undefined, proof: map.prove(nameHash) },
    });
    fails(registry.world, old, "MapProof");
    const trailing = good.data.slice();
    fails(registry.world, { ...good, data: Uint8Array.from([...trailing, 0]) }, "InstructionLength");
    proves(registry.world, good, "omission");
  });
  attack(
    "challenges",
    "costs who challenges a true root the fee and nobody else anything, however often",
    () => {
      const registry = openRegistry();
      const { world } = registry;
      world.begin();
      const good = attest(registry, world.updates(3), alice);
      for (let i = 0; i < 20; i++) fails(world, good, "NothingOmitted");
      world.pass(TERMS.window);
      world.must(quorum.finalize(world.of), []);
      expect(world.config.final?.epoch).equal(1n);
    },
  );
});
