import { checkTime } from "./check.ts";
import { StoreError } from "./errors.ts";
import { asBigint, asNumber, asText, forUpdate, type Row, type Sql, type SqlTx } from "./sql.ts";
import type { Lease, Store } from "./types.ts";

/**
 * Inside a write: holds the lease's row until the commit, so that nobody takes it over in between. A holder whose time has
 * run out may still write while nobody else came; what protects is the token, not the clocks.
 */
export async function holdLease(tx: SqlTx, lease: Lease): Promise<void> {
  const [row] = await tx.all(`SELECT token FROM leases WHERE name = $1${forUpdate(tx)}`, [lease.name]);
  if (row === undefined || asBigint(row.token) !== lease.token) {
    throw new StoreError("lease-lost", `${lease.name}, token ${lease.token}`);
  }
}

type LeaseMethods = "acquireLease" | "renewLease" | "releaseLease" | "readLease";

export function createLeases(sql: Sql): Pick<Store, LeaseMethods> {
  return {
    acquireLease: (name, holder, seconds, now) =>
      sql.write(async (tx) => {
        const at = checkTime("now", now);
        const [row] = await tx.all(
          `INSERT INTO leases (name, holder, token, expires_at) VALUES ($1, $2, 1, $3)
           ON CONFLICT (name) DO UPDATE SET holder = $2, token = leases.token + 1, expires_at = $3
             WHERE leases.expires_at <= $4 OR leases.holder = $2 RETURNING *`,
          [name, holder, at + Math.ceil(seconds), at],
        );
        return row === undefined ? null : readRow(row);
      }),

    renewLease: (lease, seconds, now) =>
      sql.write(async (tx) => {
        await holdLease(tx, lease);
        const [row] = await tx.all("UPDATE leases SET expires_at = $2 WHERE name = $1 RETURNING *", [
          lease.name,
          checkTime("now", now) + Math.ceil(seconds),
        ]);
        return readRow(row as Row);
      }),

    releaseLease: async (lease) => {
      // The row stays, so that the token never repeats.
      await sql.write((tx) =>
        tx.run("UPDATE leases SET expires_at = 0, holder = '' WHERE name = $1 AND token = $2", [
          lease.name,
          lease.token,
        ]),
      );
    },

    readLease: async (name) => {
      const [row] = await sql.read((tx) => tx.all("SELECT * FROM leases WHERE name = $1", [name]));
      return row === undefined ? null : readRow(row);
    },
  };
}

function readRow(row: Row): Lease {
  return {
    name: asText(row.name),
    holder: asText(row.holder),
    token: asBigint(row.token),
    expiresAt: asNumber(row.expires_at),
  };
}
