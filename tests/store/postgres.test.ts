import {
  isStoreError,
  isTransient,
  openPostgresStore,
  type PostgresOptions,
  SCHEMA_VERSION,
} from "@tolldns/store";
import { assert } from "chai";
import pg from "pg";
import { describeCrashes } from "./crash.suite.ts";
import { codeOf, laneKey, makePostgres, offer, type StoreFixture } from "./fixture.ts";
import { describeLanes } from "./lanes.suite.ts";
import { describeOutbox } from "./outbox.suite.ts";
import { type Postgres, startPostgres } from "./postgres.ts";

function postgresOf({ config }: StoreFixture): PostgresOptions {
  if (config.kind !== "postgres") throw new Error("not PostgreSQL");
  return config;
}

describe("store on PostgreSQL", () => {
  let server: Postgres;
  before(async function () {
    this.timeout(60_000);
    server = await startPostgres();
  });
  after(() => server.stop());
  const make = () => makePostgres(server);

  describeLanes(make);
  describeOutbox(make);
  describeCrashes(make);

  describe("the server", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.end());

    it("may be opened by several processes at once while the schema isn't there yet", async () => {
      const stores = await Promise.all(Array.from({ length: 5 }, () => fixture.open()));
      assert.equal((await stores[4]?.takeLane(laneKey(1)))?.fence, 1n);
    });

    it("loses nothing acknowledged when it is killed with -9 in the middle of a run", async () => {
      const store = await fixture.open();
      const { fence } = await store.takeLane(laneKey(1));
      let acknowledged = 0n;
      let refusal: unknown;
      let kill: Promise<void> | undefined;
      for (let cumulative = 1n; refusal === undefined; cumulative++) {
        if (cumulative === 25n) kill = server.kill();
        try {
          const [row] = await store.acceptVouchers([offer(1, cumulative, fence)], 10);
          if (row?.result === "accepted") acknowledged = cumulative;
        } catch (error) {
          refusal = error;
        }
      }
      await kill;
      assert.isTrue(isTransient(refusal), String(refusal));
      assert.equal(await codeOf(store.readLane(laneKey(1))), "unavailable");
      await server.restart();
      const kept = (await store.readLane(laneKey(1)))?.voucher?.cumulative ?? 0n;
      assert.isTrue(
        kept === acknowledged || kept === acknowledged + 1n,
        `${kept}, acknowledged ${acknowledged}`,
      );
      const [row] = await store.acceptVouchers([offer(1, acknowledged + 1n, fence)], 10);
      assert.equal(row?.result, "accepted");
    });

    it("acknowledges nothing a session cut off during its work would lose", async () => {
      const store = await fixture.open();
      const { fence } = await store.takeLane(laneKey(1));
      const admin = new pg.Client(server.connection);
      await admin.connect();
      let acknowledged = 0n;
      let refused = 0;
      for (let cumulative = 1n; cumulative <= 60n; cumulative++) {
        const cut = admin.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        );
        try {
          const [row] = await store.acceptVouchers([offer(1, cumulative, fence)], 10);
          if (row?.result === "accepted") acknowledged = cumulative;
        } catch (error) {
          assert.isTrue(isStoreError(error) && isTransient(error), String(error));
          refused++;
        }
        await cut;
      }
      await admin.end();
      assert.isAbove(refused, 0);
      let kept = 0n;
      for (let tries = 0; tries < 5 && kept === 0n; tries++) {
        kept = (await store.readLane(laneKey(1)).catch(() => null))?.voucher?.cumulative ?? 0n;
      }
      assert.isTrue(kept >= acknowledged && acknowledged > 0n, `${kept}, acknowledged ${acknowledged}`);
    });

    it("frees what a process that stopped in the middle of a write held", async () => {
      const patient = await openPostgresStore({ ...postgresOf(fixture), timeoutMilliseconds: 5_000 });
      const stopped = await openPostgresStore({ ...postgresOf(fixture), timeoutMilliseconds: 300 });
      const lease = await stopped.acquireLease("settle", "a", 10, 0);
      assert.isNotNull(lease);
      const hanging = new pg.Client({
        ...server.connection,
        options: `-c search_path=${postgresOf(fixture).schema} -c idle_in_transaction_session_timeout=300`,
      });
      hanging.on("error", () => {});
      await hanging.connect();
      await hanging.query("BEGIN");
      await hanging.query("SELECT * FROM leases FOR UPDATE");
      assert.equal(await codeOf(stopped.renewLease(lease, 10, 1)), "locked");
      assert.equal((await patient.acquireLease("settle", "b", 10, 11))?.token, 2n);
      await hanging.end().catch(() => {});
      await Promise.all([patient.close(), stopped.close()]);
    });

    it("refuses a schema a newer program wrote", async () => {
      await fixture.open();
      const config = postgresOf(fixture);
      const admin = new pg.Client(server.connection);
      await admin.connect();
      await admin.query(`INSERT INTO ${config.schema}.schema_versions VALUES (${SCHEMA_VERSION + 1})`);
      await admin.end();
      assert.equal(await codeOf(openPostgresStore(config)), "schema-newer");
    });

    it("refuses a schema name that isn't one", async () => {
      const config = { connection: server.connection, schema: "x; DROP TABLE lanes" };
      assert.equal(await codeOf(openPostgresStore(config)), "value-range");
    });

    it("waits for the log to reach the disk even where the server is set not to", async function () {
      this.timeout(60_000);
      // Such a server loses what it acknowledged in the last seconds when it is killed, unless the session insists.
      const lazy = await startPostgres(["synchronous_commit=off", "wal_writer_delay=10000"]);
      try {
        const store = await openPostgresStore({ connection: lazy.connection });
        await store.takeLane(laneKey(1));
        for (let round = 1n; round <= 3n; round++) {
          await store.acceptVouchers([offer(1, round, 1n)], 10);
          await lazy.kill();
          await lazy.restart();
          assert.equal((await store.readLane(laneKey(1)))?.voucher?.cumulative, round);
        }
        await store.close();
      } finally {
        await lazy.stop();
      }
    });
  });
});
