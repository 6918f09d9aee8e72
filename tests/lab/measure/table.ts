import type { Result } from "./result.ts";

/** One row for all repetitions of a scenario. */
export interface Row {
  readonly name: string;
  readonly cells: readonly string[];
}

export const COLUMNS = [
  "scenario",
  "runs",
  "detect",
  "switch",
  "trouble",
  "recover",
  "asked",
  "right in fault %",
  "p99 ms",
  "wrong",
  "failed",
  "lost",
  "flaps",
  "on chain",
  "load",
  "missed",
] as const;

/** Rows for a table: times are `p50 / p95` in seconds over the repetitions, counts are sums. */
export function rowOf(results: readonly Result[]): Row {
  const [first] = results as [Result, ...Result[]];
  const sum = (of: (one: Result) => number) => results.reduce((total, one) => total + of(one), 0);
  const asked = sum(({ during }) => during.asked);
  const right = sum(({ during }) => during.right);
  const transitions = results.flatMap(({ onChain }) => onChain?.transitions ?? []);
  const told = [...Map.groupBy(transitions, ({ target, to }) => `${target} ${to}`)].map(
    ([what, some]) => `${what} ${quantiles(some.map(({ afterMs }) => afterMs))}`,
  );
  const missed = [...new Set(results.flatMap((one) => one.missed))];
  return {
    name: first.name,
    cells: [
      first.name,
      String(results.length),
      quantiles(results.map((one) => one.detectMs)),
      quantiles(results.map((one) => one.switchMs)),
      quantiles(results.map((one) => one.troubleMs)),
      quantiles(results.map((one) => one.recoverMs)),
      String(sum((one) => one.asked)),
      asked === 0 ? "-" : ((right / asked) * 100).toFixed(2),
      Math.max(...results.map(({ p99Ms }) => p99Ms)).toFixed(0),
      String(sum(({ all }) => all.wrong)),
      String(sum(({ all }) => all.failed)),
      String(sum(({ all }) => all.lost)),
      String(Math.max(...results.map(({ flaps }) => flaps))),
      told.length === 0 ? "-" : told.join(", "),
      Math.max(...results.map(({ load }) => load)).toFixed(0),
      missed.length === 0 ? "" : missed.join("; "),
    ],
  };
}

/** `p50 / p95` in seconds; `-` where nothing was measured. */
export function quantiles(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return "-";
  const at = (share: number) =>
    ((known[Math.min(known.length - 1, Math.ceil(known.length * share) - 1)] as number) / 1_000).toFixed(1);
  return known.length === 1 ? at(1) : `${at(0.5)} / ${at(0.95)}`;
}

/** For a terminal. */
export function printTable(rows: readonly Row[]): string {
  const all = [[...COLUMNS], ...rows.map(({ cells }) => [...cells])];
  const widths = COLUMNS.map((_, i) => Math.max(...all.map((cells) => (cells[i] as string).length)));
  return all
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** For a page. */
export function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(COLUMNS), line(COLUMNS.map(() => "---")), ...rows.map(({ cells }) => line(cells))].join("\n");
}
