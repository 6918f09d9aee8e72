import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isEdgeError } from "@tolldns/edge";
import { expect } from "chai";
import { FILE_MEDIUM, openJournal } from "../../clients/edge/src/state/journal.ts";

describe("the edge's journal", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "edge-journal-"));
    path = join(folder, "journal");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const refusal = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (isEdgeError(error) ? error.code : String(error)),
    );

  it("keeps what was put, forgets what was taken away, and is readable by its owner alone", async () => {
    const first = await openJournal(path);
    await first.put({ a: "1", b: { c: [1, true, null] } });
    await first.put({ a: "2", gone: 1 });
    await first.put({ gone: null });
    await first.close();
    const second = await openJournal(path);
    expect(second.get("a")).to.equal("2");
    expect(second.get("b")).to.deep.equal({ c: [1, true, null] });
    expect(second.get("gone")).to.equal(undefined);
    await second.close();
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("comes back at every length a crash may leave, with every batch that had settled", async () => {
    const journal = await openJournal(path);
    const ends: number[] = [];
    for (let i = 0; i < 4; i++) {
      await journal.put({ n: i, [`k${i}`]: "ä".repeat(i) });
      ends.push((await stat(path)).size);
    }
    await journal.close();
    const whole = await readFile(path);
    for (let cut = whole.length; cut >= 0; cut--) {
      await writeFile(path, whole.subarray(0, cut));
      const back = await openJournal(path);
      const settled = ends.filter((end) => end <= cut).length;
      expect(back.get("n"), `cut at ${cut}`).to.equal(settled === 0 ? undefined : settled - 1);
      await back.put({ after: cut });
      await back.close();
      const again = await openJournal(path);
      expect(again.get("after")).to.equal(cut);
      await again.close();
    }
  });

  it("refuses damage before its end: a promise could be missing", async () => {
    const journal = await openJournal(path);
    await journal.put({ a: "1" });
    await journal.put({ b: "2" });
    await journal.close();
    const bytes = await readFile(path);
    bytes[12] = (bytes[12] as number) ^ 1;
    await writeFile(path, bytes);
    expect(await refusal(openJournal(path))).to.equal("journal-corrupt");
  });

  it("cuts garbage at its end off", async () => {
    const journal = await openJournal(path);
    await journal.put({ a: "1" });
    await journal.close();
    await appendFile(path, Buffer.from([0, 0, 0, 10, 0, 7]));
    const back = await openJournal(path);
    expect(back.get("a")).to.equal("1");
    await back.close();
  });

  it("settles nothing after a sync has failed, and says so to all who wait", async () => {
    let fails = false;
    const journal = await openJournal(path, {
      append: FILE_MEDIUM.append,
      sync: (file) => (fails ? Promise.reject(new Error("ENOSPC")) : FILE_MEDIUM.sync(file)),
    });
    await journal.put({ a: "1" });
    fails = true;
    const waiting = [journal.put({ a: "2" }), journal.put({ a: "3" })];
    expect(await Promise.all(waiting.map(refusal))).to.deep.equal(["journal-write", "journal-write"]);
    fails = false;
    expect(await refusal(journal.put({ a: "4" }))).to.equal("journal-write");
    await journal.close();
  });

  it("stays small under many writes and loses nothing when rewritten", async () => {
    const journal = await openJournal(path);
    const puts: Promise<void>[] = [];
    for (let i = 0; i < 400; i++) {
      puts.push(journal.put({ [`k${i % 7}`]: "x".repeat(1_000), n: i }));
      if (i % 3 === 0) await puts.at(-1);
    }
    await Promise.all(puts);
    await journal.close();
    expect((await stat(path)).size).to.be.below(300_000);
    const back = await openJournal(path);
    expect(back.get("n")).to.equal(399);
    expect(back.entries("k")).to.have.length(7);
    await back.close();
    await truncate(path, 0);
  });
});
