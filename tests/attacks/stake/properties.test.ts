import type { Signer } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import fc from "fast-check";
import {
  exitsOf,
  KINDS,
  leave,
  operatorOf,
  play,
  playground,
  positionOf,
  type Step,
  sequences,
  WALLETS,
} from "../../programs/stake/play.ts";
import { PARTIES, type StakeWorld } from "../../programs/stake/world.ts";
import { attack } from "./attack.ts";

const FILE = import.meta.url;
const SEED = 20_261_121;
const RUNS = 40;
const LENGTH = 50;
/** Units that rounding may shift between those who share a pool, in one step: one for each part that is rounded. */
const DUST = 64n;

interface Books {
  readonly vault: bigint;
  /** Everything outside: purses, the reporter's, the treasury's. */
  readonly outside: bigint;
  readonly supply: bigint;
  /** Purse, positions and exits of each wallet, parts rounded down. */
  readonly wealth: readonly bigint[];
  readonly operators: readonly (stake.Operator | undefined)[];
  readonly tree: stake.StakeTree;
  /** Shares, what they weigh, and the owner's, as positions and exits say. */
  readonly counted: readonly { shares: bigint; weighted: bigint; selfShares: bigint; numbers: number }[];
}

function read(world: StakeWorld): Books {
  const operators = WALLETS.map((owner) => operatorOf(world, owner));
  const wealth = WALLETS.map((wallet) => world.purse(wallet));
  const counted = WALLETS.map((owner, at) => {
    const operator = operators[at];
    const sum = { shares: 0n, weighted: 0n, selfShares: 0n, numbers: 0 };
    WALLETS.forEach((staker, i) => {
      const position = positionOf(world, owner, staker);
      if (position === undefined || operator === undefined) return;
      const exits = exitsOf(world, owner, staker);
      expect(exits.length, "the position counts its exits").equal(position.exits);
      const leaving = exits.reduce((total, { shares }) => total + shares, 0n);
      sum.shares += position.shares + leaving;
      sum.weighted += stake.weightedOf(position.shares, position.weightBps);
      if (staker === owner) sum.selfShares += position.shares;
      wealth[i] = (wealth[i] as bigint) + stake.worthOf(operator, position.shares + leaving);
    });
    return sum;
  });
  const reporter = world.purse(PARTIES.stranger);
  const purses = WALLETS.reduce((sum, wallet: Signer) => sum + world.purse(wallet), reporter);
  return {
    vault: world.vaultTokens(),
    outside: purses + world.treasuryTokens(),
    supply: world.supply(),
    wealth,
    operators,
    tree: world.tree(),
    counted,
  };
}

type Played = Step & { readonly error: number | string | undefined };

/** Laws, by the row they are of; each throws where it is broken. */
const LAWS = {
  conservation(_world: StakeWorld, before: Books, after: Books) {
    const pools = after.operators.reduce((sum, operator) => sum + (operator?.pool ?? 0n), 0n);
    expect(after.vault, "the vault has the pools").equal(pools);
    const burned = before.supply - after.supply;
    expect(after.vault + after.outside + burned, "no unit appears or goes").equal(
      before.vault + before.outside,
    );
  },
  total(world: StakeWorld, _before: Books, after: Books) {
    expect(world.mirror(WALLETS).matches(after.tree), "the tree is what operators say").equal(true);
    const sum = after.operators.reduce((total, operator) => total + (operator?.listed?.weight ?? 0n), 0n);
    expect(after.tree.total).equal(sum);
  },
  "thousand units"(_world: StakeWorld, _before: Books, after: Books) {
    after.operators.forEach((operator, i) => {
      if (operator === undefined) return;
      const { shares, weighted, selfShares } = after.counted[i] as Books["counted"][number];
      expect(operator, "the operator counts what positions have").include({ shares, weighted, selfShares });
      expect(operator.pool <= operator.shares, "no share is dear").equal(true);
    });
  },
  "nobody gains"(_world: StakeWorld, before: Books, after: Books, step: Played) {
    after.wealth.forEach((wealth, i) => {
      const was = before.wealth[i] as bigint;
      expect(wealth <= was + DUST, "nobody's wealth grows but by dust").equal(true);
      const slashed = step.kind === "slash" && step.error === undefined;
      if (!slashed) expect(wealth >= was - DUST, "it shrinks by a slash alone").equal(true);
    });
  },
  "two snapshots"(world: StakeWorld, _before: Books, after: Books, step: Played) {
    if (step.error !== undefined || (step.kind !== "request_exit" && step.kind !== "withdraw")) return;
    const least = world.settings().terms.leastSelfStake;
    const operator = after.operators[step.whose] as stake.Operator;
    expect((operator.listed?.weight ?? 0n) <= stake.weightOf(operator, least)).equal(true);
  },
  watermark(_world: StakeWorld, before: Books, after: Books) {
    expect(after.tree.count >= before.tree.count, "places are kept").equal(true);
    after.operators.forEach((operator, i) => {
      const was = before.operators[i];
      if (was === undefined || operator === undefined) return;
      expect(operator.slashedAt >= was.slashedAt).equal(true);
      if (was.listed !== undefined) expect(operator.listed?.index).equal(was.listed.index);
      if (was.retired) expect(operator.retired, "retired is for good").equal(true);
    });
  },
} as const;
type Law = keyof typeof LAWS | "path to refund";

