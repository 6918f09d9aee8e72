import { readFileSync } from "node:fs";
import { expect } from "chai";
import { registry } from "./attack.ts";
import { invariantsPage, loadAttacks } from "./invariants.ts";
import { ROWS, type Row, type RowId } from "./rows.ts";

// At load time, while mocha still takes tests: a file already loaded is not loaded again.
await loadAttacks();

describe("escrow: coverage of the attacks", () => {
  for (const [id, row] of Object.entries(ROWS) as [RowId, Row][])
    it(`covers "${row.text}" or says why not`, () => {
      const tests = registry.filter((entry) => entry.row === id);
      if (row.why === undefined && row.elsewhere === undefined) expect(tests.length).greaterThan(0);
      else expect(tests.length, "a row that does not apply has no tests").equal(0);
    });

  it("has the page that says so", () => {
    const page = readFileSync(new URL("../../../docs/invariants.md", import.meta.url), "utf8");
    expect(invariantsPage()).equal(page);
  });
});
