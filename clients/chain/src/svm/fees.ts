import { addressText } from "../wire/base58.ts";
import type { WireMessage } from "../wire/transaction.ts";
import { BUILTINS, COMPUTE_BUDGET, ED25519, SECP256K1, SECP256R1 } from "./ids.ts";
import {
  DEFAULT_UNITS_PER_BUILTIN,
  DEFAULT_UNITS_PER_INSTRUCTION,
  LAMPORTS_PER_SIGNATURE,
  MAX_COMPUTE_UNITS,
} from "./limits.ts";

const PRECOMPILES = new Set([ED25519, SECP256K1, SECP256R1]);

function programOf(message: WireMessage, programIndex: number): string {
  const key = message.keys[programIndex];
  return key === undefined ? "" : addressText(key);
}

/** How many signatures the message asks the precompiles to check. Each costs as much as one of its own. */
export function precompileSignatures(message: WireMessage): number {
  let count = 0;
  for (const { programIndex, data } of message.instructions) {
    if (PRECOMPILES.has(programOf(message, programIndex))) count += data[0] ?? 0;
  }
  return count;
}

interface Budget {
  units: number;
  /** Micro-lamports a compute unit. */
  price: bigint;
}

function budgetOf(message: WireMessage): Budget {
  let limit: number | null = null;
  let price = 0n;
  let units = 0;
  for (const { programIndex, data } of message.instructions) {
    const program = programOf(message, programIndex);
    units += BUILTINS.has(program) ? DEFAULT_UNITS_PER_BUILTIN : DEFAULT_UNITS_PER_INSTRUCTION;
    if (program !== COMPUTE_BUDGET) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (data[0] === 2 && data.length >= 5) limit = view.getUint32(1, true);
    if (data[0] === 3 && data.length >= 9) price = view.getBigUint64(1, true);
  }
  return { units: Math.min(limit ?? units, MAX_COMPUTE_UNITS), price };
}

/** The fee of a message in lamports: its signatures, the precompiles' and the priority fee. */
export function feeOf(message: WireMessage): bigint {
  const base = LAMPORTS_PER_SIGNATURE * BigInt(message.signers + precompileSignatures(message));
  if (message.config !== null) return base + message.config.priorityFee;
  return base + priorityFee(message);
}

function priorityFee(message: WireMessage): bigint {
  const { units, price } = budgetOf(message);
  return (price * BigInt(units) + 999_999n) / 1_000_000n;
}

/** Micro-lamports a compute unit that a message offers. */
export function unitPrice(message: WireMessage): bigint {
  if (message.config !== null) {
    const { priorityFee: fee, computeUnitLimit } = message.config;
    return computeUnitLimit === 0 ? 0n : (fee * 1_000_000n) / BigInt(computeUnitLimit);
  }
  return budgetOf(message).price;
}
