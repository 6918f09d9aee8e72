import {
  createSigner,
  createTickChain,
  decodeMessage,
  decodeRecord,
  decodeVoucher,
  fromHex,
  revealTick,
  toHex,
} from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import { createVerifier, hashTickNode } from "@tolldns/sdk/node";
import { decodeTransaction } from "@tolldns/sdk/transaction";
import { expect } from "chai";
import { readVectors } from "./support/vectors.ts";

const first = (file: string, group: string) => readVectors(file)[group]?.[0] ?? {};

/** Decodes a Buffer, wipes it, and tells whether the result is what it was and made of plain Uint8Arrays. */
function survives(hex: string, decode: (bytes: Uint8Array) => unknown): void {
  const packet = Buffer.from(fromHex(hex));
  const decoded = decode(packet);
  const expected = decode(fromHex(hex));
  packet.fill(0);
  expect(decoded).to.deep.equal(expected);
}

// Buffer is a Uint8Array whose slice() shares memory, and sockets reuse theirs.
describe("given a Buffer that is reused afterwards", () => {
  it("what was decoded stays as it was", () => {
    survives(first("voucher", "valid").message, decodeVoucher);
    survives(first("record", "valid").record, decodeRecord);
    for (const row of readVectors("toll").valid ?? [])
      if (row.type !== "tick") survives(row.bytes, decodeMessage);
    survives(`${"01".repeat(escrow.ROW_LENGTH - 5)}${"00".repeat(5)}`, escrow.decodeRow);
    const discriminator = toHex(Uint8Array.from(escrow.ACCOUNT_DISCRIMINATORS.Balance));
    survives(`${discriminator}01${"02".repeat(47)}`, escrow.decodeBalance);
    const message = `01000001${"07".repeat(32)}${"08".repeat(32)}00`;
    survives(`01${"05".repeat(64)}${message}`, decodeTransaction);
  });

  it("signers, verifiers and chains keep their keys and seeds", () => {
    const seed = Buffer.alloc(32, 5);
    const signer = createSigner(seed);
    const message = new Uint8Array(47);
    const signature = signer.sign(message);
    const key = Buffer.from(signer.publicKey);
    const verify = createVerifier(key);
    const chain = createTickChain(seed, 4, hashTickNode);
    const tick = toHex(revealTick(chain, 4));
    seed.fill(0);
    key.fill(0);
    expect(toHex(signer.sign(message))).to.equal(toHex(signature));
    expect(verify(message, signature)).to.equal(true);
    expect(toHex(revealTick(chain, 4))).to.equal(tick);
  });
});
