import { type ErrorTable, errorsOf } from "../errors.ts";

/** Context of each error of what verifiers write. */
export interface HealthErrors {
  "target-form": { name: string; reason: string };
  "record-form": { reason: string };
  "report-form": { reason: string };
  "transcript-form": { reason: string };
  "set-form": { reason: string };
  "set-size": { got: number; most: number };
  "set-version": { got: string };
  "set-number": { number: string; reason: string };
  "set-surface": { number: number; got: string };
  "set-name": { number: number; reason: string };
  "set-type": { number: number; got: string };
  "set-edns": { number: number; reason: string };
  "set-transports": { number: number; reason: string };
  "set-expect": { number: number; reason: string };
}

/** Errors of targets, records, reports, transcripts and challenge sets, 310-329. */
export const HEALTH_ERRORS: ErrorTable<HealthErrors> = {
  "target-form": {
    number: 310,
    message: "not the name of a target",
    hint: "Write udp://192.0.2.1:53, tcp://…, tls://192.0.2.1:853#name, https://name/dns-query@192.0.2.1, or for a gateway https://host[:port].",
  },
  "record-form": {
    number: 311,
    message: "not a record of a probe",
    hint: "A record has 118 bytes; see docs/reference/verifier.md for what holds of each.",
  },
  "report-form": {
    number: 312,
    message: "not a report",
    hint: "The bytes were cut, extended, or are of another version; ask another mirror.",
  },
  "transcript-form": {
    number: 313,
    message: "not a transcript",
    hint: "The bytes were cut, extended, or are of another version; ask another mirror.",
  },
  "set-form": {
    number: 314,
    message: "not a challenge set",
    hint: "Compare it with a set in keepers/src/verifier/sets; unknown fields are refused.",
  },
  "set-size": {
    number: 315,
    message: "the challenge set is larger than allowed",
    hint: "A set has 1 to 256 challenges and at most 65536 bytes; split it.",
  },
  "set-version": {
    number: 316,
    message: "the version of a challenge set is a whole number from 1 on",
    hint: "Give it the next version after the one published.",
  },
  "set-number": {
    number: 317,
    message: "challenges are numbered from 0 without gaps",
    hint: "Number them anew in their order.",
  },
  "set-surface": {
    number: 318,
    message: "no such surface",
    hint: "Use one of the surfaces of docs/reference/verifier.md.",
  },
  "set-name": {
    number: 319,
    message: "not a name that can be asked for",
    hint: "Write an absolute name in lower case without the last dot; {random} may stand for one label.",
  },
  "set-type": {
    number: 320,
    message: "no such record type",
    hint: "Write a mnemonic such as A, or TYPE and its number.",
  },
  "set-edns": {
    number: 321,
    message: "a question is asked in a way that no client asks",
    hint: "Only dnssecOk and unchecked may be set: a probe has to look like any other question.",
  },
  "set-transports": {
    number: 322,
    message: "transports are one or more of udp, tcp, dot, doh, each once",
    hint: "List those the challenge is for.",
  },
  "set-expect": {
    number: 323,
    message: "the expected answer can't be told from this",
    hint: "Give exactly what the kind of expectation needs; see docs/reference/verifier.md.",
  },
};

export const fail = /* #__PURE__ */ errorsOf(HEALTH_ERRORS);
