import * as names from "@tolldns/sdk/names";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { PARTIES as OWNERS } from "../../programs/names/world.ts";
import { LABEL, openRegistry, type Registry, updateOf } from "../../programs/quorum/names.ts";
import { PARTIES } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { attack as run } from "./attack.ts";
import { appoint, fails, held, proves, transfer } from "./owners.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger } = PARTIES;
const { alice, bob, carol } = OWNERS;

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
