/** Prints microseconds an operation for the choices that decision 0032 rests on. Best of five runs, so that neighbours disturb less. */
import { createHash, hash } from "node:crypto";
import { stdout } from "node:process";
import { sha256 } from "@noble/hashes/sha2.js";
import * as sdk from "@tolldns/sdk";
import * as node from "@tolldns/sdk/node";

const bytes = new Uint8Array(32).fill(7);
const signer = sdk.createSigner(bytes);
const nodeSigner = node.createSignerNode(bytes);
const voucher = sdk.signVoucher(
  { ledger: bytes, lane: 3, generation: 1, expiryDay: 20_000, cumulative: 12_345n },
  signer,
);
const message = sdk.encodeVoucher(voucher);
const verify = node.createVerifier(signer.publicKey);
const tick = sdk.encodeTick({ session: new Uint8Array(8), index: 5, tick: bytes });
const header = new TextEncoder().encode(sdk.toBase64Url(tick));
const room = new Uint8Array(45);

function measure(name: string, times: number, run: () => unknown): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = performance.now();
    for (let i = 0; i < times; i++) run();
    best = Math.min(best, ((performance.now() - start) * 1_000) / times);
  }
  stdout.write(
    `${name.padEnd(52)}${best.toFixed(3).padStart(10)} us${Math.round(1e6 / best)
      .toString()
      .padStart(12)} /s\n`,
  );
}

/** Hashes of ticks as they arrive: each in memory of its own. */
function measureHash(name: string, one: sdk.HashTick): void {
  const chain = sdk.createTickChain(bytes, 4_096);
  const ticks = Array.from({ length: 4_096 }, (_, i) => sdk.revealTick(chain, i + 1));
  const packets = ticks.map((each) => Buffer.concat([tick.subarray(0, 13), each]).subarray(13));
  let at = 0;
  measure(`tick hash, ${name}, fresh arrays`, 20_000, () => one(ticks[at++ & 4_095] as Uint8Array));
  measure(`tick hash, ${name}, views of packets`, 20_000, () => one(packets[at++ & 4_095] as Uint8Array));
}

measureHash("this package", sdk.hashTick);
measureHash("@noble/hashes", sha256);
measureHash("crypto.hash", (each) => hash("sha256", each, "buffer"));
measureHash("createHash", (each) => createHash("sha256").update(each).digest());
measure("sign, @noble/curves", 200, () => signer.sign(message));
measure("sign, node:crypto", 2_000, () => nodeSigner.sign(message));
measure("verify voucher, portable", 200, () => sdk.verifyVoucher(voucher, signer.publicKey));
measure("verify voucher, node:crypto, key imported each time", 2_000, () =>
  sdk.verifyVoucher(voucher, signer.publicKey, node.verifyEd25519Node),
);
measure("verify voucher, node:crypto, key kept", 2_000, () => verify(message, voucher.signature));
measure("encode voucher", 100_000, () => sdk.encodeVoucher(voucher));
measure("decode tick message", 100_000, () => sdk.decodeTick(tick));
measure("decode toll header (60 characters)", 100_000, () => sdk.decodeBase64UrlInto(header, 0, 60, room, 0));
measure("make a chain of 65 536 units", 1, () => sdk.createTickChain(bytes, 65_536));
