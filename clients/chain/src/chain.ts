import { randomBytes } from "node:crypto";
import { fail } from "./errors.ts";
import { airdropTransaction } from "./faucet.ts";
import { startTicker } from "./ledger/clock.ts";
import { Faults } from "./ledger/faults.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openLedger } from "./ledger/open.ts";
import { summaryOf } from "./ledger/report.ts";
import type { Context } from "./rpc/context.ts";
import { serveRpc } from "./rpc/server.ts";
import type { Chain, ChainClock, ChainOptions, ClockControl, FaultControl } from "./types.ts";
import { addressText, fromBase58, keyOf, toBase58 } from "./wire/base58.ts";
import { parseTransaction } from "./wire/transaction.ts";

/** Slot a new chain begins at: late enough that there is a finalised slot from the start. */
const FIRST_SLOT = 64;
/** 2026-01-01T00:00:00Z, where virtual clocks begin unless told otherwise. */
const VIRTUAL_START = 1_767_225_600;

/**
 * Starts the embedded chain and serves its RPC.
 *
 * @example
 * const chain = await startChain({ dataDir: "chain", clock: { kind: "real" } });
 * const connection = new Connection(chain.rpcUrl, { wsEndpoint: chain.wsUrl });
 * @throws chain-damaged, chain-locked, and what the system says of a port that is taken
 */
export async function startChain(options: ChainOptions = {}): Promise<Chain> {
  const clock: ChainClock = options.clock ?? { kind: "real" };
  const slotMs = options.slotMs ?? 400;
  const lags = { confirmed: options.confirmedLag ?? 1, finalized: options.finalizedLag ?? 32 };
  const now = clock.kind === "real" ? Date.now() : (clock.startAt ?? VIRTUAL_START) * 1000;
  const ledger = openLedger({
    dataDir: options.dataDir,
    seed: options.seed,
    shape: { firstSlot: FIRST_SLOT, firstMs: now, slotMs, slotsPerEpoch: options.slotsPerEpoch ?? 432_000 },
    lags,
    faults: new Faults(options.faultSeed ?? 1),
    snapshotEvery: options.snapshotEvery ?? 2048,
    autoAdvance: clock.kind === "virtual" && clock.autoAdvance === true ? lags.confirmed + 1 : 0,
  });
  const ticker = clock.kind === "real" ? startTicker(ledger, options.log ?? (() => {})) : null;
  await ticker?.first;
  const airdrop = airdropper(ledger);
  const context: Context = {
    ledger,
    clock: clockControl(ledger),
    faults: faultControl(ledger),
    faucet: options.faucet ?? true,
    control: options.control ?? false,
    airdrop,
    rpcUrl: () => rpcUrl,
  };
  const host = options.host ?? "127.0.0.1";
  let rpcUrl = "";
  const server = await serveRpc(context, host, options.port ?? 0).catch(async (error: unknown) => {
    ticker?.stop();
    await ledger.close();
    throw error;
  });
  const name = host.includes(":") ? `[${host}]` : host;
  rpcUrl = `http://${name}:${server.port}`;
  return {
    rpcUrl,
    wsUrl: `ws://${name}:${server.wsPort}`,
    genesisHash: toBase58(ledger.birth.genesisHash),
    identity: addressText(ledger.birth.identity),
    clock: context.clock,
    faults: context.faults,
    async airdrop(address, lamports) {
      const key = fromBase58(address, 32);
      if (key === null) throw fail("chain-address", { got: address });
      return airdrop(key, lamports);
    },
    status: () => summaryOf(ledger),
    async close() {
      ticker?.stop();
      await server.close();
      await ledger.close();
    },
  };
}

function airdropper(ledger: Ledger): (address: Uint8Array, lamports: bigint) => Promise<string> {
  let count = 0;
  // Two equal airdrops in one slot, and one repeated after a restart, must differ.
  const salt = randomBytes(4).readUInt32LE();
  return async (address, lamports) => {
    const { bank, birth } = ledger;
    const blockhash = bank.timeline.hash(bank.hashSlot("processed"));
    const bytes = airdropTransaction(birth.faucet, address, lamports, blockhash, salt + count++);
    const transaction = parseTransaction(bytes);
    await ledger.submit(transaction, false);
    return toBase58(transaction.signatures[0] as Uint8Array);
  };
}

function clockControl(ledger: Ledger): ClockControl {
  const { slotMs } = ledger.birth.shape;
  return {
    slot: (level = "processed") => ledger.bank.reached(level),
    unixTime: () => ledger.bank.timeline.unixTime(ledger.bank.slot),
    epoch: () => ledger.bank.timeline.epoch(ledger.bank.slot),
    advance: (slots) => ledger.leap(slots * slotMs),
    advanceTime: (seconds) => ledger.leap(seconds * 1000),
  };
}

function faultControl(ledger: Ledger): FaultControl {
  const { faults } = ledger;
  return {
    settings: () => ({ ...faults.settings }),
    set(settings) {
      faults.settings = { ...faults.settings, ...settings };
    },
    async forget(signature) {
      const key = fromBase58(signature, 64);
      return key !== null && ledger.forget(keyOf(key));
    },
    rollback: (slots) => ledger.rollback(slots),
    expireBlockhashes: () => ledger.expireBlockhashes(),
  };
}
