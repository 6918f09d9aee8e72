import {
  batchOf,
  createSigner,
  dayOf,
  decodeRecord,
  decodeSettle,
  decodeVoucher,
  encodeRecord,
  encodeSettle,
  encodeVoucher,
  expiresAt,
  expiryDayAfter,
  isExpired,
  isSameLane,
  MAX_AMOUNT,
  signVoucher,
  type Voucher,
  verifyVoucher,
  voucherOf,
} from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";

const u16 = fc.nat(0xffff);
const vouchers: fc.Arbitrary<Voucher> = fc.record({
  ledger: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  lane: u16,
  generation: u16,
  expiryDay: u16,
  cumulative: fc.bigInt({ min: 0n, max: MAX_AMOUNT }),
});
const signer = createSigner(new Uint8Array(32).fill(7));
const voucher = {
  ledger: new Uint8Array(32).fill(9),
  lane: 3,
  generation: 1,
  expiryDay: 20_800,
  cumulative: 1_500n,
};

describe("voucher", () => {
  it("comes back from its 47 bytes as it was", () => {
    fc.assert(
      fc.property(vouchers, (one) => {
        expect(encodeVoucher(one)).to.have.length(47);
        expect(decodeVoucher(encodeVoucher(one))).to.deep.equal(one);
      }),
    );
  });

  it("refuses every other length", () => {
    for (let length = 0; length < 96; length++)
      if (length !== 47)
        expect(codeOf(() => decodeVoucher(new Uint8Array(length).fill(0x54)))).to.equal("voucher-length");
  });

  it("does not verify with any bit of message, signature or key flipped", () => {
    const message = encodeVoucher(voucher);
    const { signature } = signVoucher(voucher, signer);
    const whole = new Uint8Array([...signer.publicKey, ...message, ...signature]);
    expect(verifyEd25519Node(signer.publicKey, message, signature)).to.equal(true);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const bent = whole.slice();
      bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
      const verdict = verifyEd25519Node(bent.subarray(0, 32), bent.subarray(32, 79), bent.subarray(79));
      expect(verdict, `bit ${bit}`).to.equal(false);
    }
  });

  it("does not verify with another key or for another field", () => {
    const signed = signVoucher(voucher, signer);
    expect(verifyVoucher(signed, signer.publicKey)).to.equal(true);
    expect(verifyVoucher(signed, createSigner(new Uint8Array(32)).publicKey)).to.equal(false);
    for (const change of [
      { lane: 4 },
      { generation: 2 },
      { expiryDay: 1 },
      { cumulative: 1_501n },
      { ledger: new Uint8Array(32) },
    ])
      expect(verifyVoucher({ ...signed, ...change }, signer.publicKey)).to.equal(false);
  });

  it("refuses money that is a number, a ledger of the wrong length and integers out of range", () => {
    const bad = (change: object) => codeOf(() => encodeVoucher({ ...voucher, ...change } as Voucher));
    expect(bad({ cumulative: 5 })).to.equal("amount-not-bigint");
    expect(bad({ cumulative: MAX_AMOUNT + 1n })).to.equal("amount-range");
    expect(bad({ ledger: new Uint8Array(31) })).to.equal("bytes-length");
    expect(bad({ ledger: "ledger" })).to.equal("bytes-type");
    expect(bad({ lane: 65_536 })).to.equal("integer-range");
    expect(bad({ generation: -1 })).to.equal("integer-range");
    expect(bad({ expiryDay: 1.5 })).to.equal("integer-range");
  });

  it("is good through the last second of its expiry day", () => {
    const day = dayOf(1_795_000_000);
    expect(day).to.equal(20_775);
    const end = expiresAt(day);
    expect(isExpired(day, end - 1n)).to.equal(false);
    expect(isExpired(day, end)).to.equal(true);
    expect(expiryDayAfter(1_795_000_000n, 30)).to.equal(day + 30);
  });

  it("knows whether two vouchers are of the same lane", () => {
    expect(isSameLane(voucher, { ...voucher, cumulative: 9n, expiryDay: 1 })).to.equal(true);
    expect(isSameLane(voucher, { ...voucher, lane: 4 })).to.equal(false);
    expect(isSameLane(voucher, { ...voucher, generation: 2 })).to.equal(false);
    expect(isSameLane(voucher, { ...voucher, ledger: new Uint8Array(32) })).to.equal(false);
  });
});

describe("settlement record", () => {
  const signature = new Uint8Array(64).fill(5);

  it("comes back from its 74 bytes as it was", () => {
    fc.assert(
      fc.property(
        u16,
        fc.bigInt({ min: 0n, max: MAX_AMOUNT }),
        fc.nat(255),
        (lane, cumulative, expiryOffset) => {
          const record = { lane, cumulative, expiryOffset, signature };
          expect(decodeRecord(encodeRecord(record))).to.deep.equal(record);
        },
      ),
    );
  });

  it("refuses every other length", () => {
    for (let length = 0; length < 160; length++)
      if (length !== 74) expect(codeOf(() => decodeRecord(new Uint8Array(length)))).to.equal("record-length");
  });

  it("refuses settle data cut anywhere", () => {
    const data = encodeSettle(
      batchOf([signVoucher(voucher, signer), signVoucher({ ...voucher, lane: 4 }, signer)]),
    );
    expect(data).to.have.length(7 + 2 * 74);
    for (let length = 0; length < data.length; length++) {
      const expected = length === 0 ? "settle-discriminator" : "settle-length";
      expect(
        codeOf(() => decodeSettle(data.slice(0, length))),
        `${length}`,
      ).to.equal(expected);
    }
  });

  it("keeps every expiry day of a batch", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { minLength: 1, maxLength: 20 }), fc.nat(65_280), (offsets, base) => {
        const days = offsets.map((offset) => base + offset);
        const batch = batchOf(days.map((expiryDay) => ({ ...voucher, expiryDay, signature })));
        const back = batch.records.map(
          (record) => voucherOf(record, { ...voucher, baseDay: batch.baseDay }).expiryDay,
        );
        expect(back).to.deep.equal(days);
      }),
    );
  });

  it("refuses a batch whose expiry days lie 256 apart, and an empty one", () => {
    const at = (expiryDay: number) => ({ ...voucher, expiryDay, signature });
    expect(codeOf(() => batchOf([at(100), at(356)]))).to.equal("settle-span");
    expect(batchOf([at(355), at(100)]).baseDay).to.equal(100);
    expect(codeOf(() => batchOf([]))).to.equal("settle-empty");
    expect(codeOf(() => encodeSettle({ baseDay: 0, records: [] }))).to.equal("settle-empty");
  });

  it("refuses a record whose day lies past the last a voucher can name", () => {
    const record = { lane: 0, cumulative: 1n, expiryOffset: 1, signature };
    expect(codeOf(() => voucherOf(record, { ...voucher, baseDay: 65_535 }))).to.equal("integer-range");
  });
});
