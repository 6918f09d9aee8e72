import { COMPUTE_BUDGET_PROGRAM, toAddress } from "../address.ts";
import { writeU32, writeU64 } from "../bytes.ts";
import type { Instruction } from "../instruction.ts";

/** What a legacy or v0 transaction asks of the scheduler. */
export interface ComputeBudget {
  /** Compute units, at most 1 400 000. */
  readonly unitLimit?: number;
  /** Price of a unit in millionths of a lamport. */
  readonly unitPrice?: bigint;
  /** Bytes of accounts and programs loaded. */
  readonly loadedAccountsLimit?: number;
}

/** Most compute units a transaction may ask for. */
export const MAX_COMPUTE_UNITS = 1_400_000;

/** The compute budget instructions for what is given; put them first. @throws integer-range */
export function computeBudgetInstructions(budget: ComputeBudget): Instruction[] {
  const instructions: Instruction[] = [];
  const add = (tag: number, length: number, write: (data: Uint8Array) => void) => {
    const data = new Uint8Array(1 + length);
    data[0] = tag;
    write(data);
    instructions.push({ program: toAddress(COMPUTE_BUDGET_PROGRAM), accounts: [], data });
  };
  const { unitLimit, unitPrice, loadedAccountsLimit } = budget;
  if (unitLimit !== undefined) add(2, 4, (data) => writeU32(data, 1, unitLimit, "unitLimit"));
  if (unitPrice !== undefined) add(3, 8, (data) => writeU64(data, 1, unitPrice, "unitPrice"));
  if (loadedAccountsLimit !== undefined)
    add(4, 4, (data) => writeU32(data, 1, loadedAccountsLimit, "loadedAccountsLimit"));
  return instructions;
}

/** Priority fee in lamports of a unit price and limit, rounded up as the runtime does. */
export function priorityFee(unitLimit: number, unitPrice: bigint): bigint {
  return (BigInt(unitLimit) * unitPrice + 999_999n) / 1_000_000n;
}
