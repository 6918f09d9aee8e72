import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { expect } from "chai";
import { DAY, PARTIES as OWNERS } from "../../programs/names/world.ts";
import { LABEL, openRegistry, postOf, type Registry, updateOf } from "../../programs/quorum/names.ts";
import { PARTIES, type QuorumWorld, TERMS } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger } = PARTIES;
const { alice, bob, carol } = OWNERS;

const held = ({ naming }: Registry, holder: Signer = alice) => ({
  deployment: naming.deployment,
  label: LABEL,
  generation: 1,
  holder: holder.publicKey,
});
function transfer(registry: Registry, from: Signer, to: Signer): void {
  const given = held(registry, from);
  registry.naming.must(names.offerControl({ ...given, to: to.publicKey }), [from]);
  registry.naming.must(names.acceptControl({ ...given, accepter: to.publicKey }), [to]);
}
function appoint(registry: Registry, delegate: Signer, seconds = DAY, holder: Signer = alice): void {
  const expiresAt = registry.world.machine.now() + BigInt(seconds);
  const appointment = { ...held(registry, holder), delegate: delegate.publicKey, expiresAt };
  registry.naming.must(names.appointDelegate(appointment), [holder]);
}

function proves(world: QuorumWorld, instruction: quorum.Instruction, kind: quorum.ChallengeKind): void {
  world.must(instruction, [challenger], true);
  expect(world.epoch().status).equal("rejected");
  expect(world.epoch().challenge).eql({ kind, challenger: challenger.publicKey });
}
function fails(world: QuorumWorld, instruction: quorum.Instruction, error: string): void {
  refuse(world, instruction, [challenger], code(error), true);
  expect(world.epoch().status).equal("attested");
}

