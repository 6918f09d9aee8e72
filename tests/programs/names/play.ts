import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import fc from "fast-check";
import { type NamesWorld, openNames, PARTIES, SECRET, TERMS } from "./world.ts";

/** Wallets that play; each may try what only another may do. */
export const WALLETS: readonly Signer[] = [PARTIES.alice, PARTIES.bob, PARTIES.carol];
/** Two that are registered and one that is auctioned. */
export const LABELS = ["alpha", "bravo", "abc"] as const;
/** Short, so that names expire and auctions end while a sequence lasts. Seconds. */
const SHORT: names.NamesTerms = {
  ...TERMS,
  term: 86_400,
  grace: 86_400,
  commitMin: 1,
  commitMax: 3_600,
  auction: 3_600,
  extension: 600,
};

/** One step: who signs, whom or what it is about, and a number. */
export interface Step {
  readonly kind: keyof typeof MAKE | "take" | "wait" | "pause" | "resume";
  readonly who: number;
  readonly whom: number;
  readonly label: number;
  readonly size: number;
}

interface Given {
  readonly world: NamesWorld;
  readonly signer: Signer;
  readonly other: Signer;
  readonly label: string;
  /** The generation there is, or the first. */
  readonly generation: number;
  /** The generation that a registration or auction begins. */
  readonly next: number;
  readonly size: number;
}

const held = ({ world, label, generation }: Given, holder: Signer) => ({
  deployment: world.deployment,
  label,
  generation,
  holder: holder.publicKey,
});

/** An instruction of each kind, as its signer may send it, rightly or wrongly. By the names of the IDL where it is one of the program's. */
const MAKE = {
  commit: ({ world, signer, label }) => world.commitOf(signer, label),
  register: ({ world, signer, label, next, size }) => world.registerOf(signer, label, (size % 3) + 1, next),
  renew: ({ world, signer, label, size }) =>
    names.renew({
      deployment: world.deployment,
      label,
      payer: signer.publicKey,
      source: world.tokens(signer),
      years: (size % 3) + 1,
    }),
  cancel_commitment: ({ world, signer, label }) =>
    names.cancelCommitment({
      deployment: world.deployment,
      owner: signer.publicKey,
      hash: names.hashCommitment(names.hashName(label), signer.publicKey, SECRET),
    }),
  open_auction: ({ world, signer, label, next, size }) =>
    world.openOf(signer, label, 30_000_000n + BigInt(size), next),
  bid: ({ world, signer, label, next, size }) =>
    world.bidOf(signer, label, highest(world, label, next) + BigInt(size) * 1_000_000n + 1n, next),
  withdraw_bid: ({ world, signer, label, next, size }) =>
    world.withdrawOf(signer, label, Math.max(1, next - (size % 2))),
  settle_auction: ({ world, signer, label, next }) =>
    world.settleOf(signer, winnerOf(world, label, next), label, next),
  offer_control: (given) => names.offerControl({ ...held(given, given.signer), to: given.other.publicKey }),
  accept_control: (given) =>
    names.acceptControl({ ...held(given, given.other), accepter: given.signer.publicKey }),
  withdraw_offer: (given) => names.withdrawOffer(held(given, given.signer)),
  appoint_delegate: (given) =>
    names.appointDelegate({
      ...held(given, given.signer),
      delegate: given.other.publicKey,
      expiresAt: given.world.machine.now() + BigInt(given.size) * 3_600n,
    }),
  dismiss_delegate: (given) =>
    names.dismissDelegate({ ...held(given, given.signer), delegate: given.other.publicKey }),
  close_delegate: (given) =>
    names.closeDelegate({
      ...held(given, given.signer),
      delegate: given.other.publicKey,
      payer: payerOf(given) ?? given.other.publicKey,
    }),
  record_authority: (given) => names.recordAuthority(held(given, given.other)),
  /** Token-2022's own, as any wallet sends it. */
  transfer: (given) =>
    names
      .transferName({ ...held(given, given.signer), to: given.other.publicKey })
      .slice(0, 2 + (given.size % 2)),
  post_route: (given) => post(given, given.signer),
  /** The same, as a delegate of the other. */
  post_as_delegate: (given) => post(given, given.other, given.signer),
  issue_passport: ({ world, signer }) =>
    names.issuePassport({ deployment: world.deployment, wallet: signer.publicKey }),
  set_hint: ({ world, signer, size }) =>
    names.setHint({
      deployment: world.deployment,
      wallet: signer.publicKey,
      kind: "key",
      hint: new Uint8Array(size + 1),
    }),
} satisfies Record<string, (given: Given) => names.Instruction | readonly names.Instruction[]>;

