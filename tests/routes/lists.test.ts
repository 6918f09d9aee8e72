import { fromHex, toHex } from "@tolldns/sdk";
import { createList, hashLeaf, MAX_LIST, rootOfListProof, sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import fc from "fast-check";
import { digest, flipped, modelListRoot } from "./support/model.ts";

const leavesOf = (size: number) => Array.from({ length: size }, (_, i) => digest("leaf", String(i)));

/** The root a proof leads to, in hex; empty where it leads nowhere. */
function rootOf(proof: Uint8Array, leaf: Uint8Array, index: number, size: number): string {
  const root = rootOfListProof(proof, leaf, { index, size });
  return root === undefined ? "" : toHex(root);
}

describe("Merkle lists", () => {
  it("have the roots that Certificate Transparency's tests know", () => {
    const entries = [
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f",
    ];
    const roots = [
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    roots.forEach((root, i) => {
      const leaves = entries.slice(0, i + 1).map((entry) => hashLeaf(sha256, fromHex(entry)));
      expect(toHex(createList(leaves).root)).to.equal(root);
    });
  });

  it("are the trees that RFC 9162 defines, with proofs of every leaf", () => {
    for (let size = 1; size <= 70; size++) {
      const leaves = leavesOf(size);
      const list = createList(leaves);
      const root = toHex(modelListRoot(leaves));
      expect(toHex(list.root)).to.equal(root);
      leaves.forEach((leaf, index) => {
        expect(rootOf(list.prove(index), leaf, index, size)).to.equal(root);
      });
    }
  });

  it("show a leaf in its place of its size, and nowhere else", () => {
    for (let size = 1; size <= 20; size++) {
      const leaves = leavesOf(size);
      const list = createList(leaves);
      const root = toHex(list.root);
      for (let index = 0; index < size; index++) {
        const proof = list.prove(index);
        const leaf = leaves[index] as Uint8Array;
        expect(rootOf(proof, leaf, index, size)).to.equal(root);
        for (let other = 0; other < size; other++)
          if (other !== index) expect(rootOf(proof, leaf, other, size)).not.to.equal(root);
        for (const place of [-1, size, 0.5, Number.NaN])
          expect(rootOf(proof, leaf, place, size)).to.equal("");
      }
    }
  });

  it("fail with any one bit of the proof or leaf flipped", () => {
    const leaves = leavesOf(11);
    const list = createList(leaves);
    const root = toHex(list.root);
    for (const index of [0, 6, 10]) {
      const leaf = leaves[index] as Uint8Array;
      for (const bad of flipped(list.prove(index))) {
        let found = "";
        try {
          found = rootOf(bad, leaf, index, 11);
        } catch (error) {
          expect(error).to.have.property("code", "proof-form");
        }
        expect(found).not.to.equal(root);
      }
      for (const bad of flipped(leaf)) expect(rootOf(list.prove(index), bad, index, 11)).not.to.equal(root);
    }
  });

  it("hold up to 16384 leaves of 32 bytes, and prove only what they have", () => {
    expect(createList(leavesOf(1).flatMap((leaf) => Array(MAX_LIST).fill(leaf))).size).to.equal(MAX_LIST);
    const refused = (action: () => unknown) => expect(action).to.throw().with.property("code");
    refused(() => createList(Array(MAX_LIST + 1).fill(new Uint8Array(32)))).equal("list-size");
    refused(() => createList([new Uint8Array(31)])).equal("bytes-length");
    refused(() => createList([]).prove(0)).equal("list-index");
    refused(() => createList(leavesOf(3)).prove(3)).equal("list-index");
    expect(toHex(createList([]).root)).to.equal("00".repeat(32));
  });

  it("read any bytes as a proof of its one form, or as none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), fc.nat(40), fc.nat(40), (bytes, index, size) => {
        try {
          rootOfListProof(bytes, digest("leaf"), { index, size });
          expect(bytes.length).to.equal(1 + 32 * (bytes[0] as number));
        } catch (error) {
          expect(error).to.have.property("code", "proof-form");
        }
      }),
    );
  });
});
