import { join } from "node:path";
import { toAddress } from "@tolldns/sdk";
import { QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import type { CommandSpec } from "../command.ts";
import { createStack, runUntilSignal } from "../roles/lifetime.ts";
import { rpcUrl } from "./wallet/open.ts";

export const quorumCommand: CommandSpec = {
  name: "quorum",
  about:
    "Run a quorum keeper: it freezes epochs, draws committees, relays votes, makes roots final and closes what is over. Anyone may run one, and several may run at once.",
  sections: ["chain", "store", "quorum"],
  examples: [
    [
      "tolldns keeper quorum --rpc https://rpc.example.org --payer keeper.json",
      "needs SOL for fees and nothing else",
    ],
  ],
  async action(run) {
    const url = rpcUrl(run);
    const { data } = run.settings("general");
    const { payer, witnesses, ...policy } = run.settings("quorum");
    const [{ startQuorumKeeper }, { openConnection }, { openNamedStore }, { readKeyFile }] =
      await Promise.all([
        import("@tolldns/keepers"),
        import("../roles/connection.ts"),
        import("../roles/store.ts"),
        import("../wallet/key-file.ts"),
      ]);
    const feePayer = readKeyFile(
      payer ?? join(data, "keeper.json"),
      "Make one with `tolldns wallet create --key <file>`, give it SOL for fees, and name it with --payer.",
    );
    const stack = createStack();
    try {
      const store = stack.add("store", await openNamedStore(run));
      const keeper = stack.add(
        "keeper",
        await startQuorumKeeper({
          connection: stack.add("connection", openConnection(url)).connection,
          store,
          feePayer,
          quorum: toAddress(run.settings("chain").quorumProgram ?? QUORUM_PROGRAM_ID),
          ...(witnesses === undefined ? {} : { witnesses }),
          policy,
        }),
      );
      run.out.result(
        { event: "ready", ...keeper.status() },
        `Quorum keeper ${keeper.status().holder} moves epochs on ${url}. Ctrl-C ends it.`,
      );
      await runUntilSignal(() => stack.close());
      run.out.result({ event: "ended", ...keeper.status() }, "Ended.");
    } finally {
      await stack.close();
    }
  },
};
