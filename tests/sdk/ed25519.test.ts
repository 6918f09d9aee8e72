import { generateKeyPairSync, sign } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { createSeed, createSigner, toHex, verifyEd25519 } from "@tolldns/sdk";
import { createSignerNode, createVerifier, verifyEd25519Node } from "@tolldns/sdk/node";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";
import { compareVerifiers } from "./support/signatures.ts";

const raw = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe("ed25519", () => {
  it("signs the same bytes in both variants, and as @noble and node:crypto do", () => {
    fc.assert(
      fc.property(raw(32), fc.uint8Array({ maxLength: 100 }), (seed, message) => {
        const signature = createSigner(seed).sign(message);
        expect(toHex(createSigner(seed).publicKey)).to.equal(toHex(createSignerNode(seed).publicKey));
        expect(toHex(signature)).to.equal(toHex(createSignerNode(seed).sign(message)));
        expect(toHex(signature)).to.equal(toHex(ed25519.sign(message, seed)));
      }),
      { numRuns: 25 },
    );
  });

  it("accepts what node:crypto signed", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const key = new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(12));
    const message = new TextEncoder().encode("a message");
    const signature = new Uint8Array(sign(null, message, privateKey));
    expect(verifyEd25519(key, message, signature)).to.equal(true);
    expect(verifyEd25519Node(key, message, signature)).to.equal(true);
    expect(createVerifier(key)(message, signature)).to.equal(true);
  });

  it("says the same in all three variants for 600 good, bent, small-order and mixed-order signatures", () => {
    const { agreed, accepted } = compareVerifiers(600, 1);
    expect(agreed).to.equal(600);
    expect(accepted).to.be.within(100, 500);
  });

  it("answers false, not an error, for keys and signatures of any length", () => {
    for (const length of [0, 1, 31, 33, 63, 64, 65])
      for (const verify of [verifyEd25519, verifyEd25519Node]) {
        if (length !== 32)
          expect(verify(new Uint8Array(length), new Uint8Array(5), new Uint8Array(64))).to.equal(false);
        if (length !== 64)
          expect(verify(new Uint8Array(32), new Uint8Array(5), new Uint8Array(length))).to.equal(false);
        expect(createVerifier(new Uint8Array(length))(new Uint8Array(5), new Uint8Array(64))).to.equal(false);
      }
  });

  it("makes new seeds of 32 bytes and refuses others", () => {
    expect(toHex(createSeed()))
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(toHex(createSeed()));
    expect(codeOf(() => createSigner(new Uint8Array(31)))).to.equal("bytes-length");
    expect(codeOf(() => createSignerNode(new Uint8Array(33)))).to.equal("bytes-length");
  });

  it("keeps its key when the caller wipes the seed", () => {
    const seed = new Uint8Array(32).fill(9);
    const signer = createSigner(seed);
    const before = toHex(signer.sign(new Uint8Array(1)));
    seed.fill(0);
    expect(toHex(signer.sign(new Uint8Array(1)))).to.equal(before);
  });
});
