/** The policy program beside the stake program, as its own tests and the attacks on it begin. */
import { readFileSync } from "node:fs";
import { type Address, type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import * as staking from "../stake/world.ts";
import { deployProgram } from "../world/deploy.ts";
import { addressOf, keyOf } from "../world/keys.ts";
import { Machine } from "../world/machine.ts";
import { derivations, PAYER, ProgramWorld, snapshots } from "../world/sending.ts";
import { plantMint, plantTokenAccount } from "../world/tokens.ts";

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
export const POLICY_BYTES = new Uint8Array(readFileSync(new URL("policy.so", artifacts)));
const keypair = JSON.parse(readFileSync(new URL("policy-dev-keypair.json", artifacts), "utf8")) as number[];
export const POLICY_KEY: Signer = createSignerNode(Uint8Array.from(keypair).subarray(0, 32));
export const GENESIS = addressOf("genesis");
export const BACKEND = "udp://192.0.2.1:53";
/** The number of an operator's verifier; its witness is 0. */
export const VERIFIER_NODE = 1;

export const PARTIES = {
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  /** Pays for rosters and targets. */
  keeper: keyOf("keeper"),
  challenger: keyOf("challenger"),
  stranger: keyOf("stranger"),
} as const;
const { authority, guardian, keeper } = PARTIES;

export const ownerOf = (index: number): Signer => keyOf(`operator ${index}`);
/** The hot key of an operator's verifier. */
export const verifierKey = (owner: Signer): Signer =>
  keyOf(`verifier of ${Buffer.from(owner.publicKey).toString("hex")}`);

export const once = derivations();
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** A target. */
interface Named {
  readonly kind: policy.TargetKind;
  readonly name: string;
}

/** Both programs on a machine, and the accounts of the policy program. */
export class DeployedPolicy extends ProgramWorld {
  readonly deployment: policy.PolicyDeployment;
  readonly staking: staking.StakeWorld;
  /** Operators, in the order of their places in the stake tree. */
  readonly owners: readonly Signer[];

  constructor(machine: Machine, owners: readonly Signer[]) {
    super(machine);
    this.staking = new staking.StakeWorld(machine, TOKEN_PROGRAM);
    this.owners = owners;
    this.deployment = policy.createPolicyDeployment({
      policy: POLICY_KEY.publicKey,
      stake: staking.STAKE_KEY.publicKey,
    });
  }

  get configAddress(): Address {
    return once("config", () => policy.derivePolicyConfig(this.deployment.policy));
  }
  get config(): policy.PolicyConfig {
    return policy.decodePolicyConfig(this.machine.data(this.configAddress));
  }
  rosterAddress(number = this.config.roster): Address {
    return once(`roster ${number}`, () => policy.deriveRoster(this.deployment.policy, number));
  }
  roster(number?: bigint): policy.Roster {
    return policy.decodeRoster(this.machine.data(this.rosterAddress(number)));
  }
  idOf({ kind, name }: Named = { kind: "backend", name: BACKEND }): Uint8Array {
    return policy.hashTarget(kind, name);
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

  openRosterOf(payer: Signer = keeper, number = this.config.roster + 1n): policy.Instruction {
    return policy.openRoster({ deployment: this.deployment, payer: payer.publicKey, number });
  }
  registerOf(kind: policy.TargetKind, name: string, payer: Signer = keeper): policy.Instruction {
    return policy.registerTarget({ deployment: this.deployment, payer: payer.publicKey, kind, name });
  }
  /** Begin of the first window that a newest roster reports: the one that begins now or next, once its enrolment is over. */
  firstWindow(): bigint {
    const { enrolmentEnds, termsFrom, terms } = this.config;
    const from = [enrolmentEnds, termsFrom, this.machine.now()].reduce((a, b) => (a > b ? a : b));
    const window = BigInt(terms.window);
    return ((from + window - 1n) / window) * window;
  }
}

const snapshot = snapshots();

/** Both programs deployed, wallets funded, the stake program initialised and the policy program not. */
export function deployedMachine(): Machine {
  return snapshot("deployed", () => {
    const fresh = new Machine(PAYER);
    fresh.setTime(staking.NOON);
    deployProgram(fresh, staking.STAKE_KEY, staking.STAKE_BYTES, authority);
    deployProgram(fresh, POLICY_KEY, POLICY_BYTES, authority);
    const beside = new staking.StakeWorld(fresh, TOKEN_PROGRAM);
    plantMint(fresh, staking.MINT, { decimals: 9 });
    plantTokenAccount(fresh, beside.treasury, staking.MINT, addressOf("treasury"));
    for (const party of Object.values(PARTIES)) fresh.airdrop(party.publicKey, 100_000_000_000n);
    beside.must(staking.initializeOf(beside, authority), [authority]);
    return fresh;
  });
}

export function initializeOf(
  { deployment }: DeployedPolicy,
  terms: policy.PolicyTerms,
  by: Signer = authority,
): policy.Instruction {
  return policy.initialize({
    deployment,
    authority: by.publicKey,
    terms,
    genesisHash: GENESIS,
    guardian: guardian.publicKey,
  });
}

/** Where a verifier says it is. */
export interface Whereabouts {
  readonly region: number;
  readonly asn: number;
}

/** Adds a verifier to an operator's machines. */
function addVerifierOf(
  { staking: { deployment } }: DeployedPolicy,
  owner: Signer,
  { region, asn }: Whereabouts,
  number = VERIFIER_NODE,
  hotKey = verifierKey(owner),
): stake.Instruction {
  return stake.addNode({
    deployment,
    owner: owner.publicKey,
    number,
    role: "verifier",
    region,
    asn,
    hotKey: hotKey.publicKey,
    endpoint: "https://verifier.example",
  });
}

/** An operator stakes so many whole tokens, with a witness and a verifier, and gets a place in the tree of all `owners`. */
export function join(
  world: DeployedPolicy,
  owner: Signer,
  amount: bigint,
  where: Whereabouts,
  owners = world.owners,
): void {
  const { machine, staking: beside } = world;
  machine.airdrop(owner.publicKey, 100_000_000_000n);
  machine.airdrop(verifierKey(owner).publicKey, 10_000_000_000n);
  plantTokenAccount(machine, beside.tokens(owner), staking.MINT, owner.publicKey, { amount: staking.POCKET });
  beside.must(
    [beside.registerOf(owner), beside.addNodeOf(owner), addVerifierOf(world, owner, where)],
    [owner],
  );
  beside.must(beside.stakeOf(owner, owner, amount * staking.ONE), [owner]);
  const proof = beside.mirror(owners).proveSync();
  beside.must(stake.sync({ deployment: beside.deployment, owner: owner.publicKey, proof }), []);
}
