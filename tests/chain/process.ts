import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../clients/chain/src/main.ts", import.meta.url));

/** The chain in a process of its own. */
export interface ChainProcess {
  rpcUrl: string;
  wsUrl: string;
  genesisHash: string;
  child: ChildProcess;
  /** Ends it without warning and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts `clients/chain/src/main.ts` and waits until it serves. */
export async function spawnChain(args: readonly string[]): Promise<ChainProcess> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let told = "";
  child.stderr?.on("data", (part: Buffer) => {
    told += part.toString();
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (part: Buffer) => {
      text += part.toString();
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once("exit", (code) => reject(new Error(`the chain ended with ${code}: ${told}`)));
  });
  const { rpcUrl, wsUrl, genesisHash } = JSON.parse(line) as Omit<ChainProcess, "child" | "kill">;
  return {
    ...{ rpcUrl, wsUrl, genesisHash, child },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
