import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { cleanEnv, ROOT, TOLLDNS } from "./run.ts";

/** The `ready` line of `tolldns up --json`. */
export interface Ready {
  readonly seconds: number;
  readonly resolver: readonly { readonly port: number }[];
  readonly encrypted: { readonly dot: { readonly port: number }; readonly doh: { readonly port: number } };
  readonly ca: string;
  readonly rpc: string;
  readonly dashboard: string;
  readonly wallet: string;
  readonly network: string;
  readonly try: readonly string[];
  readonly pid: number;
  /** Feeds of `.dns` routes. */
  readonly feeds: readonly string[];
}

/** The `name` line: what became of the first name. */
export interface NameTold {
  readonly name: string;
  readonly epoch: string | null;
  readonly seconds: number;
  readonly why: string | null;
  readonly try: readonly string[];
}

/** The `policy` line: what became of the verifiers. */
export interface PolicyTold {
  readonly verifiers: number;
  readonly targets: number;
  readonly seconds: number;
  readonly why: string | null;
}

/** A `counters` line. */
export interface Counters {
  readonly queries: {
    readonly total: number;
    readonly hits: number;
    readonly paid: number;
    readonly failed: number;
  };
  readonly flow: {
    readonly tolls: string;
    readonly promised: string;
    readonly vouchers: number;
    readonly settled: string;
    readonly settlements: number;
    readonly free: string;
  };
  readonly payments: boolean;
}

export interface Up {
  readonly ready: Ready;
  readonly child: ChildProcess;
  /** Waits until the first name is final, or can't be. */
  name(): Promise<NameTold>;
  /** Waits until verifiers run, or can't. */
  policy(): Promise<PolicyTold>;
  /** The latest counters. */
  counters(): Counters;
  /** Waits for counters that satisfy `enough`. */
  until(what: string, enough: (counters: Counters) => boolean, seconds?: number): Promise<Counters>;
  /** Sends a signal and waits for the end. */
  end(
    signal: NodeJS.Signals,
  ): Promise<{ readonly code: number | null; readonly seconds: number; readonly errors: string }>;
}

/** Starts `tolldns up` as a process of its own on free ports, with the fixture internet, and waits until it is ready. */
export async function startUpProcess(data: string, args: readonly string[] = []): Promise<Up> {
  const ports = [
    "--dns-port",
    "0",
    "--dot-port",
    "0",
    "--doh-port",
    "0",
    "--rpc-port",
    "0",
    "--web-port",
    "0",
  ];
  const child = spawn(TOLLDNS, ["up", "--json", "--data", data, "--network", "fixture", ...ports, ...args], {
    cwd: ROOT,
    env: cleanEnv(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let latest: Counters | undefined;
  let tellName: (told: NameTold) => void = () => {};
  const named = new Promise<NameTold>((resolve) => {
    tellName = resolve;
  });
  let tellPolicy: (told: PolicyTold) => void = () => {};
  const watched = new Promise<PolicyTold>((resolve) => {
    tellPolicy = resolve;
  });
  const waiting = new Set<(counters: Counters) => void>();
  const ready = await new Promise<Ready>((resolve, reject) => {
    void exited.then((code) => reject(new Error(`tolldns up ended with ${code}: ${errors}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const event = JSON.parse(line) as { event: string };
      if (event.event === "ready") resolve(event as unknown as Ready);
      if (event.event === "name") tellName(event as unknown as NameTold);
      if (event.event === "policy") tellPolicy(event as unknown as PolicyTold);
      if (event.event !== "counters") return;
      latest = event as unknown as Counters;
      for (const look of waiting) look(latest);
    });
  });
  const ended = exited.then((code) => raise(`tolldns up ended with ${code}: ${errors}`));
  ended.catch(() => {});
  return {
    ready,
    child,
    name: () => Promise.race([named, ended]),
    policy: () => Promise.race([watched, ended]),
    counters: () => latest ?? raise("no counters yet"),
    until: (what, enough, seconds = 40) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${what} did not come within ${seconds} s: ${JSON.stringify(latest)} ${errors}`));
        }, seconds * 1_000);
        const look = (counters: Counters) => {
          if (!enough(counters)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(counters);
        };
        waiting.add(look);
      }),
    async end(signal) {
      const started = performance.now();
      child.kill(signal);
      const code = await exited;
      return { code, seconds: (performance.now() - started) / 1_000, errors };
    },
  };
}

function raise(message: string): never {
  throw new Error(message);
}
