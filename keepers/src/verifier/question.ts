import {
  buildQuery,
  encodeName,
  encodeOption,
  nameToText,
  OPTION,
  type Question,
  questionFor,
} from "@tolldns/dns";
import { bytesEqual } from "@tolldns/sdk";
import type { Challenge, Transcript } from "@tolldns/sdk/policy";
import { nameOf } from "./judge.ts";

const RANDOM = "{random}";

/** Asks for evidence under the newest root that the gateway knows, as an edge does. */
export const WANTS_EVIDENCE = encodeOption(OPTION.ROUTE_EVIDENCE, new Uint8Array(0));

/** The question of a challenge, with this label in place of `{random}`. */
export function questionOfChallenge(challenge: Challenge, label: string): Question {
  const { name, type, dnssecOk, unchecked } = challenge;
  return questionFor(name.replace(RANDOM, label), type, { dnssecOk, unchecked });
}

/** A question as transcripts keep it: what is asked, and nothing of how it travelled. */
export function queryOfTranscript(question: Question, challenge: Challenge): Uint8Array {
  return buildQuery({
    name: question.name,
    type: question.type,
    class: question.class,
    dnssecOk: question.dnssecOk,
    unchecked: question.unchecked,
    ...(challenge.expect.kind === "chain" ? { options: WANTS_EVIDENCE } : {}),
  });
}

/** Is this transcript's question one of the challenge's? */
export function asksFor(challenge: Challenge, transcript: Transcript): boolean {
  if (!challenge.transports.includes(transcript.transport)) return false;
  try {
    const name = nameToText(nameOf(transcript));
    const [before, after] = challenge.name.split(RANDOM);
    const label = after === undefined ? "" : name.slice(before?.length, name.length - after.length);
    if (after !== undefined && !/^[a-z0-9]{1,63}$/.test(label)) return false;
    if (after === undefined && !bytesEqual(encodeName(name), encodeName(challenge.name))) return false;
    return bytesEqual(queryOfTranscript(questionOfChallenge(challenge, label), challenge), transcript.query);
  } catch {
    return false;
  }
}
