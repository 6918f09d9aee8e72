import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import * as core from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import * as feed from "@tolldns/sdk/feed";
import * as names from "@tolldns/sdk/names";
import * as policy from "@tolldns/sdk/policy";
import * as routes from "@tolldns/sdk/routes";
import * as stake from "@tolldns/sdk/stake";
import * as transaction from "@tolldns/sdk/transaction";
import * as zone from "@tolldns/sdk/zone";
import { expect } from "chai";

const page = readFileSync(new URL("../../docs/reference/sdk.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/^## (.+)$|^```ts\n([\s\S]*?)^```$/gm)];

/** Turns `expression; // => value` into an assertion and leaves the rest. */
function assertive(code: string): string {
  const lines = code.replace(/^(.+); \/\/ => (.+)$/gm, "assert.deepEqual($1, $2); checked++;");
  return `import assert from "node:assert/strict";\nlet checked = 0;\n${lines}\nconsole.log(checked);`;
}

function tableOf(module: object): [string, core.ErrorInfo][] {
  const tables = Object.entries(module).filter(([name]) => name.endsWith("_ERRORS"));
  return tables
    .filter(([name]) => name !== "TOLL_ERRORS" && name !== "PROGRAM_ERRORS")
    .flatMap(([, table]) => Object.entries(table as Record<string, core.ErrorInfo>));
}

describe("docs/reference/sdk.md", () => {
  let heading = "";
  for (const [, title, code] of examples) {
    if (title !== undefined) heading = title;
    if (code === undefined) continue;
    it(`has an example that does what it says: ${heading}`, () => {
      // Run where a reader would: Node itself strips the types, imports resolve by package name.
      const out = execFileSync(execPath, ["--input-type=module-typescript", "-e", assertive(code)], {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        encoding: "utf8",
      });
      expect(Number(out)).to.be.above(0);
      expect(Number(out)).to.equal(code.match(/\/\/ =>/g)?.length);
    });
  }

  const errors = [core, escrow, feed, names, policy, routes, stake, transaction, zone]
    .flatMap(tableOf)
    .sort(([, a], [, b]) => a.number - b.number);

  it("lists every error of the SDK with its number and hint", () => {
    const rows = errors.map(([code, { number, hint }]) => `| ${number} | \`${code}\` | ${hint} |`);
    const listed = page.slice(page.indexOf("<!-- errors -->")).match(/^\| \d+ \|.*$/gm) ?? [];
    expect(listed).to.deep.equal(rows);
  });

  it("gives every error of the SDK one number between 100 and 329, and a hint", () => {
    expect(errors.length).to.be.above(30);
    expect(new Set(errors.map(([, { number }]) => number)).size).to.equal(errors.length);
    expect(new Set(errors.map(([code]) => code)).size).to.equal(errors.length);
    for (const [code, { number, hint, message }] of errors) {
      expect(number, code).to.be.within(100, 329);
      expect(code).to.match(/^[a-z][a-z-]+$/);
      expect(hint, code).to.match(/^[A-Z0-9].*\.$/s);
      expect(message, code).to.match(/^[^.]+[^.]$/);
    }
  });
});
