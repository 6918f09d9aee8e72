import { isTollError } from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { attacksOf } from "../registry.ts";
import { ROWS } from "./rows.ts";

/** A test that runs one attack of a row. */
export const attack = attacksOf("evidence", ROWS);

/** Of random runs; the same unless SEED says otherwise. */
export const SEED = Number(process.env.SEED ?? 20_261_121);
/** Runs of a property. */
const RUNS = 400;

/** A property over what strangers might send, tried with the seed that is printed once. */
export function always<T>(what: fc.Arbitrary<T>, holds: (value: T) => void | Promise<void>): Promise<void> {
  const property = fc.asyncProperty(what, async (value) => holds(value));
  return fc.assert(property, { seed: SEED, numRuns: RUNS });
}

/** Good bytes as a careless or hostile sender would send them: bytes changed, cut, repeated, put in. */
export function mutated(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const place = fc.nat(good.length - 1);
  const change = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), at: place, byte: fc.nat(255) }),
    fc.record({ kind: fc.constant("cut" as const), at: place }),
    fc.record({ kind: fc.constant("put" as const), at: place, bytes: fc.uint8Array({ maxLength: 40 }) }),
  );
  return fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    let bytes = [...good];
    for (const one of changes) {
      if (one.kind === "set") bytes[one.at % Math.max(1, bytes.length)] = one.byte;
      else if (one.kind === "cut") bytes = bytes.slice(0, one.at);
      else bytes.splice(one.at, 0, ...one.bytes);
    }
    return Uint8Array.from(bytes);
  });
}

/** What a reader makes of bytes; undefined if it refuses them, which it may with an error of the catalogue alone. */
export function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(isTollError(error), String(error)).equal(true);
    return undefined;
  }
}
