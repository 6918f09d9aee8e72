/**
 * Runs the suite area by area, each in a process of its own, so that one that hangs or leaks is named and can't take the others along. Two areas run at
 * a time where there are two cores, because many wait more than they compute; those of `ALONE` in tests/areas.ts have the machine to themselves.
 *
 *   node tests/run.ts fast|slow [--one-by-one] [area ...]
 *
 * Prints what an area said when it has ended; at the end what failed, in mocha's words, a table and a line of totals, and has status 1 if anything failed,
 * hung or ran no test. Where CI is set, an area that fails is run once more, by itself, because these tests share two cores with whatever else the machine
 * does; the table says which needed it.
 */
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { ALONE, LONGEST } from "./areas.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const mocha = fileURLToPath(new URL("../node_modules/mocha/bin/mocha.js", import.meta.url));
/** Minutes an area may take before it counts as hung. */
const LIMITS = { fast: 15, slow: 25 } as const;
/** Seconds a process may go on after mocha's summary: what goes on longer has a socket, timer or child that no test closed. */
const ENDING = 30;
/** Seconds a test may take unless it says otherwise: more than .mocharc.json gives one that runs by itself. */
const FAST_TIMEOUT = 60;

interface Outcome {
  readonly area: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** Seconds of processor time, of its descendants too; 0 where the system doesn't tell. */
  readonly cpu: number;
  readonly problem?: string;
  readonly again?: boolean;
  /** What mocha printed from its count of failures on, or last of all if it did not come so far. */
  readonly report: string;
}
type Area = readonly [name: string, files: readonly string[]];

const [kind, ...rest] = process.argv.slice(2);
if (kind !== "fast" && kind !== "slow") {
  console.error("usage: node tests/run.ts fast|slow [--one-by-one] [area ...]");
  process.exit(2);
}
const only = rest.filter((word) => !word.startsWith("--"));
const atOnce = rest.includes("--one-by-one") ? 1 : Math.min(2, availableParallelism());

const started = Date.now();
const files = globSync("tests/**/*.test.ts", { cwd: root, exclude: (name) => name === "node_modules" })
  .filter((file) => file.endsWith(".slow.test.ts") === (kind === "slow"))
  .sort();
const areas: Area[] = [...Map.groupBy(files, (file) => file.split("/").slice(1, -1).join("/"))].filter(
  ([area]) => only.length === 0 || only.some((name) => area === name || area.startsWith(`${name}/`)),
);
const isAlone = ([area]: Area) => ALONE[kind].some((name) => area === name || area.startsWith(`${name}/`));

let countedCpu = 0;
const outcomes: Outcome[] = [];
const reports: string[] = [];
const together = areas.filter((area) => !isAlone(area)).sort((a, b) => rank(a) - rank(b));
await Promise.all(Array.from({ length: atOnce }, () => work(together)));
await work(areas.filter(isAlone));
await repeatFailures();

for (const report of reports) console.log(`\n== failed\n${report.trimEnd()}`);

