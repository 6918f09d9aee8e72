import { createHash } from "node:crypto";
import { DECISION_KINDS, type DecisionLine } from "./types.ts";

/** What the first line of a chain follows. */
export const FIRST_PREV = "0".repeat(64);

const TAG = Buffer.from("tolldns decision v1\0");
const HASH = /,"hash":"([0-9a-f]{64})"\}$/;
const HEX = /^[0-9a-f]{64}$/;

/** A line with its hash, as it goes into the file, without the newline. docs/reference/router.md has the form. */
export function encodeLine(line: Omit<DecisionLine, "hash">): {
  readonly text: string;
  readonly hash: string;
} {
  const { n, at, where, kind, subject, from, to, why, evidence, prev } = line;
  const bare = JSON.stringify({ n, at, where, kind, subject, from, to, why, evidence, prev });
  const hash = hashOf(bare, prev);
  return { text: `${bare.slice(0, -1)},"hash":"${hash}"}`, hash };
}

/** Reads a line and checks its own hash; null if it is none, or was changed. What came before it is not looked at. */
export function decodeLine(text: string): DecisionLine | null {
  const found = HASH.exec(text);
  if (found === null) return null;
  let line: DecisionLine;
  try {
    line = JSON.parse(text) as DecisionLine;
  } catch {
    return null;
  }
  if (!Number.isSafeInteger(line.n) || line.n < 0 || typeof line.at !== "number") return null;
  if (!HEX.test(line.prev) || !DECISION_KINDS.includes(line.kind)) return null;
  // Over the bytes as they stand: another writer's numbers or key order must not be put right first.
  const isWhole = hashOf(`${text.slice(0, found.index)}}`, line.prev) === line.hash && line.hash === found[1];
  return isWhole ? line : null;
}

function hashOf(bare: string, prev: string): string {
  return createHash("sha256").update(TAG).update(Buffer.from(prev, "hex")).update(bare).digest("hex");
}
