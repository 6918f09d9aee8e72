import { join } from "node:path";
import { Engine } from "../svm/engine.ts";
import { Bank, type Lags, STATUS_SLOTS } from "./bank.ts";
import { adopt, finalSnapshot, takeSnapshot } from "./base.ts";
import type { Faults } from "./faults.ts";
import { FileJournal } from "./file-journal.ts";
import { History } from "./history.ts";
import { type Birth, loadBirth } from "./identity.ts";
import { type Journal, MemoryJournal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { replay } from "./replay.ts";
import { Timeline, type TimelineShape } from "./timeline.ts";

/** Lamports the faucet begins with: half of what fits, so that sums of two balances fit too. */
export const FAUCET_LAMPORTS = 500_000_000n * 1_000_000_000n;

export interface OpenOptions {
  dataDir: string | undefined;
  seed: string | undefined;
  shape: TimelineShape;
  lags: Lags;
  faults: Faults;
  snapshotEvery: number;
  autoAdvance: number;
}

/** Opens a chain's folder, or begins a chain. @throws chain-locked, chain-damaged */
export function openLedger(options: OpenOptions): Ledger {
  const birth = loadBirth(options.dataDir, options.seed, options.shape);
  const folder = options.dataDir;
  // Locks the folder.
  const history = new History(folder === undefined ? ":memory:" : join(folder, "history.sqlite"));
  try {
    return resume(options, birth, history);
  } catch (error) {
    history.close();
    throw error;
  }
}

function resume(options: OpenOptions, birth: Birth, history: History): Ledger {
  const folder = options.dataDir;
  const journal = folder === undefined ? new MemoryJournal() : new FileJournal(join(folder, "log"));
  if (journal.snapshots().length === 0) begin(birth, journal, history, options.lags);
  const base = finalSnapshot(journal, history.finalised()) ?? journal.snapshots()[0];
  if (base === undefined) throw new Error("the chain has no snapshot");
  const { bank, offsetMs } = replay(birth, journal, base, options.lags);
  const earlier = history.since(bank.slot - STATUS_SLOTS).filter((landed) => landed.slot < base.slot);
  adopt(bank, earlier);
  const { faults, lags, snapshotEvery, autoAdvance } = options;
  return new Ledger({ birth, journal, history, faults, lags, bank, offsetMs, snapshotEvery, autoAdvance });
}

function begin(birth: Birth, journal: Journal, history: History, lags: Lags): void {
  const { firstSlot } = birth.shape;
  const timeline = new Timeline(birth.genesisHash, birth.shape, { skipped: [], forks: [], oldestValid: 0 });
  // The first slot is the genesis block: complete, empty and final.
  const slot = firstSlot + 1;
  const engine = Engine.genesis(timeline, slot, birth.faucet.address, FAUCET_LAMPORTS);
  history.add([], firstSlot);
  history.sync();
  journal.snapshot(slot, takeSnapshot(new Bank(engine, timeline, slot, lags), 0));
}
