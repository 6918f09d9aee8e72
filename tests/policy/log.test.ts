import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualEdgeClock } from "@tolldns/edge";
import {
  checkDecisionLog,
  type DecisionEntry,
  type DecisionLine,
  type DecisionLogOptions,
  followDecisionLog,
  openDecisionLog,
  readDecisionLog,
} from "@tolldns/policy";
import { expect } from "chai";

const WALL = 1_790_000_000;

const switched = (i: number): DecisionEntry => ({
  kind: "switch",
  subject: `udp://192.0.2.${i % 250}:53`,
  from: `udp://192.0.2.${i % 250}:53`,
  to: "udp://192.0.2.251:53",
  why: `udp://192.0.2.${i % 250}:53 answered none of 3 questions in a row`,
  evidence: { failuresInRow: 3, i },
});

describe("the decision log", () => {
  const folders: string[] = [];
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), "tolldns-log-"));
    folders.push(folder);
    return folder;
  };
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const open = (folder: string, more: Partial<DecisionLogOptions> = {}) =>
    openDecisionLog({ folder, where: "gateway", ...more });
  async function linesOf(folder: string): Promise<DecisionLine[]> {
    const lines: DecisionLine[] = [];
    for await (const line of readDecisionLog(folder)) lines.push(line);
    return lines;
  }
  const current = (folder: string) => join(folder, "decisions.jsonl");

  it("writes one JSON object a line, keys in their order, each line's hash over the one before", async () => {
    const folder = newFolder();
    const clock = createVirtualEdgeClock(WALL);
    const log = await open(folder, { clock });
    clock.advance(1_234);
    log.append(switched(1));
    await log.close();
    const texts = readFileSync(current(folder), "utf8").split("\n");
    expect(texts.pop()).to.equal("");
    expect(texts).to.have.length(3);
    expect(Object.keys(JSON.parse(texts[1] as string))).to.deep.equal([
      "n",
      "at",
      "where",
      "kind",
      "subject",
      "from",
      "to",
      "why",
      "evidence",
      "prev",
      "hash",
    ]);
    let prev = "0".repeat(64);
    for (const [n, text] of texts.entries()) {
      const line = JSON.parse(text) as DecisionLine;
      expect(line).to.include({ n, prev, where: "gateway" });
      // As the page says it, done by hand.
      const bare = text.replace(`,"hash":"${line.hash}"`, "");
      prev = createHash("sha256")
        .update("tolldns decision v1\0")
        .update(Buffer.from(line.prev, "hex"))
        .update(bare)
        .digest("hex");
      expect(line.hash).to.equal(prev);
    }
    expect((await linesOf(folder)).map(({ kind, at }) => [kind, at])).to.deep.equal([
      ["start", WALL],
      ["switch", WALL + 1.234],
      ["stop", WALL + 1.234],
    ]);
    expect(statSync(current(folder)).mode & 0o777).to.equal(0o600);
  });

  it("goes on with the chain after a restart", async () => {
    const folder = newFolder();
    for (let run = 0; run < 3; run++) {
      const log = await open(folder);
      log.append(switched(run));
      await log.close();
    }
    const check = await checkDecisionLog(folder);
    expect(check).to.include({ ok: true, lines: 9, first: 0, last: 8, cut: false, fault: null });
    expect((await linesOf(folder)).at(-1)?.hash).to.equal(check.head);
  });

  it("has a switch on the medium within half a second, whatever came before", async () => {
    const folder = newFolder();
    const clock = createVirtualEdgeClock(WALL);
    const log = await open(folder, { clock });
    for (let i = 0; i < 50; i++) {
      log.append(switched(i));
      clock.advance(400);
      // The timer fell due: what is under way now is the disk's own time.
      await log.flush();
      expect(log.status()).to.include({ waiting: 0, next: i + 2 });
    }
    log.append(switched(50));
    clock.advance(399);
    for (let i = 0; i < 200 && log.status().waiting > 0; i++) await new Promise(setImmediate);
    clock.advance(1);
    for (let i = 0; i < 1_000 && log.status().waiting > 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(log.status().waiting).to.equal(0);
    await log.close();
  });

  it("sets a cut last line aside at the next start and tells so, wherever it was cut", async () => {
    const whole = newFolder();
    const first = await open(whole);
    first.append(switched(1));
    await first.close();
    const bytes = readFileSync(current(whole));
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
    for (let length = 0; length < bytes.length; length += 11) {
      const folder = newFolder();
      writeFileSync(current(folder), bytes.subarray(0, length), { mode: 0o600 });
      const good = ends.filter((end) => end <= length);
      const log = await open(folder);
      log.append(switched(2));
      await log.close();
      const check = await checkDecisionLog(folder);
      expect(check, `cut at ${length}`).to.include({ ok: true, lines: good.length + 3, cut: false });
      const start = (await linesOf(folder))[good.length];
      const rest = length - (good.at(-1) ?? 0);
      if (rest === 0) expect(start?.evidence).to.deep.equal({});
      else {
        expect(start?.evidence).to.deep.equal({
          cut: { file: `decisions.cut-${good.length}`, bytes: rest },
        });
        expect(readFileSync(join(folder, `decisions.cut-${good.length}`))).to.deep.equal(
          bytes.subarray(good.at(-1) ?? 0, length),
        );
      }
    }
  });

  it("loses nothing that was synced when it is killed in any write, and its chain stays whole", async () => {
    for (let dies = 0; dies < 24; dies++) {
      const folder = newFolder();
      let writes = 0;
      let synced = 0;
      let isDead = false;
      const medium = {
        async append(file: FileHandle, bytes: Uint8Array) {
          if (isDead) throw new Error("this process was killed");
          if (writes++ === dies >> 2) {
            // A quarter, half, three quarters of the write, or all of it and no sync.
            isDead = true;
            await file.appendFile(bytes.subarray(0, Math.floor((bytes.length * ((dies & 3) + 1)) / 4)));
            throw new Error("this process was killed");
          }
          await file.appendFile(bytes);
        },
        async sync(file: FileHandle) {
          if (isDead) throw new Error("this process was killed");
          await file.datasync();
          synced = log?.status().next ?? 0;
        },
      };
      let log: Awaited<ReturnType<typeof open>> | undefined;
      log = await open(folder, { medium });
      for (let i = 0; i < 6 && !isDead; i++) {
        log.append(switched(i));
        log.append(switched(i + 100));
        await log.flush();
        if (!isDead) synced = log.status().next;
      }
      await log.close();
      const again = await open(folder);
      await again.close();
      const check = await checkDecisionLog(folder);
      expect(check.fault, `killed in write ${dies >> 2}`).to.equal(null);
      expect(check.lines).to.be.at.least(synced + 2);
    }
  });

  it("begins a new file when one is full, carries the chain over, and throws the oldest away", async () => {
    const folder = newFolder();
    let log = await open(folder, { maxBytes: 2_000, keep: 3 });
    for (let i = 0; i < 60; i++) {
      log.append(switched(i));
      await log.flush();
      if (i === 30) {
        await log.close();
        log = await open(folder, { maxBytes: 2_000, keep: 3 });
      }
    }
    await log.close();
    const files = readdirSync(folder).sort();
    expect(files).to.have.length(4);
    for (const file of files) expect(statSync(join(folder, file)).size).to.be.below(3_000);
    const check = await checkDecisionLog(folder);
    expect(check.ok, check.fault?.what).to.equal(true);
    expect(check.first).to.be.above(0);
    expect(check.last).to.equal(63);
    expect(check.lines).to.equal(64 - (check.first as number));
  });

  it("goes on where a rotation was killed between two files", async () => {
    const folder = newFolder();
    const log = await open(folder, { maxBytes: 500 });
    for (let i = 0; i < 8; i++) {
      log.append(switched(i));
      await log.flush();
    }
    await log.close();
    // The full file was renamed, the new one not made yet.
    rmSync(current(folder));
    const before = await linesOf(folder);
    await (await open(folder)).close();
    const check = await checkDecisionLog(folder);
    expect(check).to.include({ ok: true, last: (before.at(-1) as DecisionLine).n + 2 });
  });

  it("answers on while the disk is full, writes what waited once there is space, and counts what it gave up", async () => {
    const folder = newFolder();
    const clock = createVirtualEdgeClock(WALL);
    let isFull = false;
    const told: string[] = [];
    const log = await open(folder, {
      clock,
      medium: {
        async append(file, bytes) {
          if (isFull) {
            // As a file system does: some of it fits.
            await file.appendFile(bytes.subarray(0, 100));
            throw new Error("ENOSPC: no space left on device, write");
          }
          await file.appendFile(bytes);
        },
        sync: (file) => file.datasync(),
      },
      onTrouble: (reason) => told.push(reason),
    });
    isFull = true;
    for (let i = 0; i < 3_000; i++) log.append(switched(i));
    await log.flush();
    await log.flush();
    expect(log.status()).to.include({ waiting: 2_048, lost: 952, next: 1 });
    expect(log.status().trouble).to.match(/ENOSPC/);
    expect(told, "told once").to.have.length(1);
    isFull = false;
    for (let i = 0; i < 1_000 && log.status().waiting > 0; i++) {
      clock.advance(30_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(log.status()).to.include({ waiting: 0, next: 2_049, trouble: null });
    await log.close();
    expect(await checkDecisionLog(folder)).to.include({ ok: true, lines: 2_050, cut: false });
    const lines = await linesOf(folder);
    expect(lines[1]?.evidence).to.deep.include({ lost: 952 });
    expect(lines[2]?.evidence).to.not.have.property("lost");
  });

  it("begins without a folder it may write, and fails nobody", async () => {
    if (process.getuid?.() === 0) chmodSync(newFolder(), 0o700);
    const folder = newFolder();
    writeFileSync(join(folder, "file"), "");
    const log = await open(join(folder, "file", "below"), {});
    log.append(switched(1));
    await log.flush();
    expect(log.status()).to.include({ waiting: 2 });
    expect(log.status().trouble).to.match(/ENOTDIR/);
    await log.close();
  });

  it("tells a changed, a missing, a swapped and an inserted line", async () => {
    const folder = newFolder();
    const log = await open(folder);
    for (let i = 0; i < 5; i++) log.append(switched(i));
    await log.close();
    const texts = readFileSync(current(folder), "utf8").split("\n");
    const write = (lines: readonly (string | undefined)[]) =>
      writeFileSync(current(folder), lines.join("\n"));
    const faultOf = async () => (await checkDecisionLog(folder)).fault;
    expect(await faultOf()).to.equal(null);
    write(texts.with(2, texts[2]?.replace("3 questions", "2 questions") ?? ""));
    expect(await faultOf()).to.include({
      line: 3,
      what: "the line is damaged, or was changed after it was written",
    });
    write(texts.toSpliced(2, 1));
    expect((await faultOf())?.what).to.match(/line number 3 after 1: lines are missing/);
    write(texts.with(2, texts[3] ?? "").with(3, texts[2] ?? ""));
    expect((await faultOf())?.line).to.equal(3);
    write(texts.toSpliced(2, 0, texts[2] ?? ""));
    expect((await faultOf())?.what).to.match(/line number 2 after 2/);
    // A chain made anew from the middle on: its numbers and hashes are good, its start is not.
    const other = newFolder();
    const forged = await open(other);
    for (let i = 0; i < 5; i++) forged.append(switched(i + 7));
    await forged.close();
    const foreign = readFileSync(current(other), "utf8").split("\n");
    write([...texts.slice(0, 3), ...foreign.slice(3)]);
    expect((await faultOf())?.what).to.match(/line number 3 does not follow/);
  });

  it("goes on after a damaged line without hiding the damage", async () => {
    const folder = newFolder();
    const log = await open(folder);
    for (let i = 0; i < 3; i++) log.append(switched(i));
    await log.close();
    const text = readFileSync(current(folder), "utf8");
    writeFileSync(current(folder), text.replace("192.0.2.1:53", "192.0.2.9:53"));
    await (await open(folder)).close();
    const check = await checkDecisionLog(folder);
    expect(check.ok).to.equal(false);
    expect(check.fault?.line).to.equal(3);
  });

  it("is followed line by line over a rotation", async () => {
    const folder = newFolder();
    const log = await open(folder, { maxBytes: 700 });
    const controller = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const line of followDecisionLog(folder, controller.signal, { everyMs: 5 })) {
        seen.push(line.n);
        if (seen.length === 12) controller.abort();
      }
    })();
    for (let i = 0; i < 11; i++) {
      log.append(switched(i));
      await log.flush();
    }
    await following;
    expect(seen).to.deep.equal(Array.from({ length: 12 }, (_, i) => i));
    await log.close();
  });
});
