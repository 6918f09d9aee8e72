import { type ErrorTable, errorsOf } from "../errors.ts";

/** Context of each zone error. */
export interface ZoneErrors {
  "zone-syntax": { line: number; problem: string };
}

/** Zone file errors, 290-299. */
export const ZONE_ERRORS: ErrorTable<ZoneErrors> = {
  "zone-syntax": {
    number: 290,
    message: "the zone file can't be read",
    hint: "Correct that line: `owner [TTL] [IN] type data`, as RFC 1035, section 5 has it.",
  },
};

export const fail = /* #__PURE__ */ errorsOf(ZONE_ERRORS);

/** What is wrong with a value, before it is known on which line it stands. */
export class Malformed extends Error {}

/** @throws Malformed, always */
export function malformed(problem: string): never {
  throw new Malformed(problem);
}
