import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { FileJournal } from "../../clients/chain/src/ledger/file-journal.ts";

describe("the log", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-journal-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const payload = (n: number): Uint8Array => new Uint8Array(n + 1).fill(n);

  it("gives back records over several segments in order", async () => {
    const journal = new FileJournal(folder);
    journal.snapshot(1, payload(100));
    for (let n = 0; n < 5; n++) journal.append({ type: 1, payload: payload(n) });
    await journal.flushed();
    journal.snapshot(2, payload(101));
    for (let n = 5; n < 9; n++) journal.append({ type: 2, payload: payload(n) });
    await journal.close();
    const again = new FileJournal(folder);
    const [first, second] = again.snapshots();
    if (first === undefined || second === undefined) throw new Error("two snapshots were written");
    expect(again.records(first).map((record) => record.payload.length)).to.deep.equal([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(again.records(second).map((record) => record.type)).to.deep.equal([2, 2, 2, 2]);
    expect(Buffer.compare(second.read(), payload(101))).to.equal(0);
    await again.close();
  });

  it("goes on when a snapshot can't be written, and repeats no record after the next one", async () => {
    const journal = new FileJournal(folder);
    journal.snapshot(1, payload(100));
    journal.append({ type: 1, payload: payload(1) });
    await journal.flushed();
    // A folder where the snapshot's file would be.
    mkdirSync(join(folder, "00000001-2.snapshot.tmp"));
    expect(() => journal.snapshot(2, payload(101))).to.throw();
    rmSync(join(folder, "00000001-2.snapshot.tmp"), { recursive: true });
    journal.append({ type: 1, payload: payload(2) });
    await journal.flushed();
    journal.snapshot(3, payload(102));
    journal.append({ type: 1, payload: payload(3) });
    await journal.close();
    const again = new FileJournal(folder);
    const lengths = again
      .snapshots()
      .map((from) => again.records(from).map((record) => record.payload.length));
    expect(lengths).to.deep.equal([[2, 3, 4], [4]]);
    await again.close();
  });

  it("keeps nothing after a write that failed, as on a full disk", async () => {
    mkdirSync(folder, { recursive: true });
    // A file that every write to fails with ENOSPC.
    symlinkSync("/dev/full", join(folder, "00000000.log"));
    const journal = new FileJournal(folder);
    journal.snapshot(1, payload(1));
    journal.append({ type: 1, payload: payload(2) });
    const outcome = (work: Promise<void>): Promise<string> =>
      work.then(
        () => "kept",
        (error: NodeJS.ErrnoException) => error.code ?? "",
      );
    expect(await outcome(journal.flushed())).to.equal("chain-stopped");
    journal.append({ type: 1, payload: payload(3) });
    expect(await outcome(journal.flushed())).to.equal("chain-stopped");
    await journal.close();
  });
});
