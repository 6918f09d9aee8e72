import type { Address, Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import type * as stake from "@tolldns/sdk/stake";
import { addressOf } from "../world/keys.ts";
import type { Machine, Outcome } from "../world/machine.ts";
import { snapshots } from "../world/sending.ts";
import {
  BACKEND,
  DeployedPolicy,
  deployedMachine,
  initializeOf,
  join,
  ownerOf,
  PARTIES,
  VERIFIER_NODE,
  verifierKey,
  type Whereabouts,
} from "./deployed.ts";

export const TERMS: policy.PolicyTerms = {
  ...policy.DEFAULT_POLICY_TERMS,
  window: 60,
  report: 60,
  dwell: 120,
  roster: 7_200,
  enrol: 600,
  evidence: 3_600,
  strike: 14_400,
};
/** What its operators stake, whole tokens. */
const STAKES: readonly bigint[] = [300n, 300n, 300n, 300n, 300n];
const { authority, keeper } = PARTIES;

/** What a verifier says of a window. */
export interface Says {
  readonly total?: number;
  readonly ok?: number;
  readonly probesRoot?: Uint8Array;
}

/** A world in which verifiers are told by their operators. */
export class PolicyWorld extends DeployedPolicy {
  /** The stake tree when the newest roster was opened. */
  snapshot: stake.WeightTree;

  constructor(machine: Machine, owners: readonly Signer[]) {
    super(machine, owners);
    this.snapshot = this.staking.mirror(owners);
  }

  operatorAddress(owner: Signer): Address {
    return this.staking.operatorAddress(owner);
  }
  nodeAddress(owner: Signer, number = VERIFIER_NODE): Address {
    return this.staking.nodeAddress(owner, number);
  }
  verifierAddress(owner: Signer): Address {
    return policy.deriveVerifier(this.deployment.policy, this.operatorAddress(owner)).address;
  }
  verifier(owner: Signer): policy.Verifier {
    return policy.decodeVerifier(this.machine.data(this.verifierAddress(owner)));
  }

  events(outcome: Outcome): policy.PolicyEvent[] {
    return policy.decodePolicyEvents(outcome.logs, this.deployment.policy);
  }
  /** Goes on to a time, if it is ahead. */
  until(time: bigint): void {
    if (this.machine.now() < time) this.machine.setTime(time);
  }

  setTerms(change: Partial<policy.PolicyTerms>): void {
    const terms = { ...this.config.terms, ...change };
    this.must(policy.setTerms({ deployment: this.deployment, authority: authority.publicKey, terms }), [
      authority,
    ]);
  }
  /** Opens the next roster as soon as it may be; all of `owners` enrol. */
  begin(owners: readonly Signer[] = this.owners): policy.Roster {
    const { roster, rosterEnds, terms } = this.config;
    if (roster !== 0n) this.until(rosterEnds - BigInt(terms.enrol));
    this.must(this.openRosterOf(), [keeper]);
    this.snapshot = this.staking.mirror(this.owners);
    for (const owner of owners) this.must(this.enrollOf(owner), [verifierKey(owner)]);
    return this.roster();
  }
  enrollOf(owner: Signer, change: Partial<Parameters<typeof policy.enroll>[0]> = {}): policy.Instruction {
    const index = change.leaf?.index ?? this.staking.operator(owner).listed?.index ?? 0;
    const leaf = change.leaf ?? this.snapshot.leaf(index);
    const proof = change.proof ?? this.snapshot.prove(index);
    return policy.enroll({
      deployment: this.deployment,
      roster: this.config.roster,
      hotKey: verifierKey(owner).publicKey,
      operator: this.operatorAddress(owner),
      node: this.nodeAddress(owner),
      ...change,
      leaf,
      proof,
    });
  }

  /** Registers a target, and tells its id. */
  register(name = BACKEND, kind: policy.TargetKind = "backend"): Uint8Array {
    this.must(this.registerOf(kind, name), [keeper]);
    return this.idOf({ kind, name });
  }
  /** The seat an owner has in a roster. */
  seatOf(owner: Signer, roster = this.config.roster): number {
    const operator = Buffer.from(this.operatorAddress(owner));
    const seat = this.roster(roster).seats.find((row) => operator.equals(row.operator));
    if (seat === undefined) throw new Error("no seat");
    return seat.seat;
  }
  reportOf(
    owner: Signer,
    id: Uint8Array,
    begin: bigint,
    says: Says = {},
    change: Partial<policy.ReportArguments> = {},
  ): policy.Instruction {
    const roster = change.roster ?? this.config.roster;
    return policy.report({
      deployment: this.deployment,
      id,
      begin,
      hotKey: verifierKey(owner).publicKey,
      roster,
      seat: change.seat ?? this.seatOf(owner, roster),
      operator: this.operatorAddress(owner),
      node: this.nodeAddress(owner),
      total: says.total ?? 20,
      ok: says.ok ?? 20,
      probesRoot: says.probesRoot ?? addressOf("probes"),
      ...change,
    });
  }
  report(owner: Signer, id: Uint8Array, begin: bigint, says: Says = {}): Outcome {
    return this.must(this.reportOf(owner, id, begin, says), [verifierKey(owner)]);
  }
  judgeOf(id: Uint8Array, begin: bigint, roster = this.config.roster): policy.Instruction {
    const { window } = this.config.terms;
    return policy.judge({ deployment: this.deployment, id, begin, roster, window });
  }
  judge(id: Uint8Array, begin: bigint): Outcome {
    return this.must(this.judgeOf(id, begin));
  }
  /** Some report the window, each that so many of twenty probes succeeded, and it is judged. */
  window(id: Uint8Array, begin: bigint, oks: readonly number[]): Outcome {
    const { window, report } = this.config.terms;
    this.until(begin + BigInt(window));
    oks.forEach((ok, i) => {
      this.report(this.owners[i] as Signer, id, begin, { ok });
    });
    this.until(begin + BigInt(window + report));
    return this.judge(id, begin);
  }
}

const snapshot = snapshots();

/** Where an operator's verifier says it is: all different unless said otherwise. */
type Places = (index: number) => Whereabouts;
const APART: Places = (index) => ({ region: 10 + index, asn: 64_500 + index });

/** Initialised, with operators that staked these amounts, whole tokens each, all listed in the tree. */
export function openPolicy(stakes: readonly bigint[] = STAKES, places: Places = APART): PolicyWorld {
  const owners = stakes.map((_, i) => ownerOf(i));
  const machine = snapshot(`open ${stakes.join()} ${places === APART ? "" : places.toString()}`, () => {
    const world = new PolicyWorld(deployedMachine(), owners);
    world.must(initializeOf(world, TERMS), [authority]);
    owners.forEach((owner, i) => {
      join(world, owner, stakes[i] as bigint, places(i));
    });
    return world.machine;
  });
  return new PolicyWorld(machine, owners);
}
