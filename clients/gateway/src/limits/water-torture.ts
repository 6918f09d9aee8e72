import type { Question } from "@tolldns/dns";
import { createFlights, type Flights } from "./flights.ts";

/** Keeps random-subdomain floods from taking all upstream questions: each zone, by its last three labels, may have a share. */
export interface ZoneLimit {
  readonly flights: Flights;
  /** A number to hand to `flights`. */
  hashZone(question: Question): number;
}

const LABELS = 3;

export function createZoneLimit(maxInFlight: number): ZoneLimit {
  return {
    flights: createFlights(Math.max(1, Math.floor(maxInFlight / 8))),
    hashZone({ name }) {
      let labels = 0;
      for (let at = 0; name[at] !== 0; at += (name[at] as number) + 1) labels++;
      let from = 0;
      // The first label of a three-label name is what a flood varies, so it never counts.
      const keep = Math.min(LABELS, Math.max(1, labels - 1));
      for (; labels > keep; labels--) from += (name[from] as number) + 1;
      let hash = 0;
      for (let i = from; i < name.length; i++) {
        hash = Math.imul(hash ^ (name[i] as number), 0x5bd1e995);
        hash ^= hash >>> 15;
      }
      return hash >>> 0;
    },
  };
}
