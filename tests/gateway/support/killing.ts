import { randomInt } from "node:crypto";
import { join } from "node:path";
import { createUpstream, type Upstream } from "@tolldns/dns";
import { encodeVoucher, formatAddress } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { openSqliteStore } from "@tolldns/store";
import { expect } from "chai";
import type { GatewayConfig } from "../../../clients/gateway/src/config.ts";
import { buildWorld, startVirtualChain, type World } from "../../keepers/world/world.ts";
import { temporaryFolder } from "./booths.ts";
import { askPaid, sendToll } from "./gateways.ts";
import { createPayer, entered, newChain, openBytes, type Payer, tickBytes, voucherBytes } from "./payer.ts";
import { startProcess } from "./process.ts";
import { alwaysA, startUpstream } from "./upstream.ts";

const PRICE = 10n;
const K = 8;
const LANES = 6;

/** What one payer knows: micro-IU. */
interface Account {
  readonly payer: Payer;
  /** Highest amount the gateway ever acknowledged. */
  acknowledged: bigint;
  /** What all ticks ever answered are worth. */
  owed: bigint;
  /** Worth of tick 0 of the session. */
  base: bigint;
  openedAt: number;
}

/** Kills a gateway process `times` times while payers query and pay, and checks after each what it kept. Returns what happened. */
export async function killUnderLoad(
  times: number,
  random = randomInt,
): Promise<{ vouchers: number; queries: number }> {
  const folder = temporaryFolder();
  const chain = await startVirtualChain();
  const upstream = await startUpstream(alwaysA("192.0.2.7"));
  const done = { vouchers: 0, queries: 0 };
  try {
    const world = await buildWorld(chain.rpcUrl, join(folder.path, "deployment"), {
      lanes: LANES,
      reserve: 1n << 40n,
    });
    const path = join(folder.path, "store.db");
    const config = configOf(world, chain.rpcUrl, chain.wsUrl, path, upstream.port);
    const accounts: Account[] = Array.from({ length: LANES }, (_, lane) => ({
      payer: { ...createPayer({ ledger: world.ledger, lane, price: PRICE }), signer: world.sessionKey(lane) },
      acknowledged: 0n,
      owed: 0n,
      base: 0n,
      openedAt: 0,
    }));
    for (let round = 0; round < times; round++) {
      const gateway = await startProcess(folder.path, config);
      const port = gateway.addresses.tcp?.port as number;
      let over = false;
      const payers = accounts.map((account) => pay(account, port, () => over, done));
      const before = done.vouchers;
      for (let i = 0; i < 3000 && done.vouchers < before + LANES; i++) await pause(5);
      await pause(random(0, 200));
      await gateway.kill();
      over = true;
      await Promise.all(payers);
      await checkKept(path, accounts);
    }
    return done;
  } finally {
    await chain.close();
    await upstream.close();
    folder.remove();
  }
}

function configOf(world: World, rpc: string, websocket: string, store: string, port: number): GatewayConfig {
  return {
    listen: { tcp: 0 },
    upstreams: [{ kind: "udp", host: "127.0.0.1", port }],
    log: { level: "error" },
    toll: {
      rpc,
      websocket,
      store: `sqlite:${store}`,
      ledger: formatAddress(world.ledger),
      escrow: formatAddress(world.deployment.escrow),
      genesis: formatAddress(world.deployment.genesisHash),
      terms: { tickPrice: PRICE.toString(), k: K },
    },
  };
}

/** One payer's life until the gateway dies: opens, queries, pays every few ticks. */
async function pay(
  account: Account,
  port: number,
  over: () => boolean,
  done: { vouchers: number; queries: number },
) {
  const client = createUpstream({ protocol: "tcp", address: "127.0.0.1", port, timeoutMs: 1000 });
  const { payer } = account;
  try {
    payer.chain = newChain(4096);
    account.openedAt = Math.max(account.openedAt + 1, Math.floor(Date.now() / 1000));
    const opening = openBytes(payer, account.openedAt, { cumulative: account.owed });
    const said = await sendToll(client, opening);
    if (said.option === undefined) throw new Error(`opening refused with ${said.refusal}`);
    expect(said.refusal, "an opening that pays all that is owed").to.equal(0);
    entered(payer, said.option);
    const view = new DataView(said.option.buffer, said.option.byteOffset);
    account.base = view.getBigUint64(17, true);
    // What the gateway forgot are ticks that no voucher of its covered: never more than k.
    expect(Number(account.owed - account.base), "units forgotten").to.be.at.most(K * Number(PRICE));
    account.owed = max(account.owed, payer.acknowledged);
    account.acknowledged = max(account.acknowledged, payer.acknowledged);
    while (!over()) {
      for (let i = 0; i < 4; i++) await query(client, account, done);
      await voucher(client, account, done);
    }
  } catch (error) {
    if ((error as { name?: string }).name !== "DnsError") throw error;
  } finally {
    await client.close();
  }
}

async function query(client: Upstream, account: Account, done: { queries: number }) {
  const { payer } = account;
  const index = payer.next;
  const said = await askPaid(client, payer, `n${index % 50}.example`, tickBytes(payer));
  expect(said.refusal, "a paid query").to.equal(0);
  done.queries++;
  account.owed = max(account.owed, account.base + BigInt(index) * PRICE);
}

async function voucher(client: Upstream, account: Account, done: { vouchers: number }) {
  const { payer } = account;
  const said = await sendToll(client, voucherBytes(payer, Date.now() / 1000, account.owed));
  expect(said.refusal, "a voucher over what is owed").to.equal(0);
  entered({ ...payer }, said.option as Uint8Array);
  const view = new DataView((said.option as Uint8Array).buffer, (said.option as Uint8Array).byteOffset);
  account.acknowledged = max(account.acknowledged, view.getBigUint64(9, true));
  done.vouchers++;
}

/** Nothing acknowledged may be missing, and what is there must be good. */
async function checkKept(path: string, accounts: readonly Account[]) {
  const store = await openSqliteStore({ path });
  try {
    for (const { payer, acknowledged } of accounts) {
      const { ledger, lane, generation } = payer;
      const record = await store.readLane({ ledger, lane, generation });
      const kept = record?.voucher ?? null;
      expect((kept?.cumulative ?? 0n) >= acknowledged, `lane ${lane} lost a voucher`).to.equal(true);
      if (kept === null) continue;
      const good = verifyEd25519Node(payer.signer.publicKey, encodeVoucher(kept), kept.signature);
      expect(good, "signature of what is kept").to.equal(true);
    }
  } finally {
    await store.close();
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
