import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { PARTIES as OWNERS } from "../../programs/names/world.ts";
import { LABEL, openRegistry, postOf, updateOf } from "../../programs/quorum/names.ts";
import { openStaked } from "../../programs/quorum/staked.ts";
import {
  deployedQuorum,
  initializeOf,
  openQuorum,
  PARTIES,
  type QuorumWorld,
  TERMS,
} from "../../programs/quorum/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";

/** An instruction that would succeed, in a world made for it. */
export interface Attempt {
  readonly world: QuorumWorld;
  readonly instruction: quorum.Instruction;
  readonly signers: readonly Signer[];
  /** Needs a v1 transaction. */
  readonly large?: boolean;
}

const { authority, guardian, keeper, challenger } = PARTIES;
const NEXT = keyOf("next authority");

const opened =
  (make: (world: QuorumWorld) => quorum.Instruction, ...signers: Signer[]) =>
  (): Attempt => {
    const world = openQuorum();
    return { world, instruction: make(world), signers };
  };
const voting =
  (
    make: (world: QuorumWorld, outcome: quorum.EpochOutcome) => quorum.Instruction,
    signersOf: (world: QuorumWorld) => Signer[] = () => [],
  ) =>
  (): Attempt => {
    const world = openQuorum();
    world.begin();
    const { outcome } = world.trace(world.updates(2));
    return { world, instruction: make(world, outcome), signers: signersOf(world) };
  };
const administered = ({ deployment }: QuorumWorld) => ({ deployment, authority: authority.publicKey });
const by = (world: QuorumWorld) => ({ ...world.of, challenger: challenger.publicKey });

function toSeed(world: QuorumWorld): void {
  world.must(world.freezeOf(), [keeper]);
  world.skipSlots(TERMS.seedDelay + 1);
  world.hashSlots();
}

/** A committee that attested one forged update by `signer`, told as it is. */
function forged(change: (signed: routes.SignedUpdate) => routes.SignedUpdate) {
  const registry = openRegistry();
  const { world } = registry;
  world.begin();
  const signed = change(updateOf(registry, OWNERS.alice));
  const { trace, outcome } = world.trace([signed]);
  world.attestAll(outcome);
  const step = trace.steps[0] as routes.Step;
  return { world, signed, shown: { step, proof: trace.list.prove(0) } };
}

function slashing(): { attempt: (vote: boolean) => Attempt } {
  return {
    attempt: (vote) => {
      const staked = openStaked();
      const { world } = staked;
      world.begin();
      const { trace, outcome } = world.trace(world.updates(2));
      const lie = { ...outcome, root: addressOf("elsewhere") };
      world.attestAll(lie);
      if (!vote) {
        const signature = world.voteOf(0, outcome).signature;
        const votes = [{ outcome, signature }] as const;
        const given = staked.slashed(0, challenger);
        return { world, instruction: quorum.proveEquivocation({ ...given, votes }), signers: [] };
      }
      const step = trace.steps[1] as routes.Step;
      const order = { claim: "end", step, proof: trace.list.prove(1) } as const;
      world.must(quorum.challengeOrder({ ...by(world), order }), [challenger]);
      return { world, instruction: quorum.slashVote(staked.slashed(0, challenger)), signers: [] };
    },
  };
}

