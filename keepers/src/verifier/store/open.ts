import { bytesEqual, toHex } from "@tolldns/sdk";
import type { Outcome, ProbeRecord, ProbeTransport, Reason, TargetKind } from "@tolldns/sdk/policy";
import { asBigint, asBytes, asNumber, asText, openSqlite, type Row, type SqlTx } from "@tolldns/store/sqlite";
import { fail } from "../errors.ts";
import { prepareTables } from "./schema.ts";

/** A window of a target. */
export interface WindowKey {
  /** 32 bytes. */
  readonly target: Uint8Array;
  /** Unix seconds. */
  readonly begin: bigint;
}

/** A probe that was judged, before it has its place among the records. */
export interface JudgedProbe
  extends Pick<
    ProbeRecord,
    "at" | "transport" | "challenge" | "outcome" | "latency" | "reason" | "expected" | "answer"
  > {
  /** Its place in the window's plan. */
  readonly place: number;
  /** Encoded. */
  readonly transcript: Uint8Array;
}

/** A signed report. */
export interface KeptReport extends WindowKey {
  readonly kind: TargetKind;
  readonly name: string;
  readonly roster: bigint;
  /** Null while the operator had no seat. */
  readonly seat: number | null;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly setVersion: number;
  /** On chain. */
  readonly landed: boolean;
}

export interface KeptAttestation extends WindowKey {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly car: Uint8Array;
}

/** What a verifier keeps on disk. Every write is durable when it resolves. */
export interface VerifierStore {
  /** Writes a fact, once: what is there stays and is returned. */
  keepFact(name: string, value: Uint8Array): Promise<Uint8Array>;
  /** @throws report-exists once the window was reported */
  addProbe(window: WindowKey, probe: JudgedProbe): Promise<void>;
  /** In order of time, then place. */
  probes(window: WindowKey): Promise<JudgedProbe[]>;
  /** Begins of windows that have probes and no report, oldest first. */
  openWindows(): Promise<WindowKey[]>;
  /**
   * Makes the report of a window out of what is on disk, once: another call returns what the first one signed. `sign` runs while nothing can be added.
   */
  report(
    window: WindowKey,
    sign: (probes: readonly JudgedProbe[]) => Omit<KeptReport, "landed" | keyof WindowKey>,
  ): Promise<KeptReport>;
  readReport(window: WindowKey): Promise<KeptReport | null>;
  /** Of windows that begin at `from` or later, oldest first; of one target, or of all. */
  reports(from: bigint, limit: number, target?: Uint8Array): Promise<KeptReport[]>;
  markLanded(window: WindowKey): Promise<void>;
  keepAttestation(attestation: KeptAttestation): Promise<void>;
  /** Newest first. */
  attestations(target: Uint8Array, limit: number): Promise<KeptAttestation[]>;
  keepSet(version: number, text: string): Promise<void>;
  readSet(version: number): Promise<string | null>;
  /** Notes that another's evidence was looked at. */
  noteChecked(window: WindowKey, seat: number): Promise<void>;
  wasChecked(window: WindowKey, seat: number): Promise<boolean>;
  /** Forgets probes and reports of windows that began before. */
  prune(before: bigint): Promise<void>;
  close(): Promise<void>;
}

