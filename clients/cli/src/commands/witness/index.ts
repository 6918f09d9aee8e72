import { join } from "node:path";
import { formatAddress, toAddress } from "@tolldns/sdk";
import { QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import type { CommandSpec, Run } from "../../command.ts";
import { createStack, runUntilSignal } from "../../roles/lifetime.ts";
import { ensureDataDir } from "../../state.ts";
import { createKeyFile, readKeyFile } from "../../wallet/key-file.ts";
import { rpcUrl } from "../wallet/open.ts";

const SECTIONS = ["chain", "witness"] as const;

const keyFile = (run: Run): string =>
  run.settings("witness").witnessKey ?? join(run.settings("general").data, "witness.json");

const runCommand: CommandSpec = {
  name: "run",
  about: "Run the witness (what `tolldns witness` does by itself).",
  sections: SECTIONS,
  examples: [["tolldns witness run --payer keeper.json", "attest and challenge by itself"]],
  action: runWitness,
};

const initCommand: CommandSpec = {
  name: "init",
  about: "Make the witness key. It votes and can be slashed for it; it holds no money.",
  sections: ["witness"],
  examples: [["tolldns witness init", "in the data folder; then `tolldns stake node set --role witness`"]],
  async action(run) {
    const path = keyFile(run);
    const address = formatAddress(createKeyFile(path).publicKey);
    run.out.result(
      { witness: address, key: path },
      `Made witness key ${address}\nIt is in ${path}. Register it: \`tolldns stake node add --role witness --hot-key ${address} --endpoint https://…\``,
    );
  },
};

const feedCommand: CommandSpec = {
  name: "feed",
  about: "Run a feed that doesn't vote: it follows the others and answers who asks for routes.",
  sections: SECTIONS,
  examples: [
    ["tolldns witness feed --listen 0.0.0.0:8790 --peers https://feed.example.org", "for your network"],
  ],
  action: runFeed,
};

export const witnessCommand: CommandSpec = {
  name: "witness",
  about:
    "Run a witness: it checks signed updates, votes for each epoch's root when it has a seat, challenges wrong ones, and serves a feed.",
  sections: SECTIONS,
  examples: [
    ["tolldns witness init", "make its key, once"],
    ["tolldns witness --listen 0.0.0.0:8790 --payer keeper.json", "run it"],
  ],
  commands: [runCommand, initCommand, feedCommand],
  action: runWitness,
};

/** What feed and witness have in common. */
async function open(run: Run, stack: ReturnType<typeof createStack>, file: string) {
  const url = rpcUrl(run);
  const { openConnection } = await import("../../roles/connection.ts");
  const { data } = run.settings("general");
  const { listen, peers, historyEpochs } = run.settings("witness");
  ensureDataDir(data);
  return {
    connection: stack.add("connection", openConnection(url)).connection,
    quorum: toAddress(run.settings("chain").quorumProgram ?? QUORUM_PROGRAM_ID),
    store: { path: join(data, file) },
    listen,
    ...(peers === undefined ? {} : { peers }),
    policy: { historyEpochs },
  };
}

async function runWitness(run: Run): Promise<void> {
  const { payer, attest, patience } = run.settings("witness");
  const key = readKeyFile(
    keyFile(run),
    "Make one with `tolldns witness init`, or name one with --witness-key.",
  );
  const feePayer =
    payer === undefined
      ? undefined
      : readKeyFile(payer, "Make one with `tolldns wallet create --key <file>` and give it SOL.");
  const { startWitness } = await import("@tolldns/keepers");
  const stack = createStack();
  try {
    const options = await open(run, stack, "witness.sqlite");
    const witness = stack.add(
      "witness",
      await startWitness({
        ...options,
        key,
        ...(feePayer === undefined ? {} : { feePayer }),
        voting: { attest, patience },
      }),
    );
    run.out.result(
      { event: "ready", url: witness.url, witness: witness.status().witness },
      `Witness ${witness.status().witness}; feed on ${witness.url}. Ctrl-C ends it.`,
    );
    await runUntilSignal(() => stack.close());
    run.out.result({ event: "ended", ...witness.status() }, "Ended.");
  } finally {
    await stack.close();
  }
}

async function runFeed(run: Run): Promise<void> {
  const { startFeed } = await import("@tolldns/keepers");
  const stack = createStack();
  try {
    const feed = stack.add("feed", await startFeed(await open(run, stack, "feed.sqlite")));
    run.out.result({ event: "ready", url: feed.url }, `Feed on ${feed.url}. Ctrl-C ends it.`);
    await runUntilSignal(() => stack.close());
    run.out.result({ event: "ended", ...feed.status() }, "Ended.");
  } finally {
    await stack.close();
  }
}
