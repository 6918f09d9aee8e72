import { join } from "node:path";
import {
  addressesOf,
  DEFAULT_TERMS,
  type Deployment,
  migrate,
  mintIndexUnits,
  readKey,
} from "@tolldns/migrations";
import {
  type Address,
  type Deployment as Addresses,
  batchOf,
  createSeed,
  deriveBalance,
  deriveLedger,
  deriveTokenAccount,
  expiryDayAfter,
  formatAddress,
  type Signer,
  signVoucher,
  splitAmount,
} from "@tolldns/sdk";
import {
  closeBalance,
  closeLane,
  closeLedger,
  decodeBalance,
  decodeLedgerHeader,
  deposit,
  distribute,
  extendLedger,
  openLane,
  openLedger,
  readLane,
  settle,
  withdraw,
} from "@tolldns/sdk/escrow";
import { createSignerNode } from "@tolldns/sdk/node";
import type { Instruction } from "@tolldns/sdk/transaction";
import { createAssociated, transferLamports } from "../../migrations/src/accounts.ts";
import { connect, type Rpc, readAccount } from "../../migrations/src/rpc.ts";
import { send } from "../../migrations/src/send.ts";

export interface EndToEndOptions {
  rpcUrl: string;
  /** Keeps the deployment's keys, so that a second run uses the same program. */
  folder: string;
  log(line: string): void;
}

/** Lamports for a wallet or an operator: rent of a ledger's rows and fees. */
const PURSE = 20_000_000n;
/** micro-IU */
const DEPOSIT = 5_000_000n;
const RESERVE = 1_000_000n;
const LANES = 3;

interface World {
  rpc: Rpc;
  deployment: Deployment;
  addresses: Addresses;
  authority: Signer;
  owner: Signer;
  operator: Signer;
  source: Address;
  payout: Address;
  ledger: Address;
}

function check(what: string, got: bigint, expected: bigint): void {
  if (got !== expected) throw new Error(`${what}: expected ${expected}, got ${got}`);
}

/** The amount in a token account; 0 where there is none. */
async function tokens(rpc: Rpc, account: Address | string): Promise<bigint> {
  const found = await readAccount(rpc, formatAddress(account));
  return found === null ? 0n : Buffer.from(found.data).readBigUInt64LE(64);
}

async function run(world: World, payer: Signer, ...instructions: Instruction[]): Promise<void> {
  await send({ rpc: world.rpc, payer, unitPrice: 0n }, instructions);
}

/** vault = free + reserved - settled + credited - distributed, for this wallet and ledger and whatever was there before. */
async function conserved(world: World, before: bigint): Promise<void> {
  const { rpc, deployment, addresses, owner, ledger } = world;
  const balance = await readAccount(
    rpc,
    formatAddress(deriveBalance(addresses.escrow, owner.publicKey).address),
  );
  const account = await readAccount(rpc, formatAddress(ledger));
  let due = balance === null || balance.data.length === 0 ? 0n : decodeBalance(balance.data).free;
  if (account !== null && account.data.length > 0) {
    const header = decodeLedgerHeader(account.data);
    due += header.credited - header.distributed;
    for (let lane = 0; lane < header.rows; lane++) {
      const row = readLane(account.data, lane);
      if (row.state !== "free") due += row.reserve - row.settled;
    }
  }
  check("the vault", await tokens(rpc, deployment.vault), before + due);
}

/**
 * The whole way of money on any cluster that gives SOL for the asking, or whose authority has some: deploy, initialise,
 * deposit, open ledger and lanes, settle vouchers, distribute, close, withdraw. Every balance is checked to the unit.
 * @throws Error naming the first balance that is not as it should be
 */
