import { readFileSync } from "node:fs";
import { concatBytes } from "@tolldns/sdk";
import { encodeEntry, type RouteEntry } from "@tolldns/sdk/routes";
import { keyOf } from "../../programs/world/keys.ts";
import { Machine } from "../../programs/world/machine.ts";

const PROGRAM = keyOf("fixture program").publicKey;

/** What the bytecode says to a proof: the root or roots it leads to, or nothing. */
export interface Verdict {
  readonly root?: Uint8Array;
  /** Compute units of the whole transaction. */
  readonly units: number;
}

/** Checks proofs by `programs/core/src/routes` in bytecode, by way of the tests' fixture program. */
export class BytecodeProofs {
  readonly #machine = new Machine(keyOf("proof payer"));

  constructor() {
    const bytes = readFileSync(new URL("../../programs/fixture/fixture.so", import.meta.url));
    this.#machine.addProgram(PROGRAM, new Uint8Array(bytes));
  }

  /** The root a map proof leads to, 32 bytes. */
  mapRoot(proof: Uint8Array, nameHash: Uint8Array, held?: RouteEntry): Verdict {
    return this.#ask(2, nameHash, heldBytes(held), proof);
  }

  /** The roots before and after an update, 64 bytes. */
  mapRoots(
    proof: Uint8Array,
    nameHash: Uint8Array,
    held: RouteEntry | undefined,
    after: RouteEntry,
  ): Verdict {
    return this.#ask(3, nameHash, heldBytes(held), encodeEntry(after), proof);
  }

  /** The root a list proof leads to, 32 bytes. */
  listRoot(proof: Uint8Array, leaf: Uint8Array, place: { index: number; size: number }): Verdict {
    const numbers = new Uint8Array(new Uint32Array([place.index, place.size]).buffer);
    return this.#ask(4, numbers, leaf, proof);
  }

  #ask(instruction: number, ...parts: Uint8Array[]): Verdict {
    const data = concatBytes(Uint8Array.of(instruction), ...parts);
    const { error, units, logs } = this.#machine.send([{ program: PROGRAM, accounts: [], data }], []);
    const returned = logs.map((line) => /^Program return: \S+ (\S+)$/.exec(line)?.[1]).find(Boolean);
    if (error === undefined) return { root: new Uint8Array(Buffer.from(returned ?? "", "base64")), units };
    if (error !== 1) throw new Error(`the fixture failed otherwise: ${String(error)}`);
    return { units };
  }
}

function heldBytes(held: RouteEntry | undefined): Uint8Array {
  return held === undefined ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), encodeEntry(held));
}
