import { openStore } from "@tolldns/store";
import { readConfig, readSigner } from "./config.ts";
import { createConnection } from "./runtime/connection.ts";
import { runProcess } from "./runtime/process.ts";
import { startSettlementKeeper } from "./settlement/keeper.ts";

// A keeper as a process of its own: `node keepers/src/main.ts config.json`. Ends on SIGINT and SIGTERM.

await runProcess(async (file) => {
  const config = readConfig(file);
  const feePayer = readSigner(config.feePayerFile);
  const store = await openStore(config.store);
  const keeper = await startSettlementKeeper({
    connection: createConnection(config.rpcUrl),
    store,
    feePayer,
    escrow: config.escrow,
    policy: config.policy,
    ...(config.ledgers === undefined ? {} : { ledgers: config.ledgers }),
  });
  return {
    close: async () => {
      await keeper.close();
      await store.close();
    },
  };
});
