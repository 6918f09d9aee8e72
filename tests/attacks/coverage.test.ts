import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { LISTENER_ROWS } from "./listener-rows.ts";

describe("coverage of the attacks on listeners and keepers", () => {
  for (const { attack, file, title } of LISTENER_ROWS)
    it(`tries ${attack}`, () => {
      const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
      expect(source).to.match(new RegExp(`\\bit\\([\`"]${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    });
});

describe("docs/invariants.md", () => {
  it("says what the tests of all programs cover", function () {
    this.timeout(120_000);
    execFileSync(process.execPath, [fileURLToPath(new URL("invariants.ts", import.meta.url)), "--check"]);
  });
});
