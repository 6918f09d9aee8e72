import { isTollError, toHex } from "@tolldns/sdk";
import {
  decodeMapProof,
  encodeMapProof,
  isEmptyHash,
  MAX_PROOF,
  type NamedEntry,
  RouteMap,
  rootOfMapProof,
  rootsOfMapProof,
} from "@tolldns/sdk/routes";
import { expect } from "chai";
import fc from "fast-check";
import { digest, entries, entryOf, flipped, modelRoot, nameOf } from "./support/model.ts";

/** The root a proof leads to, or what it is refused for. */
function rootOf(proof: Uint8Array, nameHash: Uint8Array, entry?: NamedEntry): string {
  try {
    const root = rootOfMapProof(decodeMapProof(proof), nameHash, entry);
    return root === undefined ? "of another kind or place" : toHex(root);
  } catch (error) {
    if (isTollError(error)) return error.code;
    throw error;
  }
}

describe("proofs in the map", () => {
  it("show every name that is there, and the absence of every other", () => {
    fc.assert(
      fc.property(entries(), (rows) => {
        const map = RouteMap.create(rows);
        const root = toHex(map.root);
        for (const row of rows) expect(rootOf(map.prove(row.nameHash), row.nameHash, row)).to.equal(root);
        for (let n = 100; n < 130; n++) expect(rootOf(map.prove(nameOf(n)), nameOf(n))).to.equal(root);
      }),
      { numRuns: 40 },
    );
  });

  it("never show a name both there and absent", () => {
    fc.assert(
      fc.property(entries(), fc.nat(120), (rows, n) => {
        const map = RouteMap.create(rows);
        const nameHash = nameOf(n);
        const held = rows.find((row) => toHex(row.nameHash) === toHex(nameHash));
        const proof = map.prove(nameHash);
        if (held === undefined) expect(rootOf(proof, nameHash, entryOf(n))).not.to.equal(toHex(map.root));
        else expect(rootOf(proof, nameHash)).not.to.equal(toHex(map.root));
        // Nor by the proof of any other name.
        for (const other of rows) {
          if (other === held) continue;
          const shown = rootOf(
            map.prove(other.nameHash),
            nameHash,
            held === undefined ? entryOf(n) : undefined,
          );
          expect(shown).not.to.equal(toHex(map.root));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("fail with any one bit flipped", () => {
    const rows = Array.from({ length: 40 }, (_, n) => entryOf(n));
    const map = RouteMap.create(rows);
    const root = toHex(map.root);
    for (const [nameHash, held] of [
      ...[0, 1, 9].map((n) => [nameOf(n), entryOf(n)] as const),
      ...[100, 101, 102, 108].map((n) => [nameOf(n), undefined] as const),
    ])
      for (const bad of flipped(map.prove(nameHash))) expect(rootOf(bad, nameHash, held)).not.to.equal(root);
  });

  it("fail for an entry with any part changed", () => {
    const map = RouteMap.create(Array.from({ length: 40 }, (_, n) => entryOf(n)));
    const held = entryOf(5);
    const proof = map.prove(held.nameHash);
    expect(rootOf(proof, held.nameHash, held)).to.equal(toHex(map.root));
    for (const wrong of [
      { ...held, generation: held.generation + 1 },
      { ...held, version: held.version + 1n },
      { ...held, updateHash: digest("another") },
    ])
      expect(rootOf(proof, held.nameHash, wrong)).not.to.equal(toHex(map.root));
    for (const nameHash of flipped(held.nameHash))
      expect(rootOf(proof, nameHash, held)).not.to.equal(toHex(map.root));
  });

  it("give the root after an update as rebuilding does: new names, new versions, names beside another's leaf", () => {
    fc.assert(
      fc.property(entries(), fc.nat(120), fc.integer({ min: 10, max: 20 }), (rows, n, version) => {
        const map = RouteMap.create(rows);
        const after = entryOf(n, version);
        const held = rows.find((row) => toHex(row.nameHash) === toHex(after.nameHash));
        const proof = decodeMapProof(map.prove(after.nameHash));
        const roots = rootsOfMapProof(proof, after.nameHash, held, after);
        const others = rows.filter((row) => row !== held);
        expect(toHex(roots?.before as Uint8Array)).to.equal(toHex(map.root));
        expect(toHex(roots?.after as Uint8Array)).to.equal(toHex(modelRoot([...others, after])));
        map.set(after.nameHash, after);
        expect(toHex(map.root)).to.equal(toHex(roots?.after as Uint8Array));
      }),
      { numRuns: 200 },
    );
  });

  it("give no root for the other kind, or beside a leaf that is elsewhere", () => {
    const map = RouteMap.create([entryOf(1), entryOf(2), entryOf(4)]);
    const proof = decodeMapProof(map.prove(nameOf(1)));
    expect(rootOfMapProof(proof, nameOf(1), undefined)).to.equal(undefined);
    const absent = [5, 7, 8, 10, 11]
      .map(nameOf)
      .find((name) => decodeMapProof(map.prove(name)).place.kind === "other");
    const shown = decodeMapProof(map.prove(absent as Uint8Array));
    expect(rootOfMapProof(shown, absent as Uint8Array, entryOf(1))).to.equal(undefined);
    const { place } = shown;
    if (place.kind !== "other") throw new Error("another leaf has the place");
    expect(rootOfMapProof(shown, place.nameHash, undefined)).to.equal(undefined);
    const elsewhere = Uint8Array.from(absent as Uint8Array, (byte, i) => (i === 0 ? byte ^ 0x80 : byte));
    expect(rootOfMapProof(shown, elsewhere, undefined)).to.equal(undefined);
  });

  it("have one form: what is decoded encodes to the same, and siblings are never empty", () => {
    fc.assert(
      fc.property(entries(), fc.nat(120), (rows, n) => {
        const bytes = RouteMap.create(rows).prove(nameOf(n));
        const proof = decodeMapProof(bytes);
        expect(toHex(encodeMapProof(proof))).to.equal(toHex(bytes));
        for (const { sibling } of proof.nodes) expect(isEmptyHash(sibling)).to.equal(false);
        const levels = proof.nodes.map(({ level }) => level);
        expect(levels).to.deep.equal([...new Set(levels)].sort((a, b) => b - a));
      }),
    );
  });

  it("refuse bytes of any other form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          expect(toHex(encodeMapProof(decodeMapProof(bytes)))).to.equal(toHex(bytes));
        } catch (error) {
          expect(isTollError(error, "proof-form"), String(error)).to.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("stay below 1 kB in a map of 50 000 names", function () {
    this.timeout(60_000);
    const name = (n: number) => digest("crowd", String(n));
    const map = RouteMap.create(
      Array.from({ length: 50_000 }, (_, n) => ({ ...entryOf(1), nameHash: name(n) })),
    );
    let most = 0;
    for (let n = 0; n < 60_000; n += 7) most = Math.max(most, map.prove(name(n)).length);
    expect(most).to.be.within(400, MAX_PROOF);
  });
});