/** Opens the file, mode 0600. @throws store-foreign, and as `openSqlite` */
export async function openVerifierStore(options: {
  readonly path: string;
  readonly maxBytes?: number;
}): Promise<VerifierStore> {
  const sql = openSqlite(options);
  try {
    await sql.write(prepareTables);
  } catch (error) {
    await sql.close();
    throw error;
  }
  const readReport = async (tx: SqlTx, { target, begin }: WindowKey): Promise<KeptReport | null> => {
    const [row] = await tx.all("SELECT * FROM reports WHERE target = $1 AND begin = $2", [target, begin]);
    return row === undefined ? null : reportOf(row);
  };
  const readProbes = async (tx: SqlTx, { target, begin }: WindowKey): Promise<JudgedProbe[]> => {
    const rows = await tx.all("SELECT * FROM probes WHERE target = $1 AND begin = $2 ORDER BY at, place", [
      target,
      begin,
    ]);
    return rows.map(probeOf);
  };
  return {
    keepFact: (name, value) =>
      sql.write(async (tx) => {
        await tx.run("INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", [name, value]);
        const [row] = await tx.all("SELECT value FROM facts WHERE name = $1", [name]);
        return asBytes(row?.value);
      }),
    addProbe: (window, probe) =>
      sql.write(async (tx) => {
        if ((await readReport(tx, window)) !== null)
          throw fail("report-exists", { target: toHex(window.target), begin: String(window.begin) });
        const { place, at, transport, challenge, outcome, latency, reason, expected, answer, transcript } =
          probe;
        await tx.run(
          `INSERT INTO probes (target, begin, place, at, transport, challenge, outcome, latency, reason, expected, answer, transcript)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`,
          [
            window.target,
            window.begin,
            place,
            at,
            transport,
            challenge,
            outcome,
            latency,
            reason,
            expected,
            answer,
            transcript,
          ],
        );
      }),
    probes: (window) => sql.read((tx) => readProbes(tx, window)),
    openWindows: async () => {
      const rows = await sql.read((tx) =>
        tx.all(
          `SELECT DISTINCT target, begin FROM probes p WHERE NOT EXISTS (SELECT 1 FROM reports r WHERE r.target = p.target AND r.begin = p.begin)
           ORDER BY begin`,
        ),
      );
      return rows.map((row) => ({ target: asBytes(row.target), begin: asBigint(row.begin) }));
    },
    report: (window, sign) =>
      sql.write(async (tx) => {
        const held = await readReport(tx, window);
        if (held !== null) return held;
        const made = sign(await readProbes(tx, window));
        const { kind, name, roster, seat, bytes, signature, setVersion } = made;
        await tx.run(
          `INSERT INTO reports (target, begin, kind, name, roster, seat, bytes, signature, set_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [window.target, window.begin, kind, name, roster, seat, bytes, signature, setVersion],
        );
        return { ...made, ...window, landed: false };
      }),
    readReport: (window) => sql.read((tx) => readReport(tx, window)),
    reports: async (from, limit, target) => {
      const rows = await sql.read((tx) =>
        target === undefined
          ? tx.all("SELECT * FROM reports WHERE begin >= $1 ORDER BY begin, target LIMIT $2", [from, limit])
          : tx.all("SELECT * FROM reports WHERE begin >= $1 AND target = $3 ORDER BY begin LIMIT $2", [
              from,
              limit,
              target,
            ]),
      );
      return rows.map(reportOf);
    },
    markLanded: async ({ target, begin }) => {
      await sql.write((tx) =>
        tx.run("UPDATE reports SET landed = 1 WHERE target = $1 AND begin = $2", [target, begin]),
      );
    },
    keepAttestation: async ({ target, begin, bytes, signature, car }) => {
      await sql.write((tx) =>
        tx.run(
          "INSERT INTO attestations (target, begin, bytes, signature, car) VALUES ($1, $2, $3, $4, $5)",
          [target, begin, bytes, signature, car],
        ),
      );
    },
    attestations: async (target, limit) => {
      const rows = await sql.read((tx) =>
        tx.all("SELECT * FROM attestations WHERE target = $1 ORDER BY begin DESC LIMIT $2", [target, limit]),
      );
      return rows.map((row) => ({
        target: asBytes(row.target),
        begin: asBigint(row.begin),
        bytes: asBytes(row.bytes),
        signature: asBytes(row.signature),
        car: asBytes(row.car),
      }));
    },
    keepSet: async (version, text) => {
      await sql.write((tx) =>
        tx.run("INSERT INTO sets (version, text) VALUES ($1, $2) ON CONFLICT DO NOTHING", [version, text]),
      );
    },
    readSet: async (version) => {
      const [row] = await sql.read((tx) => tx.all("SELECT text FROM sets WHERE version = $1", [version]));
      return row === undefined ? null : asText(row.text);
    },
    noteChecked: async ({ target, begin }, seat) => {
      await sql.write((tx) =>
        tx.run("INSERT INTO checked (target, begin, seat) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [
          target,
          begin,
          seat,
        ]),
      );
    },
    wasChecked: async ({ target, begin }, seat) => {
      const rows = await sql.read((tx) =>
        tx.all("SELECT seat FROM checked WHERE target = $1 AND begin = $2 AND seat = $3", [
          target,
          begin,
          seat,
        ]),
      );
      return rows.length > 0;
    },
    prune: (before) =>
      sql.write(async (tx) => {
        for (const table of ["probes", "reports", "checked"])
          await tx.run(`DELETE FROM ${table} WHERE begin < $1`, [before]);
      }),
    close: () => sql.close(),
  };
}

/** Binds a file to a cluster and a verifier. @throws store-foreign if it belongs to another */
export async function bindStore(store: VerifierStore, what: string, value: Uint8Array): Promise<void> {
  if (!bytesEqual(await store.keepFact(what, value), value))
    throw fail("store-foreign", { reason: `another ${what}` });
}

function probeOf(row: Row): JudgedProbe {
  return {
    place: asNumber(row.place),
    at: asNumber(row.at),
    transport: asText(row.transport) as ProbeTransport,
    challenge: asNumber(row.challenge),
    outcome: asText(row.outcome) as Outcome,
    latency: asNumber(row.latency),
    reason: asText(row.reason) as Reason,
    expected: asBytes(row.expected),
    answer: asBytes(row.answer),
    transcript: asBytes(row.transcript),
  };
}

function reportOf(row: Row): KeptReport {
  return {
    target: asBytes(row.target),
    begin: asBigint(row.begin),
    kind: asText(row.kind) as TargetKind,
    name: asText(row.name),
    roster: asBigint(row.roster),
    seat: row.seat === null ? null : asNumber(row.seat),
    bytes: asBytes(row.bytes),
    signature: asBytes(row.signature),
    setVersion: asNumber(row.set_version),
    landed: asNumber(row.landed) === 1,
  };
}
