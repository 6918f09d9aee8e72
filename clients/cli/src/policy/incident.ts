import type { TargetState, Verdict } from "@tolldns/sdk/policy";

/** Whose state it is. Ids and hashes are hex, addresses base58, times Unix seconds. */
export interface TargetRef {
  readonly id: string;
  readonly kind: "backend" | "gateway";
  readonly name: string;
}

/** What one seat of the roster had reported of a window. */
export interface SeatReport {
  readonly seat: number;
  readonly operator: string;
  readonly region: number;
  readonly asn: number;
  readonly weight: bigint;
  readonly struck: boolean;
  /** Null where it reported nothing. */
  readonly said: { readonly total: number; readonly ok: number; readonly verdict: Verdict } | null;
  /** Where its probes can be had; null where it says no address. */
  readonly endpoint: string | null;
}

/** A change of state, with what it stands on. */
export interface Change {
  readonly target: TargetRef;
  readonly from: TargetState;
  readonly to: TargetState;
  /** End of the window judged: when the change holds from. */
  readonly at: number;
  readonly begin: number;
  readonly verdict: Verdict;
  readonly roster: bigint;
  readonly evidenceRoot: string;
  /** Of the transaction that judged, and when that was; null where nobody here knows it. */
  readonly signature: string | null;
  readonly landedAt: number | null;
  /** Null once the round is closed. */
  readonly seats: readonly SeatReport[] | null;
}

/** From the change that left healthy to the one that came back to it. */
export interface Incident {
  readonly target: TargetRef;
  readonly from: number;
  /** Null while it lasts. */
  readonly until: number | null;
  /** Oldest first. */
  readonly changes: readonly Change[];
}

/** Changes of any targets in any order, as incidents, the one that began last first. */
export function incidentsOf(changes: readonly Change[]): Incident[] {
  const incidents: Incident[] = [];
  for (const own of Map.groupBy(changes, ({ target }) => target.id).values()) {
    let open: Change[] = [];
    const close = (until: number | null) => {
      const [first] = open;
      if (first !== undefined) incidents.push({ target: first.target, from: first.at, until, changes: open });
      open = [];
    };
    for (const change of own.toSorted((a, b) => a.at - b.at)) {
      open.push(change);
      if (change.to === "healthy") close(change.at);
    }
    close(null);
  }
  return incidents.sort((a, b) => b.from - a.from);
}

/** Seconds around an incident in which something still belongs to it: routers act before the chain does. */
const AROUND = 60;

/** The incident that lasted at this moment; else the one that is nearest, if it is at most `reach` seconds away. */
export function incidentAt(
  incidents: readonly Incident[],
  at: number,
  now: number,
  reach = 0,
): Incident | undefined {
  const away = ({ from, until }: Incident) => Math.max(from - at, at - (until ?? now), 0);
  const [nearest] = incidents.toSorted((a, b) => away(a) - away(b));
  return nearest !== undefined && away(nearest) <= Math.max(reach, AROUND) ? nearest : undefined;
}

/** The time whose decisions may belong to an incident: from the window that began it, and what led to that, to a little after its end. */
export function spanOf({ changes, until, from }: Incident, now: number): readonly [number, number] {
  const [first] = changes;
  const length = first === undefined ? 0 : first.at - first.begin;
  return [from - Math.max(AROUND, 10 * length), (until ?? now) + AROUND];
}
