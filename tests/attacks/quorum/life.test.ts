import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { expect } from "chai";
import { openQuorum, PARTIES, type QuorumWorld, TERMS } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { keeper, authority, guardian, stranger } = PARTIES;

function voting(): { world: QuorumWorld; outcome: quorum.EpochOutcome } {
  const world = openQuorum();
  world.begin();
  return { world, outcome: world.trace(world.updates(2)).outcome };
}
function attested(): QuorumWorld {
  const { world, outcome } = voting();
  world.attestAll(outcome);
  return world;
}
const closeOf = (world: QuorumWorld, epoch = world.number) =>
  quorum.close({ deployment: world.deployment, epoch, payer: keeper.publicKey });
const administered = ({ deployment }: QuorumWorld) => ({ deployment, authority: authority.publicKey });

describe("quorum: an epoch's deadlines", () => {
  attack("deadline", "tallies before the deadline and not at it or after", () => {
    for (const [late, error] of [
      [-1n, undefined],
      [0n, "DeadlinePassed"],
      [1n, "DeadlinePassed"],
    ] as const) {
      const { world, outcome } = voting();
      for (const { seat } of world.epoch().members) world.attest(seat, outcome);
      world.machine.setTime(world.epoch().frozenAt + BigInt(TERMS.length) + late);
      const tally = quorum.tally({ ...world.of, outcome });
      if (error === undefined) world.must(tally, []);
      else refuse(world, tally, [], code(error));
    }
  });
  attack("deadline", "stalls from the deadline on, whatever it waited for", () => {
    const frozen = openQuorum();
    frozen.must(frozen.freezeOf(), [keeper]);
    const drawing = openQuorum();
    drawing.must(drawing.freezeOf(), [keeper]);
    drawing.skipSlots(TERMS.seedDelay + 1);
    drawing.hashSlots();
    drawing.must(quorum.seed(drawing.of), []);
    for (const world of [frozen, drawing, voting().world]) {
      world.machine.setTime(world.epoch().frozenAt + BigInt(TERMS.length) - 1n);
      refuse(world, quorum.finalize(world.of), [], code("DeadlineAhead"));
      world.pass(1);
      world.must(quorum.finalize(world.of), []);
      expect(world.epoch().status).equal("stalled");
      expect(world.config.final).equal(undefined);
    }
  });
  attack(
    "deadline",
    "is final once its window is over and not one second before, however late it was attested",
    () => {
      const { world, outcome } = voting();
      world.machine.setTime(world.epoch().frozenAt + BigInt(TERMS.length) - 1n);
      world.attestAll(outcome);
      world.pass(TERMS.window - 1);
      refuse(world, quorum.finalize(world.of), [], code("WindowOpen"));
      world.pass(1);
      world.must(quorum.finalize(world.of), []);
      expect(world.epoch().status).equal("final");
    },
  );
  attack("deadline", "freezes the next when the last has ended and its length is over", () => {
    const world = attested();
    const { frozenAt } = world.epoch();
    world.machine.setTime(frozenAt + BigInt(TERMS.length) + 50n);
    refuse(world, world.freezeOf(), [keeper], code("EpochRunning"));
    world.must(quorum.finalize(world.of), []);
    world.machine.setTime(frozenAt + BigInt(TERMS.length) - 1n);
    refuse(world, world.freezeOf(), [keeper], code("FreezeTooEarly"));
    world.pass(1);
    world.must(world.freezeOf(), [keeper]);
    expect(world.epoch()).include({ number: 2n, status: "frozen" });
  });
  attack("deadline", "closes when its evidence is over and not one second before", () => {
    const world = attested();
    refuse(world, closeOf(world), [], code("EpochStatus"));
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    world.pass(TERMS.evidence - 1);
    refuse(world, closeOf(world), [], code("EvidenceLive"));
    world.pass(1);
    const rent = world.machine.lamports(world.epochAddress());
    const before = world.machine.lamports(keeper.publicKey);
    world.must(closeOf(world), []);
    expect(world.machine.lamports(keeper.publicKey) - before).equal(rent);
  });
  attack("clock jump", "stalls after a jump of years, and goes on from there", () => {
    const { world } = voting();
    world.pass(10 * 365 * 86_400);
    world.must(quorum.finalize(world.of), []);
    world.begin();
    world.finish(world.updates(1));
    expect(world.config.final?.epoch).equal(2n);
  });
});

