import type { Signer } from "@tolldns/sdk";
import type { Name } from "@tolldns/sdk/names";
import { expect } from "chai";
import fc from "fast-check";
import {
  KINDS,
  LABELS,
  leave,
  nameOf,
  play,
  playground,
  type Step,
  sequences,
  WALLETS,
} from "../../programs/names/play.ts";
import { type NamesWorld, POCKET } from "../../programs/names/world.ts";
import { attack } from "./attack.ts";

const FILE = import.meta.url;
const SEED = 20_261_121;
const RUNS = 60;
const LENGTH = 60;

interface Books {
  readonly vault: bigint;
  readonly treasury: bigint;
  /** Purse and bids of each wallet. */
  readonly wealth: readonly bigint[];
  readonly held: bigint;
  readonly names: readonly (Name | undefined)[];
  /** Place of the wallet that holds each name's present token. */
  readonly holders: readonly (readonly number[])[];
}

function read(world: NamesWorld): Books {
  const found = LABELS.map((label) => nameOf(world, label));
  const heldBy = (wallet: Signer) =>
    LABELS.flatMap((label, i) =>
      Array.from({ length: (found[i]?.generation ?? 0) + 1 }, (_, g) => world.held(label, wallet, g + 1)),
    ).reduce((sum, amount) => sum + amount, 0n);
  const bids = WALLETS.map(heldBy);
  return {
    vault: world.vaultTokens(),
    treasury: world.treasuryTokens(),
    wealth: WALLETS.map((wallet, i) => world.purse(wallet) + (bids[i] as bigint)),
    held: bids.reduce((sum, amount) => sum + amount, 0n),
    names: found,
    holders: LABELS.map((label, i) => {
      const generation = found[i]?.generation ?? 0;
      return WALLETS.flatMap((wallet, place) =>
        generation > 0 && world.holds(wallet, label, generation) ? [place] : [],
      );
    }),
  };
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
  a !== undefined && b !== undefined && Buffer.from(a).equals(b);

/** Laws, by the row they are of; each throws where it is broken. */
const LAWS = {
  conservation(_world: NamesWorld, _before: Books, after: Books) {
    expect(after.vault, "the vault has what is held").equal(after.held);
    const total = after.wealth.reduce((sum, amount) => sum + amount, after.treasury);
    expect(total, "no unit appears or goes").equal(POCKET * BigInt(WALLETS.length));
  },
  "nobody gains"(_world: NamesWorld, before: Books, after: Books, step: Step) {
    after.wealth.forEach((wealth, i) => {
      const was = before.wealth[i] as bigint;
      if (wealth === was) return;
      expect(wealth < was, "nobody's wealth grows").equal(true);
      const signed = i === step.who;
      // A winner's bid goes to the treasury whoever settles.
      expect(signed || step.kind === "settle_auction", "it shrinks by one's own signature").equal(true);
    });
  },
  "two owners"(world: NamesWorld, before: Books, after: Books, step: Step) {
    after.names.forEach((name, i) => {
      const [was, holders] = [before.names[i], after.holders[i] as readonly number[]];
      if (name === undefined || name.generation === 0) return;
      expect(holders.length, "one holder").equal(1);
      const holder = holders[0] as number;
      const old = before.holders[i]?.[0];
      if (was !== undefined && was.generation === name.generation) {
        if (holder === old) return;
        const byHolder = step.kind === "transfer" && step.who === old;
        const byOffer = step.kind === "accept_control" && same(was.offer?.to, WALLETS[step.who]?.publicKey);
        expect(byHolder || byOffer, "only its holder lets a name go").equal(true);
        return;
      }
      expect(name.generation).equal((was?.generation ?? 0) + 1);
      const free =
        was === undefined || was.generation === 0 || world.machine.now() >= was.expiresAt + 86_400n;
      expect(free, "a name begins anew only when it is free").equal(true);
      expect(same(name.authority, WALLETS[holder]?.publicKey), "its holder signs").equal(true);
    });
  },
  watermark(_world: NamesWorld, before: Books, after: Books) {
    after.names.forEach((name, i) => {
      const was = before.names[i];
      if (name === undefined || was === undefined) return;
      expect(name.generation >= was.generation, "generations only rise").equal(true);
      if (name.generation !== was.generation) return;
      expect((name.posted?.version ?? 0n) >= (was.posted?.version ?? 0n), "versions only rise").equal(true);
      expect(name.expiresAt >= was.expiresAt, "terms only grow").equal(true);
      expect(name.authoritySlot >= was.authoritySlot, "slots only rise").equal(true);
      if (name.authoritySlot !== was.authoritySlot)
        expect(same(name.previousAuthority, was.authority), "who was before is kept").equal(true);
    });
  },
  "recorded authority"(_world: NamesWorld, before: Books, after: Books) {
    after.names.forEach((name, i) => {
      if (name?.authority === undefined || same(name.authority, before.names[i]?.authority)) return;
      const holder = after.holders[i]?.[0];
      expect(same(name.authority, WALLETS[holder as number]?.publicKey), "who is recorded holds it").equal(
        true,
      );
    });
  },
} as const;
type Law = keyof typeof LAWS | "path to refund";

describe(`names: ${RUNS * LENGTH} random steps over all instructions (seed ${SEED})`, () => {
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
      const played = happened === undefined ? step : { ...step, ...happened };
      if (happened !== undefined) {
        const counts = tally.get(happened.kind) ?? [0, 0];
        counts[happened.error === undefined ? 0 : 1]++;
        tally.set(happened.kind, counts);
      }
      const after = read(world);
      for (const [law, holds] of Object.entries(LAWS))
        judge(law as Law, () => holds(world, before, after, played));
      before = after;
    }
    judge("path to refund", () => {
      leave(world);
      const left = read(world);
      expect(left.held).equal(0n);
      expect(left.vault).equal(0n);
      expect(WALLETS.reduce((sum, wallet) => sum + world.purse(wallet), left.treasury)).equal(
        POCKET * BigInt(WALLETS.length),
      );
    });
  }

  before(function () {
    this.timeout(300_000);
    try {
      fc.assert(fc.property(sequences(LENGTH), playAll), { numRuns: RUNS, seed: SEED, endOnFailure: true });
    } catch (error) {
      broken ??= { law: "conservation", error: error as Error };
      broken = { law: broken.law, error: error as Error };
    }
  });

  /** Fails for the law that was broken; and for the others too, since the play stopped before they were tried to the end. */
  const holds = (law: Law) => {
    if (broken === undefined) return;
    if (broken.law !== law) throw new Error(`not tried to the end: ${broken.law} is broken`);
    throw broken.error;
  };

  attack(FILE, "conservation", "keeps in the vault exactly the bids held, and every unit somewhere", () =>
    holds("conservation"),
  );
  attack(FILE, "nobody gains", "lets nobody's wealth grow, nor shrink without their signature", () =>
    holds("nobody gains"),
  );
  attack(FILE, "two owners", "gives each name one holder, who changes only by the holder's doing", () =>
    holds("two owners"),
  );
  attack(FILE, "watermark", "lets generations, versions, terms and slots only rise", () =>
    holds("watermark"),
  );
  attack(FILE, "recorded authority", "records nobody but the holder", () => holds("recorded authority"));
  attack(FILE, "path to refund", "gives every bid and commitment back at the end, paused", () =>
    holds("path to refund"),
  );

  it("did and refused every instruction that wallets have", () => {
    for (const kind of KINDS) {
      const [done, refused] = tally.get(kind) ?? [0, 0];
      expect(done, `${kind} done`).greaterThan(0);
      expect(refused, `${kind} refused`).greaterThan(0);
    }
  });
});
