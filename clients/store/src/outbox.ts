import { checkAmount, checkBytes, checkTime, checkVoucher } from "./check.ts";
import { StoreError } from "./errors.ts";
import { holdLease } from "./leases.ts";
import { asBigint, asBytes, asNumber, asText, forUpdate, type Row, type Sql } from "./sql.ts";
import type { OutboxEntry, OutboxState, SettlementRecord, Store, StoredVoucher } from "./types.ts";

const FINISHED: readonly OutboxState[] = ["finalized", "expired", "failed"];

type OutboxMethods = "addOutbox" | "moveOutbox" | "listOutbox" | "listSettlements" | "pruneOutbox";

export function createOutbox(sql: Sql): Pick<Store, OutboxMethods> {
  return {
    addOutbox: async (entry, lease, now) => {
      const signature = checkBytes("signature", entry.signature, 64);
      const vouchers = entry.vouchers.map(checkVoucher);
      const wire = new Uint8Array(entry.transaction);
      const at = checkTime("now", now);
      await sql.write(async (tx) => {
        await holdLease(tx, lease);
        const [known] = await tx.all("SELECT wire FROM outbox WHERE signature = $1", [signature]);
        if (known !== undefined) {
          if (Buffer.from(wire).equals(asBytes(known.wire))) return;
          throw new StoreError("outbox-duplicate");
        }
        for (const { ledger, lane, generation } of vouchers) {
          const [busy] = await tx.all(
            `SELECT o.kind FROM outbox_vouchers v JOIN outbox o ON o.signature = v.outbox
             WHERE v.ledger = $1 AND v.lane = $2 AND v.generation = $3 AND o.state IN ('prepared', 'sent') LIMIT 1`,
            [ledger, lane, generation],
          );
          if (busy !== undefined) throw new StoreError("lane-busy", `lane ${lane}`);
        }
        await tx.run(
          `INSERT INTO outbox (signature, kind, ledger, wire, last_valid_block_height, state, payers, amount, fee, slot,
             reason, created_at, updated_at, position)
           VALUES ($1, $2, $3, $4, $5, 'prepared', $6, $7, $8, NULL, NULL, $9, $9,
             (SELECT COALESCE(MAX(position), 0) + 1 FROM outbox))`,
          [
            signature,
            entry.kind,
            checkBytes("ledger", entry.ledger, 32),
            wire,
            entry.lastValidBlockHeight,
            vouchers.length,
            checkAmount("amount", entry.amount),
            checkAmount("fee", entry.fee),
            at,
          ],
        );
        await tx.each(
          {
            sqlite: "INSERT INTO outbox_vouchers VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            postgres: `INSERT INTO outbox_vouchers SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[],
              $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[])`,
          },
          vouchers.map((v, position) => [
            signature,
            position,
            v.ledger,
            v.lane,
            v.generation,
            v.expiryDay,
            v.cumulative,
            v.signature,
          ]),
        );
      });
    },

    moveOutbox: async (move, lease, now) => {
      const signature = checkBytes("signature", move.signature, 64);
      const at = checkTime("now", now);
      await sql.write(async (tx) => {
        await holdLease(tx, lease);
        const [row] = await tx.all(`SELECT * FROM outbox WHERE signature = $1${forUpdate(tx)}`, [signature]);
        if (row === undefined) throw new StoreError("outbox-unknown");
        const state = asText(row.state) as OutboxState;
        if (!move.from.includes(state)) throw new StoreError("outbox-state", `${state} to ${move.to}`);
        await tx.run(
          "UPDATE outbox SET state = $2, slot = $3, fee = $4, reason = $5, wire = $6, updated_at = $7 WHERE signature = $1",
          [
            signature,
            move.to,
            move.slot === undefined ? (row.slot ?? null) : move.slot,
            move.fee ?? asBigint(row.fee),
            move.reason ?? row.reason ?? null,
            FINISHED.includes(move.to) ? new Uint8Array(0) : asBytes(row.wire),
            at,
          ],
        );
      });
    },

    listOutbox: async (ledger, states) => {
      const list = states.map((_, index) => `$${index + 2}`).join(", ");
      if (states.length === 0) return [];
      const key = [checkBytes("ledger", ledger, 32), ...states];
      const [rows, vouchers] = await sql.read(async (tx) => [
        await tx.all(`SELECT * FROM outbox WHERE ledger = $1 AND state IN (${list}) ORDER BY position`, key),
        await tx.all(
          `SELECT v.* FROM outbox_vouchers v JOIN outbox o ON o.signature = v.outbox
           WHERE o.ledger = $1 AND o.state IN (${list}) ORDER BY o.position, v.position`,
          key,
        ),
      ]);
      const grouped = Map.groupBy(vouchers, (row) => Buffer.from(asBytes(row.outbox)).toString("hex"));
      return rows.map((row) =>
        readEntry(row, grouped.get(Buffer.from(asBytes(row.signature)).toString("hex")) ?? []),
      );
    },

    listSettlements: async (limit, ledger, lanes) => {
      if (lanes?.length === 0) return [];
      const given = [...(ledger === undefined ? [] : [checkBytes("ledger", ledger, 32)]), ...(lanes ?? [])];
      const places = given.map((_, i) => `$${i + 2}`);
      const filter = [
        ledger === undefined ? "" : `AND ledger = ${places.shift()}`,
        lanes === undefined
          ? ""
          : `AND EXISTS (SELECT 1 FROM outbox_vouchers v WHERE v.outbox = o.signature AND v.lane IN (${places.join(", ")}))`,
      ].join(" ");
      const rows = await sql.read((tx) =>
        tx.all(
          `SELECT signature, ledger, state, slot, payers, amount, fee, updated_at FROM outbox o
           WHERE kind = 'settle' AND state IN ('confirmed', 'finalized') ${filter} ORDER BY position DESC LIMIT $1`,
          [limit, ...given],
        ),
      );
      return rows.map(
        (row): SettlementRecord => ({
          signature: asBytes(row.signature),
          ledger: asBytes(row.ledger),
          state: asText(row.state) as SettlementRecord["state"],
          slot: row.slot === null ? null : asNumber(row.slot),
          payers: asNumber(row.payers),
          amount: asBigint(row.amount),
          fee: asBigint(row.fee),
          at: asNumber(row.updated_at),
        }),
      );
    },

    pruneOutbox: (before, lease) =>
      sql.write(async (tx) => {
        await holdLease(tx, lease);
        return tx.run(
          "DELETE FROM outbox WHERE updated_at < $1 AND state IN ('finalized', 'expired', 'failed')",
          [checkTime("before", before)],
        );
      }),
  };
}

function readEntry(row: Row, vouchers: readonly Row[]): OutboxEntry {
  return {
    signature: asBytes(row.signature),
    kind: asText(row.kind),
    ledger: asBytes(row.ledger),
    transaction: asBytes(row.wire),
    lastValidBlockHeight: asNumber(row.last_valid_block_height),
    state: asText(row.state) as OutboxState,
    vouchers: vouchers.map(
      (v): StoredVoucher => ({
        ledger: asBytes(v.ledger),
        lane: asNumber(v.lane),
        generation: asNumber(v.generation),
        expiryDay: asNumber(v.expiry_day),
        cumulative: asBigint(v.cumulative),
        signature: asBytes(v.signature),
      }),
    ),
    amount: asBigint(row.amount),
    fee: asBigint(row.fee),
    slot: row.slot === null ? null : asNumber(row.slot),
    reason: row.reason === null ? null : asText(row.reason),
    createdAt: asNumber(row.created_at),
    updatedAt: asNumber(row.updated_at),
  };
}
