import { deriveLedger, type Signer } from "@tolldns/sdk";
import { keyOf } from "../../programs/world/keys.ts";
import {
  acceptAuthority,
  closeBalance,
  closeLane,
  closeLedger,
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
} from "../../programs/world/sdk.ts";
import {
  busyWorld,
  deployedWorld,
  GRACE,
  initializeOf,
  MIN_RESERVE,
  NOON,
  PARTIES,
  RESERVE,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";

/** An instruction that would succeed, in a world made for it. */
export interface Attempt {
  readonly world: World;
  readonly instruction: Instruction;
  readonly signers: readonly Signer[];
}

const { alice, operator, authority, guardian, stranger } = PARTIES;
const NEXT = keyOf("next authority");

function busy(make: (world: World) => Instruction, signers: readonly Signer[]): () => Attempt {
  return () => {
    const world = busyWorld();
    return { world, instruction: make(world), signers };
  };
}

const aliceLane = (world: World) => ({
  deployment: world.deployment,
  ledger: world.ledger,
  owner: alice.publicKey,
  lane: 0,
  generation: 1,
});

const operated = (world: World) => ({
  deployment: world.deployment,
  operator: operator.publicKey,
  ledger: world.ledger,
});

const administered = (world: World) => ({ deployment: world.deployment, authority: authority.publicKey });

/** One good attempt at every instruction, by its name in the IDL. A test says if one is missing. */
export const ATTEMPTS: Readonly<Record<string, () => Attempt>> = {
  settle: busy(
    (world) =>
      settle({
        deployment: world.deployment,
        ledger: world.ledger,
        batch: { baseDay: TODAY, records: [world.record(SESSIONS.alice, 0, 10n)] },
      }),
    [],
  ),
  initialize: () => {
    const world = deployedWorld();
    return { world, instruction: initializeOf(world), signers: [authority] };
  },
  propose_authority: busy(
    (world) => proposeAuthority({ ...administered(world), newAuthority: NEXT.publicKey }),
    [authority],
  ),
  accept_authority: busy(
    (world) => {
      world.must(proposeAuthority({ ...administered(world), newAuthority: NEXT.publicKey }), [authority]);
      return acceptAuthority({ deployment: world.deployment, pendingAuthority: NEXT.publicKey });
    },
    [NEXT],
  ),
  set_guardian: busy(
    (world) => setGuardian({ ...administered(world), guardian: stranger.publicKey }),
    [authority],
  ),
  set_paused: busy(
    (world) => setPaused({ deployment: world.deployment, signer: guardian.publicKey, paused: true }),
    [guardian],
  ),
  set_treasury: busy(
    (world) => setTreasury({ ...administered(world), treasury: world.treasury, namesPool: world.namesPool }),
    [authority],
  ),
  deposit: busy(
    (world) =>
      deposit({
        deployment: world.deployment,
        owner: alice.publicKey,
        source: world.tokens(alice),
        amount: RESERVE,
      }),
    [alice],
  ),
  withdraw: busy(
    (world) =>
      withdraw({
        deployment: world.deployment,
        owner: alice.publicKey,
        destination: world.tokens(alice),
        amount: RESERVE,
      }),
    [alice],
  ),
  close_balance: busy(
    (world) => {
      const { deployment } = world;
      const owner = stranger.publicKey;
      world.deposit(stranger, RESERVE);
      world.must(withdraw({ deployment, owner, destination: world.tokens(stranger), amount: RESERVE }), [
        stranger,
      ]);
      return closeBalance({ deployment, owner });
    },
    [stranger],
  ),
  open_ledger: busy(
    (world) =>
      openLedger({
        deployment: world.deployment,
        operator: operator.publicKey,
        index: 1,
        payout: world.payout,
        minReserve: MIN_RESERVE,
      }),
    [operator],
  ),
  extend_ledger: busy((world) => extendLedger({ ...operated(world), rows: 3 }), [operator]),
  set_ledger: busy(
    (world) => setLedger({ ...operated(world), payout: world.payout, minReserve: 5n }),
    [operator],
  ),
  close_ledger: busy(
    (world) => {
      const { deployment, payout } = world;
      const ledger = deriveLedger(deployment.escrow, deployment.genesisHash, operator.publicKey, 2).address;
      world.must(
        openLedger({ deployment, operator: operator.publicKey, index: 2, payout, minReserve: MIN_RESERVE }),
        [operator],
      );
      world.must(extendLedger({ ...operated(world), ledger, rows: 2 }), [operator]);
      return closeLedger({ deployment, operator: operator.publicKey, ledger });
    },
    [operator],
  ),
  open_lane: busy(
    (world) =>
      openLane({
        deployment: world.deployment,
        owner: alice.publicKey,
        ledger: world.ledger,
        lane: 2,
        sessionKey: SESSIONS.alice.publicKey,
        reserve: RESERVE,
      }),
    [alice],
  ),
  top_up_lane: busy((world) => topUpLane({ ...aliceLane(world), amount: RESERVE }), [alice]),
  revoke_lane: busy((world) => revokeLane(aliceLane(world)), [alice]),
  rekey_lane: busy(
    (world) =>
      rekeyLane({
        ...aliceLane(world),
        sessionKey: SESSIONS.bob.publicKey,
        operator: operator.publicKey,
      }),
    [alice, operator],
  ),
  request_close: busy((world) => requestClose(aliceLane(world)), [alice]),
  close_lane: busy(
    (world) => {
      world.must(requestClose(aliceLane(world)), [alice]);
      world.machine.setTime(NOON + BigInt(GRACE));
      return closeLane({ ...aliceLane(world), closer: stranger.publicKey });
    },
    [stranger],
  ),
  distribute: busy((world) => {
    const { deployment, ledger, payout, namesPool, treasury } = world;
    const records = [world.record(SESSIONS.alice, 0, 1_000n)];
    world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
    return distribute({ deployment, ledger, payout, namesPool, treasury });
  }, []),
};

/** The good attempt at this instruction. */
export function attemptAt(name: string): Attempt {
  const prepare = ATTEMPTS[name];
  if (prepare === undefined) throw new Error(`no attempt at ${name}`);
  return prepare();
}