console.log("\narea                     passed  failed  skipped  seconds  of cpu");
for (const { area, passed, failed, skipped, seconds, cpu, problem, again } of outcomes.sort(byArea)) {
  const row = [passed, failed, skipped, seconds, cpu].map((n, i) =>
    String(n).padStart([8, 8, 9, 9, 8][i] as number),
  );
  const remarks = [problem, again ? "second run; the first failed" : undefined].filter(
    (one) => one !== undefined,
  );
  console.log(`${area.padEnd(23)}${row.join("")}  ${remarks.join("; ")}`.trimEnd());
}
const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
const passed = sum((one) => one.passed);
const failed = sum((one) => Math.max(one.failed, one.problem === undefined ? 0 : 1));
const took = Math.round((Date.now() - started) / 1000);
console.log(
  `\n${took} s for ${sum((one) => one.seconds)} s of areas, ${sum((one) => one.cpu)} s of cpu, ${atOnce} at a time`,
);
console.log(`${kind}: ${passed} passed, ${failed} failed, ${sum((one) => one.skipped)} skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function isBad(outcome: Outcome): boolean {
  return outcome.failed > 0 || outcome.problem !== undefined;
}

function byArea(a: Outcome, b: Outcome): number {
  return a.area < b.area ? -1 : 1;
}

/** Long areas go first, so that none is left when the others are done. */
function rank([area]: Area): number {
  const place = LONGEST[kind as keyof typeof LONGEST].indexOf(area);
  return place < 0 ? Number.POSITIVE_INFINITY : place;
}

/** Processor time of all children that have ended, seconds: fields 16 and 17 of /proc/self/stat, in hundredths (proc(5)). */
function childrenCpu(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return 0;
  }
}

/** Runs areas off the list until it is empty. */
async function work(queue: Area[]): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) outcomes.push(await runArea(next));
}

/** Under CI, a second chance for what failed, with nothing beside it. */
async function repeatFailures(): Promise<void> {
  for (const outcome of outcomes.filter(isBad).sort(byArea)) {
    reports.push(outcome.report);
    const area = areas.find(([name]) => name === outcome.area);
    if (process.env.CI === undefined || area === undefined) continue;
    const second = { ...(await runArea(area)), again: true };
    if (isBad(second)) reports.push(second.report);
    outcomes[outcomes.indexOf(outcome)] = second;
  }
}

/** One mocha process over the files of an area. Its output is kept until it ends, and printed whole; the counts are read from it. */
function runArea([area, members]: Area): Promise<Outcome> {
  const minutes = LIMITS[kind as keyof typeof LIMITS];
  const began = Date.now();
  return new Promise((resolve) => {
    const timeout = kind === "slow" ? minutes * 60 : FAST_TIMEOUT;
    console.log(`.. ${area} (${kind}) begins`);
    const child = spawn(process.execPath, [mocha, "--timeout", `${timeout}s`, ...members], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: Buffer[] = [];
    let cpu = 0;
    let hung: string | undefined;
    let deadline: NodeJS.Timeout;
    const limit = (seconds: number, says: string) => {
      clearTimeout(deadline);
      deadline = setTimeout(() => {
        hung = says;
        child.kill("SIGKILL");
        // A child of its own that outlives it holds the pipes.
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
      }, seconds * 1_000);
    };
    limit(minutes * 60, `did not end within ${minutes} minutes`);
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (/^ {2}\d+ passing \(/m.test(chunk.toString("latin1")))
          limit(ENDING, `left something open: went on for ${ENDING} s after its last test`);
      });
    child.on("exit", () => {
      cpu = Math.round(childrenCpu() - countedCpu);
      countedCpu += cpu;
    });
    child.on("close", (code) => {
      clearTimeout(deadline);
      const said = Buffer.concat(chunks).toString("utf8");
      const seconds = Math.round((Date.now() - began) / 1000);
      process.stdout.write(`\n== ${area} (${kind}), ${seconds} s\n${said}`);
      const count = (word: string) =>
        Number([...said.matchAll(new RegExp(`^ +(\\d+) ${word}`, "gm"))].at(-1)?.[1] ?? 0);
      const passed = count("passing");
      const failed = count("failing");
      const problem =
        hung ??
        (code !== 0 && failed === 0
          ? `ended with status ${code}`
          : passed + failed === 0
            ? "ran no test"
            : undefined);
      resolve({
        area,
        passed,
        failed,
        skipped: count("pending"),
        seconds,
        cpu,
        ...(problem === undefined ? {} : { problem }),
        report: `${area}${problem === undefined ? "" : `: ${problem}`}\n${failed > 0 ? said.slice(said.search(/^ +\d+ failing/m)).slice(0, 8_000) : said.slice(-2_000)}`,
      });
    });
  });
}
