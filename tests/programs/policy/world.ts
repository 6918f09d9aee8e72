import { readFileSync } from "node:fs";
import { type Address, type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import * as staking from "../stake/world.ts";
import { deployProgram } from "../world/deploy.ts";
import { addressOf, keyOf } from "../world/keys.ts";
import { Machine, type Outcome } from "../world/machine.ts";
import { PAYER, ProgramWorld, snapshots } from "../world/sending.ts";
import { plantMint, plantTokenAccount } from "../world/tokens.ts";

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
export const POLICY_BYTES = new Uint8Array(readFileSync(new URL("policy.so", artifacts)));
const keypair = JSON.parse(readFileSync(new URL("policy-dev-keypair.json", artifacts), "utf8")) as number[];
export const POLICY_KEY: Signer = createSignerNode(Uint8Array.from(keypair).subarray(0, 32));

export const { NOON, ONE } = staking;
export const GENESIS = addressOf("genesis");
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
export const STAKES: readonly bigint[] = [300n, 300n, 300n, 300n, 300n];
/** The node that a world's verifiers report by; node 0 is the witness. */
export const NODE = 1;
export const BACKEND = "udp://192.0.2.1:53";

export const PARTIES = {
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  keeper: keyOf("keeper"),
  challenger: keyOf("challenger"),
  stranger: keyOf("stranger"),
} as const;
const { authority, guardian, keeper } = PARTIES;

/** What a verifier says of a window. */
export interface Says {
  readonly total?: number;
  readonly ok?: number;
  readonly probesRoot?: Uint8Array;
}

/** The policy program beside the stake program, whose operators each have a witness and a verifier. */
export class PolicyWorld extends ProgramWorld {
  readonly deployment: policy.PolicyDeployment;
  readonly staking: staking.StakeWorld;
  /** Of operators, in the order of their places in the stake tree. */
  readonly owners: readonly Signer[];
  /** The stake tree when the newest roster was opened. */
  snapshot: stake.WeightTree;

  constructor(machine: Machine, owners: readonly Signer[]) {
    super(machine);
    this.staking = new staking.StakeWorld(machine, TOKEN_PROGRAM);
    this.owners = owners;
    this.deployment = policy.createPolicyDeployment({
      policy: POLICY_KEY.publicKey,
      stake: this.staking.deployment.stake,
    });
    this.snapshot = this.staking.mirror(owners);
  }

  get configAddress(): Address {
    return policy.derivePolicyConfig(this.deployment.policy).address;
  }
  get config(): policy.PolicyConfig {
    return policy.decodePolicyConfig(this.machine.data(this.configAddress));
  }
  rosterAddress(number = this.config.roster): Address {
    return policy.deriveRoster(this.deployment.policy, number).address;
  }
  roster(number = this.config.roster): policy.Roster {
    return policy.decodeRoster(this.machine.data(this.rosterAddress(number)));
  }
  targetAddress(id: Uint8Array): Address {
    return policy.deriveTarget(this.deployment.policy, id).address;
  }
  target(id: Uint8Array): policy.TargetAccount {
    return policy.decodeTarget(this.machine.data(this.targetAddress(id)));
  }
  roundAddress(id: Uint8Array, begin: bigint): Address {
    return policy.deriveRound(this.deployment.policy, id, begin).address;
  }
  round(id: Uint8Array, begin: bigint): policy.Round {
    return policy.decodeRound(this.machine.data(this.roundAddress(id, begin)));
  }
  operatorAddress(owner: Signer): Address {
    return this.staking.operatorAddress(owner);
  }
  nodeAddress(owner: Signer, number = NODE): Address {
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
  openRosterOf(payer: Signer = keeper, number = this.config.roster + 1n): policy.Instruction {
    return policy.openRoster({ deployment: this.deployment, payer: payer.publicKey, number });
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
    const { deployment } = this;
    this.must(policy.registerTarget({ deployment, payer: keeper.publicKey, kind, name }), [keeper]);
    return policy.hashTarget(kind, name);
  }
  /** The first window that begins from now on, once the newest roster's enrolment is over. */
  nextBegin(): bigint {
    const { enrolmentEnds, termsFrom, terms } = this.config;
    const window = BigInt(terms.window);
    const from = [enrolmentEnds, termsFrom, this.machine.now()].reduce((a, b) => (a > b ? a : b));
    return ((from + window - 1n) / window) * window;
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

/** The hot key of an operator's verifier. */
export const verifierKey = (owner: Signer): Signer =>
  keyOf(`verifier of ${Buffer.from(owner.publicKey).toString("hex")}`);
export const ownerOf = (index: number): Signer => keyOf(`operator ${index}`);

/** A machine in this state, made once. */
export const snapshot = snapshots();

/** Both programs deployed, wallets funded, the stake program initialised. */
export function deployedPolicy(owners: readonly Signer[] = []): PolicyWorld {
  const machine = snapshot("deployed", () => {
    const fresh = new Machine(PAYER);
    fresh.setTime(NOON);
    deployProgram(fresh, staking.STAKE_KEY, staking.STAKE_BYTES, authority);
    deployProgram(fresh, POLICY_KEY, POLICY_BYTES, authority);
    const beside = new staking.StakeWorld(fresh, TOKEN_PROGRAM);
    plantMint(fresh, staking.MINT, { decimals: 9 });
    plantTokenAccount(fresh, beside.treasury, staking.MINT, addressOf("treasury"));
    for (const party of Object.values(PARTIES)) fresh.airdrop(party.publicKey, 100_000_000_000n);
    beside.must(
      stake.initialize({
        deployment: beside.deployment,
        authority: authority.publicKey,
        terms: staking.TERMS,
        guardian: guardian.publicKey,
        slasher: staking.PARTIES.slasher.publicKey,
      }),
      [authority],
    );
    return fresh;
  });
  return new PolicyWorld(machine, owners);
}

export function initializeOf(
  world: PolicyWorld,
  by: Signer = authority,
  terms: policy.PolicyTerms = TERMS,
): policy.Instruction {
  return policy.initialize({
    deployment: world.deployment,
    authority: by.publicKey,
    terms,
    genesisHash: GENESIS,
    guardian: guardian.publicKey,
  });
}

/** Where an operator's verifier says it is: all different unless said otherwise. */
export type Places = (index: number) => { readonly region: number; readonly asn: number };
const APART: Places = (index) => ({ region: 10 + index, asn: 64_500 + index });

/** An operator stakes, with a witness and a verifier, and gets a place in the tree. */
export function join(world: PolicyWorld, owner: Signer, amount: bigint, place: ReturnType<Places>): void {
  const { machine, staking: beside } = world;
  machine.airdrop(owner.publicKey, 10_000_000_000n);
  machine.airdrop(verifierKey(owner).publicKey, 10_000_000_000n);
  plantTokenAccount(machine, beside.tokens(owner), staking.MINT, owner.publicKey, { amount: staking.POCKET });
  beside.must(
    [beside.registerOf(owner), beside.addNodeOf(owner), addVerifierOf(world, owner, place)],
    [owner],
  );
  beside.must(beside.stakeOf(owner, owner, amount * ONE), [owner]);
  const proof = beside.mirror(world.owners).proveSync();
  beside.must(stake.sync({ deployment: beside.deployment, owner: owner.publicKey, proof }), []);
}

/** Adds a verifier to an operator's machines. */
export function addVerifierOf(
  world: PolicyWorld,
  owner: Signer,
  place: ReturnType<Places>,
  number = NODE,
  hotKey = verifierKey(owner),
): stake.Instruction {
  return stake.addNode({
    deployment: world.staking.deployment,
    owner: owner.publicKey,
    number,
    role: "verifier",
    ...place,
    hotKey: hotKey.publicKey,
    endpoint: "https://verifier.example",
  });
}

/** Initialised, with operators that staked these amounts, whole tokens each, all listed in the tree. */
export function openPolicy(stakes: readonly bigint[] = STAKES, places: Places = APART): PolicyWorld {
  const owners = stakes.map((_, i) => ownerOf(i));
  const machine = snapshot(`open ${stakes.join()} ${places === APART ? "" : places.toString()}`, () => {
    const world = deployedPolicy(owners);
    world.must(initializeOf(world), [authority]);
    owners.forEach((owner, i) => {
      join(world, owner, stakes[i] as bigint, places(i));
    });
    return world.machine;
  });
  return new PolicyWorld(machine, owners);
}
