import * as quorum from "@tolldns/sdk/quorum";
import type * as routes from "@tolldns/sdk/routes";
import { expect } from "chai";
import fc from "fast-check";
import { openQuorum, PARTIES, type QuorumWorld, TERMS } from "../../programs/quorum/world.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const SEED = 20_261_121;
const { keeper, challenger } = PARTIES;

/** What a step does; `at` chooses among seats, outcomes and durations. */
interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
}
const KINDS = [
  "freeze",
  "seed",
  "draw",
  "attest",
  "attest",
  "attest",
  "relay",
  "tally",
  "tally",
  "finalize",
  "challenge",
  "challenge",
  "challenge",
  "close",
  "pass",
  "length",
] as const;
const MOVES: Readonly<Record<string, readonly string[]>> = {
  frozen: ["drawing"],
  drawing: ["voting"],
  voting: ["attested"],
  attested: ["final", "rejected"],
};

/** Two outcomes that a committee may be made to attest; the second is a lie. */
function outcomesOf(world: QuorumWorld): { trace: routes.Trace; outcomes: quorum.EpochOutcome[] } {
  const { trace, outcome } = world.trace(world.updates(2, world.number + 1n));
  return { trace, outcomes: [outcome, { ...outcome, root: addressOf("a lie") }] };
}

/** The transaction of a step, whether or not it can succeed now. Most votes are for the truth, or for the lie if most are liars. */
function take(world: QuorumWorld, { kind, at }: Step, liars = false): void {
  const { config } = world;
  if (kind === "pass") world.pass([1, 60, TERMS.window][at % 3] as number);
  if (kind === "length") world.pass([TERMS.length, TERMS.evidence][at % 2] as number);
  if (kind === "pass" || kind === "length") return;
  if (kind === "freeze") {
    world.send(world.freezeOf(), [keeper]);
    return;
  }
  if (config.epoch === 0n || world.machine.account(world.epochAddress()) === undefined) return;
  const { members, seed } = world.epoch();
  const { trace, outcomes } = outcomesOf(world);
  const outcome = outcomes[(at % 6 === 0) === liars ? 0 : 1] as quorum.EpochOutcome;
  const seat = members.length === 0 ? 0 : at % members.length;
  switch (kind) {
    case "seed":
      world.skipSlots(TERMS.seedDelay + 1);
      world.hashSlots();
      world.send(quorum.seed(world.of), []);
      return;
    case "draw": {
      const right = seed === undefined ? undefined : world.drawsOf()[members.length];
      world.send(world.drawOf(at % world.leaves.length), []);
      if (right !== undefined) world.send(right, []);
      return;
    }
    case "attest":
      if (members.length > 0) world.send(world.attestOf(seat, outcome), [world.signer(seat)]);
      return;
    case "relay":
      if (members.length > 0) world.send(world.relayOf([seat, (seat + 1) % members.length], outcome), []);
      return;
    case "tally":
      world.send(quorum.tally({ ...world.of, outcome }), []);
      return;
    case "finalize":
      world.send(quorum.finalize(world.of), []);
      return;
    case "challenge": {
      const order = {
        claim: "end",
        step: trace.steps[1] as routes.Step,
        proof: trace.list.prove(1),
      } as const;
      world.send(quorum.challengeOrder({ ...world.of, challenger: challenger.publicKey, order }), [
        challenger,
      ]);
      return;
    }
    case "close": {
      const { deployment, number } = world;
      const epoch = number - BigInt(at % 2);
      if (epoch > 0n) world.send(quorum.close({ deployment, epoch, payer: keeper.publicKey }), []);
    }
  }
}

interface Books {
  readonly config: quorum.QuorumConfig;
  readonly epoch: quorum.Epoch | undefined;
  readonly now: bigint;
}
function read(world: QuorumWorld): Books {
  const { config } = world;
  const there = config.epoch > 0n && world.machine.account(world.epochAddress()) !== undefined;
  return { config, epoch: there ? world.epoch() : undefined, now: world.machine.now() };
}
const hex = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? "" : Buffer.from(bytes).toString("hex");

