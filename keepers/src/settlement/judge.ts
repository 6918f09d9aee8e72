import { isExpired } from "@tolldns/sdk";
import type { UnsettledVoucher } from "@tolldns/store";

/** What the keeper needs of a row of the ledger. */
export interface LaneView {
  readonly state: "free" | "open" | "revoked" | "closing";
  readonly generation: number;
  readonly reserve: bigint;
  readonly settled: bigint;
  /** Unix seconds; 0 while open. */
  readonly deadline: bigint;
}

/** Why a voucher can't be settled. The first four are foreseen here; all may come back from a simulation. */
export type RefusalReason =
  | "lane-unknown"
  | "over-reserve"
  | "expired"
  | "too-late"
  | "signature"
  | "lane-free"
  | "refused";

export type Verdict =
  /** `until`: last moment (Unix seconds, exclusive) at which it can land. */
  | { readonly is: "due"; readonly worth: bigint; readonly pending: boolean; readonly until: bigint }
  | { readonly is: "covered" }
  /** The row was closed or reused: this voucher is history. */
  | { readonly is: "over" }
  /** The row isn't that far yet on the fork we see. */
  | { readonly is: "early" }
  | { readonly is: "refused"; readonly reason: RefusalReason };

/** What `settle` would say of a voucher but for its signature; see docs/reference/escrow.md. `now` is the chain's time. */
export function judgeVoucher(voucher: UnsettledVoucher, lane: LaneView | undefined, now: bigint): Verdict {
  if (lane === undefined) return { is: "refused", reason: "lane-unknown" };
  if (lane.generation > voucher.generation) return { is: "over" };
  if (lane.generation < voucher.generation) return { is: "early" };
  if (lane.state === "free") return { is: "over" };
  if (voucher.cumulative <= lane.settled) return { is: "covered" };
  if (voucher.cumulative > lane.reserve) return { is: "refused", reason: "over-reserve" };
  if (isExpired(voucher.expiryDay, now)) return { is: "refused", reason: "expired" };
  const pending = lane.state !== "open";
  if (pending && now >= lane.deadline) return { is: "refused", reason: "too-late" };
  const expiry = BigInt(voucher.expiryDay + 1) * 86_400n;
  const until = pending && lane.deadline < expiry ? lane.deadline : expiry;
  return { is: "due", worth: voucher.cumulative - lane.settled, pending, until };
}
