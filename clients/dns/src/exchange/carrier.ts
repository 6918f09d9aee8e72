import type { Clock } from "../clock.ts";
import { encodeOption } from "../wire/build.ts";
import { OPTION } from "../wire/constants.ts";
import type { Question } from "../wire/question.ts";
import type { Deadlines } from "./deadlines.ts";
import type { AskExtras, UpstreamOptions } from "./upstream.ts";

/** One way of sending questions to one server; an upstream is one or two of them. */
export interface Carrier {
  /** Resolves to a checked answer with id 0. */
  ask(question: Question, extras: AskExtras, due: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface CarrierContext {
  readonly options: UpstreamOptions;
  readonly port: number;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly counters: { mismatched: number; connections: number };
}

/** EDNS options to send: the caller's, then the client subnet of the question if it carries one. */
export function optionsOf(
  question: Question,
  extras: AskExtras,
  cookie?: Uint8Array,
): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  if (cookie !== undefined) parts.push(encodeOption(OPTION.COOKIE, cookie));
  if (question.subnet !== undefined) parts.push(encodeOption(OPTION.SUBNET, question.subnet));
  if (extras.options !== undefined) parts.push(extras.options);
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** Sets the id of an answer to 0, so that nobody further on mistakes it for one to another query. */
export function withoutId(answer: Uint8Array): Uint8Array {
  answer[0] = 0;
  answer[1] = 0;
  return answer;
}