describe(`stake: ${RUNS * LENGTH} random steps over all instructions (seed ${SEED})`, () => {
  let broken: { readonly law: Law; readonly error: Error } | undefined;
  const tally = new Map<string, [done: number, refused: number]>();

  function judge(law: Law, run: () => void): void {
    try {
      run();
    } catch (error) {
      broken = { law, error: error as Error };
      throw error;
    }
  }

  function playAll(steps: readonly Step[]): void {
    const world = playground();
    let before = read(world);
    for (const step of steps) {
      const happened = play(world, step);
      if (happened !== undefined) {
        const counts = tally.get(happened.kind) ?? [0, 0];
        counts[happened.error === undefined ? 0 : 1]++;
        tally.set(happened.kind, counts);
      }
      const after = read(world);
      const played = { ...step, error: undefined, ...happened };
      for (const [law, holds] of Object.entries(LAWS))
        judge(law as Law, () => holds(world, before, after, played));
      before = after;
    }
    judge("path to refund", () => {
      leave(world);
      expect(world.vaultTokens()).equal(0n);
      for (const owner of WALLETS)
        expect(operatorOf(world, owner)).include({ pool: 0n, shares: 0n, weighted: 0n, selfShares: 0n });
    });
  }

  before(function () {
    this.timeout(300_000);
    try {
      fc.assert(fc.property(sequences(LENGTH), playAll), { numRuns: RUNS, seed: SEED, endOnFailure: true });
    } catch (error) {
      broken = { law: broken?.law ?? "conservation", error: error as Error };
    }
  });

  /** Fails for the law that was broken; and for the others too, since the play stopped before they were tried to the end. */
  const holds = (law: Law) => {
    if (broken === undefined) return;
    if (broken.law !== law) throw new Error(`not tried to the end: ${broken.law} is broken`);
    throw broken.error;
  };

  attack(
    FILE,
    "conservation",
    "keeps in the vault exactly the pools, and every unit somewhere or burned",
    () => holds("conservation"),
  );
  attack(FILE, "total", "keeps the tree what the operators say, and its total their sum", () =>
    holds("total"),
  );
  attack(FILE, "thousand units", "counts shares, weights and self-stake as positions have them", () =>
    holds("thousand units"),
  );
  attack(FILE, "nobody gains", "lets nobody's wealth grow, nor shrink but by a slash", () =>
    holds("nobody gains"),
  );
  attack(FILE, "two snapshots", "leaves no weight in the tree for what is leaving", () =>
    holds("two snapshots"),
  );
  attack(FILE, "watermark", "keeps places, slashes and ends", () => holds("watermark"));
  attack(FILE, "path to refund", "pays every pool out at the end, paused", () => holds("path to refund"));

  it("did and refused every instruction that wallets have", () => {
    for (const kind of KINDS) {
      const [done, refused] = tally.get(kind) ?? [0, 0];
      // The slasher's own slashes are never refused; that strangers' are is told in admin.test.ts. Who plays is registered.
      if (kind !== "register_operator") expect(done, `${kind} done`).greaterThan(0);
      if (kind !== "slash") expect(refused, `${kind} refused`).greaterThan(0);
    }
  });
});
