import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EdgeOptions } from "@tolldns/edge";
import { formatAddress } from "@tolldns/sdk";
import { statusJson } from "../../../clients/edge/src/control/server.ts";

const MAIN = fileURLToPath(new URL("../../../clients/edge/src/main.ts", import.meta.url));

/** An edge in a process of its own, as a user's machine runs it. */
export interface EdgeProcess {
  readonly child: ChildProcess;
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  readonly control: { readonly url: string; readonly tokenFile: string };
  /** Kilobytes of /proc/PID/status, such as VmRSS and VmHWM. */
  memory(): Record<string, number>;
  status(): Promise<Record<string, unknown>>;
  /** Sends a signal and waits until the process is gone. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** Writes the options as a config file and runs main.ts on it. */
export async function spawnEdge(options: EdgeOptions, folder: string): Promise<EdgeProcess> {
  const { log: _, wallet, ...rest } = options;
  const config = {
    ...rest,
    ...(wallet === undefined
      ? {}
      : {
          wallet: {
            ...wallet,
            deployment: Object.fromEntries(
              Object.entries(wallet.deployment).map(([name, value]) => [name, formatAddress(value)]),
            ),
          },
        }),
  };
  const path = join(folder, "edge.json");
  writeFileSync(path, statusJson(config), { mode: 0o600 });
  const child = spawn(process.execPath, [MAIN, path], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.on("data", (part: Buffer) => {
    errors = (errors + part.toString()).slice(-4000);
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString();
      if (text.includes("\n")) resolve(text);
    });
    child.once("exit", (code) => reject(new Error(`the edge ended with ${code}: ${errors}`)));
  });
  const { addresses, control } = JSON.parse(line) as Pick<EdgeProcess, "addresses" | "control">;
  return {
    child,
    addresses,
    control,
    memory() {
      const text = readFileSync(`/proc/${child.pid}/status`, "utf8");
      return Object.fromEntries(
        [...text.matchAll(/^(Vm\w+|Rss\w+):\s+(\d+) kB/gm)].map((match) => [match[1], Number(match[2])]),
      );
    },
    async status() {
      const token = readFileSync(control.tokenFile, "utf8").trim();
      const answer = await fetch(`${control.url}/status`, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.json()) as Record<string, unknown>;
    },
    end(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
      return new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill(signal);
      });
    },
  };
}
