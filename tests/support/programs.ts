/** Name servers and resolvers that are no part of ours, as processes on loopback. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";

/** Starts a program that stays. Whether it could is told by what it serves: see `until`. */
export function launch(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.resume();
  child.on("error", () => {});
  return child;
}

/** Ends a program, frozen or not, and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGCONT");
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await gone;
  clearTimeout(hard);
}

/** Waits until a program serves. @throws after twenty seconds */
export async function until(ready: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come up on loopback; is it installed, and may this user bind its port?`);
}

/** One question by dig; all of its output, nothing if there was no answer. */
export function dig(address: string, port: number, name: string, type: string, ...options: string[]): string {
  try {
    return execFileSync(
      "dig",
      [`@${address}`, "-p", String(port), "+time=1", "+tries=1", ...options, name, type],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
  } catch {
    return "";
  }
}
