import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Address, deriveAddress, type Signer } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import { deployProgram } from "../world/deploy.ts";
import { addressOf, keyOf } from "../world/keys.ts";
import { Machine, type Outcome } from "../world/machine.ts";
import { computeBudgetInstructions, type Instruction } from "../world/sdk.ts";
import { PAYER, ProgramWorld, snapshots } from "../world/sending.ts";
import { type Leaf, type Tree, treeOf } from "./tree.ts";

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
const read = (file: string) => new Uint8Array(readFileSync(new URL(file, artifacts)));
const keypair = (file: string) =>
  createSignerNode(
    Uint8Array.from(JSON.parse(readFileSync(new URL(file, artifacts), "utf8")) as number[]).subarray(0, 32),
  );
const QUORUM_BYTES = read("quorum.so");
const QUORUM_KEY: Signer = keypair("quorum-dev-keypair.json");

/** Unix seconds at which every world begins: 2026-11-21 12:00 UTC. */
export const NOON = 1_795_262_400n;
export const TERMS: quorum.QuorumTerms = {
  length: 600,
  window: 300,
  evidence: 3_600,
  seedDelay: 4,
  committee: 5,
};
/** Weights of the operators of a world without a stake program. */
export const WEIGHTS: readonly bigint[] = [100n, 200n, 300n, 400n, 500n, 600n];
export const GENESIS = addressOf("genesis");

export const PARTIES = {
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  alice: keyOf("alice"),
  bob: keyOf("bob"),
  keeper: keyOf("keeper"),
  challenger: keyOf("challenger"),
  stranger: keyOf("stranger"),
} as const;

/** The witness key of the operator at this place of the tree. */
export const witnessOf = (index: number): Signer => keyOf(`witness ${index}`);
/** Its Operator account, where no stake program runs. */
export const operatorOf = (index: number): Address => addressOf(`operator ${index}`);

/** The quorum program on a machine. */
export class QuorumWorld extends ProgramWorld {
  readonly deployment: quorum.QuorumDeployment;
  leaves: readonly Leaf[] = [];
  /** Witness of the operator at a place of the tree. */
  witnessOf: (index: number) => Signer = witnessOf;
  tree: Tree = treeOf([]);
  /** The map as the last final root has it. */
  map = routes.RouteMap.create();

  constructor(machine: Machine, deployment: quorum.QuorumDeployment) {
    super(machine);
    this.deployment = deployment;
  }

  get configAddress(): Address {
    return quorum.deriveQuorumConfig(this.deployment.quorum).address;
  }
  get config(): quorum.QuorumConfig {
    return quorum.decodeQuorumConfig(this.machine.data(this.configAddress));
  }
  get domain(): Uint8Array {
    return routes.hashDomain(GENESIS, this.configAddress);
  }
  get treeAddress(): Address {
    return deriveAddress(this.deployment.stake, [new TextEncoder().encode("tree")]).address;
  }
  /** The epoch frozen last. */
  get number(): bigint {
    return this.config.epoch;
  }
  epochAddress(number = this.number): Address {
    return quorum.deriveEpoch(this.deployment.quorum, number).address;
  }
  epoch(number = this.number): quorum.Epoch {
    return quorum.decodeEpoch(this.machine.data(this.epochAddress(number)));
  }
  get of(): { deployment: quorum.QuorumDeployment; epoch: bigint } {
    return { deployment: this.deployment, epoch: this.number };
  }

  /** Puts a stake tree of these weights on the chain, as the stake program would have written it. */
  plantTree(weights: readonly bigint[]): void {
    this.leaves = weights.map((weight, index) => ({
      index,
      operator: operatorOf(index),
      witness: witnessOf(index).publicKey,
      weight,
    }));
    this.tree = treeOf(this.leaves);
    const data = Buffer.alloc(56);
    createHash("sha256").update("account:StakeTree").digest().copy(data, 0, 0, 8);
    data[8] = 1;
    data[10] = this.tree.depth;
    data.writeUInt32LE(this.tree.count, 12);
    data.writeBigUInt64LE(BigInt.asUintN(64, this.tree.total), 16);
    data.set(this.tree.root, 24);
    this.machine.plant(this.treeAddress, { data: new Uint8Array(data), owner: this.deployment.stake });
  }

  freezeOf(payer: Signer = PARTIES.keeper): Instruction {
    const { deployment } = this;
    return quorum.freeze({
      deployment,
      epoch: this.number + 1n,
      payer: payer.publicKey,
      tree: this.treeAddress,
    });
  }
  /** Slot hashes of the last `count` slots. */
  hashSlots(count = 512): void {
    const slot = this.machine.slot();
    const oldest = slot > BigInt(count) ? slot - BigInt(count) : 0n;
    const entries = [];
    for (let at = slot - 1n; at >= oldest; at--) entries.push({ slot: at, hash: slotHash(at) });
    this.machine.setSlotHashes(entries);
  }
  skipSlots(slots: number): void {
    for (let i = 0; i < slots; i++) this.machine.nextSlot();
  }
  drawsOf(): Instruction[] {
    const epoch = this.epoch();
    const weights = this.leaves.map(({ weight }) => weight);
    const seats = quorum.drawCommittee(epoch.seed as Uint8Array, weights, epoch.terms.committee);
    return seats.map(({ index }) => this.drawOf(index));
  }
  drawOf(index: number): Instruction {
    return quorum.draw({
      ...this.of,
      leaf: this.leaves[index] as Leaf,
      proof: this.tree.prove(index),
    });
  }
  /** Freezes, seeds and draws: a committee that votes. */
  begin(): quorum.Epoch {
    const { nextAt } = this.config;
    if (this.machine.now() < nextAt) this.machine.setTime(nextAt);
    this.must(this.freezeOf(), [PARTIES.keeper]);
    this.skipSlots(TERMS.seedDelay + 1);
    this.hashSlots();
    this.must(quorum.seed(this.of), []);
    for (const draw of this.drawsOf()) this.must(draw, []);
    return this.epoch();
  }

