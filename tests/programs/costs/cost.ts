/** What transactions cost, and the tables of it in docs. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Outcome } from "../world/machine.ts";

/** What one transaction cost. */
export interface Cost {
  readonly what: string;
  /** Compute units of the transaction. */
  readonly units: number;
  /** Bytes of the signed transaction. */
  readonly size: number;
}

/** Bytes of a packet, which a transaction of the legacy version may have at most. */
export const PACKET = 1_232;

export const costOf = (what: string, { units, size }: Outcome): Cost => ({ what, units, size });

/** `12 345` */
export const grouped = (value: number | bigint): string => value.toString().replace(/\B(?=(\d{3})+$)/g, " ");

/** A cost's line of a table. */
export const lineOf = ({ what, units, size }: Cost): string =>
  `| ${what} | ${grouped(units)} | ${grouped(size)} |`;

const HEAD = "| transaction | compute units | bytes |\n|---|---|---|\n";

/** A page with its table of costs made anew. @throws if it has none */
export function pageWith(page: string, costs: readonly Cost[]): string {
  const from = page.indexOf(HEAD);
  if (from < 0) throw new Error("the page has no table of costs");
  return `${page.slice(0, from)}${HEAD}${costs.map(lineOf).join("\n")}${page.slice(page.indexOf("\n\n", from))}`;
}

/** Writes a page of docs/reference as `make` makes it of what is there; with `--check` it compares instead, and the process fails on a difference. */
export function keepPage(name: string, make: (page: string) => string): void {
  const file = new URL(`../../../docs/reference/${name}`, import.meta.url);
  const page = readFileSync(file, "utf8");
  const made = make(page);
  if (!process.argv.includes("--check")) writeFileSync(file, made);
  else if (made !== page) {
    const [, script = ""] = process.argv;
    const command = script.slice(script.indexOf("tests/programs/"));
    console.error(`docs/reference/${name} is not what the program costs; run node ${command}`);
    process.exitCode = 1;
  }
}
