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

/** One line on when and where. */
export function whereMeasured(more: string): string {
  return `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores shared with other work; ${more}.`;
}
