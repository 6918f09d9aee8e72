import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeLine } from "./line.ts";
import type { DecisionLine } from "./types.ts";

/** The file that is written to. */
export const CURRENT = "decisions.jsonl";
const OLDER = /^decisions\.(\d{10,})\.jsonl$/;

/** Name of a full file: the number of its first line. */
export function olderName(first: number): string {
  return `decisions.${String(first).padStart(10, "0")}.jsonl`;
}

/** Paths of a log's files, oldest first, the current one last if it is there. */
export async function listFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const older = names.filter((name) => OLDER.test(name));
  older.sort((a, b) => Number(OLDER.exec(a)?.[1]) - Number(OLDER.exec(b)?.[1]));
  return [...older, ...names.filter((name) => name === CURRENT)].map((name) => join(folder, name));
}

/** The end of a file: its last whole line, and how many bytes up to and with it are good. */
export interface Tail {
  readonly first: DecisionLine | null;
  readonly last: DecisionLine | null;
  readonly good: number;
  readonly bytes: Buffer;
}

/** Finds the last line that is one. What comes after it was being written when the power went. */
export async function readTail(path: string): Promise<Tail> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  const lineAt = (start: number, end: number) => decodeLine(bytes.toString("utf8", start, end));
  const newline = bytes.indexOf(10);
  const first = newline < 0 ? null : lineAt(0, newline);
  for (let end = bytes.lastIndexOf(10); end >= 0; ) {
    const before = end === 0 ? -1 : bytes.lastIndexOf(10, end - 1);
    const last = lineAt(before + 1, end);
    if (last !== null) return { first, last, good: end + 1, bytes };
    end = before;
  }
  return { first: null, last: null, good: 0, bytes };
}
