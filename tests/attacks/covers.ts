import { expect } from "chai";
import { loadAttacks, rowsOf } from "./invariants.ts";
import { registry } from "./registry.ts";

/** Tests that each row of a program has tests or says why not. Files already loaded are not loaded again. */
export async function describeCoverage(program: string): Promise<void> {
  await loadAttacks(program);
  const { ROWS } = await rowsOf(program);
  describe(`${program}: coverage of the attacks`, () => {
    for (const [id, row] of Object.entries(ROWS))
      it(`covers "${row.text}" or says why not`, () => {
        const tests = registry.filter((entry) => entry.program === program && entry.row === id);
        if (row.why === undefined && row.elsewhere === undefined) expect(tests.length).greaterThan(0);
        else expect(tests.length, "a row that does not apply has no tests").equal(0);
      });
  });
}
