import { accountEncoding, dataSlice, uiAccount } from "../encode/account.ts";
import { accountText } from "../ledger/history.ts";
import type { Landed } from "../ledger/landed.ts";
import type { Commitment } from "../types.ts";
import { bytesOf, keyOf } from "../wire/base58.ts";
import { type Context, withContext } from "./context.ts";
import { invalid, METHOD_NOT_FOUND, RpcError } from "./errors.ts";
import { filters, lookupAt, matches } from "./methods/accounts.ts";
import { uiBlock } from "./methods/blocks.ts";
import { address, commitment, config, signature } from "./params.ts";

/** Sends a notification: its method and result. */
export type Notify = (method: string, result: unknown) => void;

/** What a subscription wants to hear of. Each handler is optional. */
interface Subscription {
  commitment: Commitment;
  /** Blocks (or parts of one) that reached the commitment. */
  landed?(landed: readonly Landed[], slot: number): void;
  slot?(slot: number, parent: number, root: number): void;
  rooted?(slot: number): void;
  received?(signature: string): void;
  block?(slot: number): void;
}

type Maker = (context: Context, params: readonly unknown[], notify: Notify, end: () => void) => Subscription;

/** Root and slot notifications sent for one jump of the clock; a test's leap of a day would send a quarter million. */
const MAX_JUMP = 64;

/** All subscriptions of a chain. One number counts them, as on a validator. */
export class Subscriptions {
  private readonly context: Context;
  private readonly live = new Map<number, Subscription>();
  private last = 0;

  constructor(context: Context) {
    this.context = context;
    context.ledger.listen({
      landed: (landed) => this.landed("processed", landed),
      reached: (level, from, to) => this.reached(level, from, to),
      slot: (slot, parent, root) => this.each((one) => one.slot?.(slot, parent, root)),
      received: (text) => this.each((one) => one.received?.(text)),
    });
  }

  /** @throws RpcError for an unknown kind or bad parameters */
  add(
    kind: string,
    params: readonly unknown[],
    send: (id: number, method: string, result: unknown) => void,
  ): number {
    const maker = Object.hasOwn(MAKERS, kind) ? MAKERS[kind] : undefined;
    if (maker === undefined) throw new RpcError(METHOD_NOT_FOUND, "Method not found");
    const id = ++this.last;
    const notify: Notify = (method, result) => send(id, method, result);
    this.live.set(
      id,
      maker(this.context, params, notify, () => this.live.delete(id)),
    );
    return id;
  }

  remove(id: number): boolean {
    return this.live.delete(id);
  }

  private each(tell: (one: Subscription) => void): void {
    for (const one of [...this.live.values()]) {
      try {
        tell(one);
      } catch (error) {
        // What one client asked for can't be shown, such as base58 of a large account; that is nobody else's trouble.
        if (!(error instanceof RpcError)) throw error;
      }
    }
  }

  private landed(level: Commitment, landed: readonly Landed[]): void {
    const slot = landed[0]?.slot;
    if (slot === undefined) return;
    this.each((one) => {
      if (one.commitment === level) one.landed?.(landed, slot);
    });
  }

  private reached(level: Commitment, from: number, to: number): void {
    if (this.live.size === 0) return;
    const { ledger } = this.context;
    for (const slot of ledger.bank.busySlots(from, to)) this.landed(level, ledger.block(slot));
    for (let slot = Math.max(from + 1, to - MAX_JUMP + 1); slot <= to; slot++) {
      if (ledger.bank.timeline.isSkipped(slot)) continue;
      if (level === "finalized") this.each((one) => one.rooted?.(slot));
      this.each((one) => {
        if (one.commitment === level) one.block?.(slot);
      });
    }
  }
}

/** Keys of the accounts that a block's transactions changed: all they could write, or the payer's if they failed. */
function changed(landed: readonly Landed[]): Set<string> {
  const keys = new Set<string>();
  for (const one of landed) {
    for (const [i, key] of one.accounts.entries()) {
      if (one.meta.error !== null && i > 0) break;
      if (one.writable[i] === true) keys.add(key);
    }
  }
  return keys;
}

const account: Maker = (context, [key, given], notify) => {
  const wanted = address(key);
  const options = config(given);
  const encoding = accountEncoding(options.encoding);
  const slice = dataSlice(options.dataSlice);
  const name = keyOf(wanted);
  return {
    commitment: commitment(options.commitment),
    landed(landed, slot) {
      if (!changed(landed).has(name)) return;
      const found = context.ledger.bank.accountAt(wanted, slot);
      const shown =
        found === null
          ? {
              lamports: 0,
              data: ["", "base64"],
              owner: EMPTY_OWNER,
              executable: false,
              rentEpoch: 0,
              space: 0,
            }
          : uiAccount(found, encoding, slice, lookupAt(context, slot));
      notify("accountNotification", withContext(slot, shown));
    },
  };
};

const EMPTY_OWNER = "11111111111111111111111111111111";

