import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

const PAGE = new URL("../../../docs/reference/outages.md", import.meta.url);

/** Puts what was measured between `<!-- name -->` and `<!-- /name -->` of docs/reference/outages.md. @throws if the page has no such place */
export function writeBlock(name: string, text: string): void {
  const page = readFileSync(PAGE, "utf8");
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`outages.md has no place for ${name}`);
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}\n${text.trim()}\n${page.slice(to)}`);
}

/** Puts rows of a table into a block, in the place of those that begin with the same cell; the others stay as they were measured. */
export function writeRows(name: string, where: string, table: string): void {
  const [head = "", rule = "", ...rows] = table.split("\n");
  const keyOf = (row: string) => row.split("|")[1]?.trim() ?? "";
  const all = new Map(readRows(name).map((row) => [keyOf(row), row]));
  for (const row of rows) all.set(keyOf(row), row);
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  writeBlock(name, [where, "", head, rule, ...sorted].join("\n"));
}

function readRows(name: string): string[] {
  const page = readFileSync(PAGE, "utf8");
  const inside = page.slice(page.indexOf(`<!-- ${name} -->`), page.indexOf(`<!-- /${name} -->`));
  return inside
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2);
}

/** One line on when and where. */
export function whereMeasured(more: string): string {
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores shared with other work; ${more}.`;
}
