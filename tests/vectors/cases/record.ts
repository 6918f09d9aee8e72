import {
  batchOf,
  createSigner,
  encodeRecord,
  encodeSettle,
  encodeVoucher,
  type SettlementRecord,
  signVoucher,
  toHex,
} from "@tolldns/sdk";
import { bytesOf } from "./random.ts";
import { sampleVouchers } from "./voucher.ts";

const BASE_OFFSETS = [0, 1, 30, 255];

function fields(record: SettlementRecord) {
  return {
    lane: record.lane,
    cumulative: record.cumulative.toString(),
    expiry_offset: record.expiryOffset,
    signature: toHex(record.signature),
  };
}

/** Contents of record.json. */
export function recordVectors(): Record<string, unknown> {
  const valid = sampleVouchers().map(({ name, seed, voucher }, i) => {
    const signer = createSigner(seed);
    const signed = signVoucher(voucher, signer);
    const expiryOffset = Math.min(BASE_OFFSETS[i % 4] as number, voucher.expiryDay);
    const record = {
      lane: voucher.lane,
      cumulative: voucher.cumulative,
      expiryOffset,
      signature: signed.signature,
    };
    return {
      name,
      ledger: toHex(voucher.ledger),
      generation: voucher.generation,
      base_day: voucher.expiryDay - expiryOffset,
      session_key: toHex(signer.publicKey),
      message: toHex(encodeVoucher(voucher)),
      ...fields(record),
      record: toHex(encodeRecord(record)),
    };
  });
  const good = (valid[0] as { record: string }).record;
  const malformed = [
    { name: "empty", record: "", error: "record-length" },
    { name: "one byte short", record: good.slice(0, -2), error: "record-length" },
    { name: "one byte long", record: `${good}00`, error: "record-length" },
  ];
  return {
    about: "lane u16 | cumulative u56 | expiry offset u8 | signature 64, little endian",
    valid,
    malformed,
  };
}

/** Contents of settle.json. */
export function settleVectors(): Record<string, unknown> {
  const ledger = bytesOf("ledger");
  const valid = [1, 2, 13, 52].map((count) => {
    const vouchers = Array.from({ length: count }, (_, lane) =>
      signVoucher(
        {
          ledger,
          lane,
          generation: 1,
          expiryDay: 20_800 + (lane % 3) * 100,
          cumulative: BigInt(lane + 1) * 1_000n,
        },
        createSigner(bytesOf(`settle ${lane}`)),
      ),
    );
    const batch = batchOf(vouchers);
    return {
      name: `${count} vouchers`,
      ledger: toHex(ledger),
      base_day: batch.baseDay,
      records: batch.records.map(fields),
      data: toHex(encodeSettle(batch)),
    };
  });
  const good = (valid[0] as { data: string }).data;
  const malformed = [
    { name: "empty", data: "", error: "settle-discriminator" },
    { name: "another instruction", data: `01${good.slice(2)}`, error: "settle-discriminator" },
    { name: "half a base day", data: "0000", error: "settle-length" },
    { name: "no record", data: "00000000000000", error: "settle-empty" },
    { name: "no length", data: good.slice(0, 6), error: "settle-length" },
    {
      name: "length too small",
      data: `${good.slice(0, 6)}49000000${good.slice(14)}`,
      error: "settle-length",
    },
    { name: "ragged", data: good.slice(0, -2), error: "settle-length" },
    { name: "a byte too many", data: `${good}00`, error: "settle-length" },
  ];
  return { about: "0 | base_day u16 | length u32 | 74-byte records", valid, malformed };
}
