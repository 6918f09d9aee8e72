import { deriveBalance, deriveLedger, type Signer } from "@tolldns/sdk";
import { keyOf, PROGRAM_BYTES } from "../world/keys.ts";
import type { Outcome, SendOptions } from "../world/machine.ts";
import {
  acceptAuthority,
  closeBalance,
  closeLane,
  closeLedger,
  computeBudgetInstructions,
  deposit,
  distribute,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  proposeAuthority,
  rekeyLane,
  requestClose,
  revokeLane,
  setGuardian,
  setLedger,
  setPaused,
  setTreasury,
  settle,
  topUpLane,
  withdraw,
} from "../world/sdk.ts";
import {
  busyWorld,
  deployedWorld,
  GRACE,
  initializeOf,
  MIN_RESERVE,
  NOON,
  openedWorld,
  PARTIES,
  RESERVE,
  SESSIONS,
  TODAY,
  type World,
} from "../world/world.ts";
import { type Cost, costOf } from "./cost.ts";

const { alice, operator, authority, guardian, stranger } = PARTIES;
/** Lamports the cluster takes for each signature. */
export const SIGNATURE_FEE = 5_000n;

/** A ledger with many rows and as many wallets as there are sessions; wallet `i` has row `firstLane + i`. */
export interface WideWorld {
  readonly world: World;
  readonly sessions: readonly Signer[];
  readonly firstLane: number;
}

/** A ledger of `rows` rows, grown as an operator grows it, with `lanes` wallets on the rows from `firstLane`. */
export function wideWorld(rows: number, lanes: number, firstLane = 0): WideWorld {
  const world = openedWorld();
  const { deployment, ledger } = world;
  world.machine.airdrop(operator.publicKey, 100_000_000_000_000n);
  for (let have = 8; have < rows; have += 106)
    world.must(
      extendLedger({ deployment, operator: operator.publicKey, ledger, rows: Math.min(106, rows - have) }),
      [operator],
    );
  const sessions = Array.from({ length: lanes }, (_, i) => keyOf(`session ${i}`));
  sessions.forEach((session, i) => {
    const payer = keyOf(`payer ${i}`);
    world.fund(payer);
    world.deposit(payer, RESERVE);
    world.openLane(payer, firstLane + i, session);
  });
  return { world, sessions, firstLane };
}

/** Settles `count` vouchers of unrelated payers in one transaction. */
export function settleMany(
  { world, sessions, firstLane }: WideWorld,
  count: number,
  options: SendOptions & {
    readonly cumulative?: bigint;
    readonly price?: bigint;
    readonly limit?: number;
  } = {},
): Outcome {
  const { deployment, ledger } = world;
  const records = sessions
    .slice(0, count)
    .map((session, i) => world.record(session, firstLane + i, options.cumulative ?? 500n));
  const budget = computeBudgetInstructions({
    ...(options.price === undefined ? {} : { unitPrice: options.price }),
    ...(options.limit === undefined ? {} : { unitLimit: options.limit }),
  });
  const batch = { baseDay: TODAY, records };
  return world.send([...budget, settle({ deployment, ledger, batch })], [], options);
}

