/** Seconds around an incident in which something still belongs to it: routers act before the chain does. */
const AROUND = 60;

interface Span {
  readonly from: number;
  /** Null while it lasts. */
  readonly until: number | null;
}

/** The incident that lasted at this moment; else the one that is nearest, if it is at most `reach` seconds away (a minute at least). */
export function incidentAt<T extends Span>(
  incidents: readonly T[],
  at: number,
  now: number,
  reach = 0,
): T | undefined {
  const away = ({ from, until }: Span) => Math.max(from - at, at - (until ?? now), 0);
  const [nearest] = incidents.toSorted((a, b) => away(a) - away(b));
  return nearest !== undefined && away(nearest) <= Math.max(reach, AROUND) ? nearest : undefined;
}
