import { formatAddress } from "@tolldns/sdk";
import type { CommandSpec, Run } from "../command.ts";
import { CliError } from "../errors.ts";
import { createStack, runUntilSignal } from "../roles/lifetime.ts";
import { rpcUrl } from "./wallet/open.ts";

const SECTIONS = ["chain", "store", "gateway"] as const;

const runCommand: CommandSpec = {
  name: "run",
  about: "Run the gateway (what `tolldns gateway` does by itself).",
  sections: SECTIONS,
  examples: [["tolldns gateway run --udp-port 5353", "on an unprivileged port"]],
  action: runGateway,
};

const openLedgerCommand: CommandSpec = {
  name: "open-ledger",
  about:
    "Open the ledger that this gateway is paid into, or give it more lanes. Run again, it changes nothing.",
  sections: ["chain", "gateway"],
  flags: [
    [
      "--rows <number>",
      "lanes to offer; each costs 668160 lamports of rent until the ledger is closed (default: 128)",
    ],
    ["--min-reserve <IU>", "least a lane must hold (default: 0.01)"],
  ],
  examples: [["tolldns gateway open-ledger --operator operator.json --rows 1000", "1 000 lanes"]],
  async action(run) {
    const { ensureLedger } = await import("../roles/operator.ts");
    const { rpc, escrow, operator } = await openOperator(run);
    const { integer, amount } = await import("../config/values.ts");
    const rows = integer(1, 65_535).read(run.flags.rows ?? "128", "");
    const minReserve = amount.read(run.flags.minReserve ?? "0.01", "");
    const { ledgerIndex } = run.settings("gateway");
    const ledger = await ensureLedger(rpc, escrow, operator, { index: ledgerIndex, rows, minReserve });
    const address = formatAddress(ledger.address);
    run.out.result(
      { ledger: address, rows: ledger.rows, changed: ledger.changed },
      `Ledger ${address} has ${ledger.rows} lanes.`,
    );
  },
};

export const gatewayCommand: CommandSpec = {
  name: "gateway",
  about: "Run a paid resolver.",
  sections: SECTIONS,
  examples: [
    ["tolldns gateway --rpc https://rpc.example.org --operator operator.json", "paid, on the standard ports"],
    [
      "tolldns gateway --no-charge --udp-port 5353 --dot-port 0 --doh-port 0",
      "free of charge, no chain needed",
    ],
    ["tolldns gateway --recursor unbound", "resolve and validate by Unbound beside it"],
  ],
  commands: [runCommand, openLedgerCommand],
  action: runGateway,
};

async function openOperator(run: Run) {
  const { readKeyFile } = await import("../wallet/key-file.ts");
  const { createRpc } = await import("../wallet/rpc.ts");
  const { findEscrow } = await import("../wallet/account.ts");
  const { operator: file } = run.settings("gateway");
  if (file === undefined)
    throw new CliError(
      "option-missing",
      "a paid gateway needs an operator",
      "Name its keypair file with --operator, or serve free of charge with --no-charge.",
    );
  const operator = readKeyFile(
    file,
    "Make one with `tolldns wallet create --key <file>` and give it SOL for rent.",
  );
  const rpc = createRpc(rpcUrl(run));
  return { rpc, operator, escrow: await findEscrow(rpc, run.settings("chain").escrow) };
}

async function runGateway(run: Run): Promise<void> {
  const { startGateway } = await import("@tolldns/gateway");
  const { gatewayOptions, tollOptions } = await import("../roles/gateway.ts");
  const settings = run.settings("gateway");
  const { data } = run.settings("general");
  const stack = createStack();
  try {
    const toll = settings.charge ? await tollOf(run, stack) : undefined;
    const gateway = stack.add(
      "gateway",
      await startGateway({
        ...gatewayOptions(settings, data),
        ...(toll === undefined ? {} : { toll: tollOptions(settings, toll) }),
      }),
    );
    const { addresses, authority } = gateway;
    const text = Object.entries(addresses).map(([kind, at]) => `${kind} ${at.host}:${at.port}`);
    const ledger = toll === undefined ? null : formatAddress(toll.ledger);
    run.out.result(
      { event: "ready", addresses, ledger, authority: authority ?? null },
      `Gateway on ${text.join(", ")}${ledger === null ? ", free of charge" : `; paid into ledger ${ledger}`}. Ctrl-C ends it.`,
    );
    await runUntilSignal(() => stack.close());
    run.out.result({ event: "ended" }, "Ended.");
  } finally {
    await stack.close();
  }
}

async function tollOf(run: Run, stack: ReturnType<typeof createStack>) {
  const { openConnection } = await import("../roles/connection.ts");
  const { openNamedStore } = await import("../roles/store.ts");
  const { ledgerAddress } = await import("../roles/operator.ts");
  const { rpc, escrow, operator } = await openOperator(run);
  const ledger = ledgerAddress(escrow, operator.publicKey, run.settings("gateway").ledgerIndex);
  if ((await rpc.readAccount(ledger)) === null)
    throw new CliError(
      "chain-refused",
      `the operator has no ledger ${formatAddress(ledger)}`,
      "Open it first: `tolldns gateway open-ledger` with the same settings.",
    );
  const store = stack.add("store", await openNamedStore(run));
  const chain = stack.add("connection", openConnection(rpc.url)).connection;
  return { store, ledger, deployment: escrow.deployment, chain };
}
