import { ed25519 } from "@noble/curves/ed25519.js";
import { concatBytes, toHex, verifyEd25519 } from "@tolldns/sdk";
import { createSignerNode, createVerifier, verifyEd25519Node } from "@tolldns/sdk/node";

type Triple = readonly [key: Uint8Array, message: Uint8Array, signature: Uint8Array];

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const TORSION = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
const KEYS = Array.from({ length: 16 }, (_, i) => createSignerNode(new Uint8Array(32).fill(i + 1)));
// Encodings at the edges of the rule: small order, p and its neighbours, negative zeros.
const EDGES = [0n, 1n, 2n ** 255n - 20n, 2n ** 255n - 19n, 2n ** 255n - 18n, 2n ** 255n - 1n].flatMap((y) => [
  littleEndian(y),
  littleEndian(y | (1n << 255n)),
]);
for (let i = 0n; i < 8n; i++) EDGES.push(TORSION.multiplyUnsafe(i).toBytes());

/**
 * Asks the portable verifier, the node:crypto one and the one made for a key about `count` signatures of all sorts.
 * Throws with the triple on which they differ.
 */
export function compareVerifiers(count: number, seed: number): { agreed: number; accepted: number } {
  const random = generator(seed);
  let accepted = 0;
  for (let i = 0; i < count; i++) {
    const triple = makeTriple(random);
    const portable = verifyEd25519(...triple);
    const [key, message, signature] = triple;
    if (verifyEd25519Node(...triple) !== portable || createVerifier(key)(message, signature) !== portable)
      throw new Error(
        `verifiers differ (portable ${portable}, seed ${seed}, row ${i}): ${triple.map(toHex).join(" ")}`,
      );
    if (portable) accepted++;
  }
  return { agreed: count, accepted };
}

function makeTriple(random: () => number): Triple {
  const signer = KEYS[random() % KEYS.length] as (typeof KEYS)[0];
  const message = Uint8Array.from({ length: 47 }, () => random() & 0xff);
  const signature = signer.sign(message);
  const edge = EDGES[random() % EDGES.length] as Uint8Array;
  switch (random() % 8) {
    case 0:
      return [signer.publicKey, message, flip(signature, random())];
    case 1:
      return [flip(signer.publicKey, random()), message, signature];
    case 2:
      return [edge, message, signature];
    case 3:
      return [signer.publicKey, message, concatBytes(edge, signature.subarray(32))];
    case 4:
      return [
        edge,
        message,
        concatBytes(EDGES[random() % EDGES.length] as Uint8Array, littleEndian(BigInt(random() % 3))),
      ];
    case 5:
      return [signer.publicKey, message, addToScalar(signature, L * BigInt(random() % 3))];
    case 6:
      return [addTorsion(signer.publicKey, random()), message, signature];
    default:
      return [signer.publicKey, message, signature];
  }
}

function addTorsion(key: Uint8Array, times: number): Uint8Array {
  return Point.fromBytes(key)
    .add(TORSION.multiplyUnsafe(BigInt(times % 8)))
    .toBytes();
}

function addToScalar(signature: Uint8Array, by: bigint): Uint8Array {
  const s = signature.subarray(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
  return concatBytes(signature.subarray(0, 32), littleEndian(s + by));
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  const bit = at % (copy.length * 8);
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}

// Mulberry32: small, seeded, and good enough to pick test cases.
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
