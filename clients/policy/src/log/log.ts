import { appendFile, type FileHandle, mkdir, rename, truncate, unlink } from "node:fs/promises";
import { join } from "node:path";
import { systemTimerClock, type TimerClock } from "@tolldns/dns/clock";
import { openToAppend, syncFolder } from "../disk.ts";
import { CURRENT, listFiles, olderName, readTail } from "./files.ts";
import { encodeLine, FIRST_PREV } from "./line.ts";
import type { Decision, DecisionLine, DecisionLog } from "./types.ts";

export interface DecisionLogOptions {
  /** Folder of `decisions.jsonl` and its older files; made with mode 0700. One writer at a time. */
  readonly folder: string;
  readonly where: "gateway" | "edge";
  readonly clock?: TimerClock;
  /** Bytes after which a new file is begun. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Full files kept. Default 8. */
  readonly keep?: number;
  /** Where a test can cut a write short. */
  readonly medium?: LogMedium;
  /** Told once what goes wrong with the disk, until something else does. */
  readonly onTrouble?: (reason: string) => void;
}

/** Where a test can cut a write short; the file system in earnest. */
export interface LogMedium {
  append(file: FileHandle, bytes: Uint8Array): Promise<void>;
  sync(file: FileHandle): Promise<void>;
}

export const LOG_MEDIUM: LogMedium = {
  append: (file, bytes) => file.appendFile(bytes),
  sync: (file) => file.datasync(),
};

/** Milliseconds between two syncs: half of the second that is promised. */
const GATHER_MS = 400;
/** Milliseconds between tries while the disk takes nothing. */
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Decisions that wait at most. An incident's beginning says more than its thousandth repetition, so later ones are given up. */
const MAX_WAITING = 2_048;
/** Lines written with one sync. */
const MAX_GROUP = 256;

/**
 * Opens or begins the log and writes its `start` line. A disk that fails never fails the caller: decisions wait, and are counted as lost when too
 * many do. A cut last line is moved to `decisions.cut-N`, which the `start` line tells.
 */
export async function openDecisionLog(options: DecisionLogOptions): Promise<DecisionLog> {
  const { folder, where } = options;
  const clock = options.clock ?? systemTimerClock;
  const medium = options.medium ?? LOG_MEDIUM;
  const { maxBytes = 1 << 20, keep = 8 } = options;
  const path = join(folder, CURRENT);
  const waiting: (Decision & { readonly at: number })[] = [];
  let file: FileHandle | null = null;
  /** Null until the files could be read. */
  let end: { next: number; head: string; size: number; first: number } | null = null;
  let lost = 0;
  let untold = 0;
  let trouble: string | null = null;
  let retryMs = RETRY_MS;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  let cancel: (() => void) | null = null;
  let closed = false;

  /** Finds the end of the chain, sets aside what was cut, and opens the file. */
  async function begin(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const tail = await readTail(path);
    let last = tail.last;
    if (last === null) {
      const older = (await listFiles(folder)).filter((one) => one !== path).at(-1);
      if (older !== undefined) last = (await readTail(older)).last;
    }
    const next = last === null ? 0 : last.n + 1;
    const cut = tail.bytes.subarray(tail.good);
    if (cut.length > 0) {
      const name = `decisions.cut-${next}`;
      await appendFile(join(folder, name), cut, { mode: 0o600 });
      await truncate(path, tail.good);
      const start = waiting.find(({ kind }) => kind === "start") as { evidence?: object } | undefined;
      if (start !== undefined) start.evidence = { ...start.evidence, cut: { file: name, bytes: cut.length } };
    }
    file = await openToAppend(path);
    await syncFolder(folder);
    end = { next, head: last?.hash ?? FIRST_PREV, size: tail.good, first: tail.first?.n ?? next };
  }

  /** Begins a new file; the chain goes on in it. */
  async function rotate(at: NonNullable<typeof end>): Promise<void> {
    await rename(path, join(folder, olderName(at.first)));
    await file?.close();
    file = null;
    end = { ...at, size: 0, first: at.next };
    file = await openToAppend(path);
    await syncFolder(folder);
    const older = (await listFiles(folder)).filter((one) => one !== path);
    for (const old of older.slice(0, Math.max(0, older.length - keep))) await unlink(old);
  }

  async function write(): Promise<void> {
    if (end === null) await begin();
    let at = end as unknown as NonNullable<typeof end>;
    if (at.size > 0 && at.size >= maxBytes) {
      await rotate(at);
      at = end as unknown as NonNullable<typeof end>;
    }
    const group = waiting.slice(0, MAX_GROUP);
    let { next, head } = at;
    let text = "";
    const told = untold;
    for (const [i, { at: time, kind, subject, from, to, why, evidence = {} }] of group.entries()) {
      const more: DecisionLine["evidence"] = i === 0 && told > 0 ? { ...evidence, lost: told } : evidence;
      const line = encodeLine({
        n: next,
        at: time,
        where,
        kind,
        subject,
        from,
        to,
        why,
        evidence: more,
        prev: head,
      });
      text += `${line.text}\n`;
      head = line.hash;
      next++;
    }
    const bytes = Buffer.from(text);
    if (file === null) {
      // Opened again after a failure: what was half written is cut off, nobody was told that it is there.
      file = await openToAppend(path);
      await file.truncate(at.size);
    }
    await medium.append(file, bytes);
    await medium.sync(file);
    end = { ...at, next, head, size: at.size + bytes.length };
    waiting.splice(0, group.length);
    untold -= told;
  }

  /** One try. True if it worked. */
  async function attempt(): Promise<boolean> {
    try {
      await write();
      syncedAt = clock.now();
      trouble = null;
      retryMs = RETRY_MS;
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== trouble) options.onTrouble?.(reason);
      trouble = reason;
      const old = file;
      file = null;
      await old?.close().catch(() => {});
      return false;
    }
  }

  function drain(): Promise<void> {
    if (waiting.length === 0) return running ?? Promise.resolve();
    running ??= (async () => {
      while (waiting.length > 0) if (!(await attempt())) break;
      running = null;
    })();
    return running;
  }

  function schedule(): void {
    if (cancel !== null || running !== null || closed || waiting.length === 0) return;
    const wait =
      trouble === null
        ? Math.max(0, syncedAt + GATHER_MS - clock.now())
        : Math.min(retryMs, LONGEST_RETRY_MS);
    if (trouble !== null) retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    cancel = clock.after(wait, () => {
      cancel = null;
      void drain().then(schedule);
    });
  }

  function take(decision: Decision): void {
    if (waiting.length >= MAX_WAITING) {
      lost++;
      untold++;
      return;
    }
    waiting.push({ ...decision, at: Math.round(clock.wall() * 1_000) / 1_000 });
  }

  async function flush(): Promise<void> {
    cancel?.();
    cancel = null;
    if (running !== null) await running;
    await drain();
    schedule();
  }

  take({ kind: "start", subject: where, from: null, to: null, why: "the process began", evidence: {} });
  await flush();
  return {
    append(decision) {
      if (closed) return;
      take(decision);
      schedule();
    },
    flush,
    status: () => ({
      next: end?.next ?? 0,
      head: end?.head ?? FIRST_PREV,
      waiting: waiting.length,
      lost,
      trouble,
    }),
    async close() {
      if (closed) return;
      take({ kind: "stop", subject: where, from: null, to: null, why: "the process ended in order" });
      await flush();
      closed = true;
      cancel?.();
      await file?.close().catch(() => {});
      file = null;
    },
  };
}
