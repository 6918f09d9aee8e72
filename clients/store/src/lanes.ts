import { checkAmount, checkBytes, checkCounter, checkKey, checkOffer, checkTime } from "./check.ts";
import { decideVouchers, type LaneState, laneText, publicLane } from "./decide.ts";
import { holdLease } from "./leases.ts";
import { asBigint, asBytes, asNumber, type EachSql, type Row, type Sql, type SqlTx } from "./sql.ts";
import type { LaneKey, LaneTotals, Lease, Store, UnsettledVoucher } from "./types.ts";

const WHERE_KEY = "ledger = $1 AND lane = $2 AND generation = $3";
const keyParams = (key: LaneKey) => [key.ledger, key.lane, key.generation] as const;

const LOCK_LANES: EachSql = {
  sqlite: `SELECT * FROM lanes WHERE ${WHERE_KEY}`,
  // Sorted, so that two gateways locking the same lanes never wait for each other in a ring.
  postgres: `SELECT l.* FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS k (ledger, lane, generation)
    JOIN lanes l ON l.ledger = k.ledger AND l.lane = k.lane AND l.generation = k.generation
    ORDER BY l.ledger, l.lane, l.generation FOR UPDATE OF l`,
};

const WRITE_LANES: EachSql = {
  sqlite: `UPDATE lanes SET expiry_day = $4, cumulative = $5, signature = $6, consumed = $7, since = $8 WHERE ${WHERE_KEY}`,
  postgres: `UPDATE lanes l SET expiry_day = v.expiry_day, cumulative = v.cumulative, signature = v.signature,
      consumed = v.consumed, since = v.since
    FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[], $8::bigint[])
      AS v (ledger, lane, generation, expiry_day, cumulative, signature, consumed, since)
    WHERE l.ledger = v.ledger AND l.lane = v.lane AND l.generation = v.generation`,
};

const RAISE_SETTLED: EachSql = {
  sqlite: `UPDATE lanes SET settled = $4 WHERE ${WHERE_KEY} AND settled < $4`,
  postgres: `UPDATE lanes l SET settled = v.settled
    FROM unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[]) AS v (ledger, lane, generation, settled)
    WHERE l.ledger = v.ledger AND l.lane = v.lane AND l.generation = v.generation AND l.settled < v.settled`,
};

const FORGET_LANES: EachSql = {
  sqlite: `DELETE FROM lanes WHERE ${WHERE_KEY}`,
  postgres: `DELETE FROM lanes l USING unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS k (ledger, lane, generation)
    WHERE l.ledger = k.ledger AND l.lane = k.lane AND l.generation = k.generation`,
};

type LaneMethods =
  | "takeLane"
  | "readLane"
  | "acceptVouchers"
  | "recordConsumed"
  | "listLedgers"
  | "listUnsettled"
  | "readTotals"
  | "raiseSettled"
  | "forgetLanes";

