import type { Commitment } from "../types.ts";
import { signatureText } from "../wire/base58.ts";
import type { WireTransaction } from "../wire/transaction.ts";
import type { Bank, Lags } from "./bank.ts";
import { adopt, finalSnapshot, takeSnapshot } from "./base.ts";
import type { LedgerEvents } from "./events.ts";
import { type Faults, shuffle } from "./faults.ts";
import type { History } from "./history.ts";
import type { Birth } from "./identity.ts";
import type { Journal } from "./journal.ts";
import type { Landed } from "./landed.ts";
import { type ChainRecord, encodeRecord } from "./records.ts";
import { replay } from "./replay.ts";

interface Waiting {
  transaction: WireTransaction;
  /** Whether its signatures are yet to be checked. */
  verify: boolean;
  done(): void;
  failed(error: unknown): void;
}

export interface LedgerParts {
  birth: Birth;
  journal: Journal;
  history: History;
  faults: Faults;
  lags: Lags;
  bank: Bank;
  offsetMs: number;
  snapshotEvery: number;
  /** Slots to advance by after transactions have landed; 0 leaves the clock alone. */
  autoAdvance: number;
}

/**
 * The chain: lands transactions, moves slots, writes the log. What it tells is on disk; work that ends or undoes a slot
 * runs alone, and transactions that come meanwhile wait.
 */
export class Ledger {
  bank: Bank;
  offsetMs: number;
  /** False once the log can't be written any more: nothing is acknowledged from then on. */
  healthy = true;
  readonly history: History;
  readonly faults: Faults;
  readonly birth: Birth;
  private readonly parts: LedgerParts;
  private readonly listeners: Partial<LedgerEvents>[] = [];
  private queue: Waiting[] = [];
  private atEnd: Waiting[] = [];
  private later: { slot: number; waiting: Waiting }[] = [];
  private busy: Promise<void> | null = null;
  private sequence = 0;
  private durable = 0;
  private finalised: number;
  /** Records after which a snapshot is due. */
  private snapshotAt: number;

  constructor(parts: LedgerParts) {
    this.parts = parts;
    this.snapshotAt = parts.snapshotEvery;
    this.bank = parts.bank;
    this.offsetMs = parts.offsetMs;
    this.history = parts.history;
    this.faults = parts.faults;
    this.birth = parts.birth;
    this.finalised = this.bank.reached("finalized");
    // What was final when the process ended may not have reached the history.
    const kept = this.history.finalised();
    this.history.add(
      this.bank.finalise(this.finalised).filter((landed) => landed.slot > kept),
      this.finalised,
    );
  }

  listen(listener: Partial<LedgerEvents>): void {
    this.listeners.push(listener);
  }

  /** A transaction of the last 300 slots that is on disk. */
  status(key: string): Landed | null {
    const landed = this.bank.recent.get(key);
    return landed !== undefined && landed.sequence <= this.durable ? landed : null;
  }

  /** Any transaction that ever landed. */
  find(key: string): Landed | null {
    return this.status(key) ?? this.history.get(key);
  }

  /** The transactions of a slot, in order. */
  block(slot: number): readonly Landed[] {
    return this.bank.blocks.get(slot) ?? this.history.inSlot(slot);
  }

  /** Whether a signature may never land again. */
  isKnown(key: string): boolean {
    return this.bank.recent.has(key);
  }

  /**
   * Hands a transaction to the leader. Resolves when it has landed and is on disk, or when the leader has let it go;
   * which of the two, the network doesn't tell either.
   */
  submit(transaction: WireTransaction, verify: boolean): Promise<void> {
    const signature = transaction.signatures[0];
    if (signature !== undefined) this.emit((listener) => listener.received?.(signatureText(signature)));
    const fate = this.faults.fate();
    if (fate.fate === "drop") return Promise.resolve();
    const held: Waiting = { transaction, verify, done: () => {}, failed: () => {} };
    if (fate.fate === "later") {
      this.later.push({ slot: this.bank.slot + fate.slots, waiting: held });
      return Promise.resolve();
    }
    if (fate.fate === "end") {
      this.atEnd.push(held);
      return Promise.resolve();
    }
    return new Promise((done, failed) => {
      this.queue.push({ transaction, verify, done, failed });
      if (this.busy === null) this.drain();
    });
  }

