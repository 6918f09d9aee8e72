import { type Connection, PublicKey, type VersionedTransaction } from "@solana/web3.js";
import type { Signer } from "@tolldns/sdk";
import { SETTLE_LOADED_LIMIT } from "@tolldns/sdk/escrow";
import {
  computeBudgetInstructions,
  encodeMessageOf,
  type Instruction,
  joinTransaction,
  MAX_COMPUTE_UNITS,
  signTransaction,
  type TransactionParts,
} from "@tolldns/sdk/transaction";
import { chooseComputeLimit, choosePrice, priorityOf, SIGNATURE_FEE } from "./fees.ts";

/** 0 fits 1 232 bytes and every cluster; 1 (SIMD-0385) fits 4 096. */
export type WireVersion = 0 | 1;

/** What a simulation said. `error` is null when the transaction would succeed. */
export interface Simulation {
  readonly units: number;
  readonly error: SimulationError | null;
}

export interface SimulationError {
  /** The program's own code, if it was the program that refused. */
  readonly code: number | null;
  /** Which of the instructions handed in, or null. */
  readonly instruction: number | null;
  /** The cluster's JSON of the error. */
  readonly text: string;
}

export interface SignedTransaction {
  readonly signature: Uint8Array;
  readonly wire: Uint8Array;
  readonly lastValidBlockHeight: number;
}

/** Any blockhash: a simulation replaces it. */
const NO_BLOCKHASH = new Uint8Array(32);
/** Runs the instructions on the confirmed state without sending anything. Throws what the RPC node answers instead. */
export async function simulate(
  connection: Connection,
  payer: Uint8Array,
  version: WireVersion,
  instructions: readonly Instruction[],
): Promise<Simulation> {
  const parts = partsOf(payer, version, instructions, MAX_COMPUTE_UNITS, 1, NO_BLOCKHASH);
  const wire = joinTransaction(version, encodeMessageOf(parts), [new Uint8Array(64)]);
  // web3.js asks no more of a transaction it simulates than these two, and writes no v1 itself.
  const transaction = { message: null, serialize: () => wire } as unknown as VersionedTransaction;
  const { value } = await connection.simulateTransaction(transaction, {
    sigVerify: false,
    replaceRecentBlockhash: true,
    commitment: "confirmed",
  });
  const preamble = parts.instructions.length - instructions.length;
  const error = value.err === null ? null : readError(value.err, preamble);
  return { units: value.unitsConsumed ?? 0, error };
}

/** Price to offer for writing this account now, micro-lamports a compute unit. */
export async function readPrice(
  connection: Connection,
  writable: Uint8Array,
  percentile: number,
  maxPrice: number,
): Promise<number> {
  const recent = await connection.getRecentPrioritizationFees({
    lockedWritableAccounts: [new PublicKey(writable)],
  });
  return choosePrice(recent, percentile, maxPrice);
}

/** Lamports it will cost once signed with this simulation and price. */
export function feeOf(simulation: Simulation, price: number): bigint {
  return SIGNATURE_FEE + priorityOf(chooseComputeLimit(simulation.units), price);
}

/** Signs with a fresh blockhash. The caller stores the result before anything is sent. */
export async function sign(
  connection: Connection,
  payer: Signer,
  version: WireVersion,
  instructions: readonly Instruction[],
  simulation: Simulation,
  price: number,
): Promise<SignedTransaction> {
  // A final blockhash lives some thirty blocks less, but no fork can take it away: what a fork drops lands again as it is.
  const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash("finalized");
  const limit = chooseComputeLimit(simulation.units);
  const bytes = new PublicKey(blockhash).toBytes();
  const parts = partsOf(payer.publicKey, version, instructions, limit, price, bytes);
  const wire = signTransaction(parts, [payer]);
  const signature = version === 1 ? wire.slice(-64) : wire.slice(1, 65);
  return { signature, wire, lastValidBlockHeight };
}

function partsOf(
  payer: Uint8Array,
  version: WireVersion,
  instructions: readonly Instruction[],
  units: number,
  price: number,
  blockhash: Uint8Array,
): TransactionParts {
  if (version === 1) {
    const config = {
      priorityFee: priorityOf(units, price),
      computeUnitLimit: units,
      loadedAccountsLimit: SETTLE_LOADED_LIMIT,
    };
    return { version, payer, blockhash, instructions, config };
  }
  const budget = computeBudgetInstructions({ unitLimit: units, unitPrice: BigInt(price) });
  return { version, payer, blockhash, instructions: [...budget, ...instructions] };
}

function readError(error: unknown, preamble: number): SimulationError {
  const text = JSON.stringify(error);
  if (typeof error !== "object" || error === null || !("InstructionError" in error)) {
    return { code: null, instruction: null, text };
  }
  const [index, reason] = error.InstructionError as [number, unknown];
  const custom =
    typeof reason === "object" && reason !== null && "Custom" in reason ? Number(reason.Custom) : null;
  return { code: custom, instruction: index - preamble, text };
}
