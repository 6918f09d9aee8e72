import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DecisionLine } from "@tolldns/policy/log/types";
import { CliError } from "../errors.ts";

/** Who decides, and so keeps a log. */
export const PLACES = ["gateway", "edge"] as const;
export type Place = (typeof PLACES)[number];

/** Where the log of a role is kept in a data folder. Gateways of several processes keep one each: `gateway-1`, `gateway-2`, … */
export const decisionFolder = (data: string, place: Place): string => join(data, "decisions", place);
/** Where an edge that runs alone keeps its own, in its state folder. */
const edgeFolder = (data: string): string => join(data, "edge", "decisions");

/** A log that is there. */
export interface FoundLog {
  readonly place: Place | "named";
  readonly folder: string;
}

/** Logs to look at: the named folder, or those of the data folder, of one role or of all. @throws CliError log-missing */
export function findLogs(data: string, named: string | undefined, place: Place | undefined): FoundLog[] {
  const found =
    named === undefined
      ? ownLogs(data).filter((one) => place === undefined || one.place === place)
      : existsSync(named)
        ? [{ place: "named", folder: named } as const]
        : [];
  if (found.length > 0) return found;
  throw new CliError(
    "log-missing",
    `there is no decision log in ${named ?? join(data, "decisions")}`,
    "A gateway or an edge begins one when it starts; name its data folder with --data, or the log's own with --folder.",
  );
}

/** Logs of the data folder, none where none was begun yet. */
export function ownLogs(data: string): FoundLog[] {
  const parent = join(data, "decisions");
  const names = existsSync(parent) ? readdirSync(parent).sort() : [];
  const places = PLACES.flatMap((place) =>
    names
      .filter((name) => name === place || name.startsWith(`${place}-`))
      .map((name): FoundLog => ({ place, folder: join(parent, name) })),
  );
  const alone = edgeFolder(data);
  return existsSync(alone) ? [...places, { place: "edge", folder: alone }] : places;
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

/** Tells lines as they are written, from the number that `next` says of a log, until the signal. */
export async function followLogs(
  logs: readonly FoundLog[],
  signal: AbortSignal,
  next: (folder: string) => number,
  onLine: (line: DecisionLine) => void,
): Promise<void> {
  const { followDecisionLog } = await import("@tolldns/policy/log/read");
  await Promise.all(
    logs.map(async ({ folder }) => {
      for await (const line of followDecisionLog(folder, signal, { from: next(folder) })) onLine(line);
    }),
  );
}
