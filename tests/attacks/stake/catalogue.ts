import type { Signer } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import {
  busyStake,
  deployedStake,
  initializeOf,
  ONE,
  PARTIES,
  type StakeWorld,
  TERMS,
} from "../../programs/stake/world.ts";
import { keyOf } from "../../programs/world/keys.ts";

/** An instruction that would succeed, in a world made for it. */
export interface Attempt {
  readonly world: StakeWorld;
  readonly instruction: stake.Instruction;
  readonly signers: readonly Signer[];
}

const { alice, bob, carol, authority, guardian, slasher, stranger } = PARTIES;
export const NEXT = keyOf("next authority");

const busy =
  (make: (world: StakeWorld) => stake.Instruction, ...signers: Signer[]) =>
  (): Attempt => {
    const world = busyStake();
    return { world, instruction: make(world), signers };
  };
export const administered = ({ deployment }: StakeWorld) => ({
  deployment,
  authority: authority.publicKey,
});
export const owned = ({ deployment }: StakeWorld, owner: Signer = alice) => ({
  deployment,
  owner: owner.publicKey,
});
const leaving = (w: StakeWorld): StakeWorld => {
  w.must(w.exitOf(alice, carol, 100n * ONE), [carol]);
  return w;
};

/** One good attempt at every instruction, by its name in the IDL. */
export const ATTEMPTS: Readonly<Record<string, () => Attempt>> = {
  initialize: () => {
    const world = deployedStake();
    return { world, instruction: initializeOf(world), signers: [authority] };
  },
  propose_authority: busy(
    (w) => stake.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }),
    authority,
  ),
  accept_authority: busy((w) => {
    w.must(stake.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }), [authority]);
    return stake.acceptAuthority({ deployment: w.deployment, pendingAuthority: NEXT.publicKey });
  }, NEXT),
  set_guardian: busy((w) => stake.setGuardian({ ...administered(w), guardian: NEXT.publicKey }), authority),
  set_paused: busy(
    ({ deployment }) => stake.setPaused({ deployment, signer: guardian.publicKey, paused: true }),
    guardian,
  ),
  set_terms: busy((w) => stake.setTerms({ ...administered(w), terms: { ...TERMS, burnBps: 0 } }), authority),
  set_treasury: busy((w) => stake.setTreasury({ ...administered(w), treasury: w.treasury }), authority),
  set_slasher: busy((w) => stake.setSlasher({ ...administered(w), slasher: NEXT.publicKey }), authority),
  register_operator: busy((w) => w.registerOf(carol), carol),
  set_commission: busy((w) => stake.setCommission({ ...owned(w), commissionBps: 1 }), alice),
  retire_operator: busy((w) => stake.retireOperator(owned(w)), alice),
  unjail: busy((w) => {
    w.must(w.slashOf(alice, "omission", w.tokens(stranger)), [slasher]);
    w.pass(TERMS.exitDelay);
    return stake.unjail(owned(w));
  }, alice),
  add_node: busy((w) => w.addNodeOf(alice, 1, "gateway"), alice),
  set_node: busy((w) => stake.setNode({ ...owned(w), number: 0, region: 1, asn: 1, endpoint: "x" }), alice),
  rotate_hot_key: busy((w) => stake.rotateHotKey({ ...owned(w), number: 0, hotKey: NEXT.publicKey }), alice),
  remove_node: busy((w) => stake.removeNode({ ...owned(w), number: 0 }), alice),
  stake: busy((w) => w.stakeOf(alice, bob, 5n * ONE), bob),
  request_exit: busy((w) => w.exitOf(alice, carol, 100n * ONE), carol),
  cancel_exit: busy((w) => leaving(w).cancelOf(alice, carol, 0), carol),
  withdraw: busy((w) => {
    leaving(w).pass(TERMS.exitDelay);
    return w.withdrawOf(alice, carol, 0);
  }, carol),
  close_position: busy((w) => {
    w.must(w.exitOf(alice, carol, 300n * ONE), [carol]);
    w.pass(TERMS.exitDelay);
    w.must(w.withdrawOf(alice, carol, 0), [carol]);
    return w.closePositionOf(alice, carol);
  }, carol),
  slash: busy((w) => w.slashOf(alice, "equivocation", w.tokens(stranger)), slasher),
  sync: busy((w) => {
    w.must(w.stakeOf(alice, carol, ONE), [carol]);
    return w.syncOf(alice);
  }),
};
