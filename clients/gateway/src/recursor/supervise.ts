import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { buildQuery, encodeName, TYPE } from "@tolldns/dns";
import { gatewayError } from "../errors.ts";
import type { Log } from "../observe/log.ts";
import type { RecursorOptions } from "../options.ts";
import { prepareKnotResolver } from "./knot-resolver.ts";
import { prepareUnbound } from "./unbound.ts";

/** A recursor beside the gateway, started again when it ends, ended with the gateway. */
export interface RunningRecursor {
  /** Loopback port it answers on, UDP and TCP. */
  readonly port: number;
  state(): "starting" | "running" | "down";
  /** Its process, or null while none runs. */
  readonly pid: number | null;
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Runs shorter than this count as failures and lengthen the pause. */
const GOOD_RUN_MS = 60_000;
const END_MS = 3_000;

/** Starts it and waits until it answers. @throws recursor-missing, recursor-silent */
export async function startRecursor(options: RecursorOptions, log: Log): Promise<RunningRecursor> {
  const program = findProgram(options.program ?? (options.kind === "unbound" ? "unbound" : "kresd"));
  const port = await freePort();
  const prepare = options.kind === "unbound" ? prepareUnbound : prepareKnotResolver;
  const args = prepare(options, port);
  let child: ChildProcess | null = null;
  let state: "starting" | "running" | "down" = "starting";
  let failures = 0;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let closing: Promise<void> | undefined;

  const launch = () => {
    const started = performance.now();
    const [command, all] = endsWithParent(program, args);
    const next = spawn(command, all, { cwd: options.folder, stdio: ["ignore", "ignore", "pipe"] });
    child = next;
    state = "starting";
    next.stderr?.resume();
    const onEnd = (reason: string | number | null) => {
      if (child !== next) return;
      child = null;
      state = "down";
      if (closing !== undefined) return;
      failures = performance.now() - started > GOOD_RUN_MS ? 0 : failures + 1;
      const ms =
        failures === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10));
      log.error("recursor-ended", { kind: options.kind, reason: String(reason), again_in_ms: ms });
      pause = setTimeout(launch, ms);
      pause.unref();
    };
    next.once("exit", (code, signal) => onEnd(signal ?? code));
    next.once("error", (error) => onEnd((error as NodeJS.ErrnoException).code ?? error.name));
    void ready(port, (options.startSeconds ?? 15) * 1000, () => child !== next || closing !== undefined).then(
      (answers) => {
        if (answers && child === next) state = "running";
      },
    );
  };

  const close = () => {
    closing ??= (async () => {
      clearTimeout(pause);
      if (child !== null) await end(child);
    })();
    return closing;
  };

  launch();
  const answers = await ready(
    port,
    (options.startSeconds ?? 15) * 1000,
    () => state === "running" || failures > 2,
  );
  if (!answers && (state as string) !== "running") {
    await close();
    throw gatewayError("recursor-silent", `${options.kind} on port ${port}`);
  }
  state = "running";
  log.info("recursor-running", { kind: options.kind, port });
  return {
    port,
    state: () => state,
    get pid() {
      return child?.pid ?? null;
    },
    close,
  };
}

/** Where PATH, or the folders of system programs, have it. @throws recursor-missing */
function findProgram(program: string): string {
  const folders = program.includes("/")
    ? [""]
    : [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  for (const folder of folders) {
    const path = folder === "" ? program : join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Looked for in the next one.
    }
  }
  throw gatewayError("recursor-missing", program);
}

/** On Linux the kernel ends it with this process, however that ends (prctl PR_SET_PDEATHSIG, by setpriv of util-linux). */
function endsWithParent(program: string, args: string[]): [string, string[]] {
  try {
    accessSync("/usr/bin/setpriv", constants.X_OK);
    return ["/usr/bin/setpriv", ["--pdeathsig", "TERM", program, ...args]];
  } catch {
    return [program, args];
  }
}

/** Does anything answer on the port within `ms`? Stops asking, with false, once `over` says so. */
async function ready(port: number, ms: number, over: () => boolean): Promise<boolean> {
  const query = buildQuery({ name: encodeName("localhost"), type: TYPE.A, id: 1 });
  const deadline = performance.now() + ms;
  while (performance.now() < deadline && !over()) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = createSocket("udp4");
      const done = (value: boolean) => {
        clearTimeout(timer);
        socket.close();
        resolve(value);
      };
      const timer = setTimeout(() => done(false), 100);
      socket.once("message", () => done(true));
      socket.once("error", () => done(false));
      socket.send(query, port, "127.0.0.1");
    });
    if (answered) return true;
  }
  return false;
}

/** A loopback port that was free for TCP a moment ago. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), END_MS);
  await gone;
  clearTimeout(hard);
}
