import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "./errors.ts";

/** What a running `tolldns up` writes down, so that other commands find it. Mode 0600: it names the dashboard's key. */
export interface Running {
  readonly pid: number;
  readonly rpc: string;
  readonly dashboard: string;
  readonly dns: { readonly host: string; readonly port: number };
  /** Certificate authority of the DoH and DoT addresses. */
  readonly ca: string;
  readonly edge: { readonly url: string; readonly tokenFile: string } | null;
  /** Feeds of `.dns` routes that run here: `http://host:port`. Absent in files of older versions. */
  readonly feeds?: readonly string[];
}

const runningFile = (data: string) => join(data, "running.json");

/** The `up` that runs with this data folder, or null. */
export function readRunning(data: string): Running | null {
  try {
    const running = JSON.parse(readFileSync(runningFile(data), "utf8")) as Running;
    return isAlive(running.pid) ? running : null;
  } catch {
    return null;
  }
}

export function writeRunning(data: string, running: Running) {
  const file = runningFile(data);
  writeFileSync(`${file}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRunning(data: string) {
  rmSync(runningFile(data), { force: true });
}

/** Makes the data folder, mode 0700. @throws CliError data-unwritable */
export function ensureDataDir(data: string) {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CliError(
      "data-unwritable",
      `can't make the data folder ${data}`,
      "Name a folder you may write with --data.",
      { cause },
    );
  }
}

/**
 * Takes the data folder for one process; a file left by a killed one is taken over.
 * @returns what gives it back. @throws CliError data-locked
 */
export function lockDataDir(data: string): () => void {
  ensureDataDir(data);
  const file = join(data, "lock");
  for (;;) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
        throw new CliError(
          "data-unwritable",
          `can't write in the data folder ${data}`,
          "Name a folder you may write with --data.",
          { cause },
        );
    }
    const pid = Number(readOr(file));
    if (pid > 0 && pid !== process.pid && isAlive(pid)) {
      const running = readRunning(data);
      throw new CliError(
        "data-locked",
        `another tolldns (process ${pid}) uses ${data}`,
        `${running === null ? "End it first" : `Its dashboard: ${running.dashboard}. End it first`}, or name another folder with --data.`,
      );
    }
    rmSync(file, { force: true });
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A process with that number that is ours or somebody's tolldns; a number that was reused by another program does not count. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const command = readOr(`/proc/${pid}/cmdline`);
  return command === "" || /tolldns|clients\/cli/.test(command);
}
