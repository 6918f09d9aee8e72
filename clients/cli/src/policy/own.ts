import { incidentAt } from "./incident.ts";
import type { PlacedLine } from "./logs.ts";
import { row } from "./story.ts";
import { duration, fullTime } from "./when.ts";

/** What gateway and edge here saw and did by themselves, whether or not the chain noticed. Times are Unix seconds. */
export interface OwnIncident {
  readonly from: number;
  /** When nobody was out of use any more; null while somebody is. */
  readonly until: number | null;
  /** Who was put out of use, or that nobody of a tier was left. */
  readonly subjects: readonly string[];
  readonly lines: readonly PlacedLine[];
}

/** Seconds after its end in which lines still belong to an incident: ramps end, and things that come and go come again. */
const AFTER = 60;

/**
 * Incidents by the decision logs alone, oldest first: from the first that was put out of use until all are back. A log that starts anew begins with nobody out.
 * @param about only those that have to do with this target
 */
export function ownIncidents(lines: readonly PlacedLine[], about?: string): OwnIncident[] {
  const incidents: (Omit<OwnIncident, "until"> & { until: number | null; lines: PlacedLine[] })[] = [];
  const out = new Map<string, string>();
  for (const line of lines) {
    const { log, kind, subject, at, evidence } = line;
    if (kind === "start") for (const key of out.keys()) if (key.startsWith(`${log} `)) out.delete(key);
    let open = incidents.at(-1);
    if (open?.until != null && at > open.until + AFTER) open = undefined;
    const isFall = kind === "fallback";
    if (kind === "eject" || isFall) {
      if (open === undefined) {
        open = { from: at, until: null, subjects: [], lines: [] };
        incidents.push(open);
      }
      out.set(`${log} ${isFall ? "tier" : subject}`, subject);
    } else if (kind === "return") out.delete(`${log} ${subject}`);
    else if (kind === "restore" && evidence.tier === 0) out.delete(`${log} tier`);
    if (open === undefined) continue;
    if (kind !== "stop" && kind !== "start") open.lines.push(line);
    open.until = out.size > 0 ? null : (open.until ?? at);
  }
  return incidents
    .map(({ from, until, lines: own }) => ({
      from,
      until,
      subjects: [...new Set(own.flatMap(({ kind, subject }) => (kind === "eject" ? [subject] : [])))],
      lines: own,
    }))
    .filter(
      ({ lines: own }) =>
        about === undefined || own.some(({ subject, from, to }) => [subject, from, to].includes(about)),
    );
}

/** The one at a moment, without one the last. */
export const chooseOwn = (
  incidents: readonly OwnIncident[],
  at: number | undefined,
  now: number,
): OwnIncident | undefined => (at === undefined ? incidents.at(-1) : incidentAt(incidents, at, now));

/** Its story in plain words. @param beside what is to be said of the chain */
export function tellOwnStory(
  { from, until, subjects, lines }: OwnIncident,
  beside: string,
  now: number,
): string[] {
  const who = subjects.length === 0 ? "Nobody of a tier" : subjects.join(", ");
  const what = subjects.length === 0 ? "was left" : `${subjects.length === 1 ? "was" : "were"} out of use`;
  const end =
    until === null
      ? `not all is back yet, ${duration(now - from)} later`
      : `all is back in use since ${fullTime(until)}, ${duration(until - from)} later`;
  return [
    `${who} ${what} from ${fullTime(from)}; ${end}.`,
    beside,
    "",
    "What gateway and edge here decided, in UTC:",
    "",
    ...lines.map(({ at, where, why, n }) => row(at, now, where, `${why} (log line ${n})`)),
    "",
    "Whether anybody changed these lines since: `tolldns policy log --check`",
  ];
}
