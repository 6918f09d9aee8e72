import type { Row } from "./rows.ts";

/** A test that runs one attack. */
export interface Attack {
  readonly program: string;
  readonly row: string;
  readonly title: string;
  readonly file: string;
}

/** Which tests cover which row of which program; docs/invariants.md is made from it. */
export const registry: Attack[] = [];

/** The function by which a program's tests note their attacks: each is a test of one of the program's rows. */
export function attacksOf<const Rows extends Readonly<Record<string, Row>>>(program: string, rows: Rows) {
  return (file: string, row: keyof Rows & string, title: string, run: () => void | Promise<void>): void => {
    if (!(row in rows)) throw new Error(`unknown row ${row} of ${program}`);
    registry.push({ program, row, title, file: file.slice(file.lastIndexOf("/") + 1) });
    it(title, run);
  };
}
