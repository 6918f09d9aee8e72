import type { Connection, SignatureStatus } from "@solana/web3.js";
import { toBase58 } from "@tolldns/sdk";
import type { Lease, NewOutboxEntry, OutboxEntry, Store } from "@tolldns/store";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import { decideOutbox, type SeenStatus } from "./outbox.ts";

export interface DeliveryContext {
  readonly connection: Connection;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is in flight after the fate of everything sent was looked up. */
export interface Deliveries {
  /** Prepared, sent or confirmed. */
  readonly open: readonly OutboxEntry[];
  /** Became final in this look. */
  readonly finalized: readonly OutboxEntry[];
  /** Highest slot in which one of them landed: a view of the chain must be at least as new. */
  readonly slot: number;
}

/** Signatures `getSignatureStatuses` takes at once. */
const STATUSES_AT_ONCE = 256;

/** Looks up the fate of everything stored for `ledger`, writes it down and sends again what may still land. Any step may run twice. */
export async function advanceDeliveries(
  context: DeliveryContext,
  ledger: Uint8Array,
  lease: Lease,
): Promise<Deliveries> {
  const { connection, store, clock, log } = context;
  const entries = await store.listOutbox(ledger, ["prepared", "sent", "confirmed"]);
  if (entries.length === 0) return { open: [], finalized: [], slot: 0 };

  // The height first: what was final then must be known to the answer that follows, or nothing has expired.
  const epoch = await connection.getEpochInfo("finalized");
  const open: OutboxEntry[] = [];
  const finalized: OutboxEntry[] = [];
  let slot = 0;
  for (let from = 0; from < entries.length; from += STATUSES_AT_ONCE) {
    const some = entries.slice(from, from + STATUSES_AT_ONCE);
    const answer = await connection.getSignatureStatuses(
      some.map((entry) => toBase58(entry.signature)),
      { searchTransactionHistory: true },
    );
    const inStep = answer.context.slot >= epoch.absoluteSlot;
    for (const [index, entry] of some.entries()) {
      const seen = readStatus(answer.value[index] ?? null);
      const action = decideOutbox(entry, seen, inStep ? (epoch.blockHeight ?? 0) : 0);
      if (action.do === "move") {
        const { to, reason } = action;
        await store.moveOutbox(
          {
            signature: entry.signature,
            from: [entry.state],
            to,
            slot: action.slot,
            ...(reason === undefined ? {} : { reason }),
          },
          lease,
          clock.now(),
        );
        log(to === "failed" ? "warn" : "info", `transaction ${to}`, describe(entry, action));
        const moved = { ...entry, state: to, slot: action.slot };
        if (to === "finalized") finalized.push(moved);
        if (to === "sent" || to === "confirmed") open.push(moved);
      } else {
        open.push(action.do === "send" ? await send(context, entry, lease) : entry);
      }
      if (seen !== null && seen.error === null && seen.commitment !== "processed")
        slot = Math.max(slot, seen.slot);
    }
  }
  return { open, finalized, slot };
}

/** Stores a signed transaction, then sends it. Throws what `addOutbox` throws; a failed sending is no error, it is sent again. */
export async function deliver(
  context: DeliveryContext,
  entry: NewOutboxEntry,
  lease: Lease,
): Promise<OutboxEntry> {
  const now = context.clock.now();
  await context.store.addOutbox(entry, lease, now);
  const stored = {
    ...entry,
    state: "prepared",
    slot: null,
    reason: null,
    createdAt: now,
    updatedAt: now,
  } as const;
  return send(context, stored, lease);
}

async function send(context: DeliveryContext, entry: OutboxEntry, lease: Lease): Promise<OutboxEntry> {
  const { connection, store, clock, log } = context;
  if (entry.state !== "sent") {
    // Also the last look whether the lease still holds before bytes leave.
    const { signature, state } = entry;
    await store.moveOutbox({ signature, from: [state], to: "sent", slot: null }, lease, clock.now());
  }
  try {
    // It was simulated before it was signed; the node may forward it as it is, and the keeper repeats it.
    await connection.sendRawTransaction(entry.transaction, { skipPreflight: true, maxRetries: 0 });
  } catch (error) {
    log("warn", "sending failed", { ...describe(entry), error: String(error) });
  }
  return { ...entry, state: "sent", slot: null };
}

function readStatus(status: SignatureStatus | null): SeenStatus | null {
  if (status === null) return null;
  return {
    slot: status.slot,
    error: status.err === null ? null : JSON.stringify(status.err),
    // Nodes that leave it out count confirmations instead; null means rooted.
    commitment: status.confirmationStatus ?? (status.confirmations === null ? "finalized" : "processed"),
  };
}

function describe(entry: OutboxEntry, more: { slot?: number | null; reason?: string } = {}) {
  return {
    kind: entry.kind,
    signature: toBase58(entry.signature),
    payers: entry.vouchers.length,
    amount: entry.amount,
    ...(more.slot ? { slot: more.slot } : {}),
    ...(more.reason === undefined ? {} : { reason: more.reason }),
  };
}
