import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place } from "../places/place.ts";

/** Milliseconds a child may take to say that it is ready: the machine may be busy with much else. */
const READY_MS = 90_000;
/** Milliseconds a child may take to end before it is killed. */
const END_MS = 5_000;

/** Folder that children's standard error goes to, a file each; null for nowhere. */
let logs: string | null = null;
export function keepLogs(folder: string | null): void {
  logs = folder;
}

/** A process in a place. It dies with the lab, however the lab ends. */
export interface Child {
  readonly name: string;
  readonly place: Place;
  readonly pid: number;
  readonly isRunning: () => boolean;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM, SIGKILL if it takes long. */
  end(): Promise<void>;
  /** What it last wrote to standard error. */
  errors(): string;
}

/** A child of our own that answers questions over its channel; see `serve`. */
export interface Served<Ready> extends Child {
  readonly ready: Ready;
  /** @throws what the child answered with, or that it is gone */
  ask<T>(what: string, argument?: unknown): Promise<T>;
}

/** Starts a program in a place. */
export function startProgram(
  place: Place,
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Child {
  const [inner, rest] = place.inside(command, args);
  return watch(place, name, launch(inner, rest, env, false));
}

/** Starts a script of this repository in a place and waits until it calls `serve`. `script` is a path beside this file. */
export async function startScript<Ready>(
  place: Place,
  name: string,
  script: string,
  argument: unknown,
): Promise<Served<Ready>> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [inner, rest] = place.inside(process.execPath, ["--no-warnings", path]);
  const process_ = launch(inner, rest, {}, true);
  const child = watch(place, name, process_);
  const open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 0;
  let settle: ((ready: Ready) => void) | null = null;
  const ready = new Promise<Ready>((resolve, reject) => {
    settle = resolve;
    const timer = setTimeout(() => reject(new Error(`${name} is not ready: ${child.errors()}`)), READY_MS);
    timer.unref();
    process_.once("exit", (code) => reject(new Error(`${name} ended with ${code}: ${child.errors()}`)));
  });
  process_.on("message", (message: FromChild) => {
    if ("ready" in message) return settle?.(message.ready as Ready);
    const waiting = open.get(message.to);
    open.delete(message.to);
    if ("error" in message) waiting?.reject(new Error(`${name}: ${message.error}`));
    else waiting?.resolve(message.answer);
  });
  process_.once("exit", () => {
    for (const { reject } of open.values()) reject(new Error(`${name} is gone`));
    open.clear();
  });
  process_.send({ argument });
  try {
    const said = await ready;
    return {
      ...child,
      ready: said,
      ask: <T>(what: string, asked?: unknown) =>
        new Promise<T>((resolve, reject) => {
          if (!child.isRunning()) return reject(new Error(`${name} is gone`));
          const number = next++;
          open.set(number, { resolve: resolve as (value: unknown) => void, reject });
          process_.send({ number, what, argument: asked }, (error) => {
            if (error !== null) reject(error);
          });
        }),
    };
  } catch (error) {
    await child.kill();
    throw error;
  }
}

type FromChild =
  | { readonly ready: unknown }
  | { readonly to: number; readonly answer: unknown }
  | { readonly to: number; readonly error: string };

/** `setpriv` has the kernel kill the child when this process ends, even by SIGKILL. */
function launch(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  channel: boolean,
): ChildProcess {
  return spawn("setpriv", ["--pdeathsig", "KILL", "--", command, ...args], {
    stdio: ["ignore", "ignore", "pipe", ...(channel ? (["ipc"] as const) : [])],
    serialization: "advanced",
    env: { ...process.env, ...env },
  });
}

function watch(place: Place, name: string, child: ChildProcess): Child {
  let errors = "";
  child.stderr?.on("data", (part: Buffer) => {
    errors = (errors + part.toString()).slice(-4_000);
    if (logs !== null) appendFile(join(logs, `${name.replaceAll(" ", "-")}.log`), part, () => {});
  });
  child.on("error", (error) => {
    errors += String(error);
  });
  const isRunning = () => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (!isRunning()) return;
    const gone = once(child, "exit");
    child.kill("SIGCONT");
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
    await gone;
    clearTimeout(timer);
  };
  return {
    name,
    place,
    pid: child.pid ?? -1,
    isRunning,
    kill: () => end("SIGKILL"),
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    end: () => end("SIGTERM"),
    errors: () => errors,
  };
}
