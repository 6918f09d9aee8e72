import type { Signer } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import fc from "fast-check";
import { ONE, openStake, PARTIES, type StakeWorld, TERMS } from "./world.ts";

/** Wallets that play, each an operator and a staker with every other; each may try what only another may do. */
export const WALLETS: readonly Signer[] = [PARTIES.alice, PARTIES.bob, PARTIES.carol];
const { authority, stranger } = PARTIES;
const DAY = 86_400;
/** Locks that end and exits that are ready while a sequence lasts. */
const SHORT: stake.StakeTerms = {
  ...TERMS,
  exitDelay: stake.MIN_EXIT_DELAY,
  leastSelfStake: 1_000n,
  tiers: [
    { lock: 0, weightBps: 10_000 },
    { lock: 3_600, weightBps: 12_345 },
    { lock: DAY, weightBps: 15_001 },
    { lock: 2 * DAY, weightBps: 40_000 },
  ],
};

/** One step: who signs, whose operator it is about, and a number. */
export interface Step {
  readonly kind: keyof typeof MAKE | "wait" | "pause" | "resume";
  readonly who: number;
  readonly whose: number;
  readonly size: number;
}

interface Given {
  readonly world: StakeWorld;
  readonly signer: Signer;
  readonly owner: Signer;
  readonly size: number;
}

const of = ({ world }: Given, owner: Signer) => ({
  deployment: world.deployment,
  owner: owner.publicKey,
});

/** The position, or undefined where there is none. */
export function positionOf(world: StakeWorld, owner: Signer, staker: Signer): stake.Position | undefined {
  const account = world.machine.account(world.positionAddress(owner, staker));
  return account === undefined ? undefined : stake.decodePosition(account.data);
}

/** The operator, or undefined where there is none. */
export function operatorOf(world: StakeWorld, owner: Signer): stake.Operator | undefined {
  const account = world.machine.account(world.operatorAddress(owner));
  return account === undefined ? undefined : stake.decodeOperator(account.data);
}

/** All exits of a position. */
export function exitsOf(world: StakeWorld, owner: Signer, staker: Signer): stake.Exit[] {
  const count = positionOf(world, owner, staker)?.nextExit ?? 0;
  return Array.from({ length: count }, (_, number) =>
    world.machine.account(world.exitAddress(owner, staker, number)),
  ).flatMap((account) => (account === undefined ? [] : [stake.decodeExit(account.data)]));
}

const proofOf = ({ world, owner }: Given): Uint8Array =>
  world.mirror(WALLETS).proveSync(operatorOf(world, owner)?.listed?.index);

/** One of the exits there are, or the next one, which there is not. */
function someExit({ world, owner, signer, size }: Given): number {
  const exits = exitsOf(world, owner, signer);
  return exits[size % (exits.length + (size % 5 === 0 ? 1 : 0) || 1)]?.number ?? 0;
}

/** An instruction of each kind, as its signer may send it, rightly or wrongly. By the names of the IDL. */
const MAKE = {
  register_operator: ({ world, signer, size }) => world.registerOf(signer, size * 100),
  set_commission: (given) =>
    stake.setCommission({ ...of(given, given.signer), commissionBps: given.size * 90 }),
  retire_operator: (given) => stake.retireOperator(of(given, given.signer)),
  unjail: (given) => stake.unjail(of(given, given.signer)),
  add_node: ({ world, signer, size }) =>
    world.addNodeOf(signer, size % 3, size % 4 === 0 ? "gateway" : "witness"),
  set_node: (given) =>
    stake.setNode({
      ...of(given, given.signer),
      number: given.size % 3,
      region: given.size,
      asn: 1,
      endpoint: "x".repeat(given.size),
    }),
  rotate_hot_key: (given) =>
    stake.rotateHotKey({
      ...of(given, given.signer),
      number: given.size % 3,
      hotKey: given.owner.publicKey,
    }),
  remove_node: (given) => stake.removeNode({ ...of(given, given.signer), number: given.size % 3 }),
  stake: ({ world, owner, signer, size }) =>
    world.stakeOf(owner, signer, amountOf(size), size % 7 === 0 ? 3 : size % 2),
  request_exit: (given) => {
    const { world, owner, signer, size } = given;
    const position = positionOf(world, owner, signer);
    const shares = ((position?.shares ?? 1n) * BigInt(size % 3 === 0 ? 8 : (size % 8) + 1)) / 8n;
    return stake.requestExit({
      ...of(given, owner),
      staker: signer.publicKey,
      number: position?.nextExit ?? 0,
      shares,
      proof: proofOf(given),
    });
  },
  cancel_exit: (given) => given.world.cancelOf(given.owner, given.signer, someExit(given)),
  withdraw: (given) => given.world.withdrawOf(given.owner, given.signer, someExit(given)),
  close_position: ({ world, owner, signer }) => world.closePositionOf(owner, signer),
  slash: ({ world, owner, size }) =>
    world.slashOf(
      owner,
      size % 16 === 0 ? "falseRoot" : size % 3 === 0 ? "equivocation" : "omission",
      world.tokens(stranger),
    ),
  sync: (given) => stake.sync({ ...of(given, given.owner), proof: proofOf(given) }),
} satisfies Record<string, (given: Given) => stake.Instruction>;

