import { readFileSync } from "node:fs";
import { expect } from "chai";
import { LISTENER_ROWS } from "./listener-rows.ts";

describe("coverage of the attacks on listeners and keepers", () => {
  for (const { attack, file, title } of LISTENER_ROWS)
    it(`tries ${attack}`, () => {
      const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
      expect(source).to.match(new RegExp(`\\bit\\([\`"]${title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    });
});
