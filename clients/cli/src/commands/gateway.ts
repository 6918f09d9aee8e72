import { formatAddress } from "@tolldns/sdk";
import type { CommandSpec, Run } from "../command.ts";
import { CliError } from "../errors.ts";
import type { GatewaySettings } from "../roles/gateway.ts";
import { createStack, runUntilSignal } from "../roles/lifetime.ts";
import type { WorkerReady } from "../roles/workers.ts";
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
  const { startGateway, takeSeat, workerOptions } = await import("@tolldns/gateway");
  const { gatewayOptions, tollOptions } = await import("../roles/gateway.ts");
  const settings = run.settings("gateway");
  const seat = takeSeat();
  if (settings.workers > 1 && seat === null) return runWorkers(run, settings);
  const { data } = run.settings("general");
  const stack = createStack();
  try {
    const toll = settings.charge ? await tollOf(run, stack) : undefined;
    const { routesSettings } = await import("../roles/routes.ts");
    const routes = await routesSettings(run, undefined);
    const basic = gatewayOptions(settings, data);
    const { openGatewayRouting } = await import("../roles/routing.ts");
    const routing = await openGatewayRouting({
      data,
      stack,
      upstreams: basic,
      chain: toll === undefined ? null : { connection: toll.chain, genesis: toll.deployment.genesisHash },
      program: run.settings("chain").policyProgram,
      worker: seat?.index ?? 0,
      onTrouble: (event, detail) =>
        process.stderr.write(`${JSON.stringify({ level: "warn", event, detail })}\n`),
    });
    const options = {
      ...basic,
      ...routing,
      ...(routes === undefined ? {} : { routes }),
      ...(toll === undefined ? {} : { toll: tollOptions(settings, toll) }),
    };
    const gateway = stack.add(
      "gateway",
      await startGateway(seat === null ? options : workerOptions(options, seat)),
    );
    const { addresses, authority = null } = gateway;
    const ready = {
      addresses: addresses as WorkerReady["addresses"],
      ledger: toll === undefined ? null : formatAddress(toll.ledger),
      authority,
    };
    if (seat !== null) {
      const { reportAsWorker } = await import("../roles/workers.ts");
      reportAsWorker({ ...ready, pid: process.pid });
      await runUntilSignal(() => stack.close());
      return;
    }
    announce(run, ready, "Gateway");
    await runUntilSignal(() => stack.close());
    run.out.result({ event: "ended" }, "Ended.");
  } finally {
    await stack.close();
    if (seat !== null) (await import("../roles/workers.ts")).leavePrimary();
  }
}

/** Several processes on the same ports; this one only starts them and passes their questions on. */
async function runWorkers(run: Run, settings: GatewaySettings): Promise<void> {
  const { startWorkers } = await import("../roles/workers.ts");
  const { workers, close } = await startWorkers(settings);
  const { addresses, ledger, authority } = workers[0] as WorkerReady;
  const { metrics: _, ...shared } = addresses;
  announce(run, { addresses: shared, ledger, authority }, `Gateway of ${workers.length} processes`, {
    workers: workers.map(({ pid, addresses: { metrics } }) => ({ pid, metrics: metrics ?? null })),
  });
  await runUntilSignal(close);
  run.out.result({ event: "ended" }, "Ended.");
}

function announce(run: Run, ready: Omit<WorkerReady, "pid">, what: string, more: object = {}): void {
  const { addresses, ledger } = ready;
  const text = Object.entries(addresses).map(([kind, at]) => `${kind} ${at.host}:${at.port}`);
  const paid = ledger === null ? ", free of charge" : `; paid into ledger ${ledger}`;
  run.out.result(
    { event: "ready", ...ready, ...more },
    `${what} on ${text.join(", ")}${paid}. Ctrl-C ends it.`,
  );
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