/** Kinds of step that are instructions. */
export const KINDS = Object.keys(MAKE) as readonly (keyof typeof MAKE)[];

function post({ world, label, generation, size }: Given, holder: Signer, poster?: Signer): names.Instruction {
  const by = poster === undefined ? {} : { poster };
  return world.postOf(holder, label, BigInt(size) + 1n, {
    generation,
    expiresAt: world.machine.now(),
    ...by,
  });
}

function payerOf({ world, label, other, size }: Given): Uint8Array | undefined {
  const { address } = names.deriveDelegate(world.deployment.names, label, other.publicKey);
  const data = world.machine.account(address)?.data;
  return data === undefined || data.length === 0 || size % 4 === 0
    ? undefined
    : names.decodeDelegate(data).payer;
}

function auctionOf(world: NamesWorld, label: string, generation: number): names.Auction | undefined {
  const { address } = names.deriveAuction(world.deployment.names, label, generation);
  const account = world.machine.account(address);
  return account === undefined ? undefined : names.decodeAuction(account.data);
}

const highest = (world: NamesWorld, label: string, generation: number): bigint =>
  auctionOf(world, label, generation)?.highest ?? 0n;

function winnerOf(world: NamesWorld, label: string, generation: number): Signer {
  const bidder = auctionOf(world, label, generation)?.highestBidder;
  const winner = WALLETS.find(({ publicKey }) => bidder && Buffer.from(publicKey).equals(bidder));
  return winner ?? PARTIES.stranger;
}

/** The name, or undefined before its first registration or auction. */
export function nameOf(world: NamesWorld, label: string): names.Name | undefined {
  const account = world.machine.account(names.deriveName(world.deployment.names, label).address);
  return account === undefined ? undefined : names.decodeName(account.data);
}

/** What a step did: nothing where it could not be made, else how it ended. */
export type Happened =
  | {
      readonly kind: keyof typeof MAKE;
      /** Place of the wallet that signed. */
      readonly who: number;
      readonly error: number | string | undefined;
    }
  | undefined;

/** A world where names last a day, and whose machine asks for no signatures. */
export function playground(): NamesWorld {
  const world = openNames();
  world.machine.skipSignatures();
  const { deployment } = world;
  const authority = PARTIES.authority.publicKey;
  world.must(names.setTerms({ deployment, authority, terms: SHORT }), [PARTIES.authority]);
  return world;
}

/** Plays one step. */
export function play(world: NamesWorld, step: Step): Happened {
  const { deployment } = world;
  if (step.kind === "wait") {
    // Minutes, or now and then longer than a term and its grace, or than a delegate's record stays.
    world.pass(step.size < 52 ? step.size * 60 : step.size < 56 ? 180_000 : names.DELEGATE_TOMBSTONE * 2);
    return undefined;
  }
  if (step.kind === "pause" || step.kind === "resume") {
    const by = PARTIES.authority;
    const paused = step.kind === "pause";
    world.must(names.setPaused({ deployment, signer: by.publicKey, paused }), [by]);
    return undefined;
  }
  const label = LABELS[step.label] as string;
  const name = nameOf(world, label);
  const who = actor(step, name);
  const signer = WALLETS[who] as Signer;
  if (step.kind === "take") {
    attempt(world, world.commitOf(signer, label));
    world.pass(1);
    return play(world, { ...step, kind: step.label === 2 ? "open_auction" : "register" });
  }
  const generation = name?.generation ?? 0;
  const instruction = MAKE[step.kind]({
    world,
    signer,
    other: WALLETS[subject(step, name)] as Signer,
    label,
    generation: Math.max(1, generation),
    next: generation + 1,
    size: step.size,
  });
  return { kind: step.kind, who, error: attempt(world, instruction) };
}

