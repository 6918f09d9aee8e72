import { createSigner, encodeVoucher, MAX_AMOUNT, signVoucher, toHex, type Voucher } from "@tolldns/sdk";
import { amountOf, bytesOf, numberOf } from "./random.ts";

/** The vouchers that vectors are made of, extremes first. */
export function sampleVouchers(): { name: string; seed: Uint8Array; voucher: Voucher }[] {
  const usual = {
    ledger: bytesOf("ledger"),
    lane: 7,
    generation: 1,
    expiryDay: 20_800,
    cumulative: 1_234_567n,
  };
  const named: [string, Voucher][] = [
    ["usual", usual],
    ["nothing yet", { ...usual, cumulative: 0n }],
    [
      "smallest everything",
      { ledger: new Uint8Array(32), lane: 0, generation: 0, expiryDay: 0, cumulative: 0n },
    ],
    [
      "largest everything",
      {
        ledger: new Uint8Array(32).fill(0xff),
        lane: 65_535,
        generation: 65_535,
        expiryDay: 65_535,
        cumulative: MAX_AMOUNT,
      },
    ],
    ["one unit", { ...usual, cumulative: 1n }],
    ["above 2^53", { ...usual, cumulative: 2n ** 53n + 1n }],
    [
      "byte order of every integer",
      { ...usual, lane: 0x0102, generation: 0x0304, expiryDay: 0x0506, cumulative: 0x0708090a0b0c0dn },
    ],
    ["next generation of the lane", { ...usual, generation: 2 }],
  ];
  for (let i = 0; i < 24; i++) {
    const label = `voucher ${i}`;
    const small = (part: string) => numberOf(`${label} ${part}`) & 0xffff;
    named.push([
      `random ${i}`,
      {
        ledger: bytesOf(`${label} ledger`),
        lane: small("lane"),
        generation: small("generation"),
        expiryDay: small("day"),
        cumulative: amountOf(label),
      },
    ]);
  }
  return named.map(([name, voucher], i) => ({ name, voucher, seed: bytesOf(`session key ${i % 5}`) }));
}

/** Contents of voucher.json. */
export function voucherVectors(): Record<string, unknown> {
  const samples = sampleVouchers();
  const valid = samples.map(({ name, seed, voucher }) => {
    const signer = createSigner(seed);
    return {
      name,
      seed: toHex(seed),
      session_key: toHex(signer.publicKey),
      ledger: toHex(voucher.ledger),
      lane: voucher.lane,
      generation: voucher.generation,
      expiry_day: voucher.expiryDay,
      cumulative: voucher.cumulative.toString(),
      message: toHex(encodeVoucher(voucher)),
      signature: toHex(signVoucher(voucher, signer).signature),
    };
  });
  return {
    about:
      "0x54 | ledger 32 | lane u16 | generation u16 | expiry_day u16 | cumulative u64, little endian, signed with Ed25519",
    valid,
    malformed: malformed(samples),
    unsigned: unsigned(samples),
  };
}

type Samples = ReturnType<typeof sampleVouchers>;

function malformed(samples: Samples): unknown[] {
  const good = encodeVoucher((samples[0] as Samples[0]).voucher);
  const changed = (at: number, value: number) => {
    const copy = good.slice();
    copy[at] = value;
    return toHex(copy);
  };
  return [
    { name: "empty", message: "", error: "voucher-length" },
    { name: "one byte short", message: toHex(good.slice(0, 46)), error: "voucher-length" },
    { name: "one byte long", message: `${toHex(good)}00`, error: "voucher-length" },
    { name: "another tag", message: changed(0, 0x55), error: "voucher-tag" },
    { name: "no tag", message: changed(0, 0), error: "voucher-tag" },
    { name: "amount of 2^56", message: changed(46, 1), error: "amount-range" },
  ];
}

function unsigned(samples: Samples): unknown[] {
  const { seed, voucher } = samples[0] as Samples[0];
  const signer = createSigner(seed);
  const message = encodeVoucher(voucher);
  const { signature } = signVoucher(voucher, signer);
  const rows: { name: string; session_key: string; message: string; signature: string }[] = [];
  const fields = { ledger: 1, lane: 33, generation: 35, "expiry day": 37, cumulative: 39 };
  for (const [field, at] of Object.entries(fields))
    rows.push(row(`a bit of the ${field} flipped`, signer.publicKey, flip(message, at), signature));
  rows.push(row("a bit of R flipped", signer.publicKey, message, flip(signature, 0)));
  rows.push(row("a bit of s flipped", signer.publicKey, message, flip(signature, 32)));
  rows.push(row("s + L", signer.publicKey, message, addOrder(signature)));
  rows.push(
    row("the key of another lane", createSigner(bytesOf("another key")).publicKey, message, signature),
  );
  rows.push(row("signature of zeros", signer.publicKey, message, new Uint8Array(64)));
  rows.push(row("key of zeros", new Uint8Array(32), message, signature));
  return rows;
}

function row(name: string, key: Uint8Array, message: Uint8Array, signature: Uint8Array) {
  return { name, session_key: toHex(key), message: toHex(message), signature: toHex(signature) };
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

/** The same signature with `s + L` for `s`: the malleable form that RFC 8032 section 5.1.7 refuses. */
export function addOrder(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = order;
  for (let i = 0; i < 32; i++) s += BigInt(signature[32 + i] as number) << BigInt(8 * i);
  const copy = signature.slice();
  for (let i = 0; i < 32; i++) copy[32 + i] = Number((s >> BigInt(8 * i)) & 0xffn);
  return copy;
}
