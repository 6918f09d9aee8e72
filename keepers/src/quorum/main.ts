import { openStore } from "@tolldns/store";
import { readSigner } from "../config.ts";
import { createConnection } from "../runtime/connection.ts";
import { readQuorumConfigFile } from "./config.ts";
import { startQuorumKeeper } from "./keeper.ts";

// A quorum keeper as a process of its own: `node keepers/src/quorum/main.ts config.json`. Ends on SIGINT and SIGTERM.

const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write("usage: main.ts CONFIG.json\n");
  process.exit(2);
}

async function run(file: string): Promise<void> {
  const { feePayerFile, rpcUrl, store: storeConfig, ...rest } = readQuorumConfigFile(file);
  const feePayer = readSigner(feePayerFile);
  const store = await openStore(storeConfig);
  const keeper = await startQuorumKeeper({
    connection: createConnection(rpcUrl),
    store,
    feePayer,
    ...rest,
  });
  process.stdout.write("ready\n");
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await keeper.close();
  await store.close();
}

try {
  await run(path);
} catch (error) {
  const { message, hint } = error as Error & { hint?: string };
  process.stderr.write(hint === undefined ? `${message}\n` : `${message}\n${hint}\n`);
  process.exitCode = 1;
}
