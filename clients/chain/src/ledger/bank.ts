import type { Account, Engine } from "../svm/engine.ts";
import type { TransactionErrorJson } from "../svm/errors.ts";
import type { Commitment } from "../types.ts";
import { bytesOf, keyOf, signatureText } from "../wire/base58.ts";
import type { WireTransaction } from "../wire/transaction.ts";
import { Blockhashes } from "./blockhashes.ts";
import { execute } from "./execute.ts";
import type { Landed } from "./landed.ts";
import { nonceAccountOf } from "./nonce.ts";
import type { Timeline } from "./timeline.ts";

/** Statuses are kept for this many slots; older ones are in the history only. */
export const STATUS_SLOTS = 300;

export interface Lags {
  confirmed: number;
  finalized: number;
}

/** Why a transaction can't be part of the current block. */
export interface Rejection {
  rejected: TransactionErrorJson;
}

/** The chain's state in memory: accounts, the current slot, and what finality may still take back. */
export class Bank {
  readonly engine: Engine;
  readonly timeline: Timeline;
  readonly blockhashes: Blockhashes;
  readonly lags: Lags;
  slot: number;
  /** By signature (`keyOf`); the last `STATUS_SLOTS` slots, in order of landing. */
  readonly recent = new Map<string, Landed>();
  /** Unfinalised slots that hold transactions. */
  readonly blocks = new Map<number, Landed[]>();
  /** Accounts as they were before an unfinalised slot changed them; slots ascend. */
  private readonly undo = new Map<number, Map<string, Account | null>>();

  constructor(engine: Engine, timeline: Timeline, slot: number, lags: Lags) {
    this.engine = engine;
    this.timeline = timeline;
    this.blockhashes = new Blockhashes(timeline);
    this.slot = slot;
    this.lags = lags;
    engine.enter(timeline, slot);
  }

  /** The newest slot with a block that has this commitment. */
  reached(commitment: Commitment): number {
    if (commitment === "processed") return this.slot;
    const lag = commitment === "confirmed" ? this.lags.confirmed : this.lags.finalized;
    let slot = Math.max(this.slot - lag, this.timeline.shape.firstSlot);
    while (slot > 0 && this.timeline.isSkipped(slot)) slot--;
    return slot;
  }

  /** The block whose hash a bank of this commitment gives out: a slot under way has none yet. */
  hashSlot(commitment: Commitment): number {
    return commitment === "processed" ? this.timeline.parent(this.slot) : this.reached(commitment);
  }

  /** Ends the current slot and begins `slot`. */
  enter(slot: number): void {
    this.slot = slot;
    this.engine.enter(this.timeline, slot);
    for (const [key, landed] of this.recent) {
      if (landed.slot >= slot - STATUS_SLOTS) break;
      this.recent.delete(key);
    }
  }

  /** Forgets how to undo slots up to and with `slot` and hands over their transactions. */
  finalise(slot: number): Landed[] {
    for (const changed of this.undo.keys()) if (changed <= slot) this.undo.delete(changed);
    const out: Landed[] = [];
    for (const [made, landed] of this.blocks) {
      if (made > slot) break;
      out.push(...landed);
      this.blocks.delete(made);
    }
    return out;
  }

  /** Why this transaction's lifetime is not good in a bank with this newest block; null if it is. */
  age(transaction: WireTransaction, newest: number): TransactionErrorJson | null {
    if (this.blockhashes.isValid(transaction.message.blockhash, newest)) return null;
    return nonceAccountOf(transaction.message, this.engine) === null ? "BlockhashNotFound" : null;
  }

  /** Executes a transaction in the current slot. @param verify whether its signatures are yet to be checked */
  land(transaction: WireTransaction, verify: boolean, sequence: number): Landed | Rejection {
    const signature = transaction.signatures[0];
    if (signature === undefined) return { rejected: "SanitizeFailure" };
    const key = keyOf(signature);
    if (this.recent.has(key)) return { rejected: "AlreadyProcessed" };
    const newest = this.timeline.parent(this.slot);
    const aged = this.blockhashes.isValid(transaction.message.blockhash, newest);
    const nonce = aged ? null : nonceAccountOf(transaction.message, this.engine);
    if (!aged && nonce === null) return { rejected: "BlockhashNotFound" };
    const done = execute(this.engine, transaction, verify, nonce);
    if ("refused" in done) return { rejected: done.refused };
    this.remember(done.before);
    const block = this.blocks.get(this.slot) ?? [];
    this.blocks.set(this.slot, block);
    const landed: Landed = {
      ...{ signature: signatureText(signature), key, slot: this.slot, index: block.length },
      ...{ time: this.timeline.unixTime(this.slot), bytes: transaction.bytes },
      ...{ accounts: done.accounts, writable: done.writable, meta: done.meta, sequence },
    };
    block.push(landed);
    this.recent.set(key, landed);
    return landed;
  }

  private remember(before: ReadonlyMap<string, Account | null>): void {
    let undo = this.undo.get(this.slot);
    if (undo === undefined) {
      undo = new Map();
      this.undo.set(this.slot, undo);
    }
    for (const [key, account] of before) if (!undo.has(key)) undo.set(key, account);
  }

  /** An account as the block of `slot` left it. */
  accountAt(address: Uint8Array, slot: number): Account | null {
    const key = keyOf(address);
    if (slot < this.slot) {
      for (const [changed, accounts] of this.undo) {
        if (changed <= slot) continue;
        const old = accounts.get(key);
        if (old !== undefined) return old;
      }
    }
    return this.engine.account(address);
  }

  /** All accounts a program owned at the end of `slot`. */
  programAccountsAt(program: Uint8Array, slot: number): { address: Uint8Array; account: Account }[] {
    const now = this.engine.programAccounts(program);
    const later = new Map<string, Account | null>();
    for (const [changed, accounts] of this.undo) {
      if (changed <= slot) continue;
      for (const [key, old] of accounts) if (!later.has(key)) later.set(key, old);
    }
    if (later.size === 0) return now;
    const kept = now.filter(({ address }) => !later.has(keyOf(address)));
    for (const [key, account] of later) {
      if (account !== null && Buffer.compare(account.owner(), program) === 0) {
        kept.push({ address: bytesOf(key), account });
      }
    }
    return kept;
  }

  /** Keys of the accounts changed in an unfinalised slot. */
  changedIn(slot: number): Iterable<string> {
    return this.undo.get(slot)?.keys() ?? [];
  }

  /** Unfinalised slots above `from`, up to `to`, in which something happened. */
  busySlots(from: number, to: number): number[] {
    return [...this.blocks.keys()].filter((slot) => slot > from && slot <= to);
  }
}
