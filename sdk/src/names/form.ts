import type { ErrorTable } from "../errors.ts";

// Apart from what people type, which takes tables of half a megabyte to map: an edge only looks at names as they are written.

/** Context of each label error. */
export interface LabelErrors {
  "label-invalid": { label: string; reason: string };
}

/** Label errors, 230-239. */
export const LABEL_ERRORS: ErrorTable<LabelErrors> = {
  "label-invalid": {
    number: 230,
    message: "not a label that can be registered",
    hint: "Use 1 to 63 letters, digits and hyphens, with no hyphen at either end; one label under .dns.",
  },
};

/** Is this the written form of a label, as the program takes it? The same check as in `programs/core`. */
export function isLabel(label: string): boolean {
  return problemOf(label) === undefined;
}

/** What is wrong with a label's written form; undefined if nothing is. */
export function problemOf(label: string): string | undefined {
  if (label.length < 1 || label.length > 63) return "1 to 63 bytes";
  if (!/^[a-z0-9-]+$/.test(label)) return "letters, digits and hyphens only";
  if (label.startsWith("-") || label.endsWith("-")) return "a hyphen at an end";
  if (label.slice(2, 4) === "--" && !(label.startsWith("xn--") && label.length > 4))
    return "hyphens in third and fourth place";
  return undefined;
}
