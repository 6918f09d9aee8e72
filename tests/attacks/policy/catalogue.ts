import type { Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { PARTIES } from "../../programs/policy/deployed.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import type { Attempt as OneAttempt } from "../accounts.ts";
import {
  bent,
  challengeExpectedOf,
  challengeOrderOf,
  challengeRecordOf,
  commitTo,
  publish,
  reported,
} from "./lies.ts";
import {
  administered,
  deployedPolicy,
  initializeOf,
  openPolicy,
  type PolicyWorld,
  stakedPolicy,
  TERMS,
} from "./world.ts";

export type Attempt = OneAttempt<PolicyWorld>;

const { authority, guardian, keeper, challenger } = PARTIES;
const NEXT = keyOf("next authority");

const made =
  (open: () => PolicyWorld) =>
  (make: (world: PolicyWorld) => policy.Instruction, ...signers: Signer[]) =>
  (): Attempt => {
    const world = open();
    return { world, instruction: make(world), signers };
  };
const staked = made(() => stakedPolicy());
const opened = made(() => openPolicy());

/** The begin of the window that runs, in a world where everybody has enrolled. */
const beginOf = (world: PolicyWorld): bigint => world.now();

/** Two operators are struck in the first roster; the second has been opened while the struck one had a seat in both. */
function struckElsewhere(): Attempt {
  const world = openPolicy();
  const { rosterEnds } = world.config;
  world.at(rosterEnds - BigInt(TERMS.enrol));
  world.openRoster();
  for (const place of world.owners.keys()) world.enroll(place);
  // A window of the first roster, which is still in force.
  const begin = world.now() - (world.now() % BigInt(TERMS.window));
  const committed = commitTo(0, begin, bent(4, 4, { 1: { at: TERMS.window * 1_000 } }));
  world.at(world.timesOf(begin).end);
  const change = { roster: 1n };
  const report = world.reportOf(0, begin, [4, 4], { ...change, probesRoot: committed.list.root });
  world.must(report, [world.verifierKey(0)]);
  world.must(challengeRecordOf(world, committed, 1, change), [challenger]);
  const { deployment } = world;
  const operator = world.operatorAddress(0);
  return {
    world,
    instruction: policy.strikeSeat({ deployment, roster: 2n, seat: 0, operator }),
    signers: [],
  };
}

const PREPARED: Readonly<Record<string, () => Attempt>> = {
  initialize: () => {
    const world = deployedPolicy();
    return { world, instruction: initializeOf(world), signers: [authority] };
  },
  propose_authority: staked(
    (w) => policy.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }),
    authority,
  ),
  accept_authority: staked((w) => {
    w.must(policy.proposeAuthority({ ...administered(w), newAuthority: NEXT.publicKey }), [authority]);
    return policy.acceptAuthority({ deployment: w.deployment, pendingAuthority: NEXT.publicKey });
  }, NEXT),
  set_guardian: staked(
    (w) => policy.setGuardian({ ...administered(w), guardian: NEXT.publicKey }),
    authority,
  ),
  set_paused: staked(
    ({ deployment }) => policy.setPaused({ deployment, signer: guardian.publicKey, paused: true }),
    guardian,
  ),
  set_terms: staked((w) => policy.setTerms({ ...administered(w), terms: TERMS }), authority),
  publish_set: staked(
    (w) => policy.publishSet({ ...administered(w), version: 1, count: 4, root: addressOf("set") }),
    authority,
  ),
  open_roster: opened((w) => {
    w.at(w.config.rosterEnds);
    return w.openRosterOf();
  }, keeper),
  enroll: () => {
    const world = stakedPolicy();
    world.openRoster();
    return { world, instruction: world.enrollOf(0), signers: [world.verifierKey(0)] };
  },
  register_target: staked((w) => w.registerOf("gateway", "https://gateway.example"), keeper),
  report: () => {
    const world = openPolicy();
    const begin = beginOf(world);
    world.at(world.timesOf(begin).end);
    return { world, instruction: world.reportOf(0, begin), signers: [world.verifierKey(0)] };
  },
  judge: opened((w) => {
    const begin = beginOf(w);
    w.at(w.timesOf(begin).end);
    w.say(begin, "cccc");
    w.at(w.timesOf(begin).reportsUntil);
    return w.judgeOf(begin);
  }),
  close_round: opened((w) => {
    const begin = beginOf(w);
    w.play(begin, "cccc");
    w.at(w.timesOf(begin).evidenceUntil);
    const payer = w.verifierKey(0).publicKey;
    return policy.closeRound({ deployment: w.deployment, id: w.idOf(), begin, payer });
  }),
  close_roster: opened((w) => {
    w.at(w.config.rosterEnds);
    w.openRoster();
    w.at(w.roster(1n).evidenceEnds as bigint);
    return policy.closeRoster({ deployment: w.deployment, number: 1n, payer: keeper.publicKey });
  }),
  close_target: staked((w) => {
    w.pass(policy.TARGET_IDLE);
    return policy.closeTarget({ deployment: w.deployment, id: w.idOf(), payer: keeper.publicKey });
  }),
  challenge_record: opened((w) => {
    const committed = reported(w, bent(4, 4, { 2: { at: TERMS.window * 1_000 } }), 4);
    return challengeRecordOf(w, committed, 2);
  }, challenger),
  challenge_order: opened((w) => {
    const committed = reported(w, bent(4, 4, { 2: { at: 1 } }), 4);
    return challengeOrderOf(w, committed, 1);
  }, challenger),
  challenge_expected: opened((w) => {
    publish(w);
    const lie = addressOf("what I like");
    // The set holds for windows that begin once it was published.
    w.pass(TERMS.window);
    const records = bent(4, 4, { 2: { expected: lie, answer: lie } });
    return challengeExpectedOf(w, reported(w, records, 4), 2, 2);
  }, challenger),
  strike_seat: struckElsewhere,
};

/** One good attempt at every instruction, by its name in the IDL; each call gives a world of its own. */
export const ATTEMPTS: Readonly<Record<string, () => Attempt>> = Object.fromEntries(
  Object.entries(PREPARED).map(([name, prepare]) => {
    let made: (Omit<Attempt, "world"> & { readonly world: () => PolicyWorld }) | undefined;
    return [
      name,
      () => {
        if (made === undefined) {
          const { world, ...attempt } = prepare();
          made = { ...attempt, world: world.remember() };
        }
        return { ...made, world: made.world() };
      },
    ];
  }),
);