const program: Maker = (context, [key, given], notify) => {
  const wanted = address(key);
  const options = config(given);
  const encoding = accountEncoding(options.encoding);
  const slice = dataSlice(options.dataSlice);
  const tests = filters(options.filters);
  return {
    commitment: commitment(options.commitment),
    landed(landed, slot) {
      for (const name of changed(landed)) {
        const found = context.ledger.bank.accountAt(bytesOf(name), slot);
        if (found === null || Buffer.compare(found.owner(), wanted) !== 0) continue;
        if (!matches(found.data(), tests)) continue;
        const shown = uiAccount(found, encoding, slice, lookupAt(context, slot));
        notify("programNotification", withContext(slot, { pubkey: accountText(name), account: shown }));
      }
    },
  };
};

const logs: Maker = (_, [filter, given], notify) => {
  const mentions =
    typeof filter === "object" && filter !== null ? (filter as { mentions?: unknown }).mentions : null;
  if (mentions === null && filter !== "all" && filter !== "allWithVotes")
    throw invalid("invalid logs filter");
  if (mentions !== null && (!Array.isArray(mentions) || mentions.length !== 1)) {
    throw invalid("Invalid Request: Only 1 address supported");
  }
  const wanted = mentions === null ? null : keyOf(address((mentions as unknown[])[0]));
  return {
    commitment: commitment(config(given).commitment),
    landed(landed, slot) {
      for (const one of landed) {
        if (wanted !== null && !one.accounts.includes(wanted)) continue;
        const value = { signature: one.signature, err: one.meta.error, logs: one.meta.logs };
        notify("logsNotification", withContext(slot, value));
      }
    },
  };
};

const signatureMaker: Maker = (context, [text, given], notify, end) => {
  const key = keyOf(signature(text));
  const options = config(given);
  const level = commitment(options.commitment);
  const { ledger } = context;
  let ended = false;
  const finish = (landed: Landed, slot: number): void => {
    if (ended) return;
    ended = true;
    end();
    notify("signatureNotification", withContext(slot, { err: landed.meta.error }));
  };
  // One that has the commitment already is told of at once.
  setImmediate(() => {
    const known = ledger.find(key);
    if (known !== null && known.slot <= ledger.bank.reached(level)) finish(known, known.slot);
  });
  const found: Subscription = {
    commitment: level,
    landed(landed, slot) {
      const hit = landed.find((one) => one.key === key);
      if (hit !== undefined) finish(hit, slot);
    },
  };
  if (options.enableReceivedNotification !== true) return found;
  return {
    ...found,
    received(arrived) {
      if (arrived === text)
        notify("signatureNotification", withContext(ledger.bank.slot, "receivedSignature"));
    },
  };
};

const slot: Maker = (_, __, notify) => ({
  commitment: "processed",
  slot: (now, parent, root) => notify("slotNotification", { slot: now, parent, root }),
});

const slotsUpdates: Maker = (_, __, notify) => ({
  commitment: "processed",
  slot(now, parent) {
    const timestamp = Date.now();
    notify("slotsUpdatesNotification", { type: "createdBank", slot: now, parent, timestamp });
    notify("slotsUpdatesNotification", { type: "optimisticConfirmation", slot: parent, timestamp });
  },
  rooted: (root) => notify("slotsUpdatesNotification", { type: "root", slot: root, timestamp: Date.now() }),
});

const root: Maker = (_, __, notify) => ({
  commitment: "finalized",
  rooted: (reached) => notify("rootNotification", reached),
});

const block: Maker = (context, [filter, given], notify) => {
  const mentioned =
    typeof filter === "object" && filter !== null ? (filter as Record<string, unknown>) : null;
  const wanted = mentioned === null ? null : keyOf(address(mentioned.mentionsAccountOrProgram));
  const options = { ...config(given), rewards: config(given).showRewards ?? false };
  return {
    commitment: commitment(config(given).commitment),
    block(made) {
      const landed = context.ledger
        .block(made)
        .filter((one) => wanted === null || one.accounts.includes(wanted));
      if (wanted !== null && landed.length === 0) return;
      const shown = uiBlock(context, made, landed, options);
      notify("blockNotification", withContext(made, { slot: made, err: null, block: shown }));
    },
  };
};

const MAKERS: Readonly<Record<string, Maker>> = {
  accountSubscribe: account,
  programSubscribe: program,
  logsSubscribe: logs,
  signatureSubscribe: signatureMaker,
  slotSubscribe: slot,
  slotsUpdatesSubscribe: slotsUpdates,
  rootSubscribe: root,
  blockSubscribe: block,
};

/** Whether a method ends a subscription. */
export function isUnsubscribe(method: string): boolean {
  return method.endsWith("Unsubscribe") && Object.hasOwn(MAKERS, method.replace("Unsubscribe", "Subscribe"));
}

export function isSubscribe(method: string): boolean {
  return Object.hasOwn(MAKERS, method);
}
