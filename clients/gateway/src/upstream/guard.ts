import {
  type Clock,
  DnsError,
  EDE,
  type Question,
  questionName,
  type RebindingGuard,
  readMessage,
} from "@tolldns/dns";
import { createZoneLimit } from "../limits/water-torture.ts";
import { type Log, reasonOf } from "../observe/log.ts";
import type { Counters } from "../serve/counters.ts";
import type { AskQuestion } from "./ask.ts";

export interface GuardOptions {
  readonly ask: AskQuestion;
  readonly guard: RebindingGuard | null;
  readonly maxInFlight: number;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds a question took, answered or not. */
  readonly onAsked: (ms: number) => void;
}

/** What stands between cache and router: one zone can't take all questions, and no public name points home. */
export function createGuard(options: GuardOptions): (question: Question) => Promise<Uint8Array> {
  const { ask, guard, counters, clock } = options;
  const zones = createZoneLimit(options.maxInFlight);
  return async (question) => {
    const zone = zones.hashZone(question);
    if (zones.flights.isFull(zone)) {
      counters.busy++;
      throw new DnsError("exchange-busy", "too many questions of one zone", {
        ede: { code: EDE.NOT_READY, text: "too many questions under way" },
      });
    }
    zones.flights.begin(zone);
    const started = clock.now();
    try {
      const { message, parsed } = await ask(question);
      if (guard?.refuses(question.name, parsed ?? readMessage(message))) {
        counters.rebinding++;
        throw new DnsError("exchange-mismatch", "a public name points at a private address", {
          ede: { code: EDE.FILTERED, text: "private address for a public name" },
        });
      }
      return message;
    } catch (error) {
      const name = options.log.names ? { name: questionName(question) } : {};
      options.log.debug("question-failed", { reason: reasonOf(error), ...name });
      throw error;
    } finally {
      zones.flights.end(zone);
      options.onAsked(clock.now() - started);
    }
  };
}
