import type { Commitment } from "../types.ts";
import { fromBase58 } from "../wire/base58.ts";
import type { Context, View } from "./context.ts";
import { invalid, MIN_CONTEXT_SLOT, RpcError } from "./errors.ts";

export type Config = Readonly<Record<string, unknown>>;

export function address(value: unknown): Uint8Array {
  if (typeof value !== "string") throw invalid(`invalid type: ${name(value)}, expected a string`);
  const bytes = fromBase58(value, 32);
  if (bytes === null)
    throw invalid(fromBase58Fits(value) ? "Invalid param: WrongSize" : "Invalid param: Invalid");
  return bytes;
}

function fromBase58Fits(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]*$/.test(text);
}

export function signature(value: unknown): Uint8Array {
  if (typeof value !== "string") throw invalid(`invalid type: ${name(value)}, expected a string`);
  const bytes = fromBase58(value, 64);
  if (bytes === null)
    throw invalid(fromBase58Fits(value) ? "Invalid param: WrongSize" : "Invalid param: Invalid");
  return bytes;
}

export function text(value: unknown): string {
  if (typeof value !== "string") throw invalid(`invalid type: ${name(value)}, expected a string`);
  return value;
}

/** A whole number from 0 to 2^53 - 1. */
export function whole(value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw invalid(`invalid type: ${name(value)}, expected u64`);
  }
  return value;
}

export function list(value: unknown, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`invalid type: ${name(value)}, expected a sequence`);
  if (value.length > limit) throw invalid(`Too many inputs provided; max ${limit}`);
  return value as unknown[];
}

/** The trailing configuration object; a missing one is empty. */
export function config(value: unknown): Config {
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw invalid(`invalid type: ${name(value)}, expected a configuration object`);
  }
  return value as Config;
}

const COMMITMENTS: Readonly<Record<string, Commitment>> = {
  processed: "processed",
  recent: "processed",
  confirmed: "confirmed",
  single: "confirmed",
  singleGossip: "confirmed",
  finalized: "finalized",
  max: "finalized",
  root: "finalized",
};

export function commitment(value: unknown): Commitment {
  if (value === undefined || value === null) return "finalized";
  const known = typeof value === "string" ? COMMITMENTS[value] : undefined;
  if (known === undefined) throw invalid(`invalid commitment: ${name(value)}`);
  return known;
}

/** The slot a request is to be answered at. @throws RpcError -32016 when `minContextSlot` is not reached */
export function view(context: Context, options: Config, given?: Commitment): View {
  const wanted = given ?? commitment(options.commitment);
  const slot = context.ledger.bank.reached(wanted);
  const min = options.minContextSlot;
  if (min !== undefined && min !== null && slot < whole(min)) {
    throw new RpcError(MIN_CONTEXT_SLOT, "Minimum context slot has not been reached", { contextSlot: slot });
  }
  return { commitment: wanted, slot };
}

/** For the few methods that take a commitment alone or in an object. */
export function looseConfig(value: unknown): Config {
  return typeof value === "string" ? { commitment: value } : config(value);
}

function name(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return `string "${value.slice(0, 60)}"`;
  if (typeof value === "number") return `number \`${value}\``;
  if (typeof value === "boolean") return `boolean \`${value}\``;
  return Array.isArray(value) ? "sequence" : "map";
}
