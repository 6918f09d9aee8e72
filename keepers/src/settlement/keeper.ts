import { randomUUID } from "node:crypto";
import { SYSTEM_PROGRAM, toAddress, toHex } from "@tolldns/sdk";
import { type Instruction, paying } from "@tolldns/sdk/transaction";
import type { OutboxEntry } from "@tolldns/store";
import { systemClock } from "../runtime/clock.ts";
import { stderrLog } from "../runtime/log.ts";
import { startLoop } from "../runtime/loop.ts";
import { DEFAULT_SENDING_POLICY } from "../runtime/options.ts";
import { simulate, type WireVersion } from "../runtime/signing.ts";
import { createLedgerKeeper, type LedgerKeeper } from "./ledger.ts";
import type { KeeperStatus, RunningKeeper, SettlementOptions, SettlementPolicy } from "./options.ts";

export const DEFAULT_POLICY: SettlementPolicy = {
  ...DEFAULT_SENDING_POLICY,
  intervalSeconds: 5,
  maxAgeSeconds: 3_600,
  minWorth: 1_000_000n,
  expiryMarginSeconds: 86_400,
  lamportsPerIndexUnit: 1_000_000n,
  wireVersion: "auto",
  maxRows: Number.POSITIVE_INFINITY,
  maxInFlight: 8,
  distributeAt: 10_000_000n,
  closeLanes: true,
};

/**
 * Starts settling. Resolves at once; what goes wrong shows in `status()` and is tried again at the next tick.
 *
 * @example
 * const keeper = await startSettlementKeeper({ connection, store, feePayer: createSignerNode(seed), escrow });
 * // ...
 * await keeper.close();
 */
export async function startSettlementKeeper(options: SettlementOptions): Promise<RunningKeeper> {
  const { connection, store, feePayer, clock = systemClock, log = stderrLog } = options;
  const policy = { ...DEFAULT_POLICY, ...options.policy };
  const escrow = toAddress(options.escrow);
  const holder = options.holder ?? randomUUID();
  const startedAt = clock.now();
  const keepers = new Map<string, LedgerKeeper>();
  let totals = { settlements: 0, payers: 0, settled: 0n, fees: 0n };

  let version: WireVersion | null = policy.wireVersion === "auto" ? null : policy.wireVersion;
  const wireVersion = async () => {
    version ??= (await takesV1(connection, feePayer.publicKey)) ? 1 : 0;
    return version;
  };

  const count = (finalized: readonly OutboxEntry[]) => {
    totals = addTotals(totals, finalized);
  };

  async function readLedgers(): Promise<Uint8Array[]> {
    return options.ledgers === undefined ? store.listLedgers() : options.ledgers.map(toAddress);
  }

  async function tick(signal: AbortSignal): Promise<void> {
    let ledgers: Uint8Array[];
    try {
      ledgers = await readLedgers();
    } catch (error) {
      log("warn", "store not readable", { error: String(error) });
      return;
    }
    for (const ledger of ledgers) {
      if (signal.aborted) return;
      const key = toHex(ledger);
      let keeper = keepers.get(key);
      if (keeper === undefined) {
        const context = { connection, store, clock, log, ledger, escrow, feePayer, policy, wireVersion };
        keeper = createLedgerKeeper(context, holder, count);
        keepers.set(key, keeper);
      }
      await keeper.tick(signal);
    }
  }

  const loop = startLoop(clock, policy.intervalSeconds, tick);
  return {
    status: (): KeeperStatus => ({
      holder,
      startedAt,
      ledgers: [...keepers.values()].map((keeper) => keeper.status()),
      ...totals,
    }),
    tick: () => loop.run(),
    close: async () => {
      await loop.close();
      await Promise.allSettled([...keepers.values()].map((keeper) => keeper.release()));
    },
  };
}

type Totals = Pick<KeeperStatus, "settlements" | "payers" | "settled" | "fees">;

function addTotals(totals: Totals, finalized: readonly OutboxEntry[]): Totals {
  let { settlements, payers, settled, fees } = totals;
  for (const { kind, vouchers, amount, fee } of finalized) {
    fees += fee;
    if (kind !== "settle") continue;
    settlements++;
    payers += vouchers.length;
    settled += amount;
  }
  return { settlements, payers, settled, fees };
}

/** Does the cluster read v1 transactions? One that does says so by simulating a transfer of nothing to oneself. */
async function takesV1(connection: SettlementOptions["connection"], payer: Uint8Array): Promise<boolean> {
  const data = new Uint8Array(12);
  data[0] = 2;
  const transfer: Instruction = {
    program: toAddress(SYSTEM_PROGRAM),
    accounts: [paying(payer), paying(payer)],
    data,
  };
  try {
    const { error } = await simulate(connection, payer, 1, [transfer]);
    return error === null || !/version/i.test(error.text);
  } catch (error) {
    // The node answered, and didn't understand; any other failure says nothing about the cluster.
    if (String(error).includes("failed to simulate transaction")) return false;
    throw error;
  }
}
