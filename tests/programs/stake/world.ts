import { readFileSync } from "node:fs";
import { type Address, type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import * as stake from "@tolldns/sdk/stake";
import { deployProgram } from "../world/deploy.ts";
import { addressOf, keyOf } from "../world/keys.ts";
import { Machine } from "../world/machine.ts";
import { derivations, PAYER, ProgramWorld, snapshots } from "../world/sending.ts";
import { plantMint, plantTokenAccount, tokensOf } from "../world/tokens.ts";

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
export const STAKE_BYTES = new Uint8Array(readFileSync(new URL("stake.so", artifacts)));
const keypair = JSON.parse(readFileSync(new URL("stake-dev-keypair.json", artifacts), "utf8")) as number[];
export const STAKE_KEY: Signer = createSignerNode(Uint8Array.from(keypair).subarray(0, 32));

/** Unix seconds at which every world begins: 2026-11-21 12:00 UTC. */
export const NOON = 1_795_262_400n;
export const DAY = 86_400;
/** One native token in base units. */
export const ONE = 1_000_000_000n;
export const TERMS: stake.StakeTerms = {
  exitDelay: 10 * DAY,
  leastSelfStake: 100n * ONE,
  tiers: [
    { lock: 0, weightBps: 10_000 },
    { lock: 30 * DAY, weightBps: 12_500 },
    { lock: 180 * DAY, weightBps: 15_000 },
    { lock: 365 * DAY, weightBps: 20_000 },
  ],
  slashBps: { equivocation: 5_000, falseRoot: 10_000, omission: 1_000 },
  reporterBps: 1_000,
  burnBps: 5_000,
};
/** What each wallet has at first, base units. */
export const POCKET = 1_000_000n * ONE;

export const PARTIES = {
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  /** Signs as the quorum program's address does on a cluster. */
  slasher: keyOf("slasher"),
  alice: keyOf("alice"),
  bob: keyOf("bob"),
  carol: keyOf("carol"),
  stranger: keyOf("stranger"),
} as const;
const mint = addressOf("native mint");
const { authority, guardian, slasher, alice, bob, carol } = PARTIES;

/** The mint of native tokens, which every world plants. */
export const MINT = mint;
/** Key of an operator's witness node. */
export const hotKeyOf = (owner: Signer): Signer =>
  keyOf(`hot key of ${Buffer.from(owner.publicKey).toString("hex")}`);

const hex = ({ publicKey }: Signer): string => Buffer.from(publicKey).toString("hex");
const once = derivations();

/** The stake program on a machine. */
export class StakeWorld extends ProgramWorld {
  readonly deployment: stake.StakeDeployment;
  readonly treasury: Address = addressOf("native treasury");

  constructor(machine: Machine, tokenProgram: string) {
    super(machine);
    const { treasury } = this;
    this.deployment = stake.createStakeDeployment({
      stake: STAKE_KEY.publicKey,
      mint,
      tokenProgram,
      treasury,
    });
  }

  get config(): Address {
    return once("config", () => stake.deriveStakeConfig(this.deployment.stake));
  }
  get treeAddress(): Address {
    return once("tree", () => stake.deriveStakeTree(this.deployment.stake));
  }
  get vault(): Address {
    return once("vault", () => stake.deriveStakeVault(this.deployment.stake));
  }
  operatorAddress(owner: Signer): Address {
    return once(`operator ${hex(owner)}`, () => stake.deriveOperator(this.deployment.stake, owner.publicKey));
  }
  positionAddress(owner: Signer, staker: Signer): Address {
    return once(`position ${hex(owner)} ${hex(staker)}`, () =>
      stake.derivePosition(this.deployment.stake, this.operatorAddress(owner), staker.publicKey),
    );
  }
  exitAddress(owner: Signer, staker: Signer, number: number): Address {
    return once(`exit ${hex(owner)} ${hex(staker)} ${number}`, () =>
      stake.deriveExit(this.deployment.stake, this.positionAddress(owner, staker), number),
    );
  }
  nodeAddress(owner: Signer, number: number): Address {
    return stake.deriveNode(this.deployment.stake, this.operatorAddress(owner), number).address;
  }

  /** A wallet's account of native tokens. */
  tokens(owner: Signer): Address {
    return addressOf(`native tokens of ${Buffer.from(owner.publicKey).toString("hex")}`);
  }
  purse(owner: Signer): bigint {
    return tokensOf(this.machine, this.tokens(owner));
  }
  vaultTokens(): bigint {
    return tokensOf(this.machine, this.vault);
  }
  treasuryTokens(): bigint {
    return tokensOf(this.machine, this.treasury);
  }
  /** Tokens that exist. */
  supply(): bigint {
    return new DataView(this.machine.data(mint).slice().buffer).getBigUint64(36, true);
  }

  settings(): stake.StakeConfig {
    return stake.decodeStakeConfig(this.machine.data(this.config));
  }
  tree(): stake.StakeTree {
    return stake.decodeStakeTree(this.machine.data(this.treeAddress));
  }
  operator(owner: Signer): stake.Operator {
    return stake.decodeOperator(this.machine.data(this.operatorAddress(owner)));
  }
  position(owner: Signer, staker: Signer): stake.Position {
    return stake.decodePosition(this.machine.data(this.positionAddress(owner, staker)));
  }
  exit(owner: Signer, staker: Signer, number: number): stake.Exit {
    return stake.decodeExit(this.machine.data(this.exitAddress(owner, staker, number)));
  }
  node(owner: Signer, number: number): stake.OperatorNode {
    return stake.decodeNode(this.machine.data(this.nodeAddress(owner, number)));
  }
  /** What an operator weighs, as the SDK reckons it. */
  weight(owner: Signer): bigint {
    return stake.weightOf(this.operator(owner), this.settings().terms.leastSelfStake);
  }
  /** The whole tree, from all operators there are. */
  mirror(owners: readonly Signer[] = Object.values(PARTIES)): stake.WeightTree {
    const there = owners.filter((owner) => this.machine.account(this.operatorAddress(owner)) !== undefined);
    return stake.WeightTree.of(
      there.map((owner) => ({ address: this.operatorAddress(owner), operator: this.operator(owner) })),
    );
  }
  /** What shows an operator's place in the tree, or the next one. */
  proof(owner: Signer): Uint8Array {
    return this.mirror().proveSync(this.operator(owner).listed?.index);
  }

  registerOf(owner: Signer, commissionBps = 500): stake.Instruction {
    return stake.registerOperator({ deployment: this.deployment, owner: owner.publicKey, commissionBps });
  }
  addNodeOf(owner: Signer, number = 0, role: stake.NodeRole = "witness"): stake.Instruction {
    return stake.addNode({
      deployment: this.deployment,
      owner: owner.publicKey,
      number,
      role,
      region: 7,
      asn: 64_500,
      hotKey: hotKeyOf(owner).publicKey,
      endpoint: "https://witness.example:8443",
    });
  }
  stakeOf(owner: Signer, staker: Signer, amount: bigint, tier = 0): stake.Instruction {
    return stake.stake({
      deployment: this.deployment,
      owner: owner.publicKey,
      staker: staker.publicKey,
      source: this.tokens(staker),
      amount,
      tier,
    });
  }
  /** `number` is the position's next one unless told. */
  exitOf(owner: Signer, staker: Signer, shares: bigint, number?: number): stake.Instruction {
    return stake.requestExit({
      deployment: this.deployment,
      owner: owner.publicKey,
      staker: staker.publicKey,
      number: number ?? this.position(owner, staker).nextExit,
      shares,
      proof: this.operator(owner).listed === undefined ? new Uint8Array(0) : this.proof(owner),
    });
  }
  cancelOf(owner: Signer, staker: Signer, number: number): stake.Instruction {
    const { deployment } = this;
    return stake.cancelExit({ deployment, owner: owner.publicKey, staker: staker.publicKey, number });
  }
  withdrawOf(owner: Signer, staker: Signer, number: number): stake.Instruction {
    return stake.withdraw({
      deployment: this.deployment,
      owner: owner.publicKey,
      staker: staker.publicKey,
      number,
      destination: this.tokens(staker),
    });
  }
  closePositionOf(owner: Signer, staker: Signer): stake.Instruction {
    return stake.closePosition({
      deployment: this.deployment,
      owner: owner.publicKey,
      staker: staker.publicKey,
    });
  }
  syncOf(owner: Signer): stake.Instruction {
    return stake.sync({
      deployment: this.deployment,
      owner: owner.publicKey,
      proof: this.proof(owner),
    });
  }
  slashOf(owner: Signer, offence: stake.Offence, reporter: Address): stake.Instruction {
    return stake.slash({
      deployment: this.deployment,
      owner: owner.publicKey,
      slasher: slasher.publicKey,
      offence,
      reporter,
    });
  }

  /** Registers with a witness node, stakes and takes a place in the tree. */
  open(owner: Signer, amount: bigint): void {
    this.must(this.registerOf(owner), [owner]);
    this.must(this.addNodeOf(owner), [owner]);
    this.must(this.stakeOf(owner, owner, amount), [owner]);
    this.must(this.syncOf(owner), []);
  }
}

const snapshot = snapshots();

/** Deployed, wallets funded, nothing initialised. */
export function deployedStake(tokenProgram: string = TOKEN_PROGRAM): StakeWorld {
  const machine = snapshot(`deployed ${tokenProgram}`, () => {
    const fresh = new Machine(PAYER);
    fresh.setTime(NOON);
    deployProgram(fresh, STAKE_KEY, STAKE_BYTES, authority);
    const world = new StakeWorld(fresh, tokenProgram);
    plantMint(fresh, mint, { program: tokenProgram, decimals: 9 });
    plantTokenAccount(fresh, world.treasury, mint, addressOf("treasury"), { program: tokenProgram });
    for (const owner of Object.values(PARTIES)) {
      fresh.airdrop(owner.publicKey, 100_000_000_000n);
      const options = { amount: POCKET, program: tokenProgram };
      plantTokenAccount(fresh, world.tokens(owner), mint, owner.publicKey, options);
    }
    return fresh;
  });
  return new StakeWorld(machine, tokenProgram);
}

export function initializeOf(world: StakeWorld, signer: Signer = authority): stake.Instruction {
  return stake.initialize({
    deployment: world.deployment,
    authority: signer.publicKey,
    terms: TERMS,
    guardian: guardian.publicKey,
    slasher: slasher.publicKey,
  });
}

/** Initialised as well. */
export function openStake(tokenProgram: string = TOKEN_PROGRAM): StakeWorld {
  const machine = snapshot(`open ${tokenProgram}`, () => {
    const world = deployedStake(tokenProgram);
    world.must(initializeOf(world), [authority]);
    return world.machine;
  });
  return new StakeWorld(machine, tokenProgram);
}

/** Alice and Bob are operators with 1 000 and 500 tokens of their own; Carol has 300 with Alice. All three are in the tree's weights. */
export function busyStake(tokenProgram: string = TOKEN_PROGRAM): StakeWorld {
  const machine = snapshot(`busy ${tokenProgram}`, () => {
    const world = openStake(tokenProgram);
    world.open(alice, 1_000n * ONE);
    world.open(bob, 500n * ONE);
    world.must(world.stakeOf(alice, carol, 300n * ONE), [carol]);
    world.must(world.syncOf(alice), []);
    return world.machine;
  });
  return new StakeWorld(machine, tokenProgram);
}