export function createLanes(sql: Sql): Pick<Store, LaneMethods> {
  return {
    takeLane: async (input) => {
      const key = checkKey(input);
      return sql.write(async (tx) => {
        const rows = await tx.all(
          `INSERT INTO lanes (ledger, lane, generation, fence, expiry_day, cumulative, signature, consumed, settled, since)
           VALUES ($1, $2, $3, 1, 0, 0, NULL, 0, 0, 0)
           ON CONFLICT (ledger, lane, generation) DO UPDATE SET fence = lanes.fence + 1 RETURNING *`,
          keyParams(key),
        );
        return publicLane(readState(rows[0] as Row));
      });
    },

    readLane: async (input) => {
      const key = checkKey(input);
      const [row] = await sql.read((tx) => tx.all(`SELECT * FROM lanes WHERE ${WHERE_KEY}`, keyParams(key)));
      return row === undefined ? null : publicLane(readState(row));
    },

    acceptVouchers: async (input, now) => {
      const batch = input.map(checkOffer);
      const at = checkTime("now", now);
      if (batch.length === 0) return [];
      return sql.write(async (tx) => {
        const lanes = await lockLanes(tx, batch);
        const { results, changed } = decideVouchers(lanes, batch, at);
        await tx.each(WRITE_LANES, changed.map(writeParams));
        return results;
      });
    },

    recordConsumed: async (input, fence, consumed) => {
      const key = checkKey(input);
      checkCounter("fence", fence);
      checkAmount("consumed", consumed);
      return sql.write(async (tx) => {
        const changed = await tx.run(
          `UPDATE lanes SET consumed = CASE WHEN consumed < $5 THEN $5 ELSE consumed END WHERE ${WHERE_KEY} AND fence = $4`,
          [...keyParams(key), fence, consumed],
        );
        return changed === 1;
      });
    },

    listLedgers: async () => {
      const rows = await sql.read((tx) => tx.all("SELECT DISTINCT ledger FROM lanes ORDER BY ledger"));
      return rows.map((row) => asBytes(row.ledger));
    },

    listUnsettled: async (ledger, limit = 65_536) => {
      const rows = await sql.read((tx) =>
        tx.all(
          `SELECT l.* FROM lanes l LEFT JOIN quarantine q
             ON q.ledger = l.ledger AND q.lane = l.lane AND q.generation = l.generation AND q.signature = l.signature
           WHERE l.ledger = $1 AND l.cumulative > l.settled AND q.at IS NULL ORDER BY l.lane, l.generation LIMIT $2`,
          [checkBytes("ledger", ledger, 32), limit],
        ),
      );
      return rows.map(readState).flatMap((state): UnsettledVoucher[] => {
        if (state.voucher === null) return [];
        return [{ ...state.voucher, settled: state.settled, since: state.since }];
      });
    },

    readTotals: async (ledger): Promise<LaneTotals> => {
      const [row] = await sql.read((tx) =>
        tx.all(
          `SELECT COUNT(*) AS lanes, CAST(COALESCE(SUM(cumulative), 0) AS BIGINT) AS promised,
             CAST(COALESCE(SUM(settled), 0) AS BIGINT) AS settled FROM lanes WHERE ledger = $1`,
          [checkBytes("ledger", ledger, 32)],
        ),
      );
      return {
        lanes: asNumber(row?.lanes),
        promised: asBigint(row?.promised),
        settled: asBigint(row?.settled),
      };
    },

    raiseSettled: async (input, lease) => {
      const rows = input.map((row) => ({ ...checkKey(row), settled: checkAmount("settled", row.settled) }));
      await withLease(sql, lease, async (tx) => {
        await lockLanes(tx, rows);
        await tx.each(
          RAISE_SETTLED,
          rows.map((row) => [...keyParams(row), row.settled]),
        );
      });
    },

    forgetLanes: async (input, lease) => {
      const rows = input.map((key) => keyParams(checkKey(key)));
      await withLease(sql, lease, async (tx) => {
        await tx.each(FORGET_LANES, rows);
      });
    },
  };
}

function withLease<T>(sql: Sql, lease: Lease, work: (tx: SqlTx) => Promise<T>): Promise<T> {
  return sql.write(async (tx) => {
    await holdLease(tx, lease);
    return work(tx);
  });
}

async function lockLanes(tx: SqlTx, keys: readonly LaneKey[]): Promise<Map<string, LaneState>> {
  const unique = new Map(keys.map((key) => [laneText(key), key]));
  const rows = await tx.each(LOCK_LANES, [...unique.values()].map(keyParams));
  return new Map(rows.map((row) => [laneText(readState(row)), readState(row)]));
}

function writeParams(state: LaneState) {
  return [
    ...keyParams(state),
    state.voucher?.expiryDay ?? 0,
    state.voucher?.cumulative ?? 0n,
    state.voucher?.signature ?? null,
    state.consumed,
    state.since,
  ];
}

function readState(row: Row): LaneState {
  const key = { ledger: asBytes(row.ledger), lane: asNumber(row.lane), generation: asNumber(row.generation) };
  const voucher =
    row.signature === null
      ? null
      : {
          ...key,
          expiryDay: asNumber(row.expiry_day),
          cumulative: asBigint(row.cumulative),
          signature: asBytes(row.signature),
        };
  return {
    ...key,
    voucher,
    consumed: asBigint(row.consumed),
    fence: asBigint(row.fence),
    settled: asBigint(row.settled),
    since: asNumber(row.since),
  };
}
