import {
  type Address,
  createDeployment,
  type Deployment,
  deriveBalance,
  deriveConfig,
  deriveLedger,
  deriveVault,
  encodeVoucher,
  type Signer,
  TOKEN_PROGRAM,
} from "@tolldns/sdk";
import { deployProgram } from "./deploy.ts";
import { addressOf, keyOf, PROGRAM_BYTES, PROGRAM_KEY } from "./keys.ts";
import { Machine, type Outcome, type SendOptions } from "./machine.ts";
import {
  type Balance,
  type Config,
  decodeBalance,
  decodeConfig,
  decodeLedgerHeader,
  deposit,
  extendLedger,
  type Instruction,
  initialize,
  type Lane,
  type LedgerHeader,
  openLane,
  openLedger,
  readLane,
} from "./sdk.ts";
import { plantMint, plantTokenAccount, tokensOf } from "./tokens.ts";

/** Unix seconds at which every world begins: 2026-11-21 12:00 UTC, half a day from either midnight. */
export const NOON = 1_795_262_400n;
export const TODAY = Number(NOON / 86_400n);
const SETTLEMENT_INTERVAL = 3_600;
export const GRACE = 7_201;
/** What each wallet of a world has in its token account at first, micro-IU. */
export const POCKET = 1_000_000_000_000n;
/** Rows of the ledger of a world. */
export const ROWS = 8;
/** Reserve of the lanes a world opens, micro-IU. */
export const RESERVE = 1_000_000n;
export const MIN_RESERVE = 1_000n;

/** A signed voucher as a record of `settle`. */
export interface Row {
  readonly lane: number;
  readonly cumulative: bigint;
  readonly expiryOffset: number;
  readonly signature: Uint8Array;
}

/** Named parties; each has a token account. */
export const PARTIES = {
  deployer: keyOf("deployer"),
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  operator: keyOf("operator"),
  alice: keyOf("alice"),
  bob: keyOf("bob"),
  stranger: keyOf("stranger"),
} as const;

const genesisHash = addressOf("genesis");
const mint = addressOf("mint");
const MACHINE_PAYER = keyOf("machine payer");

/** The protocol, deployed and initialised, with one operator, one ledger and two wallets. */
export class World {
  readonly machine: Machine;
  readonly tokenProgram: string;
  readonly deployment: Deployment;
  readonly config: Address;
  readonly vault: Address;
  readonly ledger: Address;
  readonly treasury: Address = addressOf("treasury tokens");
  readonly namesPool: Address = addressOf("names pool tokens");
  readonly payout: Address = addressOf("operator tokens");
  /** Derived before; deriving takes a third of a millisecond, long for a hundred thousand steps. */
  private readonly balances = new Map<string, Address>();

  constructor(machine: Machine, tokenProgram: string) {
    this.machine = machine;
    this.tokenProgram = tokenProgram;
    this.deployment = createDeployment({ escrow: PROGRAM_KEY.publicKey, mint, tokenProgram, genesisHash });
    this.config = deriveConfig(this.deployment.escrow).address;
    this.vault = deriveVault(this.deployment.escrow).address;
    this.ledger = deriveLedger(this.deployment.escrow, genesisHash, PARTIES.operator.publicKey, 0).address;
  }

  send(
    instructions: Instruction | readonly Instruction[],
    signers: readonly Signer[],
    options?: SendOptions,
  ): Outcome {
    const list = Array.isArray(instructions)
      ? (instructions as readonly Instruction[])
      : [instructions as Instruction];
    return this.machine.send(list, signers, options);
  }

  /** Sends what must succeed. */
  must(
    instructions: Instruction | readonly Instruction[],
    signers: readonly Signer[],
    options?: SendOptions,
  ): Outcome {
    const outcome = this.send(instructions, signers, options);
    if (outcome.error !== undefined)
      throw new Error(`refused with ${String(outcome.error)}\n${outcome.logs.join("\n")}`);
    return outcome;
  }

  /** A wallet's token account. */
  tokens(owner: Signer): Address {
    return addressOf(`tokens of ${Buffer.from(owner.publicKey).toString("hex")}`);
  }

  balanceAddress(owner: Signer): Address {
    const name = owner.publicKey.join();
    const known = this.balances.get(name);
    if (known !== undefined) return known;
    const { address } = deriveBalance(this.deployment.escrow, owner.publicKey);
    this.balances.set(name, address);
    return address;
  }

  readConfig(): Config {
    return decodeConfig(this.machine.data(this.config));
  }

  readBalance(owner: Signer): Balance | undefined {
    const account = this.machine.account(this.balanceAddress(owner));
    return account === undefined ? undefined : decodeBalance(account.data);
  }

  readLedger(): LedgerHeader {
    return decodeLedgerHeader(this.machine.data(this.ledger));
  }

  readLane(lane: number): Lane {
    return readLane(this.machine.data(this.ledger), lane);
  }

  vaultTokens(): bigint {
    return tokensOf(this.machine, this.vault);
  }

