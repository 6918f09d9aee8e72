import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
/** The launcher that npm links as `tolldns`. */
export const TOLLDNS = join(ROOT, "clients", "cli", "bin", "tolldns");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; a failure is a result, not an exception. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly timeout?: number } = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const { env = process.env, cwd = ROOT, timeout = 60_000 } = options;
    const child = execFile(
      program,
      args,
      { env, cwd, timeout, maxBuffer: 1 << 24 },
      (error, stdout, stderr) => {
        resolve({
          code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
          stdout,
          stderr,
        });
      },
    );
    child.stdin?.end();
  });
}

/** Runs `tolldns` with a clean environment: no configuration or state of whoever runs the tests. */
export function tolldns(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return run(TOLLDNS, args, { env: { ...cleanEnv(), ...env } });
}

export function cleanEnv(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("TOLLDNS_"));
  return { ...Object.fromEntries(inherited), XDG_CONFIG_HOME: "/nonexistent", XDG_DATA_HOME: "/nonexistent" };
}

/** Asks with dig, beside this process, so that servers of this process can answer. */
export async function dig(port: number, ...args: readonly string[]): Promise<string> {
  return (await run("dig", ["@127.0.0.1", "-p", String(port), "+time=3", "+tries=1", ...args])).stdout;
}

/** A folder that is removed by `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "tolldns-cli-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
