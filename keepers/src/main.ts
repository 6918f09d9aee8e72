import { openStore } from "@tolldns/store";
import { readConfig, readSigner } from "./config.ts";
import { createConnection } from "./runtime/connection.ts";
import { startSettlementKeeper } from "./settlement/keeper.ts";

// A keeper as a process of its own: `node keepers/src/main.ts config.json`. Ends on SIGINT and SIGTERM.

const [path] = process.argv.slice(2);
if (path === undefined) {
  process.stderr.write("usage: main.ts CONFIG.json\n");
  process.exit(2);
}

async function run(file: string): Promise<void> {
  const config = readConfig(file);
  const feePayer = readSigner(config.feePayerFile);
  const store = await openStore(config.store);
  const connection = createConnection(config.rpcUrl);
  const keeper = await startSettlementKeeper({
    connection,
    store,
    feePayer,
    escrow: config.escrow,
    policy: config.policy,
    ...(config.ledgers === undefined ? {} : { ledgers: config.ledgers }),
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
