import { readFileSync } from "node:fs";
import { fromHex, type VerifyEd25519, verifyEd25519 } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { expect } from "chai";
import { compareRandom, compareSettled, SEED } from "./ed25519/compare.ts";
import { BytecodeVerifier, type Case } from "./ed25519/verifier.ts";

interface JsonCase {
  readonly name?: string;
  readonly public_key: string;
  readonly message: string;
  readonly signature: string;
  readonly valid?: boolean;
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
}

const toCase = ({ public_key, message, signature }: JsonCase): Case => ({
  publicKey: fromHex(public_key),
  message: fromHex(message),
  signature: fromHex(signature),
});

describe("Ed25519 in bytecode", () => {
  let bytecode: BytecodeVerifier;
  before(() => {
    bytecode = new BytecodeVerifier();
  });

  for (const [name, path] of [
    ["RFC 8032, s + L, small order, mixed order and non-canonical encodings", "../vectors/ed25519.json"],
    ["Project Wycheproof", "../vectors/wycheproof.json"],
  ] as const) {
    it(`judges ${name} as the vectors and the SDK do`, () => {
      const { cases } = read(path) as { cases: JsonCase[] };
      // A record of settle has 64 bytes of signature; no other length can be put to the program.
      const fitting = cases.filter(({ signature }) => signature.length === 128);
      const verdicts = bytecode.verify(fitting.map(toCase));
      fitting.forEach((one, i) => {
        expect(verdicts[i], one.name).equal(one.valid);
      });
      for (const one of cases) {
        const { publicKey, message, signature } = toCase(one);
        for (const verify of [verifyEd25519, verifyEd25519Node] as VerifyEd25519[])
          expect(verify(publicKey, message, signature), one.name).equal(one.valid);
      }
      expect(fitting.length).greaterThan(100);
    });
  }

  it("holds for RFC 8032's longest test and no change of it", () => {
    const good = toCase(read("./ed25519/rfc8032-1024.json") as JsonCase);
    const changed = { ...good, message: good.message.slice(0, -1) };
    expect(bytecode.verify([good])).eql([true]);
    expect(bytecode.verify([changed])).eql([false]);
  });

  it(`agrees with node:crypto on 3 000 random and corner-case signatures (seed "${SEED}")`, () => {
    compareRandom(bytecode, 3_000);
  });

  it(`settles exactly the vouchers that node:crypto verifies, of 1 000 (seed "${SEED}")`, () => {
    compareSettled(1_000);
  });
});
