import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DecisionLine } from "@tolldns/policy/log/types";
import { CliError } from "../errors.ts";

/** Who decides, and so keeps a log. */
export const PLACES = ["gateway", "edge"] as const;
export type Place = (typeof PLACES)[number];

/** Where the log of a role is kept in a data folder. */
export const decisionFolder = (data: string, place: Place): string => join(data, "decisions", place);

/** A log that is there. */
export interface FoundLog {
  readonly place: Place | "named";
  readonly folder: string;
}

/** Logs to look at: the named folder, or those of the data folder, of one role or of all. @throws CliError log-missing */
export function findLogs(data: string, named: string | undefined, place: Place | undefined): FoundLog[] {
  const wanted: readonly FoundLog[] =
    named !== undefined
      ? [{ place: "named", folder: named }]
      : PLACES.filter((one) => place === undefined || one === place).map((one) => ({
          place: one,
          folder: decisionFolder(data, one),
        }));
  const found = wanted.filter(({ folder }) => existsSync(folder));
  if (found.length > 0) return found;
  throw new CliError(
    "log-missing",
    `there is no decision log in ${named ?? join(data, "decisions")}`,
    "A gateway or an edge begins one when it starts; name its data folder with --data, or the log's own with --folder.",
  );
}

/** A line and whose it is. */
export type PlacedLine = DecisionLine & { readonly log: string };

/** Lines of several logs by time. */
export async function readLogs(logs: readonly FoundLog[]): Promise<PlacedLine[]> {
  const { readDecisionLog } = await import("@tolldns/policy/log/read");
  const lines: PlacedLine[] = [];
  for (const { folder } of logs)
    for await (const line of readDecisionLog(folder)) lines.push({ ...line, log: folder });
  return lines.sort((a, b) => a.at - b.at || a.n - b.n);
}

/** Same, but none where there is no log yet. */
export async function readLogsIfAny(data: string): Promise<PlacedLine[]> {
  const logs = PLACES.map((place) => ({ place, folder: decisionFolder(data, place) }));
  return readLogs(logs.filter(({ folder }) => existsSync(folder)));
}