  /** Lands what waits and resolves its promises once it is on disk. */
  private drain(): void {
    const batch = this.queue;
    if (batch.length === 0) return;
    this.queue = [];
    const landed = this.landAll(batch);
    const rest =
      landed.length > 0 && this.parts.autoAdvance > 0 ? this.advance(this.parts.autoAdvance) : null;
    rest?.catch(() => {});
    this.flush(landed)
      .then(() => rest)
      .then(
        () => {
          for (const waiting of batch) waiting.done();
        },
        (error: unknown) => {
          for (const waiting of batch) waiting.failed(error);
        },
      );
  }

  private landAll(batch: readonly Waiting[]): Landed[] {
    const out: Landed[] = [];
    for (const { transaction, verify } of batch) {
      const landed = this.bank.land(transaction, verify, this.sequence + 1);
      if ("rejected" in landed) continue;
      this.sequence++;
      this.write({ type: "transaction", slot: landed.slot, bytes: landed.bytes });
      out.push(landed);
    }
    return out;
  }

  private write(record: ChainRecord): void {
    this.parts.journal.append(encodeRecord(record));
  }

  private sync(): Promise<void> {
    return this.parts.journal.flushed().catch((error: unknown) => {
      this.healthy = false;
      throw error;
    });
  }

  private async flush(landed: readonly Landed[]): Promise<void> {
    const upTo = this.sequence;
    await this.sync();
    this.durable = Math.max(this.durable, upTo);
    if (landed.length > 0) this.emit((listener) => listener.landed?.(landed));
  }

