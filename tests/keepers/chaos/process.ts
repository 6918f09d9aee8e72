import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process that is started again after it was killed. */
export interface Restartable {
  /** Starts it; resolves with its first line, which says that it is ready. */
  start(): Promise<string>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end and waits. */
  stop(): Promise<void>;
  isRunning(): boolean;
  /** Sends it a signal it handles. */
  signal(name: NodeJS.Signals): void;
  /** What it last wrote to standard error. */
  errors(): string;
}

/** `script` is a path beside this file. Many of a kind start in half the time with a `compileCache`, a folder that they share. */
export function restartable(script: string, argument: () => string, compileCache?: string): Restartable {
  let child: ChildProcess | null = null;
  let errors = "";

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, "exit");
    running.kill(signal);
    await exit;
  }

  return {
    start: () =>
      new Promise((resolve, reject) => {
        const path = fileURLToPath(new URL(script, import.meta.url));
        const env = compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache };
        const mine = spawn(process.execPath, [path, argument()], {
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...process.env, ...env },
        });
        child = mine;
        let buffer = "";
        mine.stdout?.on("data", (chunk) => {
          buffer += chunk;
          const end = buffer.indexOf("\n");
          if (end >= 0) resolve(buffer.slice(0, end));
        });
        mine.stderr?.on("data", (chunk) => {
          errors = (errors + chunk).slice(-3_000);
        });
        mine.once("exit", (code, signal) =>
          reject(new Error(`${script} ended: ${code ?? signal}\n${errors}`)),
        );
      }),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    isRunning: () => child !== null && child.exitCode === null && child.signalCode === null,
    signal: (name) => void child?.kill(name),
    errors: () => errors,
  };
}
