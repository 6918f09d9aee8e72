import type { Address, Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import {
  BACKEND,
  DeployedPolicy,
  deployedMachine,
  hex,
  initializeOf as initializeWith,
  join,
  once,
  ownerOf,
  PARTIES,
  VERIFIER_NODE,
  verifierKey,
  type Whereabouts,
} from "../../programs/policy/deployed.ts";
import { type Leaf, type Tree, treeOf } from "../../programs/quorum/tree.ts";
import { addressOf } from "../../programs/world/keys.ts";
import { Machine, type Outcome } from "../../programs/world/machine.ts";
import type { Instruction } from "../../programs/world/sdk.ts";
import { PAYER, snapshots } from "../../programs/world/sending.ts";

/** Times short, and few of each; rules and shares are the defaults. */
export const TERMS: policy.PolicyTerms = {
  ...policy.DEFAULT_POLICY_TERMS,
  window: 60,
  report: 30,
  dwell: 120,
  roster: 3_600,
  enrol: 300,
  evidence: 600,
  strike: 7_200,
  disableAfter: 3,
  recoverAfter: 2,
  restoreAfter: 4,
  leastProbes: 4,
  seats: 8,
};

/** Where a verifier is, and what its operator stakes, whole tokens. */
export interface Place extends Whereabouts {
  readonly amount: bigint;
}
/** Operators of a region and network of their own each. */
export const apart = (...amounts: readonly bigint[]): Place[] =>
  amounts.map((amount, i) => ({ amount, region: 1 + i, asn: 64_501 + i }));

/** A report's counts, by what it says. */
export const COUNTS = { clean: [20, 20], poor: [20, 18], bad: [20, 3] } as const;
export type Says = keyof typeof COUNTS;

/** A world in which seat and operator have one number: operators enrol in their order. */
export class PolicyWorld extends DeployedPolicy {
  /** The stake tree that the newest roster copied. */
  leaves: readonly Leaf[] = [];
  tree: Tree = treeOf([]);

  get terms(): policy.PolicyTerms {
    return this.config.terms;
  }
  operatorAddress(place: number): Address {
    return this.staking.operatorAddress(this.owners[place] as Signer);
  }
  nodeAddress(place: number): Address {
    const owner = this.owners[place] as Signer;
    return once(`node ${hex(owner.publicKey)}`, () => ({
      address: this.staking.nodeAddress(owner, VERIFIER_NODE),
    }));
  }
  verifierAddress(place: number): Address {
    const operator = this.operatorAddress(place);
    return once(`verifier ${hex(operator)}`, () => policy.deriveVerifier(this.deployment.policy, operator));
  }
  verifierKey(place: number): Signer {
    return verifierKey(this.owners[place] as Signer);
  }

  /** Makes worlds that are as this one is now. */
  remember(): () => PolicyWorld {
    const snapshot = this.machine.save();
    const { owners, leaves, tree } = this;
    return () => Object.assign(new PolicyWorld(Machine.restore(PAYER, snapshot), owners), { leaves, tree });
  }
  now(): bigint {
    return this.machine.now();
  }
  at(time: bigint): void {
    this.machine.setTime(time);
  }

  /** Reads the tree that the stake program keeps: what the next roster copies. */
  readTree(): void {
    const mirror = this.staking.mirror(this.owners);
    this.leaves = Array.from({ length: mirror.count }, (_, index) => mirror.leaf(index));
    this.tree = treeOf(this.leaves);
  }
  openRoster(): void {
    this.readTree();
    this.must(this.openRosterOf(), [PARTIES.keeper]);
  }
  enrollOf(place: number, roster = this.config.roster): Instruction {
    return policy.enroll({
      deployment: this.deployment,
      roster,
      hotKey: this.verifierKey(place).publicKey,
      operator: this.operatorAddress(place),
      node: this.nodeAddress(place),
      leaf: this.leaves[place] as Leaf,
      proof: this.tree.prove(place),
    });
  }
  enroll(place: number): void {
    this.must(this.enrollOf(place), [this.verifierKey(place)]);
  }
  /** The next roster, with everybody in it. */
  renew(): void {
    this.openRoster();
    for (const place of this.owners.keys()) this.enroll(place);
  }
  timesOf(begin: bigint) {
    return policy.timesOfWindow(this.terms, begin);
  }
  reportOf(
    seat: number,
    begin: bigint,
    says: Says | readonly [number, number] = "clean",
    change: Partial<policy.ReportArguments> = {},
  ): Instruction {
    const [total, ok] = typeof says === "string" ? COUNTS[says] : says;
    return policy.report({
      deployment: this.deployment,
      id: this.idOf(),
      begin,
      roster: change.roster ?? this.config.roster,
      seat,
      hotKey: change.hotKey ?? this.verifierKey(seat).publicKey,
      operator: change.operator ?? this.operatorAddress(seat),
      node: change.node ?? this.nodeAddress(seat),
      total,
      ok,
      probesRoot: addressOf(`probes of ${seat} in ${begin}`),
      ...change,
    });
  }
  report(seat: number, begin: bigint, says?: Says | readonly [number, number]): Outcome {
    return this.must(this.reportOf(seat, begin, says), [this.verifierKey(seat)]);
  }
  judgeOf(begin: bigint, change: { id?: Uint8Array; roster?: bigint; window?: number } = {}): Instruction {
    const { id = this.idOf(), roster = this.config.roster, window = this.terms.window } = change;
    return policy.judge({ deployment: this.deployment, id, begin, roster, window });
  }
  /** A whole window: each seat says its letter (`c`lean, `p`oor, `b`ad, `-` nothing), then it is judged. Returns the target after it. */
  play(begin: bigint, said: string, places?: readonly number[]): policy.TargetAccount {
    const { end, reportsUntil } = this.timesOf(begin);
    this.at(end);
    this.say(begin, said, places);
    this.at(reportsUntil);
    if (this.machine.account(this.roundAddress(begin)) !== undefined) this.must(this.judgeOf(begin), []);
    return this.target();
  }
  /** Reports by letters, in the order of seats, which these operators have. */
  say(begin: bigint, said: string, places: readonly number[] = [...this.owners.keys()]): void {
    const kinds = { c: "clean", p: "poor", b: "bad" } as const;
    [...said].forEach((letter, seat) => {
      const place = places[seat] as number;
      if (letter === "-") return;
      const hotKey = this.verifierKey(place);
      const of = {
        hotKey: hotKey.publicKey,
        operator: this.operatorAddress(place),
        node: this.nodeAddress(place),
      };
      this.must(this.reportOf(seat, begin, kinds[letter as keyof typeof kinds], of), [hotKey]);
    });
  }
  /** Windows in a row from `begin` on. Returns the begin of the next. */
  playAll(begin: bigint, windows: readonly string[], places?: readonly number[]): bigint {
    const window = BigInt(this.terms.window);
    windows.forEach((said, i) => {
      this.play(begin + BigInt(i) * window, said, places);
    });
    return begin + BigInt(windows.length) * window;
  }
}

const snapshot = snapshots();

/** Both programs deployed, wallets funded; the stake program initialised, the policy program not. */
export const deployedPolicy = (): PolicyWorld => new PolicyWorld(deployedMachine(), []);

export function initializeOf(world: PolicyWorld, authority: Signer = PARTIES.authority): Instruction {
  return initializeWith(world, TERMS, authority);
}

/** What names the authority in the arguments of what it alone may do. */
export const administered = ({ deployment }: PolicyWorld) => ({
  deployment,
  authority: PARTIES.authority.publicKey,
});

/** Initialised, with operators at these places in the stake tree, and BACKEND registered; nobody has enrolled. */
export function stakedPolicy(places: readonly Place[] = apart(300n, 300n, 300n, 300n)): PolicyWorld {
  const owners = places.map((_, i) => ownerOf(i));
  const name = `staked ${places.map(({ amount, region, asn }) => `${amount} ${region} ${asn}`).join()}`;
  const machine = snapshot(name, () => {
    const world = deployedPolicy();
    world.must(initializeOf(world), [PARTIES.authority]);
    places.forEach((place, i) => {
      join(world, owners[i] as Signer, place.amount, place, owners);
    });
    world.must(world.registerOf("backend", BACKEND), [PARTIES.keeper]);
    return world.machine;
  });
  const world = new PolicyWorld(machine, owners);
  world.readTree();
  return world;
}

/** All of them enrolled, and the time of the first window they report. */
export function openPolicy(places?: readonly Place[]): PolicyWorld {
  const world = stakedPolicy(places);
  world.renew();
  world.at(world.firstWindow());
  return world;
}