  /** Gives a wallet lamports and Index Units. */
  fund(owner: Signer, amount: bigint = POCKET): void {
    this.machine.airdrop(owner.publicKey, 100_000_000_000n);
    const program = this.tokenProgram;
    plantTokenAccount(this.machine, this.tokens(owner), mint, owner.publicKey, { amount, program });
  }

  deposit(owner: Signer, amount: bigint): Outcome {
    const { deployment } = this;
    return this.must(deposit({ deployment, owner: owner.publicKey, source: this.tokens(owner), amount }), [
      owner,
    ]);
  }

  openLane(owner: Signer, lane: number, session: Signer, reserve: bigint = RESERVE): Outcome {
    const { deployment, ledger } = this;
    return this.must(
      openLane({ deployment, owner: owner.publicKey, ledger, lane, sessionKey: session.publicKey, reserve }),
      [owner],
    );
  }

  /** A record with a good signature for a lane as it stands; `change` may make it another voucher than the chain expects. */
  record(
    session: Signer,
    lane: number,
    cumulative: bigint,
    change: Partial<{
      ledger: Address;
      lane: number;
      generation: number;
      expiryDay: number;
      cumulative: bigint;
    }> = {},
  ): Row {
    const voucher = {
      ledger: this.ledger,
      lane,
      generation: this.readLane(lane).generation,
      expiryDay: TODAY,
      cumulative,
      ...change,
    };
    return { lane, cumulative, expiryOffset: 0, signature: session.sign(encodeVoucher(voucher)) };
  }
}

const snapshots = new Map<string, Uint8Array>();

function snapshot(name: string, make: () => Machine): Machine {
  const known = snapshots.get(name);
  if (known !== undefined) return Machine.restore(MACHINE_PAYER, known);
  const machine = make();
  snapshots.set(name, machine.save());
  return machine;
}

/** The program deployed, nothing initialised. */
export function deployedWorld(tokenProgram: string = TOKEN_PROGRAM): World {
  const machine = snapshot("deployed", () => {
    const fresh = new Machine(MACHINE_PAYER);
    fresh.setTime(NOON);
    deployProgram(fresh, PROGRAM_KEY, PROGRAM_BYTES, PARTIES.deployer);
    return fresh;
  });
  const world = new World(machine, tokenProgram);
  machine.airdrop(PARTIES.deployer.publicKey, 100_000_000_000n);
  plantMint(machine, mint, { program: tokenProgram });
  for (const [address, owner] of [
    [world.treasury, addressOf("treasury")],
    [world.namesPool, addressOf("names pool")],
    [world.payout, PARTIES.operator.publicKey],
  ] as const)
    plantTokenAccount(machine, address, mint, owner, { program: tokenProgram });
  return world;
}

/** The instruction that initialises a deployed world. */
export function initializeOf(world: World, authority: Signer = PARTIES.deployer): Instruction {
  return initialize({
    deployment: world.deployment,
    authority: authority.publicKey,
    treasury: world.treasury,
    namesPool: world.namesPool,
    split: { operatorBps: 8_000, namesBps: 1_000, treasuryBps: 1_000 },
    settlementInterval: SETTLEMENT_INTERVAL,
    graceSeconds: GRACE,
    guardian: PARTIES.guardian.publicKey,
  });
}

/** Initialised, wallets funded, the operator's ledger open with rows and none of them taken. */
export function openedWorld(tokenProgram: string = TOKEN_PROGRAM): World {
  const machine = snapshot(`opened ${tokenProgram}`, () => {
    const world = deployedWorld(tokenProgram);
    world.must(initializeOf(world), [PARTIES.deployer]);
    for (const owner of [PARTIES.operator, PARTIES.alice, PARTIES.bob, PARTIES.stranger, PARTIES.guardian])
      world.fund(owner);
    const { deployment, ledger, payout } = world;
    const operator = PARTIES.operator.publicKey;
    world.must(openLedger({ deployment, operator, index: 0, payout, minReserve: MIN_RESERVE }), [
      PARTIES.operator,
    ]);
    world.must(extendLedger({ deployment, operator, ledger, rows: ROWS }), [PARTIES.operator]);
    return world.machine;
  });
  return new World(machine, tokenProgram);
}

/** Session keys of the lanes of `busyWorld`. */
export const SESSIONS = { alice: keyOf("alice session"), bob: keyOf("bob session") } as const;

/** As `openedWorld`, with lane 0 of Alice and lane 1 of Bob open, each with free balance left. */
export function busyWorld(tokenProgram: string = TOKEN_PROGRAM): World {
  const machine = snapshot(`busy ${tokenProgram}`, () => {
    const world = openedWorld(tokenProgram);
    world.deposit(PARTIES.alice, 5n * RESERVE);
    world.deposit(PARTIES.bob, 5n * RESERVE);
    world.openLane(PARTIES.alice, 0, SESSIONS.alice);
    world.openLane(PARTIES.bob, 1, SESSIONS.bob);
    return world.machine;
  });
  return new World(machine, tokenProgram);
}
