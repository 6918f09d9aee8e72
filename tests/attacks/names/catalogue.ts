import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import {
  busyNames,
  DAY,
  deployedNames,
  initializeOf,
  LABEL,
  type NamesWorld,
  PARTIES,
  PREMIUM,
  SECRET,
  TERMS,
} from "../../programs/names/world.ts";
import { keyOf } from "../../programs/world/keys.ts";

/** An instruction that would succeed, in a world made for it. */
export interface Attempt {
  readonly world: NamesWorld;
  readonly instruction: names.Instruction;
  readonly signers: readonly Signer[];
}

const { alice, bob, carol, authority, guardian, stranger } = PARTIES;
const NEXT = keyOf("next authority");

const busy =
  (make: (world: NamesWorld) => names.Instruction, ...signers: Signer[]) =>
  (): Attempt => {
    const world = busyNames();
    return { world, instruction: make(world), signers };
  };
export const held = ({ deployment }: NamesWorld) => ({
  deployment,
  label: LABEL,
  generation: 1,
  holder: alice.publicKey,
});
const administered = ({ deployment }: NamesWorld) => ({ deployment, authority: authority.publicKey });
const until = (world: NamesWorld) => world.machine.now() + BigInt(DAY);
const hashOf = (owner: Signer, label: string) =>
  names.hashCommitment(names.hashName(label), owner.publicKey, SECRET);

/** One good attempt at every instruction, by its name in the IDL. */
export const ATTEMPTS: Readonly<Record<string, () => Attempt>> = {
  initialize: () => {
    const world = deployedNames();
    return { world, instruction: initializeOf(world), signers: [authority] };
  },
  propose_authority: busy(
    (w) => names.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }),
    authority,
  ),
  accept_authority: busy((w) => {
    w.must(names.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }), [authority]);
    return names.acceptAuthority({ deployment: w.deployment, pendingAuthority: NEXT.publicKey });
  }, NEXT),
  set_guardian: busy((w) => names.setGuardian({ ...administered(w), guardian: NEXT.publicKey }), authority),
  set_paused: busy(
    ({ deployment }) => names.setPaused({ deployment, signer: guardian.publicKey, paused: true }),
    guardian,
  ),
  set_terms: busy(
    (w) => names.setTerms({ ...administered(w), terms: { ...TERMS, incrementBps: 1 } }),
    authority,
  ),
  set_treasury: busy((w) => names.setTreasury({ ...administered(w), treasury: w.treasury }), authority),
  commit: busy((w) => w.commitOf(bob, "another"), bob),
  register: busy((w) => {
    w.must(w.commitOf(bob, "another"), [bob]);
    w.pass(TERMS.commitMin);
    return w.registerOf(bob, "another");
  }, bob),
  renew: busy(
    (w) =>
      names.renew({
        deployment: w.deployment,
        label: LABEL,
        payer: bob.publicKey,
        source: w.tokens(bob),
        years: 1,
      }),
    bob,
  ),
  cancel_commitment: busy((w) => {
    w.must(w.commitOf(bob, "another"), [bob]);
    w.pass(TERMS.commitMax + 1);
    return names.cancelCommitment({
      deployment: w.deployment,
      owner: bob.publicKey,
      hash: hashOf(bob, "another"),
    });
  }, bob),
  open_auction: busy((w) => w.openOf(alice, "xyz", 30_000_000n), alice),
  bid: busy((w) => w.bidOf(alice, PREMIUM, 42_000_000n), alice),
  withdraw_bid: busy((w) => w.withdrawOf(bob, PREMIUM), bob),
  settle_auction: busy((w) => {
    w.pass(TERMS.auction);
    return w.settleOf(stranger, carol, PREMIUM);
  }, stranger),
  offer_control: busy((w) => names.offerControl({ ...held(w), to: bob.publicKey }), alice),
  accept_control: busy((w) => {
    w.must(names.offerControl({ ...held(w), to: bob.publicKey }), [alice]);
    return names.acceptControl({ ...held(w), accepter: bob.publicKey });
  }, bob),
  withdraw_offer: busy((w) => {
    w.must(names.offerControl({ ...held(w), to: bob.publicKey }), [alice]);
    return names.withdrawOffer(held(w));
  }, alice),
  appoint_delegate: busy(
    (w) => names.appointDelegate({ ...held(w), delegate: carol.publicKey, expiresAt: until(w) }),
    alice,
  ),
  dismiss_delegate: busy((w) => {
    w.must(names.appointDelegate({ ...held(w), delegate: carol.publicKey, expiresAt: until(w) }), [alice]);
    return names.dismissDelegate({ ...held(w), delegate: carol.publicKey });
  }, alice),
  post_route: busy((w) => {
    w.must(names.appointDelegate({ ...held(w), delegate: carol.publicKey, expiresAt: until(w) }), [alice]);
    return w.postOf(alice, LABEL, 1n, { poster: carol });
  }, carol),
  close_delegate: busy((w) => {
    w.must(names.appointDelegate({ ...held(w), delegate: carol.publicKey, expiresAt: until(w) }), [alice]);
    w.must(names.dismissDelegate({ ...held(w), delegate: carol.publicKey }), [alice]);
    w.pass(names.DELEGATE_TOMBSTONE);
    return names.closeDelegate({ ...held(w), delegate: carol.publicKey, payer: alice.publicKey });
  }),
  record_authority: busy((w) => {
    const [create, move] = names.transferName({ ...held(w), to: bob.publicKey });
    w.must([create, move], [alice]);
    return names.recordAuthority({ ...held(w), holder: bob.publicKey });
  }),
  issue_passport: busy(({ deployment }) => names.issuePassport({ deployment, wallet: bob.publicKey }), bob),
  set_hint: busy((w) => {
    const { deployment } = w;
    w.must(names.issuePassport({ deployment, wallet: alice.publicKey }), [alice]);
    return names.setHint({ deployment, wallet: alice.publicKey, kind: "key", hint: new Uint8Array(32) });
  }, alice),
};
