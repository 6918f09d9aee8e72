import { openStore } from "@tolldns/store";
import { readSigner } from "../config.ts";
import { createConnection } from "../runtime/connection.ts";
import { runProcess } from "../runtime/process.ts";
import { readQuorumConfigFile } from "./config.ts";
import { startQuorumKeeper } from "./keeper.ts";

// A quorum keeper as a process of its own: `node keepers/src/quorum/main.ts config.json`. Ends on SIGINT and SIGTERM.

await runProcess(async (file) => {
  const { feePayerFile, rpcUrl, store: storeConfig, ...rest } = readQuorumConfigFile(file);
  const feePayer = readSigner(feePayerFile);
  const store = await openStore(storeConfig);
  const keeper = await startQuorumKeeper({ connection: createConnection(rpcUrl), store, feePayer, ...rest });
  return {
    close: async () => {
      await keeper.close();
      await store.close();
    },
  };
});
