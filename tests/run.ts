/**
 * Runs the suite area by area, each in a process of its own, so that one that hangs or leaks is named and can't take the others along.
 *
 *   node tests/run.ts fast|slow [area ...]
 *
 * Ends with what failed, in mocha's words, a table and a line of totals, and with status 1 if anything failed, hung or ran no test. Where CI is set, an area that fails is run once
 * more, because these tests share two cores with whatever else the machine does; the table says which needed it.
 */
import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const mocha = fileURLToPath(new URL("../node_modules/mocha/bin/mocha.js", import.meta.url));
/** Minutes an area may take before it counts as hung. */
const LIMITS = { fast: 10, slow: 25 } as const;

interface Outcome {
  readonly area: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly problem?: string;
  readonly again?: boolean;
  /** What mocha printed from its count of failures on, or last of all if it did not come so far. */
  readonly report: string;
}

const [kind, ...only] = process.argv.slice(2);
if (kind !== "fast" && kind !== "slow") {
  console.error("usage: node tests/run.ts fast|slow [area ...]");
  process.exit(2);
}

const files = globSync("tests/**/*.test.ts", { cwd: root, exclude: (name) => name === "node_modules" })
  .filter((file) => file.endsWith(".slow.test.ts") === (kind === "slow"))
  .sort();
const areas = Map.groupBy(files, (file) => file.split("/").slice(1, -1).join("/"));
const outcomes: Outcome[] = [];
const reports: string[] = [];
for (const [area, members] of areas) {
  if (only.length > 0 && !only.some((name) => area === name || area.startsWith(`${name}/`))) continue;
  const first = await runArea(area, members, LIMITS[kind]);
  if (isBad(first)) reports.push(first.report);
  const again = isBad(first) && process.env.CI !== undefined;
  const outcome = again ? { ...(await runArea(area, members, LIMITS[kind])), again } : first;
  if (again && isBad(outcome)) reports.push(outcome.report);
  outcomes.push(outcome);
}

for (const report of reports) console.log(`\n== failed\n${report.trimEnd()}`);

console.log("\narea                     passed  failed  skipped  seconds");
for (const { area, passed, failed, skipped, seconds, problem, again } of outcomes) {
  const row = [passed, failed, skipped, seconds].map((n, i) => String(n).padStart([8, 8, 9, 9][i] as number));
  const remarks = [problem, again ? "second run; the first failed" : undefined].filter(
    (one) => one !== undefined,
  );
  console.log(`${area.padEnd(23)}${row.join("")}  ${remarks.join("; ")}`.trimEnd());
}
const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
const passed = sum((one) => one.passed);
const failed = sum((one) => Math.max(one.failed, one.problem === undefined ? 0 : 1));
console.log(`\n${kind}: ${passed} passed, ${failed} failed, ${sum((one) => one.skipped)} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function isBad(outcome: Outcome): boolean {
  return outcome.failed > 0 || outcome.problem !== undefined;
}

/** One mocha process over the files of an area. Output passes through; the counts are read from it. */
function runArea(area: string, members: readonly string[], minutes: number): Promise<Outcome> {
  const started = Date.now();
  return new Promise((resolve) => {
    const args = kind === "slow" ? ["--timeout", String(minutes * 60_000)] : [];
    console.log(`\n== ${area} (${kind})`);
    const child = spawn(process.execPath, [mocha, ...args, ...members], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let tail = "";
    child.stdout.on("data", (chunk: Buffer) => {
      process.stdout.write(chunk);
      tail = (tail + chunk.toString("utf8")).slice(-1_000_000);
    });
    let hung = false;
    const deadline = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, minutes * 60_000);
    child.on("close", (code) => {
      clearTimeout(deadline);
      const count = (word: string) =>
        Number([...tail.matchAll(new RegExp(`^ +(\\d+) ${word}`, "gm"))].at(-1)?.[1] ?? 0);
      const passed = count("passing");
      const failed = count("failing");
      const problem = hung
        ? `did not end within ${minutes} minutes`
        : code !== 0 && failed === 0
          ? `ended with status ${code}`
          : passed + failed === 0
            ? "ran no test"
            : undefined;
      resolve({
        area,
        passed,
        failed,
        skipped: count("pending"),
        seconds: Math.round((Date.now() - started) / 1000),
        ...(problem === undefined ? {} : { problem }),
        report: `${area}${problem === undefined ? "" : `: ${problem}`}\n${failed > 0 ? tail.slice(tail.search(/^ +\d+ failing/m)).slice(0, 8_000) : tail.slice(-2_000)}`,
      });
    });
  });
}
