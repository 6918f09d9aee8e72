import { type Postgres, startPostgres } from "../store/postgres.ts";
import { checkReport, describeReport } from "./chaos/check.ts";
import { runChaos } from "./chaos/scenario.ts";

const SEED = Number(process.env.TEST_SEED ?? (Date.now() % 1_000_000) + 1);

describe(`a storm (seed ${SEED})`, () => {
  it("settles 10 000 vouchers of 1 000 lanes to the exact unit, whatever is dropped, delayed, rolled back or killed", async function () {
    this.timeout(600_000);
    const report = await runChaos({
      seed: SEED,
      lanes: 1_000,
      vouchers: 10,
      pauseMs: 150,
      blowMs: 1_500,
      maxBlows: 60,
      slotMs: 40,
      calmMs: 300_000,
    });
    console.log(`      ${describeReport(report)}`);
    checkReport(report);
  });

  describe("over PostgreSQL", () => {
    let server: Postgres;
    before(async function () {
      this.timeout(60_000);
      server = await startPostgres();
    });
    after(() => server.stop());

    it("settles 1 000 vouchers of 100 lanes to the exact unit while the database is killed too", async function () {
      this.timeout(240_000);
      const report = await runChaos({
        seed: SEED + 1,
        lanes: 100,
        vouchers: 10,
        pauseMs: 400,
        blowMs: 700,
        maxBlows: 30,
        slotMs: 20,
        calmMs: 90_000,
        store: { kind: "postgres", connection: server.connection },
        gatewayStore: `postgres://tolldns@/postgres?host=${encodeURIComponent(server.connection.host)}`,
        extraBlow: async () => {
          await server.kill();
          await server.restart();
        },
      });
      console.log(`      ${describeReport(report)}`);
      checkReport(report);
    });
  });
});