/** Kinds of step that are instructions. */
export const KINDS = Object.keys(MAKE) as readonly (keyof typeof MAKE)[];

/** From one unit to ten thousand tokens. */
function amountOf(size: number): bigint {
  return size % 4 === 0
    ? BigInt(size) + 1n
    : size % 4 === 1
      ? 12_345n * BigInt(size)
      : BigInt(size) * 97n * ONE;
}

/** What a step did: nothing where it was none of an instruction, else how it ended. */
export type Happened =
  | {
      readonly kind: keyof typeof MAKE;
      /** Place of the operator it was about. */
      readonly whose: number;
      readonly error: number | string | undefined;
    }
  | undefined;

/** A world with short locks, whose machine asks for no signatures. */
export function playground(): StakeWorld {
  const world = openStake();
  world.machine.skipSignatures();
  const { deployment } = world;
  world.must(stake.setTerms({ deployment, authority: authority.publicKey, terms: SHORT }), [authority]);
  for (const wallet of WALLETS) {
    world.must(world.registerOf(wallet), [wallet]);
    world.must(world.addNodeOf(wallet), [wallet]);
    world.must(world.stakeOf(wallet, wallet, 5_000n), [wallet]);
  }
  return world;
}

function attempt(world: StakeWorld, instruction: stake.Instruction): number | string | undefined {
  const error = world.machine.attempt([instruction]);
  world.machine.nextSlot();
  return error;
}

/** For what random wallets seldom hit: a position that everything has left, or one with an exit. */
function aim(world: StakeWorld, kind: Step["kind"]): { owner: Signer; staker: Signer } | undefined {
  const pairs = WALLETS.flatMap((owner) => WALLETS.map((staker) => ({ owner, staker })));
  return pairs.find(({ owner, staker }) => {
    const position = positionOf(world, owner, staker);
    if (position === undefined) return false;
    if (kind === "withdraw")
      return exitsOf(world, owner, staker).some(({ readyAt }) => readyAt <= world.machine.now());
    if (kind === "cancel_exit") return position.exits > 0 && operatorOf(world, owner)?.retired === false;
    return kind === "close_position" && position.shares === 0n && position.exits === 0;
  });
}

/** Plays one step. */
export function play(world: StakeWorld, step: Step): Happened {
  const { deployment } = world;
  if (step.kind === "wait") {
    world.pass(step.size < 24 ? step.size * 600 : step.size < 32 ? DAY : stake.MIN_EXIT_DELAY);
    return undefined;
  }
  if (step.kind === "pause" || step.kind === "resume") {
    const paused = step.kind === "pause" && step.size % 4 === 0;
    world.must(stake.setPaused({ deployment, signer: authority.publicKey, paused }), [authority]);
    return undefined;
  }
  const aimed = step.size % 4 !== 0 ? aim(world, step.kind) : undefined;
  const signer = aimed?.staker ?? (WALLETS[step.who] as Signer);
  const owner = aimed?.owner ?? (WALLETS[step.whose] as Signer);
  const instruction = MAKE[step.kind]({ world, signer, owner, size: step.size });
  return { kind: step.kind, whose: WALLETS.indexOf(owner), error: attempt(world, instruction) };
}

/** Everybody leaves for good, while the program is paused. */
export function leave(world: StakeWorld): void {
  const { deployment } = world;
  world.must(stake.setPaused({ deployment, signer: authority.publicKey, paused: true }), [authority]);
  const everyone = WALLETS.flatMap((owner) => WALLETS.map((staker) => ({ owner, staker })));
  for (const owner of WALLETS)
    if (operatorOf(world, owner)?.retired === false)
      world.must(stake.retireOperator({ deployment, owner: owner.publicKey }), [owner]);
  for (const { owner, staker } of everyone) {
    const shares = positionOf(world, owner, staker)?.shares ?? 0n;
    if (shares > 0n) world.must(world.exitOf(owner, staker, shares), [staker]);
  }
  world.pass(stake.MIN_EXIT_DELAY);
  for (const { owner, staker } of everyone) {
    for (const { number } of exitsOf(world, owner, staker)) {
      const operator = world.operator(owner);
      if ((operator.listed?.weight ?? 0n) > world.weight(owner)) world.must(world.syncOf(owner), []);
      world.must(world.withdrawOf(owner, staker, number), [staker]);
    }
    if (positionOf(world, owner, staker) !== undefined)
      world.must(world.closePositionOf(owner, staker), [staker]);
  }
}

/** Sequences of so many steps: mostly stakes, exits, withdrawals and syncs. */
export function sequences(length: number): fc.Arbitrary<Step[]> {
  const often = ["stake", "request_exit", "withdraw", "sync", "wait", "close_position"] as const;
  const seldom = ["pause", "resume", ...KINDS.filter((kind) => kind !== "retire_operator")] as const;
  const kind = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom<Step["kind"]>(...often) },
    { weight: 10, arbitrary: fc.constantFrom<Step["kind"]>(...seldom) },
    { weight: 1, arbitrary: fc.constant<Step["kind"]>("resume") },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Step["kind"]>("unjail", "retire_operator", "wait", "close_position"),
    },
  );
  const place = fc.nat({ max: WALLETS.length - 1 });
  const step = fc.record({ kind, who: place, whose: place, size: fc.nat({ max: 63 }) });
  return fc.array(step, { minLength: length, maxLength: length });
}