describe("quorum: challenges of authority", () => {
  /** The committee attested one update; this challenges it. */
  function attest(registry: Registry, signed: routes.SignedUpdate): quorum.Instruction {
    const { world } = registry;
    const { trace, outcome } = world.trace([signed]);
    world.attestAll(outcome);
    return quorum.challengeAuthority({
      ...world.of,
      challenger: challenger.publicKey,
      step: trace.steps[0] as routes.Step,
      proof: trace.list.prove(0),
      update: routes.encodeUpdate(signed.update, world.domain),
      nameHash: signed.update.nameHash,
      signer: signed.signer,
      signature: signed.signature,
    });
  }
  /** What came before the freeze, an update, what came after it, and what a challenge then proves. */
  const cases: {
    readonly title: string;
    readonly before?: (registry: Registry) => void;
    readonly update: (registry: Registry) => routes.SignedUpdate;
    readonly after?: (registry: Registry) => void;
    readonly wrong: boolean;
  }[] = [
    { title: "the owner's update", update: (r) => updateOf(r, alice), wrong: false },
    { title: "a stranger's update", update: (r) => updateOf(r, carol), wrong: true },
    {
      title: "an update of a name that was never registered",
      update: (r) => updateOf(r, alice, { nameHash: names.hashName("nobodys") }),
      wrong: true,
    },
    {
      title: "an update of a later registration",
      update: (r) => updateOf(r, alice, { generation: 2 }),
      wrong: true,
    },
    {
      title: "an update of no registration",
      update: (r) => updateOf(r, alice, { generation: 0 }),
      wrong: true,
    },
    {
      title: "an update that outlives the name",
      update: (r) => updateOf(r, alice, { expiresAt: r.naming.name(LABEL).expiresAt + 1n }),
      wrong: true,
    },
    {
      title: "an update of who sold the name before the freeze",
      before: (r) => transfer(r, alice, bob),
      update: (r) => updateOf(r, alice),
      wrong: true,
    },
    {
      title: "an update of who bought the name before the freeze",
      before: (r) => transfer(r, alice, bob),
      update: (r) => updateOf(r, bob),
      wrong: false,
    },
    {
      title: "an update of who sold the name after the freeze",
      update: (r) => updateOf(r, alice),
      after: (r) => transfer(r, alice, bob),
      wrong: false,
    },
    {
      title: "an update of who bought the name after the freeze",
      update: (r) => updateOf(r, bob),
      after: (r) => transfer(r, alice, bob),
      wrong: true,
    },
    {
      title: "a delegate's update",
      before: (r) => appoint(r, carol),
      update: (r) => updateOf(r, carol),
      wrong: false,
    },
    {
      title: "an update of a delegate dismissed before the freeze",
      before: (r) => {
        appoint(r, carol);
        r.naming.must(names.dismissDelegate({ ...held(r), delegate: carol.publicKey }), [alice]);
      },
      update: (r) => updateOf(r, carol),
      wrong: true,
    },
    {
      title: "an update of a delegate dismissed after the freeze",
      before: (r) => appoint(r, carol),
      update: (r) => updateOf(r, carol),
      after: (r) => {
        r.naming.must(names.dismissDelegate({ ...held(r), delegate: carol.publicKey }), [alice]);
      },
      wrong: false,
    },
    {
      title: "an update of a delegate whose time was over at the freeze",
      before: (r) => {
        appoint(r, carol, 60);
        r.world.pass(60);
      },
      update: (r) => updateOf(r, carol),
      wrong: true,
    },
    {
      title: "an update of a former owner's delegate",
      before: (r) => {
        appoint(r, carol);
        transfer(r, alice, bob);
      },
      update: (r) => updateOf(r, carol),
      wrong: true,
    },
  ];
  for (const { title, before, update, after, wrong } of cases)
    attack(
      wrong ? "false aggregate" : "true aggregate",
      `${wrong ? "rejects a root with" : "leaves alone a root with"} ${title}`,
      () => {
        const registry = openRegistry();
        before?.(registry);
        registry.world.begin();
        const signed = update(registry);
        after?.(registry);
        const challenge = attest(registry, signed);
        if (wrong) proves(registry.world, challenge, "authority");
        else fails(registry.world, challenge, "AuthorityHolds");
      },
    );

  attack(
    "true aggregate",
    "leaves alone a root with the update of a name that lapsed after the freeze",
    () => {
      const registry = openRegistry();
      const { world, naming } = registry;
      const { expiresAt } = naming.name(LABEL);
      const signed = updateOf(registry, alice);
      world.machine.setTime(expiresAt - 1n);
      world.begin();
      world.machine.setTime(world.epoch().frozenAt + 1n);
      const challenge = attest(registry, signed);
      world.machine.setTime(world.epoch().frozenAt + 2n);
      fails(world, challenge, "AuthorityHolds");
    },
  );
  attack("false aggregate", "rejects a root with an update of a name that had lapsed at the freeze", () => {
    const registry = openRegistry();
    const { world, naming } = registry;
    const { expiresAt } = naming.name(LABEL);
    const signed = updateOf(registry, alice);
    world.machine.setTime(expiresAt);
    world.begin();
    const challenge = attest(registry, signed);
    proves(world, challenge, "authority");
  });
  attack("vote elsewhere", "rejects a root with an update of another cluster", () => {
    const registry = openRegistry();
    const { world } = registry;
    world.begin();
    const signed = updateOf(registry, alice);
    const domain = addressOf("another cluster");
    const foreign = routes.signUpdate(signed.update, domain, alice);
    const updateHash = routes.hashUpdate(signed.update, domain);
    const { nameHash } = signed.update;
    const map = world.map.snapshot();
    map.set(nameHash, { generation: 1, version: 1n, updateHash });
    const step = {
      index: 0,
      updateHash,
      authHash: routes.hashAuth(foreign.signer, foreign.signature),
      before: routes.emptyHash(),
      after: map.root,
    };
    const list = routes.createList([routes.hashStep(step)]);
    world.attestAll({ previousRoot: step.before, root: map.root, updatesRoot: list.root, count: 1 });
    const challenge = quorum.challengeAuthority({
      ...world.of,
      challenger: challenger.publicKey,
      step,
      proof: list.prove(0),
      update: routes.encodeUpdate(signed.update, domain),
      nameHash,
      signer: foreign.signer,
      signature: foreign.signature,
    });
    proves(world, challenge, "authority");
  });
  attack("account parent", "hears of no other name, and of no other place for a delegate", () => {
    const registry = openRegistry();
    const { world } = registry;
    world.begin();
    const signed = updateOf(registry, carol);
    const good = attest(registry, signed);
    const put = (index: number, address: Uint8Array) => ({
      ...good,
      accounts: good.accounts.map((account, i) => (i === index ? { ...account, address } : account)),
    });
    fails(world, put(3, addressOf("an empty place")), "WrongName");
    fails(world, put(4, addressOf("an empty place")), "WrongDelegate");
    registry.naming.register(bob, "another");
    const another = names.deriveName(registry.naming.deployment.names, "another").address;
    fails(world, put(3, another), "WrongName");
    appoint(registry, bob);
    const theirs = names.deriveDelegate(registry.naming.deployment.names, LABEL, bob.publicKey).address;
    fails(world, put(4, theirs), "WrongDelegate");
    proves(world, good, "authority");
  });
});

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
