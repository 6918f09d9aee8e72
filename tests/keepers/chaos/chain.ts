import { startChain } from "@tolldns/chain";

// The embedded chain as a process of its own, so that it can be killed. Prints its port once it answers.

const { dataDir, port, slotMs, faultSeed } = JSON.parse(process.argv[2] ?? "{}");
const chain = await startChain({ dataDir, port, slotMs, faultSeed, control: true, clock: { kind: "real" } });
process.stdout.write(`${new URL(chain.rpcUrl).port}\n`);
process.once("SIGTERM", () => void chain.close().then(() => process.exit(0)));
