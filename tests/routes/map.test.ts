import { bytesEqual, toHex } from "@tolldns/sdk";
import { sha256Node } from "@tolldns/sdk/node";
import { hashMapNode, type NamedEntry, RouteMap, sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import fc from "fast-check";
import { digest, entries, entryOf, modelRoot, nameOf } from "./support/model.ts";

const byName = (a: NamedEntry, b: NamedEntry) => Buffer.compare(a.nameHash, b.nameHash);

describe("the map of routes", () => {
  it("has the root of the plainest model of it, built at once or name by name", () => {
    fc.assert(
      fc.property(entries(), (rows) => {
        const expected = toHex(modelRoot(rows));
        expect(toHex(RouteMap.create(rows).root)).to.equal(expected);
        const map = RouteMap.create();
        for (const row of rows) map.set(row.nameHash, row);
        expect(toHex(map.root)).to.equal(expected);
        expect(map.size).to.equal(rows.length);
        expect([...map.entries()]).to.deep.equal([...rows].sort(byName));
      }),
    );
  });

  it("does not care for the order in which names come", () => {
    const shuffled = entries().chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        const map = RouteMap.create();
        for (const row of other) map.set(row.nameHash, row);
        expect(toHex(map.root)).to.equal(toHex(RouteMap.create(rows).root));
      }),
    );
  });

  it("takes the last of several entries of a name", () => {
    const rows = [entryOf(3, 1), entryOf(4, 1), entryOf(3, 2), entryOf(3, 3)];
    const map = RouteMap.create(rows);
    expect(map.size).to.equal(2);
    expect(map.get(nameOf(3))).to.deep.equal(strip(entryOf(3, 3)));
    expect(map.usage.leaves).to.equal(2);
  });

  it("finds what it holds and nothing else", () => {
    fc.assert(
      fc.property(entries(), (rows) => {
        const map = RouteMap.create(rows);
        for (const row of rows) expect(map.get(row.nameHash)).to.deep.equal(strip(row));
        for (let n = 200; n < 230; n++) expect(map.get(nameOf(n))).to.equal(undefined);
      }),
    );
  });

  it("has the same root by node:crypto", () => {
    const rows = Array.from({ length: 500 }, (_, n) => entryOf(n));
    expect(toHex(RouteMap.create(rows, sha256Node).root)).to.equal(toHex(RouteMap.create(rows).root));
  });

  it("keeps snapshots as they were, whatever happens to the map or to other snapshots, and frees what none holds", () => {
    const command = fc.oneof(
      { weight: 6, arbitrary: fc.record({ set: fc.nat(90), version: fc.integer({ min: 1, max: 50 }) }) },
      { weight: 2, arbitrary: fc.constant("snapshot" as const) },
      { weight: 1, arbitrary: fc.record({ release: fc.nat(9) }) },
      { weight: 1, arbitrary: fc.record({ change: fc.nat(9), version: fc.integer({ min: 51, max: 99 }) }) },
    );
    fc.assert(
      fc.property(entries(20), fc.array(command, { maxLength: 60 }), (rows, commands) => {
        const top = RouteMap.create(rows);
        const key = (row: NamedEntry) => toHex(row.nameHash);
        const held = [{ map: top, model: new Map(rows.map((row) => [key(row), row])) }];
        const set = (at: number, row: NamedEntry) => {
          held[at]?.map.set(row.nameHash, row);
          held[at]?.model.set(key(row), row);
        };
        for (const one of commands) {
          if (one === "snapshot") held.push({ map: top.snapshot(), model: new Map(held[0]?.model) });
          else if ("set" in one) set(0, entryOf(one.set, one.version));
          else if ("change" in one) set(one.change % held.length, entryOf(one.change, one.version));
          else if (held.length > 1) held.splice(1 + (one.release % (held.length - 1)), 1)[0]?.map.release();
        }
        for (const { map, model } of held) {
          expect(toHex(map.root)).to.equal(toHex(modelRoot([...model.values()])));
          expect(map.size).to.equal(model.size);
        }
        for (const { map } of held.slice(1)) map.release();
        const alone = RouteMap.create(held[0]?.model.values());
        const { leaves, nodes } = top.usage;
        expect({ leaves, nodes }).to.deep.equal({ leaves: alone.usage.leaves, nodes: alone.usage.nodes });
        top.release();
        expect(top.usage.leaves + top.usage.nodes).to.equal(0);
        expect(toHex(top.root)).to.equal("00".repeat(32));
      }),
    );
  });

  it("shares what two maps have alike: an update costs its path", () => {
    const map = RouteMap.create(Array.from({ length: 5_000 }, (_, n) => entryOf(1 + 3 * n)));
    const { nodes } = map.usage;
    const before = map.snapshot();
    map.set(nameOf(1), entryOf(1, 2));
    expect(map.usage.nodes - nodes).to.be.within(10, 40);
    expect(map.usage.leaves).to.equal(5_001);
    before.release();
    expect(map.usage.nodes).to.equal(nodes);
    expect(map.usage.leaves).to.equal(5_000);
  });

  it("tells of each prefix hash and count, and 16 children that make the hash", () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => entryOf(n));
    const map = RouteMap.create(rows);
    const whole = map.view(new Uint8Array(32), 0);
    expect(toHex(whole.hash)).to.equal(toHex(map.root));
    expect(whole.count).to.equal(3_000);
    const children = "children" in whole ? whole.children : [];
    expect(children).to.have.length(16);
    let row = [...children];
    for (let level = 3; level >= 0; level--)
      row = Array.from({ length: row.length / 2 }, (_, i) =>
        hashMapNode(sha256, level, row[2 * i] as Uint8Array, row[2 * i + 1] as Uint8Array),
      );
    expect(toHex(row[0] as Uint8Array)).to.equal(toHex(map.root));
    for (let nibble = 0; nibble < 16; nibble++) {
      const prefix = Uint8Array.of(nibble << 4);
      const below = rows.filter(({ nameHash }) => (nameHash[0] as number) >> 4 === nibble);
      expect(map.subtree(prefix, 4).count).to.equal(below.length);
      expect(toHex(map.subtree(prefix, 4).hash)).to.equal(toHex(children[nibble] as Uint8Array));
      expect(toHex(modelRoot(below, 4))).to.equal(toHex(children[nibble] as Uint8Array));
    }
  });

  it("lets a map that was away find what differs by hashes of prefixes, and ask for little else", () => {
    const rows = Array.from({ length: 3_000 }, (_, n) => entryOf(n));
    const ours = RouteMap.create(rows);
    const theirs = ours.snapshot();
    const changed = [7, 8, 90, 1_500, 2_999, 4_000].map((n) => entryOf(n, 2));
    for (const row of changed) theirs.set(row.nameHash, row);
    let asked = 0;
    const found: NamedEntry[] = [];
    const compare = (prefix: Uint8Array, bits: number): void => {
      asked++;
      const view = theirs.view(prefix, bits);
      if (bytesEqual(view.hash, ours.subtree(prefix, bits).hash)) return;
      if ("leaves" in view) {
        const differs = ({ nameHash, updateHash }: NamedEntry) =>
          toHex(ours.get(nameHash)?.updateHash ?? new Uint8Array()) !== toHex(updateHash);
        found.push(...view.leaves.filter(differs));
        return;
      }
      view.children.forEach((hash, nibble) => {
        const below = Uint8Array.from({ length: 32 }, (_, i) => prefix[i] ?? 0);
        below[bits >> 3] = (below[bits >> 3] as number) | (nibble << (bits % 8 === 0 ? 4 : 0));
        if (!bytesEqual(hash, ours.subtree(below, bits + 4).hash)) compare(below, bits + 4);
      });
    };
    compare(new Uint8Array(32), 0);
    expect(found.sort(byName)).to.deep.equal(changed.sort(byName));
    expect(asked).to.be.below(40);
    for (const row of found) ours.set(row.nameHash, row);
    expect(toHex(ours.root)).to.equal(toHex(theirs.root));
  });

  it("refuses hashes of other lengths and numbers out of range", () => {
    const map = RouteMap.create();
    expect(() => map.set(new Uint8Array(31), entryOf(1)))
      .to.throw()
      .with.property("code", "bytes-length");
    expect(() => map.set(nameOf(1), { ...entryOf(1), version: -1n }))
      .to.throw()
      .with.property("code", "integer-range");
    expect(() => map.set(nameOf(1), { ...entryOf(1), updateHash: digest("x").subarray(1) }))
      .to.throw()
      .with.property("code", "bytes-length");
    expect(map.size).to.equal(0);
    expect(toHex(map.root)).to.equal("00".repeat(32));
  });
});

function strip({ generation, version, updateHash }: NamedEntry) {
  return { generation, version, updateHash };
}
