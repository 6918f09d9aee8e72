import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { killAgainAndAgain } from "./killing.ts";

describe("what is acknowledged survives, at length", () => {
  it("kill -9 forty times with each of three seeds", async function () {
    this.timeout(600_000);
    for (const seed of [1, 2, 3]) {
      const folder = mkdtempSync(join(tmpdir(), "tolldns-kill-"));
      const { acknowledged, lost, balance, expected } = await killAgainAndAgain(folder, seed, 40);
      console.log(`      seed ${seed}: ${acknowledged} acknowledged, ${lost.length} lost`);
      expect(lost).to.deep.equal([]);
      expect(balance).to.equal(expected);
      rmSync(folder, { recursive: true });
    }
  });
});