  /** Runs `work` when nothing else runs; transactions wait until it ends. */
  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const before = this.busy ?? Promise.resolve();
    const result = before.then(async () => {
      await this.sync();
      this.durable = this.sequence;
      return work();
    });
    const settled: Promise<void> = result.then(
      () => this.free(settled),
      () => this.free(settled),
    );
    this.busy = settled;
    return result;
  }

  private free(work: Promise<void>): void {
    if (this.busy !== work) return;
    this.busy = null;
    this.drain();
  }

  /** Moves on by `slots`. */
  advance(slots: number): Promise<void> {
    return this.exclusive(() => this.enter(this.bank.slot + slots, true));
  }

  /** Moves to a slot the wall clock has reached; nothing is written, as a restart finds it by the same clock. */
  follow(slot: number): Promise<void> {
    return this.exclusive(() => (slot > this.bank.slot ? this.enter(slot, false) : Promise.resolve()));
  }

  /** Moves the clock ahead of the wall's by `ms` more, and the slot with it. */
  leap(ms: number): Promise<void> {
    return this.exclusive(() => {
      this.offsetMs += ms;
      return this.enter(this.bank.slot + Math.ceil(ms / this.birth.shape.slotMs), true);
    });
  }

  private async enter(slot: number, logged: boolean): Promise<void> {
    if (this.atEnd.length > 0)
      await this.flush(this.landAll(shuffle(this.atEnd.splice(0), this.faults.roll)));
    const due = this.later.filter((entry) => entry.slot <= slot);
    // A delayed transaction lands in the slot it was delayed to, even if the clock jumps past it.
    for (const at of new Set(due.map((entry) => entry.slot))) {
      if (at > this.bank.slot && at < slot) await this.step(at, logged);
    }
    await this.step(slot, logged);
  }

  private async step(slot: number, logged: boolean): Promise<void> {
    const confirmed = this.bank.reached("confirmed");
    const parent = this.bank.slot;
    this.bank.enter(slot);
    if (logged) this.write({ type: "clock", slot, offsetMs: this.offsetMs });
    const due = this.later.filter((entry) => entry.slot <= slot).map((entry) => entry.waiting);
    this.later = this.later.filter((entry) => entry.slot > slot);
    const landed = this.landAll(due);
    await this.flush(landed);
    this.emit((listener) => listener.slot?.(slot, parent, this.bank.reached("finalized")));
    this.emit((listener) => listener.reached?.("confirmed", confirmed, this.bank.reached("confirmed")));
    this.settle();
    this.snapshotIfDue(due.length === 0);
  }

  /** Moves what became final into the history, and lets go of log that only led up to a final snapshot. */
  private settle(): void {
    const { journal, history } = this.parts;
    const reached = this.bank.reached("finalized");
    if (reached <= this.finalised) return;
    const from = this.finalised;
    this.finalised = reached;
    this.emit((listener) => listener.reached?.("finalized", from, reached));
    const landed = this.bank.finalise(reached);
    const base = finalSnapshot(journal, reached);
    const passed = base !== undefined && base !== journal.snapshots()[0];
    if (landed.length > 0 || passed) history.add(landed, reached);
    if (!passed) return;
    history.sync();
    journal.dropBefore(base);
  }

  private snapshotIfDue(clean: boolean): void {
    const { journal, snapshotEvery } = this.parts;
    if (!clean || journal.sinceSnapshot < this.snapshotAt) return;
    try {
      journal.snapshot(this.bank.slot, takeSnapshot(this.bank, this.offsetMs));
      this.snapshotAt = snapshotEvery;
    } catch {
      // The log has everything: without a snapshot it only grows. Try again after as many records.
      this.snapshotAt = journal.sinceSnapshot + snapshotEvery;
    }
  }

  /** Abandons the last `slots` slots, but nothing finalised. @returns how many transactions were in them */
  rollback(slots: number): Promise<number> {
    return this.exclusive(async () => {
      const end = this.bank.slot;
      const after = Math.max(end - slots, this.bank.reached("finalized"));
      if (after >= end) return 0;
      const lost = this.bank.busySlots(after, end).flatMap((slot) => this.bank.blocks.get(slot) ?? []).length;
      this.parts.journal.dropAfter(after + 1);
      this.write({ type: "rollback", after, end });
      await this.rebuild();
      this.emit((listener) => listener.slot?.(this.bank.slot, after, this.bank.reached("finalized")));
      return lost;
    });
  }

  /** Takes an unfinalised transaction out of its block. @returns false if there is none */
  forget(key: string): Promise<boolean> {
    return this.exclusive(async () => {
      const landed = this.bank.recent.get(key);
      if (landed === undefined || landed.slot <= this.finalised) return false;
      this.parts.journal.dropAfter(landed.slot);
      this.write({ type: "forget", signature: Buffer.from(key, "latin1") });
      await this.rebuild();
      return true;
    });
  }

  expireBlockhashes(): Promise<void> {
    return this.exclusive(async () => {
      this.write({ type: "expire", slot: this.bank.slot });
      this.bank.timeline.expire(this.bank.slot);
      this.bank.blockhashes.reset();
      this.bank.enter(this.bank.slot);
      await this.parts.journal.flushed();
    });
  }

  private async rebuild(): Promise<void> {
    const { journal, birth, lags } = this.parts;
    await journal.flushed();
    const from = finalSnapshot(journal, this.finalised) ?? journal.snapshots()[0];
    if (from === undefined) throw new Error("no snapshot to go back to");
    const slot = this.bank.slot;
    const old = this.bank.recent;
    this.bank = replay(birth, journal, from, lags).bank;
    if (slot > this.bank.slot) this.bank.enter(slot);
    adopt(
      this.bank,
      [...old.values()].filter((landed) => landed.slot < from.slot),
    );
    this.bank.finalise(this.finalised);
  }

  private emit(tell: (listener: Partial<LedgerEvents>) => void): void {
    for (const listener of this.listeners) tell(listener);
  }

  /** The commitment a landed transaction has. */
  commitmentOf(landed: Landed): Commitment {
    if (landed.slot <= this.bank.reached("finalized")) return "finalized";
    return landed.slot <= this.bank.reached("confirmed") ? "confirmed" : "processed";
  }

  /** How many transactions ever landed. */
  count(): number {
    let unfinalised = 0;
    for (const block of this.bank.blocks.values()) unfinalised += block.length;
    return this.history.count() + unfinalised;
  }

  async close(): Promise<void> {
    await this.exclusive(() => Promise.resolve()).catch(() => {});
    await this.parts.journal.close();
    this.history.close();
  }
}