/** Every instruction once, in a usual case; the order is that of the discriminators. */
export function measureInstructions(): Cost[] {
  const costs: Cost[] = [];
  const note = (what: string, outcome: Outcome) => costs.push(costOf(what, outcome));
  const once = (what: string, world: World, instructions: Instruction | Instruction[], signers: Signer[]) =>
    note(what, world.must(instructions, signers));

  const wide = wideWorld(128, 13);
  note("`settle`, 1 voucher", settleMany(wide, 1, { cumulative: 100n }));
  note("`settle`, 13 vouchers", settleMany(wide, 13, { cumulative: 200n }));
  note("`settle`, 13 covered vouchers", settleMany(wide, 13, { cumulative: 200n }));

  const fresh = deployedWorld();
  once("`initialize`", fresh, initializeOf(fresh), [authority]);

  const world = busyWorld();
  const { deployment, ledger, treasury, namesPool, payout } = world;
  const admin = { deployment, authority: authority.publicKey };
  const next = keyOf("next authority");
  once("`propose_authority`", world, proposeAuthority({ ...admin, newAuthority: next.publicKey }), [
    authority,
  ]);
  once("`accept_authority`", world, acceptAuthority({ deployment, pendingAuthority: next.publicKey }), [
    next,
  ]);
  const led = { deployment, authority: next.publicKey };
  once("`set_guardian`", world, setGuardian({ ...led, guardian: guardian.publicKey }), [next]);
  once("`set_paused`", world, setPaused({ deployment, signer: guardian.publicKey, paused: true }), [
    guardian,
  ]);
  world.must(setPaused({ deployment, signer: next.publicKey, paused: false }), [next]);
  once("`set_treasury`", world, setTreasury({ ...led, treasury, namesPool }), [next]);

  const owner = stranger.publicKey;
  const paying = { deployment, owner, source: world.tokens(stranger), amount: 5n * RESERVE };
  once("`deposit`, creating the Balance", world, deposit(paying), [stranger]);
  once("`deposit`", world, deposit(paying), [stranger]);
  once(
    "`withdraw`",
    world,
    withdraw({ deployment, owner, destination: world.tokens(stranger), amount: 10n * RESERVE }),
    [stranger],
  );
  once("`close_balance`", world, closeBalance({ deployment, owner }), [stranger]);

  const second = deriveLedger(deployment.escrow, deployment.genesisHash, operator.publicKey, 1).address;
  const owned = { deployment, operator: operator.publicKey, ledger: second };
  once(
    "`open_ledger`",
    world,
    openLedger({ deployment, operator: operator.publicKey, index: 1, payout, minReserve: MIN_RESERVE }),
    [operator],
  );
  once("`extend_ledger`, 106 rows", world, extendLedger({ ...owned, rows: 106 }), [operator]);
  once("`set_ledger`", world, setLedger({ ...owned, payout, minReserve: 1n }), [operator]);
  once("`close_ledger`", world, closeLedger(owned), [operator]);

  const mine = { deployment, ledger, owner: alice.publicKey };
  const lane = { ...mine, lane: 0, generation: 1 };
  const key = { sessionKey: keyOf("another session").publicKey };
  once("`open_lane`", world, openLane({ ...mine, lane: 2, ...key, reserve: RESERVE }), [alice]);
  once("`top_up_lane`", world, topUpLane({ ...lane, amount: RESERVE }), [alice]);
  once("`revoke_lane`", world, revokeLane(lane), [alice]);
  once(
    "`rekey_lane`, with the operator",
    world,
    rekeyLane({ ...lane, ...key, operator: operator.publicKey }),
    [alice, operator],
  );
  once("`request_close`", world, requestClose(lane), [alice]);
  world.machine.setTime(NOON + BigInt(GRACE));
  once("`close_lane`", world, closeLane({ ...lane, closer: stranger.publicKey }), [stranger]);

  const paid = busyWorld();
  const records = [paid.record(SESSIONS.alice, 0, 1_000n)];
  paid.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
  once("`distribute`", paid, distribute({ deployment, ledger, payout, namesPool, treasury }), []);
  return costs;
}

/** A wallet whose Balance has this bump. Addresses are found by trying, so wallets differ in what finding theirs costs. */
function walletOfBump(world: World, bump: number): Signer {
  for (let i = 0; ; i++) {
    const wallet = keyOf(`wallet ${i}`);
    if (deriveBalance(world.deployment.escrow, wallet.publicKey).bump === bump) return wallet;
  }
}

/** `deposit` and `open_lane` in one transaction, for a wallet of this bump: with the first deposit, and when it comes back. */
export function measureOpening(bump: number): { back: Outcome; fresh: Outcome } {
  const world = openedWorld();
  const { deployment, ledger } = world;
  const wallet = walletOfBump(world, bump);
  world.fund(wallet);
  const owner = wallet.publicKey;
  const opening = (lane: number) =>
    world.must(
      [
        deposit({ deployment, owner, source: world.tokens(wallet), amount: RESERVE }),
        openLane({ deployment, owner, ledger, lane, sessionKey: owner, reserve: RESERVE }),
      ],
      [wallet],
    );
  return { fresh: opening(0), back: opening(1) };
}

/** The most vouchers one transaction carries, found by trying. */
export function mostVouchers(wide: WideWorld, options: Parameters<typeof settleMany>[2] = {}): number {
  for (let count = 1; count < wide.sessions.length; count++) {
    try {
      const outcome = settleMany(wide, count + 1, { ...options, cumulative: 1n });
      if (outcome.error !== undefined) return count;
    } catch {
      return count;
    }
  }
  throw new Error("more fit than there are payers");
}

export const PROGRAM_SIZE = PROGRAM_BYTES.length;
