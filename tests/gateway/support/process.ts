import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunningGateway } from "@tolldns/gateway";
import type { GatewayConfig } from "../../../clients/gateway/src/config.ts";

const MAIN = fileURLToPath(new URL("../../../clients/gateway/src/main.ts", import.meta.url));

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly addresses: RunningGateway["addresses"];
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit status. */
  end(): Promise<number | null>;
}

export async function startProcess(folder: string, config: GatewayConfig): Promise<GatewayProcess> {
  const file = join(folder, "gateway.json");
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const child = spawn(process.execPath, [MAIN, file], { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let errors = "";
  child.stderr.on("data", (text: Buffer) => {
    errors = (errors + text.toString()).slice(-4000);
  });
  const line = await firstLine(child, () => errors);
  const { addresses, pid } = JSON.parse(line) as { addresses: GatewayProcess["addresses"]; pid: number };
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return gone;
  };
  return {
    addresses,
    pid,
    kill: async () => {
      await end("SIGKILL");
    },
    end: () => end("SIGTERM"),
  };
}

function firstLine(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once("exit", (code) => reject(new Error(`the gateway ended with ${code}: ${errors()}`)));
  });
}
