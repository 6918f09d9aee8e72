import type { AddressLike } from "../address.ts";
import { type EventLayout, type EventOf, eventsInLog, readEvent } from "../events.ts";
import { EVENT_DISCRIMINATORS } from "../generated/names.ts";

const LAYOUTS = {
  /** A name got an owner, by registration or auction; price in micro-IU. */
  NameRegistered: { nameHash: "key", generation: "u32", owner: "key", expiresAt: "u64", price: "u64" },
  NameRenewed: { nameHash: "key", expiresAt: "u64", price: "u64" },
  /** An auction opened (state 1), took a bid, or was settled (2). */
  AuctionChanged: { auction: "key", state: "u8", highest: "u64", highestBidder: "key", endsAt: "u64" },
  /** A losing bid went back, micro-IU. */
  BidReturned: { auction: "key", bidder: "key", amount: "u64" },
  /** Control was offered (`to` all zero: withdrawn), or moved. */
  ControlChanged: { nameHash: "key", from: "key", to: "key", moved: "flag" },
  /** Another holder was recorded as who signs. */
  AuthorityRecorded: { nameHash: "key", authority: "key", slot: "u64" },
  /** A delegate was appointed, or its appointment ended (`expiresAt` 0). `delegated` is the Name's address. */
  DelegateChanged: { delegated: "key", delegate: "key", expiresAt: "u64" },
  RoutePosted: { nameHash: "key", generation: "u32", version: "u64", updateHash: "key" },
  PassportChanged: { wallet: "key", hintKind: "u8" },
  NamesConfigChanged: { authority: "key", pendingAuthority: "key", guardian: "key", paused: "flag" },
} as const satisfies Record<keyof typeof EVENT_DISCRIMINATORS, EventLayout>;

/** Anything the names program says in a transaction's log, told apart by `name`. Hashes and addresses are 32 bytes, times Unix seconds. */
export type NamesEvent = EventOf<typeof LAYOUTS>;

/** Reads one event (discriminator and fields), or undefined if it is none of the names program's. */
export function decodeNamesEvent(bytes: Uint8Array): NamesEvent | undefined {
  return readEvent(EVENT_DISCRIMINATORS, LAYOUTS, bytes);
}

/** The names program's events in a transaction's log, in order; see eventsInLog. */
export function decodeNamesEvents(logs: readonly string[], names: AddressLike): NamesEvent[] {
  return eventsInLog(logs, names, decodeNamesEvent);
}
