import { readFileSync } from "node:fs";
import { type Address, type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import { type Leaf, type Tree, treeOf } from "../../programs/quorum/tree.ts";
import * as staking from "../../programs/stake/world.ts";
import { deployProgram } from "../../programs/world/deploy.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { Machine, type Outcome } from "../../programs/world/machine.ts";
import type { Instruction } from "../../programs/world/sdk.ts";
import { plantMint, plantTokenAccount } from "../../programs/world/tokens.ts";

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
const read = (file: string) => new Uint8Array(readFileSync(new URL(file, artifacts)));
export const POLICY_BYTES = read("policy.so");
const keypair = JSON.parse(Buffer.from(read("policy-dev-keypair.json")).toString()) as number[];
export const POLICY_KEY: Signer = createSignerNode(Uint8Array.from(keypair).subarray(0, 32));

/** Unix seconds at which every world begins: 2026-11-21 12:00 UTC, which every window's length here divides. */
export const NOON = 1_795_262_400n;
export const GENESIS = addressOf("genesis");
export const TERMS: policy.PolicyTerms = {
  window: 60,
  report: 30,
  dwell: 120,
  roster: 3_600,
  enrol: 300,
  evidence: 600,
  strike: 7_200,
  quorumBps: 6_700,
  poorBps: 9_500,
  badBps: 7_500,
  operators: 3,
  regions: 3,
  networks: 3,
  degradeAfter: 2,
  disableAfter: 3,
  recoverAfter: 2,
  restoreAfter: 4,
  leastProbes: 4,
  seats: 8,
};
export const BACKEND = { kind: "backend", name: "udp://192.0.2.1:53" } as const;

export const PARTIES = {
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  /** Pays for rosters and targets. */
  keeper: keyOf("keeper"),
  challenger: keyOf("challenger"),
  stranger: keyOf("stranger"),
} as const;
const PAYER = keyOf("machine payer");

/** Where a verifier is, and what its operator stakes, whole tokens. */
export interface Place {
  readonly amount: bigint;
  readonly region: number;
  readonly asn: number;
}
/** Operators of a region and network of their own each. */
export const apart = (...amounts: readonly bigint[]): Place[] =>
  amounts.map((amount, i) => ({ amount, region: 1 + i, asn: 64_501 + i }));

/** Key of the verifier node of an operator. */
export const verifierKeyOf = (owner: Signer): Signer =>
  keyOf(`verifier of ${Buffer.from(owner.publicKey).toString("hex")}`);
/** The number of an operator's verifier node; its witness is 0. */
export const VERIFIER_NODE = 1;
export const ownerOf = (place: number): Signer => keyOf(`operator ${place}`);

/** A report's counts, by what it says. */
export const COUNTS = { clean: [20, 20], poor: [20, 18], bad: [20, 3] } as const;
export type Says = keyof typeof COUNTS;

const derived = new Map<string, Address>();
/** Deriving takes a hundred times as long as looking up, and random runs derive the same few. */
function once(name: string, derive: () => { readonly address: Address }): Address {
  const known = derived.get(name);
  if (known !== undefined) return known;
  const { address } = derive();
  derived.set(name, address);
  return address;
}
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The policy program beside the stake program. Seat and operator have one number here: operators enrol in their order. */
export class PolicyWorld {
  readonly machine: Machine;
  readonly deployment: policy.PolicyDeployment;
  readonly staking: staking.StakeWorld;
  /** Operators, in the order of their places in the stake tree. */
  readonly owners: readonly Signer[];
  /** The stake tree that the newest roster copied. */
  leaves: readonly Leaf[] = [];
  tree: Tree = treeOf([]);

  constructor(machine: Machine, owners: readonly Signer[]) {
    this.machine = machine;
    this.staking = new staking.StakeWorld(machine, TOKEN_PROGRAM);
    this.deployment = policy.createPolicyDeployment({
      policy: POLICY_KEY.publicKey,
      stake: staking.STAKE_KEY.publicKey,
    });
    this.owners = owners;
  }

  get configAddress(): Address {
    return once("config", () => policy.derivePolicyConfig(this.deployment.policy));
  }
  get config(): policy.PolicyConfig {
    return policy.decodePolicyConfig(this.machine.data(this.configAddress));
  }
  get terms(): policy.PolicyTerms {
    return this.config.terms;
  }
  rosterAddress(number = this.config.roster): Address {
    return once(`roster ${number}`, () => policy.deriveRoster(this.deployment.policy, number));
  }
  roster(number?: bigint): policy.Roster {
    return policy.decodeRoster(this.machine.data(this.rosterAddress(number)));
  }
  idOf(target: { readonly kind: policy.TargetKind; readonly name: string } = BACKEND): Uint8Array {
    return policy.hashTarget(target.kind, target.name);
  }
  targetAddress(id = this.idOf()): Address {
    return once(`target ${hex(id)}`, () => policy.deriveTarget(this.deployment.policy, id));
  }
  target(id?: Uint8Array): policy.TargetAccount {
    return policy.decodeTarget(this.machine.data(this.targetAddress(id)));
  }
  roundAddress(begin: bigint, id = this.idOf()): Address {
    return once(`round ${hex(id)} ${begin}`, () => policy.deriveRound(this.deployment.policy, id, begin));
  }
  round(begin: bigint, id?: Uint8Array): policy.Round {
    return policy.decodeRound(this.machine.data(this.roundAddress(begin, id)));
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
    return verifierKeyOf(this.owners[place] as Signer);
  }

  send(instructions: Instruction | readonly Instruction[], signers: readonly Signer[]): Outcome {
    const list = Array.isArray(instructions)
      ? (instructions as Instruction[])
      : [instructions as Instruction];
    const outcome = this.machine.send(list, signers);
    this.machine.nextSlot();
    return outcome;
  }
  /** Sends what must succeed. */
  must(instructions: Instruction | readonly Instruction[], signers: readonly Signer[]): Outcome {
    const outcome = this.send(instructions, signers);
    if (outcome.error !== undefined)
      throw new Error(`refused with ${String(outcome.error)}\n${outcome.logs.join("\n")}`);
    return outcome;
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
  pass(seconds: number): void {
    this.at(this.now() + BigInt(seconds));
  }

  /** Reads the tree that the stake program keeps: what the next roster copies. */
  readTree(): void {
    const mirror = this.staking.mirror(this.owners);
    this.leaves = Array.from({ length: mirror.count }, (_, index) => mirror.leaf(index));
    this.tree = treeOf(this.leaves);
  }
  openRosterOf(payer: Signer = PARTIES.keeper, number = this.config.roster + 1n): Instruction {
    return policy.openRoster({ deployment: this.deployment, payer: payer.publicKey, number });
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
  registerOf(kind: policy.TargetKind, name: string, payer: Signer = PARTIES.keeper): Instruction {
    return policy.registerTarget({ deployment: this.deployment, payer: payer.publicKey, kind, name });
  }

  /** Begin of the first window that a newest roster reports, or of the one that runs. */
  firstWindow(): bigint {
    const { enrolmentEnds, termsFrom, terms } = this.config;
    const least = [this.now(), enrolmentEnds, termsFrom].reduce((most, time) => (time > most ? time : most));
    const window = BigInt(terms.window);
    return ((least + window - 1n) / window) * window;
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

const snapshots = new Map<string, Uint8Array>();
/** The machine that `make` makes, from its snapshot after the first time. */
function snapshot(name: string, make: () => Machine): Machine {
  const known = snapshots.get(name);
  if (known !== undefined) return Machine.restore(PAYER, known);
  const machine = make();
  snapshots.set(name, machine.save());
  return machine;
}

/** Both programs deployed, wallets funded; the stake program initialised, the policy program not. */
export function deployedPolicy(): PolicyWorld {
  const machine = snapshot("deployed", () => {
    const fresh = new Machine(PAYER);
    fresh.setTime(NOON);
    deployProgram(fresh, POLICY_KEY, POLICY_BYTES, PARTIES.authority);
    deployProgram(fresh, staking.STAKE_KEY, staking.STAKE_BYTES, PARTIES.authority);
    const beside = new staking.StakeWorld(fresh, TOKEN_PROGRAM);
    plantMint(fresh, staking.MINT, { decimals: 9 });
    plantTokenAccount(fresh, beside.treasury, staking.MINT, addressOf("treasury"));
    for (const party of Object.values(PARTIES)) fresh.airdrop(party.publicKey, 100_000_000_000n);
    beside.must(
      stake.initialize({
        deployment: beside.deployment,
        authority: PARTIES.authority.publicKey,
        terms: staking.TERMS,
        guardian: PARTIES.guardian.publicKey,
        slasher: staking.PARTIES.slasher.publicKey,
      }),
      [PARTIES.authority],
    );
    return fresh;
  });
  return new PolicyWorld(machine, []);
}

export function initializeOf(
  world: PolicyWorld,
  authority: Signer = PARTIES.authority,
  terms: policy.PolicyTerms = TERMS,
): Instruction {
  return policy.initialize({
    deployment: world.deployment,
    authority: authority.publicKey,
    terms,
    genesisHash: GENESIS,
    guardian: PARTIES.guardian.publicKey,
  });
}

/** Registers an operator who stakes, with a witness and a verifier, and puts it into the tree. */
export function join(
  { machine, staking: beside }: PolicyWorld,
  owner: Signer,
  place: Place,
  owners: readonly Signer[],
): void {
  machine.airdrop(owner.publicKey, 100_000_000_000n);
  machine.airdrop(verifierKeyOf(owner).publicKey, 10_000_000_000n);
  plantTokenAccount(machine, beside.tokens(owner), staking.MINT, owner.publicKey, { amount: staking.POCKET });
  beside.must(beside.registerOf(owner), [owner]);
  beside.must(beside.addNodeOf(owner), [owner]);
  const node = stake.addNode({
    deployment: beside.deployment,
    owner: owner.publicKey,
    number: VERIFIER_NODE,
    role: "verifier",
    region: place.region,
    asn: place.asn,
    hotKey: verifierKeyOf(owner).publicKey,
    endpoint: "https://verifier.example:8443",
  });
  beside.must(node, [owner]);
  beside.must(beside.stakeOf(owner, owner, place.amount * staking.ONE), [owner]);
  const proof = beside.mirror(owners).proveSync();
  beside.must(stake.sync({ deployment: beside.deployment, owner: owner.publicKey, proof }), []);
}

/** Initialised, with operators at these places in the stake tree, and BACKEND registered; nobody has enrolled. */
export function stakedPolicy(places: readonly Place[] = apart(300n, 300n, 300n, 300n)): PolicyWorld {
  const owners = places.map((_, i) => ownerOf(i));
  const name = `staked ${places.map(({ amount, region, asn }) => `${amount} ${region} ${asn}`).join()}`;
  const machine = snapshot(name, () => {
    const world = deployedPolicy();
    world.must(initializeOf(world), [PARTIES.authority]);
    places.forEach((place, i) => {
      join(world, owners[i] as Signer, place, owners);
    });
    world.must(world.registerOf(BACKEND.kind, BACKEND.name), [PARTIES.keeper]);
    return world.machine;
  });
  const world = new PolicyWorld(machine, owners);
  world.readTree();
  return world;
}

/** All of them enrolled, and the time of the first window they report. */
export function openPolicy(places?: readonly Place[]): PolicyWorld {
  const world = stakedPolicy(places);
  world.openRoster();
  world.owners.forEach((_, place) => {
    world.enroll(place);
  });
  world.at(world.firstWindow());
  return world;
}
