import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = JSON.parse(readFileSync(new URL("../../tsconfig.json", import.meta.url), "utf8"));

/** Type-checks files of this folder with the project's own options. */
function check(file: string): { status: number | null; output: string } {
  const options = Object.entries(project.compilerOptions as Record<string, unknown>).flatMap(
    ([name, value]) => [`--${name}`, Array.isArray(value) ? value.join(",") : String(value)],
  );
  const files = [`tests/sdk/support/${file}`];
  const { status, stdout } = spawnSync(
    `${root}node_modules/.bin/tsc`,
    ["--ignoreConfig", ...options, ...files],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return { status, output: stdout };
}

describe("types of the SDK", function () {
  this.timeout(60_000);

  it("accept what they should and refuse what they should", () => {
    expect(check("types.ts")).to.deep.equal({ status: 0, output: "" });
  });
});
