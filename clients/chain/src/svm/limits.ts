/** Bytes of log a transaction may write before it is cut, as on a validator. */
export const MAX_TRANSACTION_LOG_BYTES = 10_000n;
/** Leaders drop a transaction that asks the signature precompiles for more (SIMD-0152). */
export const MAX_PRECOMPILE_SIGNATURES = 8;
export const LAMPORTS_PER_SIGNATURE = 5000n;
/** The most compute units a transaction may have. */
export const MAX_COMPUTE_UNITS = 1_400_000;
export const DEFAULT_UNITS_PER_INSTRUCTION = 200_000;
/** What a built-in program's instruction counts for by default (SIMD-0170). */
export const DEFAULT_UNITS_PER_BUILTIN = 3_000;
