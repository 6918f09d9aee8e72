import type { Connection } from "@solana/web3.js";
import { PublicKey, Connection as Rpc } from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import {
  type Address,
  createDeployment,
  type Deployment,
  dayOf,
  deriveLedger,
  deriveVault,
  type SignedVoucher,
  type Signer,
  signVoucher,
  TOKEN_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import {
  decodeLedgerHeader,
  deposit,
  extendLedger,
  initialize,
  type Lane,
  MAX_ROWS_AT_ONCE,
  openLane,
  openLedger,
  readLane,
  requestClose,
} from "@tolldns/sdk/escrow";
import { type Instruction, readonly, writable } from "@tolldns/sdk/transaction";
import { keyOf, PROGRAM_BYTES, PROGRAM_KEY } from "../../programs/world/keys.ts";
import { createAccount, deploy, pack } from "./deploy.ts";
import { sendConfirmed } from "./send.ts";

export interface WorldOptions {
  readonly lanes: number;
  /** micro-IU a lane. */
  readonly reserve?: bigint;
  /** Seconds; at least twice the interval of 60 and one more. */
  readonly graceSeconds?: number;
  /** Milliseconds to wait after the deployment, for chains whose slots pass by themselves. */
  readonly waitMs?: number;
}

/** What a chain holds once the protocol runs on it, with everybody's keys. All keys are made from names, so any process can rebuild it. */
export interface World {
  readonly connection: Connection;
  readonly deployment: Deployment;
  readonly operator: Signer;
  readonly keeper: Signer;
  readonly owner: Signer;
  readonly ledger: Address;
  readonly payout: Address;
  readonly vault: Address;
  /** Of each lane, micro-IU. */
  readonly reserve: bigint;
  /** Session key of a lane. */
  sessionKey(lane: number): Signer;
  /** A voucher the lane's session key signed. `expiryDay` defaults to ten days from the chain's today. */
  voucher(
    lane: number,
    cumulative: bigint,
    more?: { expiryDay?: number; generation?: number; key?: Signer },
  ): SignedVoucher;
  readLanes(
    commitment?: "confirmed" | "finalized",
  ): Promise<{ lane(lane: number): Lane; credited: bigint; distributed: bigint }>;
  requestClose(lane: number): Promise<void>;
  send(instructions: readonly Instruction[], signers?: readonly Signer[]): Promise<string>;
  balanceOf(tokenAccount: Address): Promise<bigint>;
}

/** The chain's time that worlds begin at, Unix seconds. */
export const START = 1_800_000_000;
const RESERVE = 1_000_000n;
const LANES_AT_ONCE = 10;

const sessionKeys = new Map<number, Signer>();
export function sessionKeyOf(lane: number): Signer {
  let key = sessionKeys.get(lane);
  if (key === undefined) {
    key = keyOf(`keepers session ${lane}`);
    sessionKeys.set(lane, key);
  }
  return key;
}

const CLOCK = { kind: "virtual", startAt: START, autoAdvance: true } as const;

/** A chain in memory on a virtual clock; what lands is confirmed at once. */
export function startVirtualChain(dataDir?: string): Promise<Chain> {
  return startChain({
    clock: CLOCK,
    seed: "keepers",
    faultSeed: 7,
    ...(dataDir === undefined ? {} : { dataDir }),
  });
}

/** Looks at a world that was built on the chain behind this RPC. */
export function openWorld(
  connection: Connection,
  genesisHash: string,
  today = dayOf(START),
  reserve = RESERVE,
): World {
  const [operator, keeper, owner] = ["operator", "keeper", "owner"].map((name) =>
    keyOf(`keepers ${name}`),
  ) as [Signer, Signer, Signer];
  const mint = keyOf("keepers mint").publicKey;
  const deployment = createDeployment({
    escrow: PROGRAM_KEY.publicKey,
    mint,
    tokenProgram: TOKEN_PROGRAM,
    genesisHash,
  });
  const ledger = deriveLedger(deployment.escrow, genesisHash, operator.publicKey, 0).address;
  const send = (instructions: readonly Instruction[], signers: readonly Signer[] = []) =>
    sendConfirmed(connection, operator, instructions, signers);
  return {
    connection,
    deployment,
    operator,
    keeper,
    owner,
    ledger,
    payout: keyOf("keepers payout").publicKey,
    vault: deriveVault(deployment.escrow).address,
    reserve,
    sessionKey: sessionKeyOf,
    voucher: (lane, cumulative, more = {}) =>
      signVoucher(
        {
          ledger,
          lane,
          generation: more.generation ?? 1,
          expiryDay: more.expiryDay ?? today + 10,
          cumulative,
        },
        more.key ?? sessionKeyOf(lane),
      ),
    readLanes: async (commitment = "confirmed") => {
      const account = await connection.getAccountInfo(new PublicKey(ledger), commitment);
      if (account === null) throw new Error("no ledger");
      const { credited, distributed } = decodeLedgerHeader(account.data);
      return { lane: (lane) => readLane(account.data, lane), credited, distributed };
    },
    requestClose: async (lane) => {
      await send(
        [requestClose({ deployment, ledger, lane, generation: 1, owner: owner.publicKey })],
        [owner],
      );
    },
    send,
    balanceOf: async (tokenAccount) => {
      const account = await connection.getAccountInfo(new PublicKey(tokenAccount), "confirmed");
      return account === null ? 0n : account.data.readBigUInt64LE(64);
    },
  };
}

/** Deploys and initialises the protocol on a fresh chain and opens `lanes` lanes of one owner. */
export async function buildWorld(
  chain: {
    airdrop(address: string, lamports: bigint): Promise<unknown>;
    rpcUrl: string;
    genesisHash: string;
  },
  options: WorldOptions,
): Promise<World> {
  const { lanes, reserve = RESERVE, graceSeconds = 3_600, waitMs = 0 } = options;
  const connection = new Rpc(chain.rpcUrl, "confirmed");
  const world = openWorld(connection, chain.genesisHash, dayOf(START), reserve);
  const { deployment, operator, keeper, owner, ledger } = world;
  for (const { publicKey } of [operator, keeper, owner]) {
    await chain.airdrop(new PublicKey(publicKey).toBase58(), 50_000_000_000n);
  }
  await waitForFunds(connection, owner.publicKey);
  await deploy(connection, operator, PROGRAM_KEY, PROGRAM_BYTES);
  // A program is visible from the slot after its deployment.
  await new Promise((resolve) => setTimeout(resolve, waitMs * 3));

  const mint = keyOf("keepers mint");
  const accounts = ["treasury", "names pool", "payout", "wallet"].map((name) => keyOf(`keepers ${name}`)) as [
    Signer,
    Signer,
    Signer,
    Signer,
  ];
  const [treasury, namesPool, payout, wallet] = accounts;
  const token = toAddress(TOKEN_PROGRAM);
  const call = (metas: Instruction["accounts"], data: Uint8Array): Instruction => ({
    program: token,
    accounts: metas,
    data,
  });
  await world.send(
    [
      createAccount(operator, mint, 82, token),
      call([writable(mint.publicKey)], pack(["u8", 20], ["u8", 6], operator.publicKey, ["u8", 0])),
    ],
    [mint],
  );
  for (const account of accounts) {
    const holder = account === wallet ? owner : operator;
    await world.send(
      [
        createAccount(operator, account, 165, token),
        call([writable(account.publicKey), readonly(mint.publicKey)], pack(["u8", 18], holder.publicKey)),
      ],
      [account],
    );
  }
  const total = reserve * BigInt(lanes);
  await world.send([
    call(
      [
        writable(mint.publicKey),
        writable(wallet.publicKey),
        { ...writable(operator.publicKey), signer: true },
      ],
      pack(["u8", 7], ["u64", total]),
    ),
    initialize({
      deployment,
      authority: operator.publicKey,
      treasury: treasury.publicKey,
      namesPool: namesPool.publicKey,
      split: { operatorBps: 8_000, namesBps: 1_000, treasuryBps: 1_000 },
      settlementInterval: 60,
      graceSeconds,
      guardian: operator.publicKey,
    }),
    openLedger({
      deployment,
      operator: operator.publicKey,
      index: 0,
      payout: payout.publicKey,
      minReserve: 1n,
    }),
  ]);
  await world.send(
    [deposit({ deployment, owner: owner.publicKey, source: wallet.publicKey, amount: total })],
    [owner],
  );
  for (let left = lanes; left > 0; left -= MAX_ROWS_AT_ONCE) {
    const rows = Math.min(left, MAX_ROWS_AT_ONCE);
    await world.send([extendLedger({ deployment, operator: operator.publicKey, ledger, rows })]);
  }
  for (let from = 0; from < lanes; from += LANES_AT_ONCE) {
    const count = Math.min(LANES_AT_ONCE, lanes - from);
    const opens = Array.from({ length: count }, (_, i) =>
      openLane({
        deployment,
        owner: owner.publicKey,
        ledger,
        lane: from + i,
        sessionKey: sessionKeyOf(from + i).publicKey,
        reserve,
      }),
    );
    await world.send(opens, [owner]);
  }
  return world;
}

async function waitForFunds(connection: Connection, address: Address): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if ((await connection.getBalance(new PublicKey(address), "confirmed")) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the faucet gave nothing");
}
