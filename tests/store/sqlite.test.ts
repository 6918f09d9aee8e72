import { copyFileSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { isTransient, openSqliteStore, SCHEMA_VERSION } from "@tolldns/store";
import { assert } from "chai";
import { describeCrashes } from "./crash.suite.ts";
import { codeOf, LEDGER, laneKey, makeSqlite, offer, type StoreFixture } from "./fixture.ts";
import { describeLanes } from "./lanes.suite.ts";
import { describeOutbox } from "./outbox.suite.ts";

describe("store on SQLite", () => {
  describeLanes(makeSqlite);
  describeOutbox(makeSqlite);
  describeCrashes(makeSqlite);

  describe("the file", () => {
    let fixture: StoreFixture;
    let path: string;
    beforeEach(async () => {
      fixture = await makeSqlite();
      path = fixture.config.kind === "sqlite" ? fixture.config.path : "";
    });
    afterEach(() => fixture.end());

    it("refuses with full when it may not grow, loses nothing acknowledged, and works on once there is room", async () => {
      const small = await openSqliteStore({ path, maxBytes: 120_000 });
      let lanes = 0;
      let refusal: unknown;
      for (; lanes < 5_000; lanes++) {
        try {
          await small.takeLane(laneKey(lanes));
          await small.acceptVouchers([offer(lanes, 5n, 1n)], 10);
        } catch (error) {
          refusal = error;
          break;
        }
      }
      assert.equal((refusal as { code?: string }).code, "full");
      assert.isTrue(isTransient(refusal));
      assert.isAbove(lanes, 20);
      assert.isAtLeast((await small.readTotals(LEDGER)).lanes, lanes);
      await small.close();
      const roomy = await fixture.open();
      assert.equal((await roomy.readTotals(LEDGER)).promised, 5n * BigInt(lanes));
      const { fence } = await roomy.takeLane(laneKey(lanes));
      const [row] = await roomy.acceptVouchers([offer(lanes, 5n, fence)], 10);
      assert.equal(row?.result, "accepted");
    });

    it("refuses with locked while another process holds the file, and works on after", async () => {
      const store = await openSqliteStore({ path, busyMilliseconds: 50 });
      await store.takeLane(laneKey(1));
      const other = new DatabaseSync(path);
      other.exec("BEGIN IMMEDIATE");
      assert.equal(await codeOf(store.acceptVouchers([offer(1, 5n, 1n)], 10)), "locked");
      assert.isNull((await store.readLane(laneKey(1)))?.voucher);
      other.exec("COMMIT");
      other.close();
      assert.equal((await store.acceptVouchers([offer(1, 5n, 1n)], 10))[0]?.result, "accepted");
      await store.close();
    });

    it("refuses a file a newer program wrote", async () => {
      await (await fixture.open()).close();
      const db = new DatabaseSync(path);
      db.prepare("INSERT INTO schema_versions (version) VALUES (?)").run(SCHEMA_VERSION + 1);
      db.close();
      assert.equal(await codeOf(openSqliteStore({ path })), "schema-newer");
    });

    it("refuses a file that is no database", async () => {
      writeFileSync(path, "certainly not a database, yet long enough to look at".repeat(100));
      assert.equal(await codeOf(openSqliteStore({ path })), "corrupt");
    });

    it("refuses a path in a folder that isn't there", async () => {
      assert.equal(await codeOf(openSqliteStore({ path: `${path}/nowhere/store.db` })), "unavailable");
    });

    it("acknowledges nothing into a file that was deleted, or replaced by another", async () => {
      const store = await fixture.open();
      await store.takeLane(laneKey(1));
      renameSync(path, `${path}.away`);
      assert.equal(await codeOf(store.acceptVouchers([offer(1, 5n, 1n)], 10)), "unavailable");
      writeFileSync(path, "");
      assert.equal(await codeOf(store.acceptVouchers([offer(1, 5n, 1n)], 10)), "unavailable");
      renameSync(`${path}.away`, path);
      assert.equal((await store.acceptVouchers([offer(1, 5n, 1n)], 10))[0]?.result, "accepted");
    });

    it("may be read by nobody else, nor may its log", async () => {
      await (await fixture.open()).takeLane(laneKey(1));
      for (const suffix of ["", "-wal", "-shm"]) assert.equal(statSync(path + suffix).mode & 0o777, 0o600);
    });

    it("has what was acknowledged in the file and its log, without a clean close", async () => {
      const store = await fixture.open();
      await store.takeLane(laneKey(1));
      await store.acceptVouchers([offer(1, 5n, 1n)], 10);
      for (const suffix of ["", "-wal"]) copyFileSync(path + suffix, `${path}.copy${suffix}`);
      assert.isAbove(readFileSync(`${path}.copy-wal`).length, 0);
      const copy = await openSqliteStore({ path: `${path}.copy` });
      assert.equal((await copy.readLane(laneKey(1)))?.voucher?.cumulative, 5n);
      await copy.close();
    });
  });
});
