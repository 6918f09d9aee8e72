import { join } from "node:path";
import type { CommandSpec } from "../command.ts";
import { createStack, runUntilSignal } from "../roles/lifetime.ts";
import { quorumCommand } from "./keeper-quorum.ts";
import { rpcUrl } from "./wallet/open.ts";

export const keeperCommand: CommandSpec = {
  name: "keeper",
  about:
    "Run a settlement keeper: it turns the vouchers of a store into settlements on the chain. Anyone may run one, and several may run at once.",
  sections: ["chain", "store", "keeper"],
  commands: [quorumCommand],
  examples: [
    [
      "tolldns keeper --rpc https://rpc.example.org --store sqlite:/var/lib/tolldns/store.sqlite",
      "beside a gateway",
    ],
    ["TOLLDNS_STORE_STORE=postgres://… tolldns keeper", "for many gateways of one operator"],
  ],
  async action(run) {
    const url = rpcUrl(run);
    const settings = run.settings("keeper");
    const { data } = run.settings("general");
    const [
      { startSettlementKeeper },
      { openConnection },
      { openNamedStore },
      { readKeyFile },
      { createRpc },
      { findEscrow },
    ] = await Promise.all([
      import("@tolldns/keepers"),
      import("../roles/connection.ts"),
      import("../roles/store.ts"),
      import("../wallet/key-file.ts"),
      import("../wallet/rpc.ts"),
      import("../wallet/account.ts"),
    ]);
    const payer = readKeyFile(
      settings.payer ?? join(data, "keeper.json"),
      "Make one with `tolldns wallet create --key <file>`, give it SOL for fees, and name it with --payer.",
    );
    const escrow = await findEscrow(createRpc(url), run.settings("chain").escrow);
    const stack = createStack();
    try {
      const store = stack.add("store", await openNamedStore(run));
      const keeper = stack.add(
        "keeper",
        await startSettlementKeeper({
          connection: stack.add("connection", openConnection(url)).connection,
          store,
          feePayer: payer,
          escrow: escrow.deployment.escrow,
          ...(settings.ledgers === undefined ? {} : { ledgers: settings.ledgers }),
          policy: {
            intervalSeconds: settings.intervalSeconds,
            leaseSeconds: settings.leaseSeconds,
            maxAgeSeconds: settings.maxAgeSeconds,
            minWorth: settings.minWorth,
            lamportsPerIndexUnit: BigInt(settings.lamportsPerUnit),
            distributeAt: settings.distributeAt,
            closeLanes: settings.closeLanes,
          },
        }),
      );
      run.out.result(
        { event: "ready", ...keeper.status() },
        `Keeper ${keeper.status().holder} settles on ${url}. Ctrl-C ends it.`,
      );
      await runUntilSignal(() => stack.close());
      run.out.result({ event: "ended", ...keeper.status() }, "Ended.");
    } finally {
      await stack.close();
    }
  },
};