describe("quorum: an epoch's end", () => {
  attack("finalise twice", "is finalised once, and a closed one not at all", () => {
    const world = attested();
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    refuse(world, quorum.finalize(world.of), [], code("WrongEpoch"));
    world.pass(TERMS.evidence);
    world.must(closeOf(world), []);
    refuse(world, quorum.finalize(world.of), [], "AccountDataTooSmall");
  });
  attack("stale snapshot", "finalises no earlier epoch in place of the one that runs", () => {
    const world = attested();
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    const first = world.number;
    world.begin();
    refuse(world, quorum.finalize({ deployment: world.deployment, epoch: first }), [], code("WrongEpoch"));
    const { outcome } = world.trace(world.updates(1, 2n));
    refuse(
      world,
      quorum.tally({ deployment: world.deployment, epoch: first, outcome }),
      [],
      code("EpochStatus"),
    );
  });
  attack("epoch boundary", "takes no vote before its committee is complete, and none after its end", () => {
    const world = openQuorum();
    world.must(world.freezeOf(), [keeper]);
    const witness = PARTIES.alice;
    const digest = addressOf("digest");
    const attestOf = () => quorum.attest({ ...world.of, witness: witness.publicKey, seat: 0, digest });
    refuse(world, attestOf(), [witness], code("EpochStatus"));
    const late = attested();
    late.pass(TERMS.window);
    late.must(quorum.finalize(late.of), []);
    const { outcome } = late.trace(late.updates(2));
    refuse(late, late.attestOf(0, outcome), [late.signer(0)], code("EpochStatus"));
    refuse(late, late.relayOf([0], outcome), [], code("EpochStatus"));
  });
  attack("account revived", "is not brought back by lamports sent in the transaction that closes it", () => {
    const world = attested();
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    world.pass(TERMS.evidence);
    const address = world.epochAddress();
    const transfer = {
      program: new Uint8Array(32),
      accounts: [
        { address: stranger.publicKey, signer: true, writable: true },
        { address, signer: false, writable: true },
      ],
      data: new Uint8Array([2, 0, 0, 0, 0, 202, 154, 59, 0, 0, 0, 0]),
    };
    world.must([closeOf(world), transfer], [stranger]);
    expect(world.machine.account(address)?.data.length ?? 0).equal(0);
    refuse(world, quorum.finalize(world.of), [], "AccountDataTooSmall");
  });
  attack("account prefunded", "is frozen at an address that somebody sent lamports to before", () => {
    const world = openQuorum();
    world.machine.airdrop(world.epochAddress(1n), 1_000_000n);
    world.begin();
    expect(world.epoch().status).equal("voting");
  });
  attack("account initialised twice", "is frozen once a number", () => {
    const world = attested();
    const again = quorum.freeze({
      deployment: world.deployment,
      epoch: world.number,
      payer: keeper.publicKey,
      tree: world.treeAddress,
    });
    refuse(world, again, [keeper], "InvalidSeeds");
  });
  attack("close and reopen", "gives the rent to who paid it and to nobody else", () => {
    const world = attested();
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    world.pass(TERMS.evidence);
    const theft = quorum.close({ ...world.of, payer: stranger.publicKey });
    refuse(world, theft, [], code("WrongPayer"));
    world.must(closeOf(world), []);
    const again = quorum.freeze({
      deployment: world.deployment,
      epoch: 1n,
      payer: keeper.publicKey,
      tree: world.treeAddress,
    });
    refuse(world, again, [keeper], "InvalidSeeds");
  });
  attack("member left", "counts a member whose stake left the tree after the freeze", () => {
    const { world, outcome } = voting();
    world.plantTree([0n, 0n, 0n, 0n, 0n, 0n]);
    world.attestAll(outcome);
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    expect(world.config.final?.root).eql(outcome.root);
  });
  attack("root only by final", "remembers the last sixteen final roots, newest first", () => {
    const world = openQuorum([1n]);
    const roots: quorum.FinalRoot[] = [];
    for (let i = 1; i <= 18; i++) {
      world.begin();
      world.finish(world.updates(1, BigInt(i)));
      roots.unshift({ epoch: BigInt(i), root: world.map.root });
    }
    expect(world.config.recent).eql(roots.slice(0, 16));
    expect(world.config.finals).equal(18n);
  });
});

