import type { TargetState, Verdict } from "@tolldns/sdk/policy";

/**
 * States of backends and gateways as the dashboard shows them. Hashes are hex, addresses base58, times Unix seconds of the chain's clock, weights decimal strings of
 * base units (9 decimals). Nothing in it names a query or a client.
 */
export interface PolicySnapshot {
  /** The chain's time. */
  readonly now: number;
  readonly program: string;
  readonly paused: boolean;
  readonly terms: {
    /** Seconds. */
    readonly window: number;
    readonly dwell: number;
    readonly quorumBps: number;
    readonly operators: number;
    readonly regions: number;
    readonly networks: number;
  };
  /** Gateways before backends, each by name. */
  readonly targets: readonly TargetSnapshot[];
  /** Newest first. */
  readonly transitions: readonly TransitionSnapshot[];
  /** Who may report in the roster in force. */
  readonly seats: readonly SeatSnapshot[];
  /** Newest first: the last lines of the decision logs here. */
  readonly decisions: readonly DecisionSnapshot[];
  /** Why the chain's word is not fresh, in words; null when it is. */
  readonly trouble: string | null;
}

export type { TargetState, Verdict };

export interface TargetSnapshot {
  readonly id: string;
  readonly kind: "backend" | "gateway";
  readonly name: string;
  readonly state: TargetState;
  /** End of the window that brought the state; 0 before the first transition. */
  readonly since: number;
  /** Share of questions a router gives it while it recovers, basis points. */
  readonly shareBps: number;
  /** Windows in a row. */
  readonly runs: { readonly poor: number; readonly bad: number; readonly clean: number };
  /** The last window judged; null before the first. */
  readonly last: { readonly begin: number; readonly verdict: Verdict } | null;
}

export interface TransitionSnapshot {
  /** Id of the target. */
  readonly target: string;
  readonly from: TargetState;
  readonly to: TargetState;
  /** End of the window judged. */
  readonly at: number;
  readonly begin: number;
  readonly verdict: Verdict;
  readonly roster: string;
  readonly evidenceRoot: string;
  /** Of the transaction, base58; null where it isn't known. */
  readonly signature: string | null;
  /** What each seat had reported, while the chain still has the round; else null. */
  readonly reports: readonly ReportSnapshot[] | null;
}

export interface ReportSnapshot extends SeatSnapshot {
  readonly seat: number;
  readonly total: number;
  readonly ok: number;
  /** What these probes say by the terms. */
  readonly says: Verdict;
}

export interface SeatSnapshot {
  /** Address of the operator's account. */
  readonly operator: string;
  readonly region: number;
  readonly asn: number;
  readonly weight: string;
  readonly struck: boolean;
}

/** One line of a decision log. */
export interface DecisionSnapshot {
  readonly n: number;
  readonly at: number;
  readonly where: string;
  readonly kind: string;
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly why: string;
  readonly hash: string;
}
