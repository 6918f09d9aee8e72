import type { SimulationError } from "../runtime/signing.ts";
import type { RefusalReason } from "./judge.ts";

/** Errors of the escrow program that one voucher alone causes; every other failure is of the whole transaction. */
const REASONS: Readonly<Record<number, RefusalReason>> = {
  6102: "lane-unknown",
  6103: "lane-free",
  6104: "over-reserve",
  6105: "expired",
  6106: "too-late",
  6107: "signature",
};

/** Why a voucher was refused, or null when no voucher is to blame. */
export function reasonOf(error: SimulationError): RefusalReason | null {
  return error.code === null ? null : (REASONS[error.code] ?? null);
}
