import { createHash } from "node:crypto";
import { createSignerNode } from "@tolldns/sdk/node";
import type { Case } from "./verifier.ts";

const L = (1n << 252n) + 27742317777372353535851937790883648493n;
const P = (1n << 255n) - 19n;
const SIGN = 1n << 255n;
const Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

/** A stream of bytes that a seed fixes. */
function stream(seed: string): (length: number) => Uint8Array {
  let block = Buffer.alloc(0);
  let count = 0;
  return (length) => {
    while (block.length < length)
      block = Buffer.concat([block, createHash("sha512").update(`${seed} ${count++}`).digest()]);
    const taken = Uint8Array.from(block.subarray(0, length));
    block = block.subarray(length);
    return taken;
  };
}

function little(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

/** Encodings at the edges: all of small order with either sign, not reduced, just below and above p, the base point, off the curve. */
const POINTS: readonly Uint8Array[] = [
  ...[0n, 1n, 2n, 3n, P - 2n, P - 1n, P, P + 1n, P + 2n, P + 18n, Y8, P - Y8, SIGN - 1n].flatMap((y) => [
    little(y),
    little(y | SIGN),
  ]),
  little(0x6666666666666666666666666666666666666666666666666666666666666658n),
];
/** Scalars at the edges. */
const SCALARS: readonly Uint8Array[] = [
  0n,
  1n,
  8n,
  L - 1n,
  L,
  L + 1n,
  2n * L,
  (1n << 253n) - 1n,
  SIGN,
  2n * SIGN - 1n,
].map(little);

/** `count` signatures: about half good ones, the rest wrong in every way there is, in an order the seed fixes; of random messages, or those given. */
export function* makeCases(
  seed: string,
  count: number,
  messageOf?: (index: number) => Uint8Array,
): Generator<Case> {
  const take = stream(seed);
  const number = (below: number) => (((take(1)[0] as number) << 8) | (take(1)[0] as number)) % below;
  const pick = <T>(from: readonly T[]) => from[number(from.length)] as T;
  const signers = Array.from({ length: 64 }, () => createSignerNode(take(32)));
  for (let i = 0; i < count; i++) {
    const signer = pick(signers);
    const message = messageOf?.(i) ?? take(number(120));
    const publicKey = signer.publicKey.slice();
    const signature = signer.sign(message);
    const flip = (bytes: Uint8Array) => {
      if (bytes.length === 0) return;
      const at = number(bytes.length);
      bytes[at] = (bytes[at] as number) ^ (1 << number(8));
    };
    switch (number(20)) {
      case 0:
        flip(signature);
        break;
      case 1:
        flip(message);
        break;
      case 2:
        flip(publicKey);
        break;
      case 3:
        signature.set(little((integer(signature.subarray(32)) + L) % (1n << 256n)), 32);
        break;
      case 4:
        signature.set(pick(SCALARS), 32);
        break;
      case 5:
        signature.set(pick(POINTS), 0);
        break;
      case 6:
        publicKey.set(pick(POINTS));
        break;
      case 7:
        publicKey.set(pick(POINTS));
        signature.set(pick(POINTS), 0);
        signature.set(pick(SCALARS), 32);
        break;
      case 8:
        signature.set(take(64));
        break;
      case 9:
        publicKey.set(take(32));
        break;
      case 10:
        publicKey.set(pick(signers).publicKey);
        break;
      default:
        break;
    }
    yield { publicKey, message, signature };
  }
}
