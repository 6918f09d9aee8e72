/** Code points that RFC 5892, section 2.6 allows or forbids against their category. */
const ALLOWED = new Set([0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007]);
const FORBIDDEN = /[\u0640\u07fa\u302e\u302f\u3031-\u3035\u303b]/u;
/** LetterDigits of section 2.1; upper case is gone after mapping. */
const LETTER_DIGIT = /^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}-]$/u;
/** IgnorableProperties, IgnorableBlocks and OldHangulJamo, sections 2.3, 2.4 and 2.9. */
const IGNORABLE =
  /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Noncharacter_Code_Point}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\u{1d200}-\u{1d24f}]|[\u20d0-\u20ff]|[\u{1d100}-\u{1d1ff}]/u;
/** Allowed only in context, appendix A.1 and A.2; UTS 46 checks the joiners themselves. */
const JOINER = /[\u200c\u200d]/u;

/**
 * Why a U-label is not valid by IDNA 2008 (RFC 5892), or undefined if it is. Expects what UTS 46 mapped: NFC, lower
 * case, joiners and direction checked.
 */
export function checkIdna2008(label: string): string | undefined {
  const points = [...label];
  if (/^\p{M}/u.test(label)) return "begins with a combining mark";
  for (const [at, character] of points.entries()) {
    const context = contextOf(points, at, character);
    if (context === true) continue;
    if (context === false) return `${shown(character)} is out of its context`;
    if (JOINER.test(character) || ALLOWED.has(character.codePointAt(0) as number)) continue;
    if (FORBIDDEN.test(character) || IGNORABLE.test(character) || !LETTER_DIGIT.test(character))
      return `${shown(character)} is not allowed by IDNA 2008`;
    if (character.normalize("NFKC").toLowerCase().normalize("NFKC") !== character)
      return `${shown(character)} is not stable`;
  }
  return undefined;
}

/** CONTEXTO, appendix A.3 to A.9: undefined if the character has no such rule. */
function contextOf(points: readonly string[], at: number, character: string): boolean | undefined {
  const [before, after] = [points[at - 1] ?? "", points[at + 1] ?? ""];
  const any = (pattern: RegExp) => points.some((point) => pattern.test(point));
  switch (character) {
    case "\u00b7":
      return before === "l" && after === "l";
    case "\u0375":
      return /^\p{Script=Greek}$/u.test(after);
    case "\u05f3":
    case "\u05f4":
      return /^\p{Script=Hebrew}$/u.test(before);
    case "\u30fb":
      return any(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
    default:
      if (/[\u0660-\u0669]/u.test(character)) return !any(/[\u06f0-\u06f9]/u);
      if (/[\u06f0-\u06f9]/u.test(character)) return !any(/[\u0660-\u0669]/u);
      return undefined;
  }
}

function shown(character: string): string {
  return `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0")}`;
}
