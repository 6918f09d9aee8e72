/** Kinds of lines; docs/reference/router.md. */
export const DECISION_KINDS = [
  "switch",
  "eject",
  "return",
  "ramp",
  "policy",
  "fallback",
  "restore",
  "start",
  "stop",
] as const;

export type DecisionKind = (typeof DECISION_KINDS)[number];

/** What evidence may hold: plain JSON. */
export type DecisionValue =
  | string
  | number
  | boolean
  | null
  | readonly DecisionValue[]
  | { readonly [key: string]: DecisionValue };

/** What is handed to the log. No query, name that was asked for or client may be in it. */
export interface Decision {
  readonly kind: DecisionKind;
  /** What it is about: a candidate's name, or a tier's. */
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  /** One sentence with the rule and its numbers. */
  readonly why: string;
  readonly evidence?: { readonly [key: string]: DecisionValue };
}

/** One line as it stands in the file. */
export interface DecisionLine extends Required<Decision> {
  readonly n: number;
  /** Unix seconds, milliseconds as fraction. */
  readonly at: number;
  readonly where: "gateway" | "edge";
  /** 64 hex digits each. */
  readonly prev: string;
  readonly hash: string;
}

/** Append-only, hash-chained. It never makes anybody wait, and never throws. */
export interface DecisionLog {
  /** Takes a decision; it is on the medium within a second, unless the disk is full or gone. */
  append(decision: Decision): void;
  /** Settles once everything taken so far is on the medium, or was tried in vain. Never rejects. */
  flush(): Promise<void>;
  status(): DecisionLogStatus;
  /** Writes the `stop` line and what waits. Never rejects. */
  close(): Promise<void>;
}

export interface DecisionLogStatus {
  /** Number the next line gets. */
  readonly next: number;
  /** Hash of the last line on the medium, hex. */
  readonly head: string;
  /** Lines that wait for the medium, and those given up because too many did. */
  readonly waiting: number;
  readonly lost: number;
  /** Why the last write failed; null if it did not. */
  readonly trouble: string | null;
}