/** One good attempt at every instruction, by its name in the IDL. */
export const ATTEMPTS: Readonly<Record<string, () => Attempt>> = {
  initialize: () => {
    const world = deployedQuorum();
    return { world, instruction: initializeOf(world), signers: [authority] };
  },
  propose_authority: opened(
    (w) => quorum.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }),
    authority,
  ),
  accept_authority: opened((w) => {
    w.must(quorum.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }), [authority]);
    return quorum.acceptAuthority({ deployment: w.deployment, pendingAuthority: NEXT.publicKey });
  }, NEXT),
  set_guardian: opened(
    (w) => quorum.setGuardian({ ...administered(w), guardian: NEXT.publicKey }),
    authority,
  ),
  set_paused: opened(
    ({ deployment }) => quorum.setPaused({ deployment, signer: guardian.publicKey, paused: true }),
    guardian,
  ),
  set_terms: opened((w) => quorum.setTerms({ ...administered(w), terms: TERMS }), authority),
  freeze: opened((w) => w.freezeOf(), keeper),
  seed: opened((w) => {
    toSeed(w);
    return quorum.seed(w.of);
  }),
  draw: opened((w) => {
    toSeed(w);
    w.must(quorum.seed(w.of), []);
    return w.drawsOf()[0] as quorum.Instruction;
  }),
  attest: voting(
    (w, outcome) => w.attestOf(0, outcome),
    (w) => [w.signer(0)],
  ),
  relay: voting((w, outcome) => w.relayOf([0, 1], outcome)),
  tally: voting((w, outcome) => {
    for (const { seat } of w.epoch().members) w.attest(seat, outcome);
    return quorum.tally({ ...w.of, outcome });
  }),
  finalize: voting((w, outcome) => {
    w.attestAll(outcome);
    w.pass(TERMS.window);
    return quorum.finalize(w.of);
  }),
  close: voting((w, outcome) => {
    w.attestAll(outcome);
    w.pass(TERMS.window);
    w.must(quorum.finalize(w.of), []);
    w.pass(TERMS.evidence);
    return quorum.close({ ...w.of, payer: keeper.publicKey });
  }),
  prove_equivocation: () => slashing().attempt(false),
  slash_vote: () => slashing().attempt(true),
  challenge_signature: () => {
    const bad = new Uint8Array(64).fill(1);
    const { world, signed, shown } = forged((signed) => ({ ...signed, signature: bad }));
    const instruction = quorum.challengeSignature({ ...by(world), ...shown, ...signed });
    return { world, instruction, signers: [challenger] };
  },
  challenge_authority: () => {
    const { carol } = OWNERS;
    const { world, signed, shown } = forged(({ update }) => ({
      update,
      signer: carol.publicKey,
      signature: new Uint8Array(64),
    }));
    const update = routes.encodeUpdate(signed.update, world.domain);
    const { nameHash } = signed.update;
    const instruction = quorum.challengeAuthority({ ...by(world), ...shown, ...signed, update, nameHash });
    return { world, instruction, signers: [challenger] };
  },
  challenge_step: () => {
    const world = openQuorum();
    world.begin();
    const [signed] = world.updates(1) as [routes.SignedUpdate];
    const { trace, outcome } = world.trace([signed]);
    const step = { ...(trace.steps[0] as routes.Step), after: addressOf("elsewhere") };
    const list = routes.createList([routes.hashStep(step)]);
    world.attestAll({ ...outcome, root: step.after, updatesRoot: list.root });
    const update = routes.encodeUpdate(signed.update, world.domain);
    const before = { entry: undefined, proof: world.map.prove(signed.update.nameHash) };
    const shown = { step, proof: list.prove(0) };
    return {
      world,
      instruction: quorum.challengeStep({ ...by(world), ...shown, update, before }),
      signers: [challenger],
    };
  },
  challenge_order: () => {
    const world = openQuorum();
    world.begin();
    const { trace, outcome } = world.trace(world.updates(2));
    world.attestAll({ ...outcome, root: addressOf("elsewhere") });
    const step = trace.steps[1] as routes.Step;
    const order = { claim: "end", step, proof: trace.list.prove(1) } as const;
    return { world, instruction: quorum.challengeOrder({ ...by(world), order }), signers: [challenger] };
  },
  challenge_omission: () => {
    const registry = openRegistry();
    const { world } = registry;
    const { alice } = OWNERS;
    registry.naming.must(postOf(registry, alice, updateOf(registry, alice), world.domain), [alice]);
    world.begin();
    const { outcome } = world.trace(world.updates(3));
    world.attestAll(outcome);
    const map = world.map.snapshot();
    routes.traceUpdates(map, world.updates(3), world.domain);
    const nameHash = names.hashName(LABEL);
    const root = { entry: undefined, proof: map.prove(nameHash) };
    const poster = alice.publicKey;
    return {
      world,
      instruction: quorum.challengeOmission({ ...by(world), nameHash, poster, root }),
      signers: [challenger],
    };
  },
};
