/**
 * Writes docs/invariants.md: what always holds, and which test tries which attack, program by program. `--check` compares instead.
 * A program is a folder here whose `rows.ts` exports ROWS and INVARIANTS; its tests note their attacks by `attacksOf`.
 *
 *   node tests/attacks/invariants.ts [--check]
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { listenerTable } from "./listener-rows.ts";
import { registry } from "./registry.ts";
import type { ProgramRows, Row } from "./rows.ts";

const PAGE = fileURLToPath(new URL("../../docs/invariants.md", import.meta.url));
const here = new URL(".", import.meta.url);

/** Programs that have rows and say what always holds in them. */
async function programsWithRows(): Promise<string[]> {
  const folders = readdirSync(here).filter((name) => existsSync(new URL(`${name}/rows.ts`, here)));
  const found: string[] = [];
  for (const name of folders.sort()) if ("INVARIANTS" in (await rowsOf(name))) found.push(name);
  return found;
}

/** A program's rows. */
export async function rowsOf(program: string): Promise<ProgramRows> {
  return (await import(new URL(`${program}/rows.ts`, here).href)) as ProgramRows;
}

/** Loads every test file of a program, so that each notes its attacks. */
export async function loadAttacks(program: string): Promise<void> {
  const folder = new URL(`${program}/`, here);
  for (const file of readdirSync(folder).sort())
    if (file.endsWith(".test.ts") && file !== "coverage.test.ts") await import(new URL(file, folder).href);
}

function line(program: string, id: string, row: Row): string {
  const tests = registry.filter((entry) => entry.program === program && entry.row === id);
  const files = [...new Set(tests.map(({ file }) => `\`${file}\``))].sort().join(", ");
  const first = tests[0]?.title ?? "";
  const example =
    tests.length > 1 ? `${files}: ${tests.length} tests, such as *${first}*` : `${files}: *${first}*`;
  const covered = row.elsewhere ?? example;
  return `| ${row.area} | ${row.text} | ${row.why === undefined ? covered : `does not apply: ${row.why}`} |`;
}

async function section(program: string): Promise<string> {
  const { ROWS, INVARIANTS, TITLE = `The ${program} program` } = await rowsOf(program);
  const lines = Object.entries(ROWS).map(([id, row]) => line(program, id, row));
  return `## ${TITLE}

${INVARIANTS.trim()}

Tests in \`tests/attacks/${program}\`:

| area | attack | test |
|---|---|---|
${lines.join("\n")}
`;
}

/** The page. Every program's attacks must have been loaded. */
async function invariantsPage(): Promise<string> {
  const sections: string[] = [];
  for (const program of await programsWithRows()) sections.push(await section(program));
  return `# What always holds

Each invariant is asserted in its program where it can be, and after every step of random sequences of instructions. The tables say which test tries which
attack; the tests assert the exact error, and that nothing of worth moved. Made by \`node tests/attacks/invariants.ts\`.

${sections.join("\n")}
## Listeners and keepers

${listenerTable()}
`;
}

if (import.meta.main) {
  // Test files run under mocha; here only their titles are wanted.
  const skip = () => {};
  const run = (_: string, body: () => void) => body.call({ timeout: skip });
  Object.assign(globalThis, {
    describe: run,
    it: skip,
    before: skip,
    after: skip,
    beforeEach: skip,
    afterEach: skip,
  });
  for (const program of await programsWithRows()) await loadAttacks(program);
  const page = await invariantsPage();
  if (process.argv.includes("--check")) {
    if (readFileSync(PAGE, "utf8") !== page) {
      console.error("docs/invariants.md is not what the tests cover; run node tests/attacks/invariants.ts");
      process.exitCode = 1;
    }
  } else writeFileSync(PAGE, page);
}
