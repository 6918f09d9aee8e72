import { type FileHandle, open, readFile, rename, truncate, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { openToAppend, syncFolder } from "@tolldns/policy/disk";
import { EdgeError } from "../errors.ts";

/** What a key may hold: plain JSON. Amounts are written as decimal strings. */
export type JournalValue =
  | string
  | number
  | boolean
  | null
  | JournalValue[]
  | { [key: string]: JournalValue };

/** Keys to set; null takes a key away. One batch is on disk as a whole or not at all. */
export type JournalBatch = { readonly [key: string]: JournalValue };

/** A small durable map: an append-only file of checksummed lines, rewritten when mostly stale. */
export interface Journal {
  get(key: string): JournalValue | undefined;
  entries(prefix: string): [string, JournalValue][];
  /**
   * Settles once the batch is on the medium (fdatasync). Batches land in the order of the calls; those that wait together share
   * one sync. `get` shows the batch at once. @throws EdgeError journal-write; the journal takes nothing more then
   */
  put(batch: JournalBatch): Promise<void>;
  close(): Promise<void>;
}

/** Where a test can cut a write short; the file system in earnest. */
export interface JournalMedium {
  append(file: FileHandle, bytes: Uint8Array): Promise<void>;
  sync(file: FileHandle): Promise<void>;
}

export const FILE_MEDIUM: JournalMedium = {
  async append(file, bytes) {
    await file.appendFile(bytes);
  },
  sync: (file) => file.datasync(),
};

/** Bytes after which the file is written anew, if most of it is stale. */
const COMPACT_BYTES = 256 * 1024;

/**
 * Opens or makes the journal at `path`, mode 0600. A torn last line is cut off: its put never settled. Any other damage is
 * refused, because a lost promise could be signed again lower.
 * @throws EdgeError journal-corrupt, journal-write
 */
export async function openJournal(path: string, medium: JournalMedium = FILE_MEDIUM): Promise<Journal> {
  await unlink(`${path}.new`).catch(() => {});
  const values = new Map<string, JournalValue>();
  let size = await load(path, values);
  let file = await openToAppend(path);
  await syncFolder(dirname(path));
  let waiting: { batch: JournalBatch; settle: (error?: EdgeError) => void }[] = [];
  let writing: Promise<void> | null = null;
  let failed: EdgeError | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        // One line for the whole group: only ever the last line can be torn.
        const bytes = line(Object.assign({}, ...group.map((entry) => entry.batch)) as JournalBatch);
        await medium.append(file, bytes);
        await medium.sync(file);
        size += bytes.length;
        if (size > COMPACT_BYTES && size > 4 * liveBytes(values)) await compact();
        for (const entry of group) entry.settle();
      } catch (cause) {
        // After a failed sync nobody knows what is on the medium: stop, and let a restart read what is.
        const error = new EdgeError("journal-write", cause instanceof Error ? cause.message : String(cause), {
          cause,
        });
        failed = error;
        for (const entry of [...group, ...waiting]) entry.settle(error);
        waiting = [];
      }
    }
    writing = null;
  }

  async function compact(): Promise<void> {
    const next = await open(`${path}.new`, "w", 0o600);
    // Batches that wait are in `values` already and are appended again after the rename: a second time does no harm.
    const bytes = line(Object.fromEntries(values));
    await medium.append(next, bytes);
    await medium.sync(next);
    await next.close();
    await rename(`${path}.new`, path);
    await syncFolder(dirname(path));
    await file.close();
    file = await openToAppend(path);
    size = bytes.length;
  }

  return {
    get: (key) => values.get(key),
    entries: (prefix) => [...values].filter(([key]) => key.startsWith(prefix)),
    put(batch) {
      if (failed !== null) return Promise.reject(failed);
      apply(values, batch);
      return new Promise((resolve, reject) => {
        waiting.push({ batch, settle: (error) => (error ? reject(error) : resolve()) });
        writing ??= drain();
      });
    },
    async close() {
      while (writing !== null) await writing;
      failed ??= new EdgeError("journal-write", "the journal is closed");
      await file.close();
    },
  };
}

function apply(values: Map<string, JournalValue>, batch: JournalBatch): void {
  for (const [key, value] of Object.entries(batch))
    if (value === null) values.delete(key);
    else values.set(key, value);
}

function line(batch: JournalBatch): Buffer {
  const json = JSON.stringify(batch);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, "0");
}

function parse(text: string): JournalBatch | null {
  const json = text.slice(9);
  return text.slice(0, 9) === `${checksum(json)} ` ? (JSON.parse(json) as JournalBatch) : null;
}

async function load(path: string, values: Map<string, JournalValue>): Promise<number> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return Buffer.alloc(0);
    throw new EdgeError("journal-write", error.message, { cause: error });
  });
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(10, at);
    const batch = end < 0 ? null : parse(bytes.toString("utf8", at, end));
    if (batch === null) {
      // A torn write can only be at the end: anything whole after it means the medium lost data.
      const rest = end < 0 ? [] : bytes.toString("utf8", end + 1).split("\n");
      if (rest.some((later) => parse(later) !== null))
        throw new EdgeError("journal-corrupt", `damage at byte ${at} of ${path}`);
      await truncate(path, at);
      return at;
    }
    apply(values, batch);
    at = end + 1;
  }
  return bytes.length;
}

function liveBytes(values: Map<string, JournalValue>): number {
  let bytes = 0;
  for (const [key, value] of values) bytes += key.length + JSON.stringify(value).length + 16;
  return bytes;
}