  /** What updates lead to from the last final root, on a map that is left as it is. */
  trace(updates: readonly routes.SignedUpdate[]): { trace: routes.Trace; outcome: quorum.EpochOutcome } {
    const map = this.map.snapshot();
    const previousRoot = this.config.final?.root ?? routes.emptyHash();
    const trace = routes.traceUpdates(map, updates, this.domain);
    const outcome = {
      previousRoot,
      root: trace.root,
      updatesRoot: trace.list.root,
      count: trace.steps.length,
    };
    return { trace, outcome };
  }
  digest(outcome: quorum.EpochOutcome, epoch = this.number): Uint8Array {
    return quorum.hashOutcome(outcome, this.domain, epoch);
  }
  signer(seat: number): Signer {
    const member = this.epoch().members[seat] as quorum.Member;
    return this.witnessOf(member.operator);
  }
  attestOf(seat: number, outcome: quorum.EpochOutcome): Instruction {
    const witness = this.signer(seat).publicKey;
    return quorum.attest({ ...this.of, witness, seat, digest: this.digest(outcome) });
  }
  attest(seat: number, outcome: quorum.EpochOutcome): Outcome {
    return this.must(this.attestOf(seat, outcome), [this.signer(seat)]);
  }
  voteOf(seat: number, outcome: quorum.EpochOutcome, epoch = this.number): quorum.SignedVote {
    return { seat, signature: quorum.signVote(this.signer(seat), this.digest(outcome, epoch)) };
  }
  relayOf(seats: readonly number[], outcome: quorum.EpochOutcome): Instruction {
    return quorum.relay({ ...this.of, outcome, votes: seats.map((seat) => this.voteOf(seat, outcome)) });
  }
  /** With a limit of compute units, as a keeper sends it. */
  budgeted(instruction: Instruction, unitLimit: number): Instruction[] {
    return [...computeBudgetInstructions({ unitLimit }), instruction];
  }
  /** All vote for the outcome, and it is tallied. */
  attestAll(outcome: quorum.EpochOutcome): void {
    for (const { seat } of this.epoch().members) this.attest(seat, outcome);
    this.must(quorum.tally({ ...this.of, outcome }), []);
  }
  /** A whole epoch of these updates, final. */
  finish(updates: readonly routes.SignedUpdate[]): void {
    const { outcome } = this.trace(updates);
    this.attestAll(outcome);
    this.pass(TERMS.window);
    this.must(quorum.finalize(this.of), []);
    routes.traceUpdates(this.map, updates, this.domain);
  }
  /** Signed updates of names that are there only as hashes, one each. */
  updates(count: number, version = 1n, signer: Signer = PARTIES.alice): routes.SignedUpdate[] {
    return Array.from({ length: count }, (_, i) => this.update(`name ${i}`, version, signer));
  }
  update(name: string, version = 1n, signer: Signer = PARTIES.alice): routes.SignedUpdate {
    const update = {
      nameHash: addressOf(name),
      generation: 1,
      version,
      expiresAt: NOON + 86_400n,
      recordsHash: addressOf(`records ${name} ${version}`),
    };
    return routes.signUpdate(update, this.domain, signer);
  }
}

/** The hash of a slot in these worlds. */
export const slotHash = (slot: bigint): Uint8Array => addressOf(`slot ${slot}`);

/** The machine that `make` makes, from its snapshot after the first time. */
export const snapshot = snapshots();

const DEPLOYMENT = quorum.createQuorumDeployment({
  quorum: QUORUM_KEY.publicKey,
  stake: "AsJ4RS145F19X7dkQdPbL6N7A3w5XcJyiyjosmqCcgNr",
  names: "NQ1Yfm4cbYXmXjopqUqMvAL51MzBQKNphAZmncoSd3g",
});

/** The programs on a machine where they are. */
export const worldOn = (machine: Machine): QuorumWorld => new QuorumWorld(machine, DEPLOYMENT);

/** Deployed, wallets funded, nothing initialised. */
export function deployedQuorum(): QuorumWorld {
  const machine = snapshot("deployed", () => {
    const fresh = new Machine(PAYER);
    fresh.setTime(NOON);
    deployProgram(fresh, QUORUM_KEY, QUORUM_BYTES, PARTIES.authority);
    for (const owner of Object.values(PARTIES)) fresh.airdrop(owner.publicKey, 100_000_000_000n);
    return fresh;
  });
  return worldOn(machine);
}

export function initializeOf(
  world: QuorumWorld,
  authority: Signer = PARTIES.authority,
  terms = TERMS,
): Instruction {
  const { deployment } = world;
  const guardian = PARTIES.guardian.publicKey;
  return quorum.initialize({
    deployment,
    authority: authority.publicKey,
    terms,
    genesisHash: GENESIS,
    guardian,
  });
}

/** Initialised, with a stake tree of these weights. */
export function openQuorum(weights: readonly bigint[] = WEIGHTS): QuorumWorld {
  const machine = snapshot("open", () => {
    const world = deployedQuorum();
    world.must(initializeOf(world), [PARTIES.authority]);
    return world.machine;
  });
  const world = worldOn(machine);
  world.plantTree(weights);
  return world;
}
