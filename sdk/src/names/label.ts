import { toASCII, toUnicode } from "tr46";
import { type ErrorTable, errorsOf } from "../errors.ts";
import { checkIdna2008 } from "./idna.ts";

/** Version of the normalisation done here, as names carry it on chain. */
export const NORMALISATION = 1;
/** Labels up to this many bytes are sold by auction. */
export const PREMIUM_BYTES = 4;

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

const fail = /* #__PURE__ */ errorsOf(LABEL_ERRORS);

/**
 * The one written form of a label: UTS 46 non-transitional mapping, IDNA 2008 validity (RFC 5892), A-label if need be.
 * Takes what a person types, with or without `.dns`.
 * @throws label-invalid
 * @example normalizeLabel("München.dns") // "xn--mnchen-3ya"
 */
export function normalizeLabel(text: string): string {
  const label = text.replace(/[.。．｡]dns[.]?$/iu, "");
  const refuse = (reason: string) => fail("label-invalid", { label: text.slice(0, 64), reason });
  const ascii = map(label);
  if (ascii === null || ascii === "") throw refuse("UTS 46 does not map it");
  if (ascii.includes(".")) throw refuse("more than one label");
  const shown = toUnicode(ascii, OPTIONS);
  if (shown.error || map(shown.domain) !== ascii) throw refuse("its A-label is not what its characters make");
  const reason = checkIdna2008(shown.domain);
  if (reason !== undefined) throw refuse(reason);
  const problem = problemOf(ascii);
  if (problem !== undefined) throw refuse(problem);
  return ascii;
}

/** Is this the written form of a label, as the program takes it? The same check as in `programs/core`. */
export function isLabel(label: string): boolean {
  return problemOf(label) === undefined;
}

/** Is a label sold by auction? */
export function isPremium(label: string): boolean {
  return label.length <= PREMIUM_BYTES;
}

const OPTIONS = {
  checkBidi: true,
  checkHyphens: false,
  checkJoiners: true,
  useSTD3ASCIIRules: true,
  transitionalProcessing: false,
} as const;

function map(label: string): string | null {
  return toASCII(label, { ...OPTIONS, verifyDNSLength: true });
}

function problemOf(label: string): string | undefined {
  if (label.length < 1 || label.length > 63) return "1 to 63 bytes";
  if (!/^[a-z0-9-]+$/.test(label)) return "letters, digits and hyphens only";
  if (label.startsWith("-") || label.endsWith("-")) return "a hyphen at an end";
  if (label.slice(2, 4) === "--" && !(label.startsWith("xn--") && label.length > 4))
    return "hyphens in third and fourth place";
  return undefined;
}
