import { expect } from "chai";
import {
  computeFingerprint,
  createFingerprintKey,
  fingerprint,
} from "../../clients/gateway/src/toll/fingerprint.ts";
import { question } from "./support/payer.ts";

const KEY = createFingerprintKey(Uint8Array.from([0, 1, 2, 3, 4, 5, 6, 7]));

function of(bytes: Uint8Array, foldUntil = 0): string {
  computeFingerprint(KEY, bytes, 0, bytes.length, foldUntil);
  const out = Buffer.alloc(8);
  out.writeInt32LE(fingerprint.low, 0);
  out.writeInt32LE(fingerprint.high, 4);
  return out.toString("hex");
}

describe("question fingerprint", () => {
  it("equals the reference vectors of HalfSipHash-2-4-64", () => {
    const vectors = [
      "218d1f59b9b83cc8",
      "be552412f8387315",
      "064f39ef7c50eb57",
      "ce0f1a45f7060679",
      "d5e78a175be52ea1",
    ];
    vectors.forEach((expected, length) => {
      expect(of(Uint8Array.from({ length }, (_, i) => i))).to.equal(expected);
    });
  });

  it("takes letters of a name for equal whatever their case", () => {
    const upper = question("ExAmPlE.CoM");
    const lower = question("example.com");
    expect(of(upper, upper.length - 4)).to.equal(of(lower, lower.length - 4));
  });

  it("tells type 65 from type 97, whose bytes differ as letters of two cases do", () => {
    const https = question("example.com", 65);
    const other = question("example.com", 97);
    expect(of(https, https.length - 4)).not.to.equal(of(other, other.length - 4));
  });
});
