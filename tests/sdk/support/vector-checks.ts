import {
  createSigner,
  createTickChain,
  decodeMessage,
  decodeRecord,
  decodeSettle,
  decodeVoucher,
  deriveBalance,
  deriveConfig,
  deriveLedger,
  deriveTokenAccount,
  deriveVault,
  encodeMessage,
  encodeRecord,
  encodeSettle,
  encodeVoucher,
  fromHex,
  openSigningBytes,
  revealTick,
  signOpen,
  signVoucher,
  splitAmount,
  toHex,
  type VerifyEd25519,
  verifyEd25519,
  verifyOpen,
  verifyVoucher,
  voucherOf,
} from "@tolldns/sdk";
import { ROUTE_VECTOR_CHECKS } from "../../routes/support/vector-checks.ts";
import { refusal, same } from "./checks.ts";
import { HEALTH_VECTOR_CHECKS } from "./health-checks.ts";
import { POLICY_VECTOR_CHECKS } from "./policy-checks.ts";
import { QUORUM_VECTOR_CHECKS } from "./quorum-checks.ts";
import { STAKE_VECTOR_CHECKS } from "./stake-checks.ts";
import type { Case } from "./vectors.ts";

// Runs in Node and in browsers: no chai, no files. A check throws when a case does not hold.

/** What each group of each vector file promises. */
export const VECTOR_CHECKS: Readonly<Record<string, (row: Case) => void>> = {
  ...ROUTE_VECTOR_CHECKS,
  ...HEALTH_VECTOR_CHECKS,
  ...POLICY_VECTOR_CHECKS,
  ...QUORUM_VECTOR_CHECKS,
  ...STAKE_VECTOR_CHECKS,
  "voucher.valid": (row) => {
    const signer = createSigner(fromHex(row.seed));
    const voucher = { ...voucherFields(row), cumulative: BigInt(row.cumulative) };
    same(toHex(signer.publicKey), row.session_key);
    same(toHex(encodeVoucher(voucher)), row.message);
    same(toHex(encodeVoucher(decodeVoucher(fromHex(row.message)))), row.message);
    const signed = signVoucher(voucher, signer);
    same(toHex(signed.signature), row.signature);
    same(verifyVoucher(signed, signer.publicKey), true);
  },
  "voucher.malformed": (row) =>
    same(
      refusal(() => decodeVoucher(fromHex(row.message))),
      row.error,
    ),
  "voucher.unsigned": (row) =>
    same(verifyEd25519(fromHex(row.session_key), fromHex(row.message), fromHex(row.signature)), false),
  "record.valid": (row) => {
    const record = recordFields(row);
    same(toHex(encodeRecord(record)), row.record);
    same(toHex(encodeRecord(decodeRecord(fromHex(row.record)))), row.record);
    const voucher = voucherOf(record, {
      ledger: fromHex(row.ledger),
      generation: row.generation,
      baseDay: row.base_day,
    });
    same(toHex(encodeVoucher(voucher)), row.message);
    same(verifyEd25519(fromHex(row.session_key), fromHex(row.message), record.signature), true);
  },
  "record.malformed": (row) =>
    same(
      refusal(() => decodeRecord(fromHex(row.record))),
      row.error,
    ),
  "settle.valid": (row) => {
    same(toHex(encodeSettle({ baseDay: row.base_day, records: row.records.map(recordFields) })), row.data);
    same(toHex(encodeSettle(decodeSettle(fromHex(row.data)))), row.data);
  },
  "settle.malformed": (row) =>
    same(
      refusal(() => decodeSettle(fromHex(row.data))),
      row.error,
    ),
  "tick.chains": (row) => {
    const chain = createTickChain(fromHex(row.seed), row.units);
    same(toHex(chain.anchor), row.anchor);
    for (const { index, tick } of row.ticks) same(toHex(revealTick(chain, index)), tick);
  },
  "toll.valid": (row) => {
    const message = decodeMessage(fromHex(row.bytes));
    same(message.type, row.type);
    same(toHex(encodeMessage(message)), row.bytes);
    for (const [name, value] of Object.entries(message)) {
      const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      same(value instanceof Uint8Array ? toHex(value) : String(value), String(row[field]));
    }
  },
  "toll.malformed": (row) =>
    same(
      refusal(() => decodeMessage(fromHex(row.bytes))),
      row.error,
    ),
  "toll.open": (row) => {
    const signer = createSigner(fromHex(row.seed));
    const open = decodeMessage(fromHex(row.bytes));
    if (open.type !== "open") throw new Error("not an open message");
    same(toHex(openSigningBytes(open)), row.signing_bytes);
    same(toHex(encodeMessage({ type: "open", ...signOpen(open, signer) })), row.bytes);
    same(verifyOpen(open, fromHex(row.session_key)), true);
  },
  "address.derived": (row) => {
    const { address, bump } = derive(row);
    same(toHex(address), row.address);
    same(bump, row.bump);
  },
  "split.valid": (row) => {
    const shares = splitAmount(BigInt(row.amount), {
      operatorBps: row.operator_bps,
      namesBps: row.names_bps,
      treasuryBps: row.treasury_bps,
    });
    same(shares.operator.toString(), row.operator);
    same(shares.names.toString(), row.names);
    same(shares.treasury.toString(), row.treasury);
  },
  "ed25519.cases": (row) => checkSignature(row, verifyEd25519),
  "wycheproof.cases": (row) => checkSignature(row, verifyEd25519),
};

/** Asserts that `verify` says of a case what the vector says. */
export function checkSignature(row: Case, verify: VerifyEd25519): void {
  same(verify(fromHex(row.public_key), fromHex(row.message), fromHex(row.signature)), row.valid);
}

function voucherFields(row: Case) {
  return {
    ledger: fromHex(row.ledger),
    lane: row.lane as number,
    generation: row.generation as number,
    expiryDay: row.expiry_day as number,
  };
}

function recordFields(row: Case) {
  return {
    lane: row.lane as number,
    cumulative: BigInt(row.cumulative),
    expiryOffset: row.expiry_offset as number,
    signature: fromHex(row.signature),
  };
}

function derive(row: Case) {
  switch (row.kind) {
    case "config":
      return deriveConfig(fromHex(row.escrow));
    case "vault":
      return deriveVault(fromHex(row.escrow));
    case "balance":
      return deriveBalance(fromHex(row.escrow), fromHex(row.owner));
    case "ledger":
      return deriveLedger(fromHex(row.escrow), fromHex(row.genesis_hash), fromHex(row.operator), row.index);
    case "token_account":
      return deriveTokenAccount(fromHex(row.owner), fromHex(row.mint), fromHex(row.token_program));
    default:
      throw new Error(`unknown kind ${row.kind}`);
  }
}
