import { endToEnd } from "./end-to-end.ts";

/** `node tests/migrations/any-rpc.ts URL FOLDER`: the end-to-end run against any cluster, such as solana-test-validator. */
const [rpcUrl, folder] = process.argv.slice(2);
if (rpcUrl === undefined || folder === undefined) {
  process.stderr.write("usage: node tests/migrations/any-rpc.ts RPC_URL FOLDER\n");
  process.exit(2);
}
await endToEnd({ rpcUrl, folder, log: (line) => process.stdout.write(`${line}\n`) });
