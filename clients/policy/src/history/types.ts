import type { HealthReport, PolicyTerms, TargetState, Verdict } from "@tolldns/sdk/policy";
import type { DecisionLine } from "../log/types.ts";
import type { TargetName } from "../view/types.ts";

/*
 * What happened to a target, from the chain, the verifiers and this machine's own logs. Ids and hashes are hex, addresses and signatures base58, times Unix
 * seconds, weights base units of stake.
 */

export interface HistoryTarget extends TargetName {
  readonly id: string;
}

/** A transaction of the policy program. */
export interface Landed {
  readonly signature: string;
  readonly slot: number;
  /** When its block was made; null where the RPC doesn't say. */
  readonly landedAt: number | null;
}

/** A window that was judged. */
export interface JudgedWindow extends Landed {
  readonly begin: number;
  readonly verdict: Verdict;
  /** Weight of those who said so (`poor` with the bad), and of the whole roster. */
  readonly weight: {
    readonly clean: bigint;
    readonly poor: bigint;
    readonly bad: bigint;
    readonly total: bigint;
  };
  /** The state after it. */
  readonly state: TargetState;
}

/** What one seat of the roster had reported of a window. */
export interface SeatReport {
  readonly seat: number;
  readonly operator: string;
  readonly node: string;
  readonly region: number;
  readonly asn: number;
  readonly weight: bigint;
  /** It counts for nothing any more. */
  readonly struck: boolean;
  /** Null where it reported nothing. */
  readonly said: {
    readonly total: number;
    readonly ok: number;
    readonly verdict: Exclude<Verdict, "unknown">;
    readonly probesRoot: string;
  } | null;
  /** Where its Node says that its probes can be had, and the key it signs with; null where the Node says nothing, or is gone. */
  readonly endpoint: string | null;
  readonly hotKey: string | null;
}

/** What was reported of a window, by the events of its transactions: they stay when its Round is closed. */
export interface ToldRound {
  readonly begin: number;
  readonly roster: bigint;
  /** Made anew from the reports. */
  readonly evidenceRoot: string;
  /** Is that the root the chain has in the transition or the Round? Null where it has neither. */
  readonly isProven: boolean | null;
  /** Every seat of the roster; null once the Roster is closed. */
  readonly seats: readonly SeatReport[] | null;
}

/** A change of state, with what it stands on. */
export interface TargetChange extends Landed {
  readonly target: HistoryTarget;
  readonly from: TargetState;
  readonly to: TargetState;
  /** End of the window judged: when the change holds from. */
  readonly at: number;
  readonly begin: number;
  readonly verdict: Verdict;
  readonly roster: bigint;
  readonly evidenceRoot: string;
  /** Null once its Roster is closed. */
  readonly seats: readonly SeatReport[] | null;
}

/** Everything the chain says of a target, oldest first. */
export interface TargetHistory {
  readonly target: HistoryTarget;
  readonly changes: readonly TargetChange[];
  readonly windows: readonly JudgedWindow[];
  /** By begin of their windows. */
  readonly rounds: ReadonlyMap<number, ToldRound>;
  readonly terms: PolicyTerms;
  /** What reports of this cluster contain, 32 bytes in hex. */
  readonly domain: string;
  /** False if the RPC keeps less than was asked for: what is older is not known. */
  readonly isComplete: boolean;
}

/** A verifier's own word on a window, as it serves it over HTTP. */
export interface HeardReport
  extends Pick<HealthReport, "total" | "ok" | "wrong" | "failed" | "silent" | "stale"> {
  readonly operator: string;
  readonly endpoint: string;
  readonly begin: number;
  /** Upper bound of the median's bucket, milliseconds; null where nothing answered. */
  readonly medianMs: number | null;
  readonly probesRoot: string;
  /** `chain`: signed by the Node's key, and what it reported on chain has the same counts and root. `signed`: signed, and on chain it reported nothing. */
  readonly standing: "chain" | "signed";
}

/** A report that is not believed, and why. */
export interface RefusedReport {
  readonly endpoint: string;
  readonly begin: number | null;
  readonly reason: string;
}

/** Who made a quorum, of those that a verdict counts. */
export interface ToldQuorum {
  readonly agreed: readonly SeatReport[];
  readonly weightBps: number;
  readonly operators: number;
  readonly regions: readonly number[];
  readonly networks: readonly number[];
}

/** One step of an incident's story. */
export type IncidentStep =
  /** What a gateway or edge saw and did by itself. */
  | { readonly kind: "own"; readonly at: number; readonly line: DecisionLine }
  /** A window as verifiers judged it. */
  | {
      readonly kind: "window";
      readonly at: number;
      readonly window: JudgedWindow;
      readonly quorum: ToldQuorum | null;
      readonly heard: readonly HeardReport[];
    }
  /** The state changed, `lead` seconds after the first own step (negative: before it). */
  | {
      readonly kind: "change";
      readonly at: number;
      readonly change: TargetChange;
      readonly quorum: ToldQuorum | null;
      readonly lead: number | null;
    }
  /** It is HEALTHY again. */
  | { readonly kind: "recovered"; readonly at: number; readonly change: TargetChange };

/** From what first went wrong to what put it right. */
export interface ToldIncident {
  readonly target: HistoryTarget;
  /** The earliest step. */
  readonly from: number;
  /** Null while it lasts. */
  readonly until: number | null;
  /** Worst state on the way. */
  readonly worst: TargetState;
  /** Who acted first: a router by its own measurements, or the chain. */
  readonly first: "own" | "chain";
  /** By time. */
  readonly steps: readonly IncidentStep[];
}
