import { checkBytes, checkKey, checkTime, checkVoucher } from "./check.ts";
import { holdLease } from "./leases.ts";
import { asBigint, asBytes, asNumber, asText, type Sql } from "./sql.ts";
import type { Quarantined, Store } from "./types.ts";

export function createQuarantine(
  sql: Sql,
): Pick<Store, "addQuarantine" | "listQuarantine" | "releaseQuarantine"> {
  return {
    addQuarantine: async (input, lease, now) => {
      const row = checkVoucher(input);
      const at = checkTime("now", now);
      await sql.write(async (tx) => {
        await holdLease(tx, lease);
        await tx.run(
          `INSERT INTO quarantine (ledger, lane, generation, expiry_day, cumulative, signature, reason, detail, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (ledger, lane, generation) DO UPDATE SET expiry_day = $4, cumulative = $5, signature = $6,
             reason = $7, detail = $8, at = $9`,
          [
            row.ledger,
            row.lane,
            row.generation,
            row.expiryDay,
            row.cumulative,
            row.signature,
            input.reason,
            input.detail,
            at,
          ],
        );
      });
    },

    listQuarantine: async (ledger) => {
      const rows = await sql.read((tx) =>
        tx.all("SELECT * FROM quarantine WHERE ledger = $1 ORDER BY lane, generation", [
          checkBytes("ledger", ledger, 32),
        ]),
      );
      return rows.map(
        (row): Quarantined => ({
          ledger: asBytes(row.ledger),
          lane: asNumber(row.lane),
          generation: asNumber(row.generation),
          expiryDay: asNumber(row.expiry_day),
          cumulative: asBigint(row.cumulative),
          signature: asBytes(row.signature),
          reason: asText(row.reason),
          detail: asText(row.detail),
          at: asNumber(row.at),
        }),
      );
    },

    releaseQuarantine: async (input) => {
      const { ledger, lane, generation } = checkKey(input);
      await sql.write((tx) =>
        tx.run("DELETE FROM quarantine WHERE ledger = $1 AND lane = $2 AND generation = $3", [
          ledger,
          lane,
          generation,
        ]),
      );
    },
  };
}
