import type { CommandSpec, Run } from "../command.ts";
import { resolveOption } from "../config/settings.ts";
import { defaultDataDir, TABLE } from "../config/table.ts";
import { runUntilSignal } from "../roles/lifetime.ts";
import { type ShownCounters, showCounters } from "../up/counters.ts";
import { createProgress } from "../up/progress.ts";
import type { RunningUp } from "../up/start.ts";
import { keyPath } from "./wallet/open.ts";

export const upCommand: CommandSpec = {
  name: "up",
  about:
    "Run everything on this machine: chain, gateway, keepers, verifiers, edge and dashboard, all on loopback.",
  sections: ["up"],
  flags: [["--key <path>", "keypair file of the wallet (default: wallet.json in the data folder)"]],
  examples: [
    ["tolldns up", "what `npm start` does"],
    ["tolldns up --data /tmp/scratch", "with state of its own"],
    ["tolldns up --network fixture", "resolve the bundled fixture internet even where real names can be had"],
  ],
  action: runUp,
};

async function runUp(run: Run): Promise<void> {
  const { data } = run.settings("general");
  const chosen = {
    data,
    keyFile: keyPath(run),
    up: run.settings("up"),
    edge: run.settings("edge"),
    given: givenSettings(run),
  };
  const progress = createProgress(process.stderr, run.out.json);
  progress.show("Loading");
  const { startUp } = await import("../up/start.ts");
  let up: RunningUp;
  try {
    up = await startUp({ ...chosen, onProgress: progress.show });
  } finally {
    progress.done();
  }
  try {
    await showUp(run, up, data, progress.seconds());
  } catch (error) {
    await up.close();
    throw error;
  }
}

async function showUp(run: Run, up: RunningUp, data: string, seconds: number): Promise<void> {
  const { commandsForName, commandsToTry, describeHello, describePolicy, describeUp } = await import(
    "../up/screen.ts"
  );
  const dataFlag = data === defaultDataDir() ? "" : ` --data ${data}`;
  const { edge, chain, dashboard, network, ports, ca, wallet } = up;
  run.out.result(
    {
      event: "ready",
      seconds,
      resolver: edge.addresses,
      encrypted: edge.encrypted && { dot: edge.encrypted.dot, doh: edge.encrypted.doh },
      ca,
      rpc: chain.rpcUrl,
      ws: chain.wsUrl,
      dashboard: dashboard.url,
      wallet,
      network: network.kind,
      moved: ports.moved,
      feeds: up.feeds,
      data,
      try: commandsToTry(up, dataFlag),
      pid: process.pid,
    },
    describeUp(up, { data, dataFlag, seconds }),
  );
  const shown = run.out.json ? emitCounters(run, up) : showCounters(up.snapshot, process.stdout);
  void up.hello?.settled.then((told) => {
    if (told === null) return;
    run.out.event({ event: "name", ...told, try: told.epoch === null ? [] : commandsForName(up, dataFlag) });
    shown.say(describeHello(up, dataFlag, told));
  });
  void up.policy.settled.then((told) => {
    if (told === null) return;
    run.out.event({ event: "policy", ...told });
    shown.say(describePolicy(told, dataFlag));
  });
  const took = await runUntilSignal(
    () => up.close(),
    () => {
      shown.stop();
      run.out.say("\nEnding …");
    },
  );
  run.out.result(
    { event: "ended", seconds: took / 1_000 },
    `Ended in ${(took / 1_000).toFixed(1)} s. Everything is where it was when you start again.`,
  );
}

function emitCounters(run: Run, up: RunningUp): ShownCounters {
  const timer = setInterval(() => {
    const { queries, flow, payments } = up.snapshot();
    run.out.event({ event: "counters", queries, flow, payments: payments.on });
  }, 500);
  return { say: () => {}, stop: () => clearInterval(timer) };
}

/** Settings of `up` that somebody chose, so that a taken port is refused in place of being replaced. */
function givenSettings(run: Run): ReadonlySet<string> {
  const given = Object.entries(TABLE.up).filter(
    ([key, option]) => resolveOption("up", key, option, run.sources).source !== "default",
  );
  return new Set(given.map(([key]) => key));
}