describe("quorum: administration", () => {
  attack("parameter in epoch", "keeps an epoch's terms whatever is set while it runs", () => {
    const { world, outcome } = voting();
    const terms = { length: 1, window: 1, evidence: 1, seedDelay: 1, committee: 1 };
    world.must(quorum.setTerms({ ...administered(world), terms }), [authority]);
    expect(world.epoch().terms).eql(TERMS);
    world.pass(2);
    world.attestAll(outcome);
    world.pass(2);
    refuse(world, quorum.finalize(world.of), [], code("WindowOpen"));
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    refuse(world, closeOf(world), [], code("EvidenceLive"));
    refuse(world, world.freezeOf(), [keeper], code("FreezeTooEarly"));
    world.machine.setTime(world.config.nextAt);
    world.must(world.freezeOf(), [keeper]);
    expect(world.epoch().terms).eql(terms);
  });
  attack("amount edges", "holds terms to their bounds", () => {
    const world = openQuorum();
    const setOf = (change: Partial<quorum.QuorumTerms>) =>
      quorum.setTerms({ ...administered(world), terms: { ...TERMS, ...change } });
    const DAY = 86_400;
    for (const [change, error] of [
      [{ length: 0 }, "EpochLengthInvalid"],
      [{ length: DAY + 1 }, "EpochLengthInvalid"],
      [{ window: 0 }, "WindowInvalid"],
      [{ window: DAY + 1 }, "WindowInvalid"],
      [{ evidence: 0 }, "EvidenceInvalid"],
      [{ evidence: 5 * DAY + 1 }, "EvidenceInvalid"],
      [{ seedDelay: 0 }, "SeedDelayInvalid"],
      [{ seedDelay: 257 }, "SeedDelayInvalid"],
      [{ committee: 0 }, "CommitteeInvalid"],
      [{ committee: 101 }, "CommitteeInvalid"],
      [{ length: 0xffff_ffff }, "EpochLengthInvalid"],
    ] as const)
      refuse(world, setOf(change), [authority], code(error));
    const least = { length: 1, window: 1, evidence: 1, seedDelay: 1, committee: 1 };
    const most = { length: DAY, window: DAY, evidence: 5 * DAY, seedDelay: 256, committee: 100 };
    for (const terms of [least, most]) {
      world.must(quorum.setTerms({ ...administered(world), terms }), [authority]);
      expect(world.config.terms).eql(terms);
    }
  });
  attack("pause blocks exit", "stops new epochs by a pause and nothing of one that runs", () => {
    const { world, outcome } = voting();
    const { deployment } = world;
    world.must(quorum.setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
    world.attestAll(outcome);
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    world.pass(TERMS.evidence);
    refuse(world, world.freezeOf(), [keeper], code("Paused"));
    world.must(closeOf(world), []);
    refuse(
      world,
      quorum.setPaused({ deployment, signer: guardian.publicKey, paused: false }),
      [guardian],
      code("NotAuthority"),
    );
    world.must(quorum.setPaused({ deployment, signer: authority.publicKey, paused: false }), [authority]);
    world.must(world.freezeOf(), [keeper]);
  });
  attack("stranger", "is administered by nobody but its authority", () => {
    const world = openQuorum();
    const { deployment } = world;
    const mine = { deployment, authority: stranger.publicKey };
    const not = code("NotAuthority");
    refuse(world, quorum.setTerms({ ...mine, terms: TERMS }), [stranger], not);
    refuse(world, quorum.setGuardian({ ...mine, guardian: stranger.publicKey }), [stranger], not);
    refuse(world, quorum.proposeAuthority({ ...mine, newAuthority: stranger.publicKey }), [stranger], not);
    const pause = quorum.setPaused({ deployment, signer: stranger.publicKey, paused: true });
    refuse(world, pause, [stranger], code("NotGuardian"));
  });
  attack("one-step handover", "is handed over in two steps, and the old authority is none afterwards", () => {
    const world = openQuorum();
    const { deployment } = world;
    const propose = (newAuthority: Uint8Array) =>
      world.must(quorum.proposeAuthority({ ...administered(world), newAuthority }), [authority]);
    propose(PARTIES.bob.publicKey);
    expect(world.config.authority).eql(authority.publicKey);
    const accept = (who: Uint8Array) => quorum.acceptAuthority({ deployment, pendingAuthority: who });
    refuse(world, accept(stranger.publicKey), [stranger], code("NotPendingAuthority"));
    world.must(accept(PARTIES.bob.publicKey), [PARTIES.bob]);
    expect(world.config.authority).eql(PARTIES.bob.publicKey);
    refuse(
      world,
      quorum.setTerms({ ...administered(world), terms: TERMS }),
      [authority],
      code("NotAuthority"),
    );
    refuse(world, accept(PARTIES.bob.publicKey), [PARTIES.bob], code("NotPendingAuthority"));
  });
  attack("pending authority", "gives a proposed authority no power before it accepts", () => {
    const world = openQuorum();
    const { deployment } = world;
    const bob = PARTIES.bob;
    world.must(quorum.proposeAuthority({ ...administered(world), newAuthority: bob.publicKey }), [authority]);
    const mine = { deployment, authority: bob.publicKey };
    refuse(world, quorum.setTerms({ ...mine, terms: TERMS }), [bob], code("NotAuthority"));
  });
  attack("previous authority", "takes a proposal back with one to nobody, which nobody can accept", () => {
    const world = openQuorum();
    const { deployment } = world;
    const bob = PARTIES.bob;
    for (const newAuthority of [bob.publicKey, new Uint8Array(32)])
      world.must(quorum.proposeAuthority({ ...administered(world), newAuthority }), [authority]);
    expect(world.config.pendingAuthority).equal(undefined);
    refuse(
      world,
      quorum.acceptAuthority({ deployment, pendingAuthority: bob.publicKey }),
      [bob],
      code("NotPendingAuthority"),
    );
  });
  attack("root only by final", "has no instruction by which the authority could set a root", () => {
    const world = openQuorum();
    const before = world.machine.data(world.configAddress);
    const { deployment } = world;
    world.must(quorum.setTerms({ ...administered(world), terms: { ...TERMS, committee: 1 } }), [authority]);
    world.must(quorum.setPaused({ deployment, signer: authority.publicKey, paused: true }), [authority]);
    expect(world.machine.data(world.configAddress).subarray(240)).eql(before.subarray(240));
    expect(routes.isEmptyHash(world.machine.data(world.configAddress).subarray(256, 288))).equal(true);
  });
});
