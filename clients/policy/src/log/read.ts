import { open, readFile } from "node:fs/promises";
import { listFiles } from "./files.ts";
import { decodeLine, FIRST_PREV } from "./line.ts";
import type { DecisionLine } from "./types.ts";

/** What is wrong with a log, and where. */
export interface LogFault {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
}

export interface LogCheck {
  /** True if every line is whole and follows the one before. A cut last line alone is no fault: it was being written. */
  readonly ok: boolean;
  readonly lines: number;
  /** Numbers of the first and last line; null for an empty log. The first is above 0 once old files were thrown away. */
  readonly first: number | null;
  readonly last: number | null;
  /** Hash of the last line, hex: who notes it elsewhere can tell later that nothing before it was changed. */
  readonly head: string;
  /** Is there something after the last newline? */
  readonly cut: boolean;
  readonly fault: LogFault | null;
}

/** Times a log that is just being rotated is read again. */
const MAX_READS = 20;

/** All files as of one moment, oldest first: read again if one was renamed or begun in between, so that no line is missed. */
async function readFiles(folder: string): Promise<{ readonly path: string; readonly text: string }[]> {
  for (let tries = 1; ; tries++) {
    const paths = await listFiles(folder);
    try {
      const files: { readonly path: string; readonly text: string }[] = [];
      for (const path of paths) files.push({ path, text: await readFile(path, "utf8") });
      if (tries === MAX_READS || paths.join() === (await listFiles(folder)).join()) return files;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries === MAX_READS) throw error;
    }
  }
}

/** Reads all lines of a log, oldest first. Lines that are none are left out; `checkDecisionLog` tells them. */
export async function* readDecisionLog(folder: string): AsyncGenerator<DecisionLine> {
  for (const { text: file } of await readFiles(folder))
    for (const text of file.split("\n")) {
      const line = text === "" ? null : decodeLine(text);
      if (line !== null) yield line;
    }
}

/** Follows the whole chain of a folder's files, from the oldest that is left. @throws whatever the file system does */
export async function checkDecisionLog(folder: string): Promise<LogCheck> {
  let lines = 0;
  let first: number | null = null;
  let before: DecisionLine | null = null;
  let cut = false;
  const files = await readFiles(folder);
  const done = (fault: LogFault | null): LogCheck => ({
    ok: fault === null,
    lines,
    first,
    last: before?.n ?? null,
    head: before?.hash ?? FIRST_PREV,
    cut,
    fault,
  });
  for (const { path, text: file } of files) {
    const texts = file.split("\n");
    const rest = texts.pop() as string;
    if (rest !== "") {
      cut = true;
      if (path !== files.at(-1)?.path)
        return done({ file: path, line: texts.length + 1, what: "a full file ends in the middle of a line" });
    }
    for (const [i, text] of texts.entries()) {
      const fault = (what: string) => done({ file: path, line: i + 1, what });
      const line = decodeLine(text);
      if (line === null) return fault("the line is damaged, or was changed after it was written");
      if (before === null && line.n === 0 && line.prev !== FIRST_PREV)
        return fault("the first line follows something");
      if (before !== null && line.n !== before.n + 1)
        return fault(`line number ${line.n} after ${before.n}: lines are missing or out of order`);
      if (before !== null && line.prev !== before.hash)
        return fault(`line number ${line.n} does not follow the one before it`);
      first ??= line.n;
      before = line;
      lines++;
    }
  }
  return done(null);
}

/** Yields lines as they are written, from number `from` on, over rotations, until `signal` aborts. Looks every `everyMs`, default 200. */
export async function* followDecisionLog(
  folder: string,
  signal: AbortSignal,
  { from = 0, everyMs = 200 }: { readonly from?: number; readonly everyMs?: number } = {},
): AsyncGenerator<DecisionLine> {
  let next = from;
  let seen = "";
  while (!signal.aborted) {
    const paths = await listFiles(folder);
    const now = await stampOf(paths);
    if (now !== seen) {
      seen = now;
      for await (const line of readDecisionLog(folder))
        if (line.n >= next) {
          next = line.n + 1;
          yield line;
        }
    }
    await pause(everyMs, signal);
  }
}

/** Changes when any of the files does. */
async function stampOf(paths: readonly string[]): Promise<string> {
  const last = paths.at(-1);
  if (last === undefined) return "";
  const file = await open(last, "r").catch(() => null);
  const size = (await file?.stat())?.size;
  await file?.close();
  return `${paths.join()} ${size}`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
