import { utils } from "@coral-xyz/anchor";
import {
  base64UrlLength,
  bytesEqual,
  bytesEqualConstantTime,
  concatBytes,
  decodeBase64UrlInto,
  fromBase58,
  fromBase64Url,
  fromHex,
  readU16,
  readU32,
  readU64,
  toBase58,
  toBase64Url,
  toHex,
  writeU16,
  writeU32,
  writeU64,
} from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";

const bytes = fc.uint8Array({ maxLength: 90 });

describe("bytes", () => {
  it("agrees with Buffer on hex and base64url", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toHex(value)).to.equal(Buffer.from(value).toString("hex"));
        expect(toBase64Url(value)).to.equal(Buffer.from(value).toString("base64url"));
        expect(fromHex(toHex(value).toUpperCase())).to.deep.equal(value);
        expect(fromBase64Url(toBase64Url(value))).to.deep.equal(value);
        expect(toBase64Url(value).length).to.equal(base64UrlLength(value.length));
      }),
    );
  });

  it("agrees with bs58 on base58, leading zeros included", () => {
    fc.assert(
      fc.property(fc.nat(4), bytes, (zeros, tail) => {
        const value = concatBytes(new Uint8Array(zeros), tail);
        expect(toBase58(value)).to.equal(utils.bytes.bs58.encode(Buffer.from(value)));
        expect(fromBase58(toBase58(value))).to.deep.equal(value);
      }),
    );
  });

  for (const text of ["0", "zz", "0g", "é0"])
    it(`refuses ${JSON.stringify(text)} as hex`, () => {
      expect(codeOf(() => fromHex(text))).to.equal("bytes-text");
    });

  for (const text of ["A", "AA==", "A+", "A/", "AB", "AAB", "AA A", "éé", "AAAA\n"])
    it(`refuses ${JSON.stringify(text)} as base64url`, () => {
      expect(codeOf(() => fromBase64Url(text))).to.equal("bytes-text");
    });

  for (const text of ["0", "O", "I", "l", "é", "1".repeat(129)])
    it(`refuses ${JSON.stringify(text.slice(0, 5))} as base58`, () => {
      expect(codeOf(() => fromBase58(text))).to.equal("bytes-text");
    });

  it("decodes base64url in place and says where it breaks", () => {
    const source = new TextEncoder().encode("xxAQIDyy");
    const out = new Uint8Array(5);
    expect(decodeBase64UrlInto(source, 2, 6, out, 1)).to.equal(3);
    expect([...out]).to.deep.equal([0, 1, 2, 3, 0]);
    expect(decodeBase64UrlInto(new TextEncoder().encode("AQ*D"), 0, 4, out, 0)).to.equal(-3);
  });

  it("reads back every integer it writes, little endian", () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.nat(0xffff_ffff),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (a, b, c) => {
          const out = new Uint8Array(14);
          writeU16(out, 0, a, "a");
          writeU32(out, 2, b, "b");
          writeU64(out, 6, c, "c");
          expect([readU16(out, 0), readU32(out, 2), readU64(out, 6)]).to.deep.equal([a, b, c]);
          expect(Buffer.from(out).readBigUInt64LE(6)).to.equal(c);
          expect(Buffer.from(out).readUInt32LE(2)).to.equal(b);
        },
      ),
    );
  });

  it("refuses integers that do not fit", () => {
    const out = new Uint8Array(8);
    for (const bad of [-1, 65_536, 1.5, Number.NaN, "1" as unknown as number, 1n as unknown as number])
      expect(codeOf(() => writeU16(out, 0, bad, "x"))).to.equal("integer-range");
    for (const bad of [-1n, 2n ** 64n, 1 as unknown as bigint])
      expect(codeOf(() => writeU64(out, 0, bad, "x"))).to.equal("integer-range");
  });

  it("compares bytes the same way in both equals", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const same = Buffer.compare(a, b) === 0;
        expect(bytesEqual(a, b)).to.equal(same);
        expect(bytesEqualConstantTime(a, b)).to.equal(same);
        expect(bytesEqual(a, a.slice())).to.equal(true);
        expect(bytesEqualConstantTime(a, a.slice())).to.equal(true);
      }),
    );
  });
});
