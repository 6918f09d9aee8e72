import type { OutboxEntry, OutboxState } from "@tolldns/store";

/** What the cluster says of a signature. */
export interface SeenStatus {
  readonly slot: number;
  /** The transaction's own error; it landed nevertheless. */
  readonly error: string | null;
  readonly commitment: "processed" | "confirmed" | "finalized";
}

export type OutboxAction =
  | { readonly do: "wait" }
  /** Send the same bytes (again). */
  | { readonly do: "send" }
  | { readonly do: "move"; readonly to: OutboxState; readonly slot: number | null; readonly reason?: string };

/**
 * What to do about a stored transaction. Nothing but `expired` lets its lanes into another one, and `expired` is said only when
 * every block that could still hold it is final and none does: `finalizedHeight` must have been read before `seen`, and `seen`
 * must come from a search of the whole history.
 */
export function decideOutbox(
  entry: Pick<OutboxEntry, "state" | "lastValidBlockHeight" | "slot">,
  seen: SeenStatus | null,
  finalizedHeight: number,
): OutboxAction {
  if (entry.state === "finalized" || entry.state === "expired" || entry.state === "failed")
    return { do: "wait" };
  if (seen === null) {
    if (finalizedHeight > entry.lastValidBlockHeight) {
      return { do: "move", to: "expired", slot: null, reason: "blockhash expired" };
    }
    // Also after a rollback: the bytes are still good, and the only ones that may land.
    return { do: "send" };
  }
  if (seen.commitment === "finalized") {
    if (seen.error !== null) return { do: "move", to: "failed", slot: seen.slot, reason: seen.error };
    return { do: "move", to: "finalized", slot: seen.slot };
  }
  // A failure that isn't final may be rolled back, and the same bytes succeed on the other fork.
  if (seen.error !== null) return { do: "wait" };
  if (seen.commitment === "confirmed") {
    if (entry.state === "confirmed" && entry.slot === seen.slot) return { do: "wait" };
    return { do: "move", to: "confirmed", slot: seen.slot };
  }
  return entry.state === "confirmed" ? { do: "move", to: "sent", slot: null } : { do: "wait" };
}