/** Laws, by the row they are of; each throws where it is broken. */
const LAWS = {
  "root only by final"(before: Books, after: Books, step: Step) {
    if (hex(before.config.final?.root) === hex(after.config.final?.root)) return;
    expect(step.kind).equal("finalize");
    expect(before.epoch?.status).equal("attested");
    const attested = before.epoch?.attested;
    expect(hex(after.config.final?.root)).equal(hex(attested?.root));
    expect(before.now >= (attested?.at ?? 0n) + BigInt(TERMS.window)).equal(true);
  },
  watermark(before: Books, after: Books) {
    const risen = after.config.epoch - before.config.epoch;
    expect(risen === 0n || risen === 1n).equal(true);
    expect((after.config.final?.epoch ?? 0n) >= (before.config.final?.epoch ?? 0n)).equal(true);
    if (risen === 1n) return;
    before.epoch?.members.forEach((member, seat) => {
      const now = after.epoch?.members[seat];
      if (now === undefined) return;
      if (member.vote !== undefined) expect(hex(now.vote)).equal(hex(member.vote));
      expect([now.weight, now.operator, hex(now.witness)]).eql([
        member.weight,
        member.operator,
        hex(member.witness),
      ]);
    });
  },
  "two thirds"(before: Books, after: Books) {
    const attested = after.epoch?.attested;
    if (attested === undefined || before.epoch?.attested !== undefined) return;
    const votes = (after.epoch?.members ?? [])
      .filter(({ vote, struck }) => !struck && hex(vote) === hex(attested.digest))
      .reduce((sum, { weight }) => sum + weight, 0n);
    expect(quorum.isQuorum(votes, after.epoch?.weight ?? 0n)).equal(true);
    expect(before.now < (after.epoch?.frozenAt ?? 0n) + BigInt(TERMS.length)).equal(true);
  },
  "path to refund"(before: Books, after: Books) {
    // One step at a time through the table; every state that is no end leads on by time alone.
    const [from, to] = [before.epoch?.status, after.epoch?.status];
    if (before.config.epoch !== after.config.epoch || from === to || from === undefined) return;
    if (to === undefined) expect(["final", "rejected", "stalled"]).include(from);
    else if (to === "stalled") expect(["frozen", "drawing", "voting"]).include(from);
    else expect(MOVES[from]).include(to);
  },
  "nobody gains"(before: Books, after: Books, step: Step) {
    // A rejected epoch was attested and a lie; a true outcome is never rejected.
    if (after.epoch?.status !== "rejected" || before.epoch?.status === "rejected") return;
    expect(step.kind).equal("challenge");
    expect(hex(after.epoch.attested?.root)).equal(hex(addressOf("a lie")));
  },
} as const;

describe("quorum: random sequences", function () {
  // Some hundred transactions each, on a machine that may be busy.
  this.timeout(120_000);
  const sequences = fc.array(fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat({ max: 11 }) }), {
    minLength: 30,
    maxLength: 60,
  });
  /** Every step of some sequences, with what was before and after it; played once. */
  let played: { readonly step: Step; readonly before: Books; readonly after: Books }[] | undefined;
  const history = () => {
    played ??= fc.sample(sequences, { seed: SEED, numRuns: 20 }).flatMap((steps, i) => {
      const world = openQuorum([100n, 200n, 300n]);
      // Half of the runs begin where a committee votes, so that they get far.
      if (i % 2 === 0) world.begin();
      return steps.map((step) => {
        const before = read(world);
        take(world, step, i % 4 < 2);
        return { step, before, after: read(world) };
      });
    });
    return played;
  };
  it("come to ends of every kind", () => {
    const ended = history().filter(({ before, after }) => before.config.running && !after.config.running);
    const kinds = new Set(ended.map(({ after }) => after.epoch?.status));
    expect([...kinds].sort()).eql(["final", "rejected", "stalled"]);
  });
  for (const [row, law] of Object.entries(LAWS) as [keyof typeof LAWS, (typeof LAWS)[keyof typeof LAWS]][])
    attack(row, `keep the law "${row}" after every step (seed ${SEED})`, () => {
      for (const { step, before, after } of history()) law(before, after, step);
    });

  attack("path to refund", `ends every epoch by time alone, whatever came before (seed ${SEED})`, () => {
    fc.assert(
      fc.property(sequences, (steps) => {
        const world = openQuorum([100n, 200n, 300n]);
        for (const step of steps) take(world, step);
        if (world.config.running) {
          world.pass(TERMS.length + TERMS.window);
          world.must(quorum.finalize(world.of), []);
        }
        world.machine.setTime(world.machine.now() + BigInt(TERMS.length + TERMS.evidence));
        const paid = world.machine.account(world.epochAddress()) !== undefined && world.number > 0n;
        if (paid) world.must(quorum.close({ ...world.of, payer: keeper.publicKey }), []);
        world.begin();
        expect(world.epoch().status).equal("voting");
      }),
      { seed: SEED, numRuns: 6, endOnFailure: true },
    );
  });

  attack(
    "minority blocked",
    `attest what honest two thirds say and never what fewer liars do (seed ${SEED})`,
    () => {
      const committees = fc.array(
        fc.record({ weight: fc.integer({ min: 1, max: 1000 }), liar: fc.boolean() }),
        {
          minLength: 1,
          maxLength: 5,
        },
      );
      fc.assert(
        fc.property(committees, (operators) => {
          const world = openQuorum(operators.map(({ weight }) => BigInt(weight)));
          world.begin();
          const [truth, lie] = outcomesOf(world).outcomes as [quorum.EpochOutcome, quorum.EpochOutcome];
          const isLiar = (seat: number) =>
            operators[(world.epoch().members[seat] as quorum.Member).operator]?.liar === true;
          for (const { seat } of world.epoch().members) world.attest(seat, isLiar(seat) ? lie : truth);
          const { members, weight } = world.epoch();
          const said = (lies: boolean) =>
            members
              .filter(({ seat }) => isLiar(seat) === lies)
              .reduce((sum, member) => sum + member.weight, 0n);
          for (const [outcome, votes] of [
            [lie, said(true)],
            [truth, said(false)],
          ] as const) {
            const tally = quorum.tally({ ...world.of, outcome });
            if (3n * votes >= 2n * weight) world.must(tally, []);
            else if (world.epoch().status === "voting") refuse(world, tally, [], code("QuorumMissing"));
          }
          const expected =
            3n * said(true) >= 2n * weight ? lie : 3n * said(false) >= 2n * weight ? truth : undefined;
          expect(hex(world.epoch().attested?.root)).equal(hex(expected?.root));
        }),
        { seed: SEED, numRuns: 25, endOnFailure: true },
      );
    },
  );
});
