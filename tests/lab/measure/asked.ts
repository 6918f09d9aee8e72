/** What became of a question. `lost`: no answer within PATIENCE_MS; `failed`: one that says that it couldn't be answered. */
export const FATES = ["right", "wrong", "failed", "lost"] as const;
export type Fate = (typeof FATES)[number];

/** All questions of a stretch of load. One entry a question, in the order they were asked. */
export interface Asked {
  /** Unix milliseconds. */
  readonly at: Float64Array;
  /** Milliseconds until the answer, or PATIENCE_MS. */
  readonly took: Float32Array;
  /** Index into FATES. */
  readonly fate: Uint8Array;
  /** 1 for names that caches hold. */
  readonly popular: Uint8Array;
  /** 1 for names of the signed zone. */
  readonly signed: Uint8Array;
  /** The first few wrong answers in words. */
  readonly wrong: readonly string[];
  /** Failed answers by what they said. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** Longer than any part of a resolver may take for a question. */
export const PATIENCE_MS = 6_000;
