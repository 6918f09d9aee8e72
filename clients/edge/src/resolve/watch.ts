import type { Handler } from "@tolldns/dns/listeners/handler";
import { TYPE } from "@tolldns/dns/wire/constants";
import { nameToText } from "@tolldns/dns/wire/name";
import type { Query } from "@tolldns/dns/wire/query";
import type { Question } from "@tolldns/dns/wire/question";
import { rcodeName } from "@tolldns/dns/wire/verdict";
import type { EdgeClock } from "../clock.ts";
import type { EdgeAnswer, EdgeOptions } from "../options.ts";

/** Tells each answered question to whoever asked to be told; without such a one it adds nothing to the path. */
export interface Watch {
  handler(inner: Handler): Handler;
  readonly onSource: (question: Question, source: "gateway" | "free") => void;
}

const TYPE_NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, value]) => [value, name]));

export function createWatch(onAnswer: EdgeOptions["onAnswer"], clock: EdgeClock): Watch {
  if (onAnswer === undefined) return { handler: (inner) => inner, onSource: () => {} };
  /** Where the questions answered in this turn of the event loop came from, by cache key. */
  const sources = new Map<string, "gateway" | "free">();

  function tell(query: Query, flags: number, from: EdgeAnswer["from"], started: number): void {
    onAnswer?.({
      name: nameToText(query.key, 0),
      type: TYPE_NAMES.get(query.type) ?? `TYPE${query.type}`,
      rcode: rcodeName(flags & 15),
      from,
      ms: clock.now() - started,
    });
  }

  return {
    onSource(question, source) {
      const key = keyOf(question.key, question.key.length);
      sources.set(key, source);
      setImmediate(() => sources.delete(key));
    },
    handler: (inner) => (query, out, at) => {
      const started = clock.now();
      const answer = inner(query, out, at);
      if (typeof answer === "number") {
        if (answer > 3) tell(query, out[at + 3] as number, "cache", started);
        return answer;
      }
      if (!(answer instanceof Promise)) return answer;
      const kept = query.keep();
      return answer.then((later) => {
        if (later instanceof Uint8Array && later.length > 3)
          tell(kept, later[3] as number, sources.get(keyOf(kept.key, kept.keyLength)) ?? "edge", started);
        return later;
      });
    },
  };
}

function keyOf(key: Uint8Array, length: number): string {
  return Buffer.from(key.buffer, key.byteOffset, length).toString("latin1");
}
