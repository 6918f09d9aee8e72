import type { AddressLike } from "../address.ts";
import { type EventLayout, type EventOf, eventsInLog, readEvent } from "../events.ts";
import { EVENT_DISCRIMINATORS } from "../generated/policy.ts";

const LAYOUTS = {
  RosterOpened: { roster: "u64", enrolmentEnds: "u64", ends: "u64" },
  /** A seat was taken, by another operator where it had one already. Weights in base units of stake. */
  Enrolled: { roster: "u64", seat: "u8", operator: "key", weight: "u64" },
  /** A target came (`open`), or went. */
  TargetChanged: { id: "key", kind: "u8", open: "flag" },
  Reported: {
    id: "key",
    begin: "u64",
    roster: "u64",
    seat: "u8",
    total: "u16",
    ok: "u16",
    probesRoot: "key",
  },
  /** A window was judged. Verdict and state by number; `poor` is with the bad ones. Weights stop at 2^64 - 1. */
  Judged: {
    id: "key",
    begin: "u64",
    verdict: "u8",
    clean: "u64",
    poor: "u64",
    bad: "u64",
    total: "u64",
    state: "u8",
  },
  /** A target's state changed, at the end of the window that moved it. States and verdict by number. */
  Transition: {
    id: "key",
    from: "u8",
    to: "u8",
    at: "u64",
    begin: "u64",
    verdict: "u8",
    roster: "u64",
    evidenceRoot: "key",
  },
  /** A seat counts for nothing any more. Kind by number; 0, and id and begin zero, where the operator was struck in another roster. */
  Struck: { operator: "key", roster: "u64", seat: "u8", id: "key", begin: "u64", kind: "u8" },
  SetPublished: { version: "u32", count: "u16", root: "key" },
  PolicyConfigChanged: { authority: "key", pendingAuthority: "key", guardian: "key", paused: "flag" },
} as const satisfies Record<keyof typeof EVENT_DISCRIMINATORS, EventLayout>;

/** Anything the policy program says in a transaction's log, told apart by `name`. Hashes and addresses are 32 bytes, times Unix seconds. */
export type PolicyEvent = EventOf<typeof LAYOUTS>;

/** Reads one event (discriminator and fields), or undefined if it is none of the policy program's. */
export function decodePolicyEvent(bytes: Uint8Array): PolicyEvent | undefined {
  return readEvent(EVENT_DISCRIMINATORS, LAYOUTS, bytes);
}

/** The policy program's events in a transaction's log, in order; see eventsInLog. */
export function decodePolicyEvents(logs: readonly string[], policy: AddressLike): PolicyEvent[] {
  return eventsInLog(logs, policy, decodePolicyEvent);
}
