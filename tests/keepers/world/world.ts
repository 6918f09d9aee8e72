import type { Connection } from "@solana/web3.js";
import { PublicKey, Connection as Rpc } from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import { addressesOf, migrate, mintIndexUnits, readDeployment } from "@tolldns/migrations";
import {
  type Address,
  type Deployment,
  dayOf,
  deriveLedger,
  deriveTokenAccount,
  deriveVault,
  type SignedVoucher,
  type Signer,
  signVoucher,
  toAddress,
} from "@tolldns/sdk";
import {
  decodeLedgerHeader,
  deposit,
  extendLedger,
  type Lane,
  MAX_ROWS_AT_ONCE,
  openLane,
  openLedger,
  readLane,
  requestClose,
} from "@tolldns/sdk/escrow";
import type { Instruction } from "@tolldns/sdk/transaction";
import { keyOf } from "../../programs/world/keys.ts";
import { sendConfirmed } from "./send.ts";

export interface WorldOptions {
  readonly lanes: number;
  /** micro-IU a lane. */
  readonly reserve?: bigint;
  /** Seconds; at least twice the interval of 60 and one more. */
  readonly graceSeconds?: number;
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
function sessionKeyOf(lane: number): Signer {
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

/** Looks at a world that was built before; `folder` keeps its deployment. `today` is the day vouchers count from. */
export function openWorld(
  connection: Connection,
  folder: string,
  today = dayOf(START),
  reserve = RESERVE,
): World {
  const [operator, keeper, owner] = ["operator", "keeper", "owner"].map((name) =>
    keyOf(`keepers ${name}`),
  ) as [Signer, Signer, Signer];
  const found = readDeployment(folder);
  if (found === null) throw new Error(`no deployment in ${folder}`);
  const deployment = addressesOf(found);
  const ledger = deriveLedger(deployment.escrow, deployment.genesisHash, operator.publicKey, 0).address;
  const send = (instructions: readonly Instruction[], signers: readonly Signer[] = []) =>
    sendConfirmed(connection, operator, instructions, signers);
  return {
    connection,
    deployment,
    operator,
    keeper,
    owner,
    ledger,
    payout: deriveTokenAccount(operator.publicKey, deployment.mint, deployment.tokenProgram).address,
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

/** Migrates a fresh chain, opens the operator's ledger and `lanes` lanes of one owner. */
export async function buildWorld(rpcUrl: string, folder: string, options: WorldOptions): Promise<World> {
  const { lanes, reserve = RESERVE, graceSeconds = 3_600 } = options;
  await migrate({ rpcUrl, folder, terms: { settlementInterval: 60, graceSeconds } });
  const connection = new Rpc(rpcUrl, "confirmed");
  const world = openWorld(connection, folder, dayOf(START), reserve);
  const { deployment, operator, keeper, owner, ledger, payout } = world;
  for (const { publicKey } of [operator, keeper, owner]) {
    await connection.requestAirdrop(new PublicKey(publicKey), 50_000_000_000);
    await waitForFunds(connection, publicKey);
  }
  const total = reserve * BigInt(lanes);
  await mintIndexUnits({ rpcUrl, folder, owner: operator.publicKey, amount: 0n });
  const source = toAddress(await mintIndexUnits({ rpcUrl, folder, owner: owner.publicKey, amount: total }));
  await world.send([
    openLedger({ deployment, operator: operator.publicKey, index: 0, payout, minReserve: 1n }),
  ]);
  await world.send([deposit({ deployment, owner: owner.publicKey, source, amount: total })], [owner]);
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
