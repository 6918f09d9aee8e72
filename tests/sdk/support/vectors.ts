import { readFileSync } from "node:fs";

/** A case of a vector file: texts, numbers and nested lists; each test reads the fields it knows. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, checked by the assertions made on it
export type Case = Record<string, any>;

/** A vector file of tests/vectors. */
export function readVectors(name: string): Record<string, Case[]> {
  return JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
}