export async function endToEnd({ rpcUrl, folder, log }: EndToEndOptions): Promise<void> {
  let told = "";
  const deployment = await migrate({
    rpcUrl,
    folder,
    onProgress: ({ step, message }) => {
      if (message !== told) log(`${step}: ${message}`);
      told = message;
    },
  });
  const world = await prepare(rpcUrl, folder, deployment);
  const { rpc, addresses, owner, operator, ledger, payout, source } = world;
  const before = await tokens(rpc, deployment.vault);

  log("deposit");
  await run(
    world,
    owner,
    deposit({ deployment: addresses, owner: owner.publicKey, source, amount: DEPOSIT }),
  );
  check("the wallet's tokens", await tokens(rpc, source), 0n);
  await conserved(world, before);

  log("open ledger and lanes");
  const key = { deployment: addresses, ledger };
  await run(
    world,
    operator,
    openLedger({ deployment: addresses, operator: operator.publicKey, index: 0, payout, minReserve: 1000n }),
    extendLedger({ ...key, operator: operator.publicKey, rows: LANES }),
  );
  const session = createSignerNode(createSeed());
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const opens = lanes.map((lane) =>
    openLane({ ...key, owner: owner.publicKey, lane, sessionKey: session.publicKey, reserve: RESERVE }),
  );
  await run(world, owner, ...opens);
  await conserved(world, before);

  log("settle");
  const now = await chainTime(rpc);
  const paid = lanes.map((lane) => 123_457n * BigInt(lane + 1));
  const vouchers = lanes.map((lane) =>
    signVoucher(
      { ledger, lane, generation: 1, expiryDay: expiryDayAfter(now, 2), cumulative: paid[lane] as bigint },
      session,
    ),
  );
  const total = paid.reduce((sum, amount) => sum + amount, 0n);
  await run(world, operator, settle({ deployment: addresses, ledger, batch: batchOf(vouchers) }));
  // The same batch again is a no-op.
  await run(
    world,
    operator,
    settle({ deployment: addresses, ledger, batch: batchOf([...vouchers].reverse()) }),
  );
  const settled = decodeLedgerHeader(
    (await readAccount(rpc, formatAddress(ledger)))?.data ?? new Uint8Array(0),
  );
  check("the credit", settled.credited, total);
  await conserved(world, before);

  log("distribute");
  const shares = splitAmount(total, DEFAULT_TERMS.split);
  const { namesPool, treasury } = deployment;
  const had = { names: await tokens(rpc, namesPool), treasury: await tokens(rpc, treasury) };
  await run(world, operator, distribute({ ...key, payout, namesPool, treasury }));
  check("the operator's share", await tokens(rpc, payout), shares.operator);
  check("the names pool's share", (await tokens(rpc, namesPool)) - had.names, shares.names);
  check("the treasury's share", (await tokens(rpc, treasury)) - had.treasury, shares.treasury);
  await conserved(world, before);

  log("close and withdraw");
  const closes = lanes.map((lane) =>
    closeLane({ ...key, owner: owner.publicKey, closer: operator.publicKey, lane, generation: 1 }),
  );
  await run(world, operator, ...closes);
  await run(
    world,
    owner,
    withdraw({ deployment: addresses, owner: owner.publicKey, destination: source, amount: DEPOSIT - total }),
    closeBalance({ deployment: addresses, owner: owner.publicKey }),
  );
  await run(world, operator, closeLedger({ ...key, operator: operator.publicKey }));
  check("what the wallet got back", await tokens(rpc, source), DEPOSIT - total);
  check("the vault in the end", await tokens(rpc, deployment.vault), before);
  log("every balance is right");
}

async function chainTime(rpc: Rpc): Promise<number> {
  const slot = await rpc.call<number>("getSlot", [{ commitment: "confirmed" }]);
  return (await rpc.call<number | null>("getBlockTime", [slot])) ?? Math.floor(Date.now() / 1000);
}

/** Makes a wallet with units, an operator with a payout account, and gives both SOL of the authority's. */
async function prepare(rpcUrl: string, folder: string, deployment: Deployment): Promise<World> {
  const rpc = connect(rpcUrl);
  const authority = readKey(join(folder, "authority.json"));
  const owner = createSignerNode(createSeed());
  const operator = createSignerNode(createSeed());
  const { mint, tokenProgram } = deployment;
  const addresses = addressesOf(deployment);
  await send({ rpc, payer: authority, unitPrice: 0n }, [
    transferLamports(authority.publicKey, owner.publicKey, PURSE),
    transferLamports(authority.publicKey, operator.publicKey, PURSE),
    createAssociated(authority.publicKey, operator.publicKey, mint, tokenProgram),
  ]);
  await mintIndexUnits({ rpcUrl, folder, owner: owner.publicKey, amount: DEPOSIT });
  return {
    ...{ rpc, deployment, addresses, authority, owner, operator },
    source: deriveTokenAccount(owner.publicKey, mint, tokenProgram).address,
    payout: deriveTokenAccount(operator.publicKey, mint, tokenProgram).address,
    ledger: deriveLedger(addresses.escrow, addresses.genesisHash, operator.publicKey, 0).address,
  };
}
