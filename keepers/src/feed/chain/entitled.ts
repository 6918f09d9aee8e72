import { bytesEqual } from "@tolldns/sdk";
import { isEmptyHash } from "@tolldns/sdk/routes";
import type { DelegateState, Moment, NameState } from "./types.ts";

/** `unknown`: what held at that moment is written over, so that nothing can be proven either way. */
export type Entitlement = "yes" | "no" | "unknown";

/**
 * Could this signer sign routes of the name's `generation` at that moment? The rule of `programs/core/src/quorum/entitled.rs`, with
 * what the chain says of name and delegate now.
 */
export function entitlementOf(
  signer: Uint8Array,
  generation: number,
  moment: Moment,
  name: NameState | null,
  delegate: DelegateState | null,
): Entitlement {
  if (name === null || generation > name.generation || generation === 0) return "no";
  if (name.registeredAt >= moment.at) return "unknown";
  if (generation !== name.generation || name.expiresAt <= moment.at) return "no";
  const authority = authorityAt(name, moment.slot);
  if (authority === null) return "unknown";
  if (bytesEqual(authority, signer)) return "yes";
  if (delegate === null) return "no";
  if (delegate.appointedSlot > moment.slot) return "unknown";
  const ended = delegate.endedSlot !== 0n && delegate.endedSlot <= moment.slot;
  const current =
    delegate.generation === generation && bytesEqual(delegate.appointedBy, authority) && delegate.forRoutes;
  return current && !ended && moment.at < delegate.expiresAt ? "yes" : "no";
}

/** Who was authority at this slot; null if that can't be told any more. */
function authorityAt(name: NameState, slot: bigint): Uint8Array | null {
  if (name.authoritySlot <= slot) return name.authority;
  return name.previousSlot <= slot && !isEmptyHash(name.previous) ? name.previous : null;
}
