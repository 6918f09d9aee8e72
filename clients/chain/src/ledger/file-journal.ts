import {
  closeSync,
  fdatasync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail } from "../errors.ts";
import { frame, readChecked, scan, syncFolder, writeAll, writeChecked } from "./files.ts";
import type { Journal, JournalRecord, Snapshot } from "./journal.ts";

const SNAPSHOT = /^(\d{8})-(\d+)\.snapshot$/;
const SEGMENT = /^(\d{8})\.log$/;

const sync = promisify(fdatasync);

/** A journal in a folder. One process may have it open; the history's lock sees to that. */
export class FileJournal implements Journal {
  private readonly folder: string;
  private held: Snapshot[] = [];
  private segment = 0;
  private file: number | null = null;
  private pending: Buffer[] = [];
  private current: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;
  private count = 0;
  /** Once a write has failed nothing after it may count as kept: the log would have a hole. */
  private broken: Error | null = null;

  /** Opens the folder; cuts a torn last record. @throws chain-damaged, when it is read */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder).sort()) {
      const match = SNAPSHOT.exec(name);
      if (match !== null) this.hold(name, Number(match[1]), Number(match[2]));
      else if (SEGMENT.test(name)) this.segment = Number.parseInt(name, 10);
      else if (name.endsWith(".tmp")) rmSync(join(folder, name));
    }
    if (this.held.length > 0) this.resume();
  }

  get sinceSnapshot(): number {
    return this.count;
  }

  snapshots(): readonly Snapshot[] {
    return this.held;
  }

  records(from: Snapshot): JournalRecord[] {
    const all: JournalRecord[] = [];
    for (let n = from.segment; n <= this.segment; n++) {
      const bytes = readFileSync(this.path(n));
      const end = scan(bytes, (record) => all.push(record));
      if (end !== bytes.length && n < this.segment) throw fail("chain-damaged", { what: `log ${n}` });
    }
    return all;
  }

  append(record: JournalRecord): void {
    this.pending.push(frame(record));
    this.count++;
  }

  flushed(): Promise<void> {
    if (this.broken !== null) return Promise.reject(this.broken);
    if (this.pending.length === 0) return this.next ?? this.current;
    // What is appended while one write is under way goes out together in the next.
    this.next ??= this.current
      .catch(() => {})
      .then(() => {
        this.next = null;
        this.current = this.write();
        return this.current;
      });
    return this.next;
  }

  snapshot(slot: number, bytes: Uint8Array): void {
    const segment = this.held.length === 0 ? this.segment : this.segment + 1;
    if (this.file !== null) closeSync(this.file);
    // The segment exists before the snapshot that needs it.
    this.file = openSync(this.path(segment), "a", 0o600);
    // From here on: if the snapshot can't be written, records go on in this segment and the next snapshot begins another.
    this.segment = segment;
    const name = `${String(segment).padStart(8, "0")}-${slot}.snapshot`;
    writeChecked(join(this.folder, name), bytes);
    syncFolder(this.folder);
    this.hold(name, segment, slot);
    this.count = 0;
  }

  dropAfter(slot: number): void {
    this.dropSnapshots((snapshot) => snapshot.slot > slot);
    syncFolder(this.folder);
  }

  dropBefore(snapshot: Snapshot): void {
    this.dropSnapshots((other) => other.segment < snapshot.segment);
    for (const name of readdirSync(this.folder)) {
      if (SEGMENT.test(name) && Number.parseInt(name, 10) < snapshot.segment) rmSync(join(this.folder, name));
    }
  }

  async close(): Promise<void> {
    await this.flushed().catch(() => {});
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }

  private async write(): Promise<void> {
    const file = this.file;
    const batch = Buffer.concat(this.pending);
    this.pending = [];
    try {
      if (file === null) throw fail("chain-stopped", { why: "closed" });
      writeAll(file, batch);
      await sync(file);
    } catch (error) {
      this.broken = fail("chain-stopped", { why: (error as Error).message }, error);
      throw this.broken;
    }
  }

  private resume(): void {
    const path = this.path(this.segment);
    const bytes = readFileSync(path);
    const end = scan(bytes, () => this.count++);
    if (end !== bytes.length) truncateSync(path, end);
    this.file = openSync(path, "a", 0o600);
  }

  private hold(name: string, segment: number, slot: number): void {
    this.held.push({ segment, slot, read: () => readChecked(join(this.folder, name)) });
  }

  private dropSnapshots(gone: (snapshot: Snapshot) => boolean): void {
    for (const { segment, slot } of this.held.filter(gone)) {
      rmSync(join(this.folder, `${String(segment).padStart(8, "0")}-${slot}.snapshot`), { force: true });
    }
    this.held = this.held.filter((snapshot) => !gone(snapshot));
  }

  private path(segment: number): string {
    return join(this.folder, `${String(segment).padStart(8, "0")}.log`);
  }
}
