import {
  type Acknowledgement,
  createSigner,
  decodeMessage,
  decodeTick,
  encodeMessage,
  encodeTick,
  MAX_AMOUNT,
  MESSAGE_LENGTH,
  type OpenTerms,
  openSigningBytes,
  signOpen,
  type TollMessage,
  verifyOpen,
} from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";

const raw = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const amount = fc.bigInt({ min: 0n, max: MAX_AMOUNT });
const terms: fc.Arbitrary<OpenTerms> = fc.record({
  ledger: raw(32),
  lane: u16,
  generation: u16,
  openedAt: u64,
  anchor: raw(32),
  units: u32,
  tickPrice: amount,
  expiryDay: u16,
  cumulative: amount,
});
const messages: fc.Arbitrary<TollMessage> = fc.oneof(
  fc.record({ type: fc.constant("tick" as const), session: raw(8), index: u32, tick: raw(32) }),
  fc.record({
    type: fc.constant("voucher" as const),
    session: raw(8),
    expiryDay: u16,
    cumulative: amount,
    signature: raw(64),
  }),
  fc.record({
    type: fc.constant("acknowledgement" as const),
    session: raw(8),
    acknowledged: amount,
    consumed: amount,
    expiresAt: u64,
  }),
  fc.tuple(terms, raw(64), raw(64)).map(([head, voucherSignature, signature]) => ({
    type: "open" as const,
    ...head,
    voucherSignature,
    signature,
  })),
);
const signer = createSigner(new Uint8Array(32).fill(3));

describe("toll message", () => {
  it("comes back from its bytes as it was", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = encodeMessage(message);
        expect(bytes).to.have.length(MESSAGE_LENGTH[message.type]);
        expect(decodeMessage(bytes)).to.deep.equal(message);
      }),
    );
  });

  it("is refused at every other length", () => {
    fc.assert(
      fc.property(messages, fc.nat(300), (message, length) => {
        const bytes = encodeMessage(message);
        fc.pre(length !== bytes.length);
        const bent = new Uint8Array(length);
        bent.set(bytes.subarray(0, length));
        expect(codeOf(() => decodeMessage(bent))).to.equal(length === 0 ? "message-empty" : "message-length");
      }),
    );
  });

  it("is refused with any other first byte", () => {
    for (let type = 0; type < 256; type++)
      if (![1, 2, 3, 0x81].includes(type))
        expect(codeOf(() => decodeMessage(new Uint8Array(45).fill(type, 0, 1)))).to.equal("message-type");
    expect(codeOf(() => decodeTick(new Uint8Array(45).fill(2, 0, 1)))).to.equal("message-type");
  });

  it("never crashes on arbitrary bytes: it decodes or throws a TollError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 240 }), fc.constantFrom(1, 2, 3, 0x81), (bytes, type) => {
        if (bytes.length > 0) bytes[0] = type;
        try {
          expect(encodeMessage(decodeMessage(bytes))).to.deep.equal(bytes);
        } catch {
          codeOf(() => decodeMessage(bytes));
        }
      }),
    );
  });

  it("gives views of a tick's bytes, so that the hot path copies nothing", () => {
    const bytes = encodeTick({ session: new Uint8Array(8), index: 1, tick: new Uint8Array(32).fill(2) });
    expect(decodeTick(bytes).tick.buffer).to.equal(bytes.buffer);
  });

  it("refuses money that is a number", () => {
    const ack = {
      session: new Uint8Array(8),
      acknowledged: 1,
      consumed: 1n,
      expiresAt: 1n,
    } as unknown as Acknowledgement;
    expect(codeOf(() => encodeMessage({ type: "acknowledgement", ...ack }))).to.equal("amount-not-bigint");
  });
});

describe("opening a session", () => {
  const [sample] = fc.sample(terms, { numRuns: 1, seed: 7 }) as [OpenTerms];

  it("verifies with the key that signed and no other", () => {
    const open = signOpen(sample, signer);
    expect(verifyOpen(open, signer.publicKey)).to.equal(true);
    expect(verifyOpen(open, signer.publicKey, verifyEd25519Node)).to.equal(true);
    expect(verifyOpen(open, createSigner(new Uint8Array(32)).publicKey)).to.equal(false);
  });

  it("does not verify with any bit flipped", () => {
    const bytes = encodeMessage({ type: "open", ...signOpen(sample, signer) });
    for (let bit = 8; bit < bytes.length * 8; bit++) {
      const bent = bytes.slice();
      bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        const open = decodeMessage(bent);
        expect(
          open.type === "open" && verifyOpen(open, signer.publicKey, verifyEd25519Node),
          `bit ${bit}`,
        ).to.equal(false);
      } catch {
        expect(
          codeOf(() => decodeMessage(bent)),
          `bit ${bit}`,
        ).to.equal("amount-range");
      }
    }
  });

  it("signs under a domain of its own, so that no other message can pass for it", () => {
    const text = new TextDecoder().decode(openSigningBytes(signOpen(sample, signer)).subarray(0, 19));
    expect(text).to.equal("tolldns session v1\0");
  });
});
