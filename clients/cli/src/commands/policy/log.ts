import type { DecisionLine } from "@tolldns/policy/log/types";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { kindColumn } from "../../policy/colour.ts";
import { type FoundLog, findLogs, followLogs, PLACES, readLogs } from "../../policy/logs.ts";
import { clockTime, parseMoment } from "../../policy/when.ts";
import { numberOf } from "../name/open.ts";

export const logCommand: CommandSpec = {
  name: "log",
  about: "Show what gateway and edge decided and why, or check that nobody changed it since.",
  flags: [
    ["--check", "follow the chain of hashes through every file"],
    ["--last <number>", "lines shown (default: 20)"],
    ["--since <time>", "only what was decided since: 2026-11-21T16:04:00Z, 16:04, 10m"],
    ["--follow", "then go on as lines are written, until Ctrl-C"],
    ["--where <role>", "whose log (default: all there are)", PLACES],
    ["--folder <path>", "a log that lies elsewhere"],
  ],
  examples: [
    ["tolldns policy log", "the last decisions"],
    ["tolldns policy log --check", "were the logs changed?"],
    ["tolldns policy log --follow --json", "for scripts"],
  ],
  async action(run) {
    const place = PLACES.find((one) => one === run.flags.where);
    const logs = findLogs(run.settings("general").data, run.flags.folder as string | undefined, place);
    if (run.flags.check === true) return check(run, logs);
    await show(run, logs);
  },
};

async function check(run: Run, logs: readonly FoundLog[]): Promise<void> {
  const { checkDecisionLog } = await import("@tolldns/policy/log/read");
  const checked = await Promise.all(
    logs.map(async ({ folder }) => ({ folder, ...(await checkDecisionLog(folder)) })),
  );
  const bad = checked.find(({ fault }) => fault !== null);
  if (bad?.fault) {
    const { file, line, what } = bad.fault;
    throw new CliError(
      "log-broken",
      `${file}:${line}: ${what}`,
      `Trust only the ${bad.lines} lines before it. Copies that others hold show what stood there: a line's hash covers all before it.`,
    );
  }
  run.out.result(
    { logs: checked },
    checked
      .map(({ folder, lines, first, last, head, cut }) =>
        lines === 0
          ? `${folder}: empty`
          : `${folder}: ${lines} lines, ${first} to ${last}, each follows the one before; head ${head}${cut ? "; the last line was cut while it was written" : ""}`,
      )
      .join("\n"),
  );
}

async function show(run: Run, logs: readonly FoundLog[]): Promise<void> {
  const now = Date.now() / 1_000;
  const since = run.flags.since === undefined ? 0 : parseMoment(String(run.flags.since), now);
  const last = numberOf(run, "last", 20, 0, 100_000);
  const lines = (await readLogs(logs)).filter(({ at }) => at >= since);
  const shown = lines.slice(Math.max(0, lines.length - last));
  for (const line of shown) write(run, line, now);
  if (run.flags.follow !== true) {
    if (lines.length === 0) run.out.say("Nothing was decided in that time.");
    return;
  }
  await follow(run, logs, new Map(logs.map(({ folder }) => [folder, nextOf(lines, folder)])));
}

/** Number of the line that comes after those of a log. */
export const nextOf = (
  lines: readonly { readonly log: string; readonly n: number }[],
  folder: string,
): number => 1 + Math.max(-1, ...lines.filter(({ log }) => log === folder).map(({ n }) => n));

async function follow(run: Run, logs: readonly FoundLog[], next: ReadonlyMap<string, number>): Promise<void> {
  const ending = new AbortController();
  const { runUntilSignal } = await import("../../roles/lifetime.ts");
  const following = followLogs(
    logs,
    ending.signal,
    (folder) => next.get(folder) ?? 0,
    (line) => write(run, line, Date.now() / 1_000),
  );
  await runUntilSignal(async () => {
    ending.abort();
    await following;
  });
}

function write(run: Run, line: DecisionLine, now: number): void {
  run.out.event({ event: "decision", ...line });
  run.out.say(describeDecision(line, now));
}

/** A line for people: when, whose, what, why. */
export function describeDecision({ at, where, kind, why }: DecisionLine, now: number): string {
  return `${clockTime(at, now)}  ${where.padEnd(7)}  ${kindColumn(kind)}  ${why}`;
}
