import { findDifference } from "@tolldns/keepers/feed";
import { isTollError, toBase64Url } from "@tolldns/sdk";
import { type NamedEntry, RouteMap, sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import fc from "fast-check";
import { hex } from "./support/routes.ts";

const nameOf = (number: number) => sha256(Uint8Array.of(number >> 16, number >> 8, number));

function entryOf(number: number, version: number): NamedEntry {
  const nameHash = nameOf(number);
  return {
    nameHash,
    generation: 1,
    version: BigInt(version),
    updateHash: sha256(Uint8Array.of(version, number)),
  };
}

/** What `GET /v1/reconcile` answers from a map. */
function viewOf(map: RouteMap, prefix: string): Record<string, unknown> {
  const bytes = Buffer.from(prefix.padEnd(64, "0"), "hex");
  const view = map.view(new Uint8Array(bytes), prefix.length * 4);
  const below =
    "children" in view
      ? { children: view.children.map(toBase64Url) }
      : {
          leaves: view.leaves.map((leaf) => ({
            nameHash: toBase64Url(leaf.nameHash),
            generation: leaf.generation,
            version: Number(leaf.version),
            updateHash: toBase64Url(leaf.updateHash),
          })),
        };
  return JSON.parse(JSON.stringify({ hash: toBase64Url(view.hash), count: view.count, ...below }));
}

const honest = (map: RouteMap) => async (prefix: string) => viewOf(map, prefix);
const keys = (leaves: readonly NamedEntry[]) => leaves.map(({ nameHash }) => hex(nameHash)).sort();

describe("reconciliation by hashes of ranges", () => {
  it("finds exactly the leaves that differ, of any two maps one of which grew out of the other", async () => {
    const change = fc.array(fc.record({ name: fc.integer({ min: 0, max: 700 }) }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 500 }), change, async (size, changes) => {
        const old = Array.from({ length: size }, (_, i) => entryOf(i, 1));
        const local = RouteMap.create(old);
        const remote = local.snapshot();
        for (const { name } of changes) remote.set(nameOf(name), entryOf(name, 2));
        const found = await findDifference(local, remote.root, "peer", honest(remote));
        expect(keys(found.leaves)).to.deep.equal(
          [...new Set(changes.map(({ name }) => hex(nameOf(name))))].sort(),
        );
        expect(found.excess).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  it("asks little where little differs: 10 000 names, 50 of them changed or new", async () => {
    const local = RouteMap.create(Array.from({ length: 10_000 }, (_, i) => entryOf(i, 1)));
    const remote = local.snapshot();
    for (let i = 0; i < 50; i++) remote.set(nameOf(i * 203), entryOf(i * 203, 2));
    const found = await findDifference(local, remote.root, "peer", honest(remote));
    expect(found.leaves).to.have.length(50);
    // The top, its 16 children, and at most one range of some forty names for each change.
    expect(found.requests).to.be.at.most(1 + 16 + 50);
  });

  it("asks nothing where nothing differs", async () => {
    const local = RouteMap.create([entryOf(1, 1)]);
    const found = await findDifference(local, local.root, "peer", () => Promise.reject(new Error("asked")));
    expect(found).to.deep.equal({ leaves: [], excess: false, requests: 0 });
  });

  it("tells of names that the root does not have", async () => {
    const remote = RouteMap.create(Array.from({ length: 300 }, (_, i) => entryOf(i, 1)));
    const local = remote.snapshot();
    local.set(nameOf(900), entryOf(900, 1));
    expect((await findDifference(local, remote.root, "peer", honest(remote))).excess).to.equal(true);
  });

  it("catches a feed that lies about a hash, a leaf, or leaves one out", async () => {
    const remote = RouteMap.create(Array.from({ length: 1_000 }, (_, i) => entryOf(i, 1)));
    const local = RouteMap.create();
    const lies: ((view: Record<string, unknown>) => void)[] = [
      (view) => {
        if (Array.isArray(view.children)) view.children[3] = toBase64Url(new Uint8Array(32).fill(9));
      },
      (view) => {
        if (Array.isArray(view.children)) view.children[3] = toBase64Url(new Uint8Array(32));
      },
      (view) => {
        if (Array.isArray(view.leaves)) (view.leaves[0] as { version: number }).version = 8;
      },
      (view) => {
        if (Array.isArray(view.leaves)) view.leaves.pop();
      },
      (view) => {
        if (Array.isArray(view.leaves)) view.leaves.push({ ...(view.leaves[0] as object) });
      },
      (view) => {
        view.leaves = [];
        delete view.children;
      },
      (view) => {
        if (Array.isArray(view.children)) view.children.pop();
      },
    ];
    for (const [i, lie] of lies.entries()) {
      const ask = async (prefix: string) => {
        const view = viewOf(remote, prefix);
        lie(view);
        return view;
      };
      const error = await findDifference(local, remote.root, "peer", ask).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(isTollError(error, "peer-lied"), `lie ${i}`).to.equal(true);
    }
  });
});