/** Half of what only a holder may do is tried by who is recorded as holder, so that it succeeds often enough; the rest by anyone. */
function actor({ kind, who, size }: Step, name: names.Name | undefined): number {
  const byHolder = [
    "offer_control",
    "withdraw_offer",
    "appoint_delegate",
    "dismiss_delegate",
    "transfer",
    "post_route",
  ];
  if (kind === "accept_control" && size % 4 !== 0 && name?.offer !== undefined) return placeOf(name.offer.to);
  if (size % 2 !== 0 || name?.authority === undefined || !byHolder.includes(kind)) return who;
  return placeOf(name.authority);
}

/** A delegate posts for the holder in three of four tries; an offer is accepted from its maker. */
function subject({ kind, whom, size }: Step, name: names.Name | undefined): number {
  if (kind === "accept_control" && name?.offer !== undefined) return placeOf(name.offer.by);
  const forHolder = kind === "post_as_delegate" && size % 4 !== 0;
  return forHolder && name?.authority !== undefined ? placeOf(name.authority) : whom;
}

const placeOf = (wallet: Uint8Array): number =>
  WALLETS.findIndex(({ publicKey }) => Buffer.from(publicKey).equals(wallet));

function attempt(
  { machine }: NamesWorld,
  given: names.Instruction | readonly names.Instruction[],
): number | string | undefined {
  const error = machine.attempt(Array.isArray(given) ? given : [given as names.Instruction]);
  machine.nextSlot();
  return error;
}

/** Sequences of steps; what begins something comes up more often, so that there is something to end. */
export function sequences(length: number): fc.Arbitrary<readonly Step[]> {
  const often = [
    "take",
    "take",
    "take",
    "take",
    "bid",
    "bid",
    "wait",
    "wait",
    "resume",
    "resume",
    "appoint_delegate",
    "appoint_delegate",
    "post_as_delegate",
  ] as const;
  const kind: fc.Arbitrary<Step["kind"]> = fc.constantFrom(...KINDS, ...often, "pause" as const);
  const step = fc.record({
    kind,
    who: fc.nat(2),
    whom: fc.nat(2),
    label: fc.nat(2),
    size: fc.nat(60),
  });
  return fc.array(step, { minLength: length, maxLength: length });
}

/** Everyone's way out, whatever the state: auctions are settled, losers withdraw, commitments are taken back. Paused, to show that it doesn't matter. */
export function leave(world: NamesWorld): void {
  const { deployment } = world;
  const authority = PARTIES.authority;
  world.must(names.setPaused({ deployment, signer: authority.publicKey, paused: true }), [authority]);
  world.pass(SHORT.auction * 200);
  for (const label of LABELS) {
    const generation = nameOf(world, label)?.generation ?? 0;
    for (let one = 1; one <= generation + 1; one++) {
      if (auctionOf(world, label, one)?.settled === false)
        world.must(world.settleOf(PARTIES.stranger, winnerOf(world, label, one), label, one), [
          PARTIES.stranger,
        ]);
      for (const bidder of WALLETS)
        if (world.held(label, bidder, one) > 0n) world.must(world.withdrawOf(bidder, label, one), [bidder]);
    }
    for (const owner of WALLETS) {
      const hash = names.hashCommitment(names.hashName(label), owner.publicKey, SECRET);
      const { address } = names.deriveCommitment(deployment.names, owner.publicKey, hash);
      if ((world.machine.account(address)?.data.length ?? 0) > 0)
        world.must(names.cancelCommitment({ deployment, owner: owner.publicKey, hash }), [owner]);
    }
  }
}
