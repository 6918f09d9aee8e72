import { toASCII, toUnicode } from "tr46";
import { errorsOf } from "../errors.ts";
import { LABEL_ERRORS, problemOf } from "./form.ts";
import { checkIdna2008 } from "./idna.ts";

export { isLabel, LABEL_ERRORS, type LabelErrors } from "./form.ts";

/** Version of the normalisation done here, as names carry it on chain. */
export const NORMALISATION = 1;
/** Labels up to this many bytes are sold by auction. */
export const PREMIUM_BYTES = 4;

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
