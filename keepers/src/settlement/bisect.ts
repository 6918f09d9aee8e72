/** What trying a set of rows together said: fine, or one of them is bad. `T` explains either. */
export type Trial<Good, Bad> =
  | { readonly ok: true; readonly good: Good }
  | { readonly ok: false; readonly bad: Bad };

export interface Bisected<Row, Good, Bad> {
  /** Rows that pass together, and what the trial of exactly these said; null if none do. */
  readonly passed: { readonly rows: readonly Row[]; readonly good: Good } | null;
  readonly refused: readonly { readonly row: Row; readonly bad: Bad }[];
}

/**
 * Finds the rows that make a batch fail, by halves: with one bad row among n, about 2 log2 n trials. Each refused row failed
 * alone. If halves pass apart but not together the halves are tried no further and only the first is passed on.
 */
export async function bisectRows<Row, Good, Bad>(
  rows: readonly Row[],
  attempt: (rows: readonly Row[]) => Promise<Trial<Good, Bad>>,
): Promise<Bisected<Row, Good, Bad>> {
  if (rows.length === 0) return { passed: null, refused: [] };
  const whole = await attempt(rows);
  if (whole.ok) return { passed: { rows, good: whole.good }, refused: [] };
  if (rows.length === 1) return { passed: null, refused: rows.map((row) => ({ row, bad: whole.bad })) };
  const middle = rows.length >> 1;
  const left = await bisectRows(rows.slice(0, middle), attempt);
  const right = await bisectRows(rows.slice(middle), attempt);
  const refused = [...left.refused, ...right.refused];
  if (left.passed === null || right.passed === null) return { passed: left.passed ?? right.passed, refused };
  const together = [...left.passed.rows, ...right.passed.rows];
  const joined = await attempt(together);
  return { passed: joined.ok ? { rows: together, good: joined.good } : left.passed, refused };
}
