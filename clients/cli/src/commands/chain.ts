import { join } from "node:path";
import type { CommandSpec } from "../command.ts";
import { runUntilSignal } from "../roles/lifetime.ts";

export const chainCommand: CommandSpec = {
  name: "chain",
  about:
    "Run the embedded chain alone: the real program on a real SVM, behind the Solana JSON-RPC on loopback.",
  sections: ["embedded"],
  flags: [["--no-migrate", "leave the programs undeployed"]],
  examples: [
    ["tolldns chain", "on port 8899, kept in the data folder"],
    ["tolldns chain --rpc-port 0 --data /tmp/scratch", "a throw-away one on a free port"],
  ],
  async action(run) {
    const { data } = run.settings("general");
    const { rpcHost, rpcPort, slotMs, faucet } = run.settings("embedded");
    const { startChain } = await import("@tolldns/chain");
    const { lockDataDir } = await import("../state.ts");
    const unlock = lockDataDir(data);
    try {
      const chain = await startChain({
        dataDir: join(data, "chain"),
        host: rpcHost,
        port: rpcPort,
        slotMs,
        faucet,
      });
      if (run.flags.migrate !== false) {
        const { deployPrograms } = await import("../up/programs.ts");
        await deployPrograms(chain.rpcUrl, data);
      }
      const { slot } = chain.status();
      run.out.result(
        { event: "ready", rpc: chain.rpcUrl, ws: chain.wsUrl, genesisHash: chain.genesisHash, slot },
        `RPC ${chain.rpcUrl}, WebSocket ${chain.wsUrl}\nGenesis ${chain.genesisHash}, slot ${slot}. Ctrl-C ends it; the chain stays in ${join(data, "chain")}.`,
      );
      await runUntilSignal(() => chain.close());
    } finally {
      unlock();
    }
  },
};
