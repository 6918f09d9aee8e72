/** A record of the log: a type and its bytes. */
export interface JournalRecord {
  type: number;
  payload: Uint8Array;
}

/** The state of the chain at the start of segment `segment`. */
export interface Snapshot {
  segment: number;
  slot: number;
  read(): Uint8Array;
}

/**
 * The log and the snapshots of a chain. A segment of the log begins with each snapshot; the oldest snapshot kept and
 * all segments from it on give every later state. Records count as kept once `flushed` resolves.
 */
export interface Journal {
  snapshots(): readonly Snapshot[];
  /** The records from a snapshot on, in order. */
  records(from: Snapshot): JournalRecord[];
  append(record: JournalRecord): void;
  /** Resolves when everything appended so far is on disk. Once it has rejected, it always will. */
  flushed(): Promise<void>;
  /** Bytes and records appended since the last snapshot. */
  readonly sinceSnapshot: number;
  /** Writes a snapshot and begins a segment. Call it after `flushed`, with nothing appended since. */
  snapshot(slot: number, bytes: Uint8Array): void;
  /** Removes snapshots taken after `slot`; their segments stay. */
  dropAfter(slot: number): void;
  /** Removes snapshots and segments older than this snapshot. */
  dropBefore(snapshot: Snapshot): void;
  close(): Promise<void>;
}

/** A journal that ends with the process. */
export class MemoryJournal implements Journal {
  private readonly segments: JournalRecord[][] = [];
  private held: Snapshot[] = [];
  private first = 0;

  get sinceSnapshot(): number {
    return this.segments.at(-1)?.length ?? 0;
  }

  snapshots(): readonly Snapshot[] {
    return this.held;
  }

  records(from: Snapshot): JournalRecord[] {
    return this.segments.slice(from.segment).flat();
  }

  append(record: JournalRecord): void {
    this.segments.at(-1)?.push(record);
  }

  flushed(): Promise<void> {
    return Promise.resolve();
  }

  snapshot(slot: number, bytes: Uint8Array): void {
    this.held.push({ segment: this.segments.length, slot, read: () => bytes });
    this.segments.push([]);
  }

  dropAfter(slot: number): void {
    this.held = this.held.filter((snapshot) => snapshot.slot <= slot);
  }

  dropBefore(snapshot: Snapshot): void {
    this.held = this.held.filter((other) => other.segment >= snapshot.segment);
    for (; this.first < snapshot.segment; this.first++) this.segments[this.first] = [];
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
