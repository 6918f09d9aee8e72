import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes, createSigner, fromHex, toHex } from "@tolldns/sdk";
import { bytesOf } from "./random.ts";
import { addOrder } from "./voucher.ts";

type Point = InstanceType<typeof ed25519.Point>;
type Case = { name: string; public_key: string; message: string; signature: string; valid: boolean };

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const P = Point.Fp.ORDER;
// A point of order 8; its multiples are all the points of small order.
const TORSION: Point = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

// RFC 8032 section 7.1: seed and message of its tests 1 to 3 and SHA(abc); signing is deterministic, so these give the rest.
const RFC_8032 = {
  "TEST 1": [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  "TEST 2": [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  "TEST 3": [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
  "TEST SHA(abc)": [
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  ],
};

/** Contents of ed25519.json: each case is true or false by how it was made, not by asking a verifier. */
export function ed25519Vectors(): Record<string, unknown> {
  const cases: Case[] = [];
  for (const [name, [seed, message, signature]] of Object.entries(RFC_8032) as [
    string,
    [string, string, string],
  ][])
    cases.push({
      name: `RFC 8032 ${name}`,
      public_key: toHex(createSigner(fromHex(seed)).publicKey),
      message,
      signature,
      valid: true,
    });
  cases.push(...scalarCases(), ...smallOrderCases(), ...mixedOrderCases(), ...nonCanonicalCases());
  return { about: "RFC 8032 without cofactor, s < L, canonical encodings, no small-order key or R", cases };
}

function scalarCases(): Case[] {
  const signer = createSigner(bytesOf("scalar cases"));
  const message = bytesOf("message", 47);
  const good = signer.sign(message);
  const withS = (s: bigint) => concatBytes(good.subarray(0, 32), scalarBytes(s));
  const rows: [string, Uint8Array, boolean][] = [
    ["a plain signature", good, true],
    ["s + L", addOrder(good), false],
    ["s = L", withS(L), false],
    ["s = L - 1", withS(L - 1n), false],
    ["s = 0", withS(0n), false],
    ["s = 2^255 - 1", withS(2n ** 255n - 1n), false],
    ["s with the top bit set", withS(readScalar(good.subarray(32)) + 2n ** 255n), false],
    ["R and s swapped", concatBytes(good.subarray(32), good.subarray(0, 32)), false],
    ["a signature of zeros", new Uint8Array(64), false],
    ["a signature of ones", new Uint8Array(64).fill(0xff), false],
  ];
  return rows.map(([name, signature, valid]) => row(name, signer.publicKey, message, signature, valid));
}

function smallOrderCases(): Case[] {
  const rows: Case[] = [];
  const message = bytesOf("small order", 47);
  for (let i = 0; i < 8; i++) {
    const torsion = TORSION.multiplyUnsafe(BigInt(i));
    const key = torsion.toBytes();
    // With a key of small order and s = r, R = rB - kA is met by anyone for some messages: the classic forgery.
    const { r, message: forged } = findMessage(
      (k) => k % 8n === 0n,
      key,
      (r) => Point.BASE.multiply(r).toBytes(),
    );
    rows.push(
      row(
        `key of small order ${i}, equation met`,
        key,
        forged,
        concatBytes(Point.BASE.multiply(r).toBytes(), scalarBytes(r)),
        false,
      ),
    );
    rows.push(
      row(
        `R of small order ${i}`,
        createSigner(bytesOf("r of small order")).publicKey,
        message,
        concatBytes(key, scalarBytes(1n)),
        false,
      ),
    );
    rows.push(smallOrderR(i, key));
    const negative = key.slice();
    negative[31] = (negative[31] as number) ^ 0x80;
    rows.push(
      row(
        `key of small order ${i}, sign bit flipped`,
        negative,
        message,
        concatBytes(key, scalarBytes(0n)),
        false,
      ),
    );
  }
  return rows;
}

// R = T and s = k a, so that sB - kA = 0: met without the cofactor only for T = 0, which is refused for being small.
function smallOrderR(i: number, r: Uint8Array): Case {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(bytesOf("r of small order"));
  const message = bytesOf(`small order R ${i}`, 47);
  return row(
    `R of small order ${i}, s = ka`,
    pointBytes,
    message,
    concatBytes(r, scalarBytes((challenge(r, pointBytes, message) * scalar) % L)),
    false,
  );
}

function mixedOrderCases(): Case[] {
  const { scalar } = ed25519.utils.getExtendedPublicKey(bytesOf("mixed order"));
  const rows: Case[] = [];
  for (let i = 1; i < 8; i++) {
    const torsion = TORSION.multiplyUnsafe(BigInt(i));
    const order = [1n, 8n, 4n, 8n, 2n, 8n, 4n, 8n][i] as bigint;
    const key = Point.BASE.multiply(scalar).add(torsion).toBytes();
    const plainR = (r: bigint) => Point.BASE.multiply(r).toBytes();
    for (const meets of [true, false]) {
      const found = findMessage((k) => (k % order === 0n) === meets, key, plainR);
      const s = (found.r + found.k * scalar) % L;
      rows.push(
        row(
          `key of mixed order ${i}, holds ${meets ? "without" : "only with"} the cofactor`,
          key,
          found.message,
          concatBytes(plainR(found.r), scalarBytes(s)),
          meets,
        ),
      );
    }
    const honest = Point.BASE.multiply(scalar).toBytes();
    const mixedR = (r: bigint) => Point.BASE.multiply(r).add(torsion).toBytes();
    const found = findMessage(() => true, honest, mixedR);
    rows.push(
      row(
        `R of mixed order ${i}, holds only with the cofactor`,
        honest,
        found.message,
        concatBytes(mixedR(found.r), scalarBytes((found.r + found.k * scalar) % L)),
        false,
      ),
    );
    // R = rB - T where kT = T: torsion of key and R cancel out, so the equation holds as it is.
    const cancelR = (r: bigint) => Point.BASE.multiply(r).subtract(torsion).toBytes();
    const cancel = findMessage((k) => k % order === 1n % order, key, cancelR);
    rows.push(
      row(
        `torsion ${i} of key and R cancels`,
        key,
        cancel.message,
        concatBytes(cancelR(cancel.r), scalarBytes((cancel.r + cancel.k * scalar) % L)),
        true,
      ),
    );
  }
  return rows;
}

function nonCanonicalCases(): Case[] {
  const rows: Case[] = [];
  const signer = createSigner(bytesOf("non-canonical"));
  const message = bytesOf("non-canonical message", 47);
  const signature = signer.sign(message);
  for (let y = 0n; y < 19n; y++) {
    const encoding = scalarBytes(P + y);
    rows.push(
      row(
        `key with y = p + ${y}`,
        encoding,
        message,
        concatBytes(signature.subarray(0, 32), scalarBytes(0n)),
        false,
      ),
    );
    rows.push(
      row(
        `R with y = p + ${y}`,
        signer.publicKey,
        message,
        concatBytes(encoding, signature.subarray(32)),
        false,
      ),
    );
  }
  for (const y of [1n, P - 1n]) {
    const encoding = scalarBytes(y | (1n << 255n));
    rows.push(
      row(`key of negative zero, y = ${y === 1n ? "1" : "p - 1"}`, encoding, message, signature, false),
    );
    const k = challenge(encoding, signer.publicKey, message);
    const { scalar } = ed25519.utils.getExtendedPublicKey(bytesOf("non-canonical"));
    rows.push(
      row(
        `R of negative zero, y = ${y === 1n ? "1" : "p - 1"}, s = ka`,
        signer.publicKey,
        message,
        concatBytes(encoding, scalarBytes((k * scalar) % L)),
        false,
      ),
    );
  }
  rows.push(row("a key that is no point", scalarBytes(2n), message, signature, false));
  rows.push(
    row(
      "an R that is no point",
      signer.publicKey,
      message,
      concatBytes(scalarBytes(2n), signature.subarray(32)),
      false,
    ),
  );
  return rows;
}

/** A message (counted up) whose challenge meets `wanted`, with the nonce it was found for. */
function findMessage(wanted: (k: bigint) => boolean, key: Uint8Array, rOf: (r: bigint) => Uint8Array) {
  for (let i = 0; i < 1_000; i++) {
    const r = readScalar(bytesOf(`nonce ${i}`)) % L;
    const message = bytesOf(`found ${i}`, 47);
    const k = challenge(rOf(r), key, message);
    if (wanted(k)) return { r, k, message };
  }
  throw new Error("no message found");
}

function challenge(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return readScalar(sha512(concatBytes(r, key, message))) % L;
}

function row(
  name: string,
  key: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
  valid: boolean,
): Case {
  return { name, public_key: toHex(key), message: toHex(message), signature: toHex(signature), valid };
}

function readScalar(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function scalarBytes(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
