import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EdgeStatus, WalletOptions } from "@tolldns/edge";
import { formatAddress, formatIu } from "@tolldns/sdk";
import type { CommandSpec, Run } from "../command.ts";
import { CliError } from "../errors.ts";
import { toJson } from "../output.ts";
import { ensureDataDir } from "../state.ts";
import { readKeyFile } from "../wallet/key-file.ts";
import { keyPath, rpcUrl } from "./wallet/open.ts";

const SECTIONS = ["chain", "wallet", "edge"] as const;
const LAUNCHER = fileURLToPath(new URL("../../bin/tolldns", import.meta.url));

export const edgeCommand: CommandSpec = {
  name: "edge",
  about: "Run the resolver of this machine: it answers programs here and pays gateways for them.",
  sections: SECTIONS,
  examples: [
    ["tolldns edge --gateways https://dns.example.org", "on 127.0.0.1:53"],
    ["tolldns edge --listen 127.0.0.1:5300 --gateways https://dns.example.org", "beside another resolver"],
    ["tolldns edge stop", "end payments at once"],
  ],
  commands: [
    {
      name: "run",
      about: "Run the edge (what `tolldns edge` does by itself).",
      sections: SECTIONS,
      examples: [["tolldns edge run --per-day 0.5", "spend at most half an IU a day"]],
      action: runEdge,
    },
    {
      name: "install",
      about:
        "Point this machine at the edge: systemd-resolved, NetworkManager or resolv.conf, and a service that starts it. Needs root.",
      sections: SECTIONS,
      flags: [["--no-service", "write no systemd unit; you start the edge yourself"]],
      examples: [
        ["sudo tolldns edge install --config /etc/tolldns/config.toml", "with the settings of that file"],
      ],
      action: install,
    },
    {
      name: "uninstall",
      about: "Put back exactly what was there before the install.",
      flags: [["--force", "also over files that were changed since"]],
      examples: [["sudo tolldns edge uninstall", "the machine resolves as before"]],
      action: uninstall,
    },
    {
      name: "status",
      about: "Show what the running edge does: money, gateways, lanes, cache.",
      examples: [["tolldns edge status --json", "everything, for scripts"]],
      action: status,
    },
    {
      name: "stop",
      about: "Emergency stop: nothing more is signed or paid, and the session keys are revoked on chain.",
      examples: [["tolldns edge stop", "the resolver goes on as out_of_money says"]],
      action: (run) =>
        order(
          run,
          "stop",
          "Payments ended. The session keys are being revoked on chain. `tolldns edge resume` pays again.",
        ),
    },
    {
      name: "resume",
      about: "Pay again after an emergency stop.",
      examples: [["tolldns edge resume", "over new or re-keyed lanes"]],
      action: (run) => order(run, "resume", "Payments are on again."),
    },
  ],
  action: runEdge,
};

/**
 * Settles what the edge needs to know and becomes it: its own start keeps it within 80 MB, which this process with its command
 * line is not. It says `listening` on standard output, as one line of JSON, and logs on standard error.
 */
async function runEdge(run: Run): Promise<void> {
  const config = await writeEdgeConfig(run);
  run.out.progress("Starting the edge; `tolldns edge status` shows what it does, Ctrl-C ends it.");
  const main = join(dirname(fileURLToPath(import.meta.resolve("@tolldns/edge"))), "main.ts");
  process.execve?.(process.execPath, [process.execPath, main, config], process.env);
}

/** Writes the settings in the edge's own form into its state folder. @returns the file */
async function writeEdgeConfig(run: Run): Promise<string> {
  const { edgeOptions } = await import("../roles/edge.ts");
  const { data } = run.settings("general");
  const settings = run.settings("edge");
  const config = join(data, "edge", "edge.json");
  const wallet = settings.pay ? await walletOf(run, config) : undefined;
  const { routesSettings } = await import("../roles/routes.ts");
  const policy = { recheckSeconds: settings.routeRecheck, maxStaleSeconds: settings.routeMaxStale };
  const routes = await routesSettings(run, knownCluster(config), policy);
  const options = { ...edgeOptions(settings, data, wallet), ...(routes === undefined ? {} : { routes }) };
  ensureDataDir(options.stateDir);
  writeFileSync(config, `${toJson(options)}\n`, { mode: 0o600 });
  return config;
}

/** What pays. Where the escrow lives is asked of the chain once: at boot this machine may have no resolver but the edge. */
async function walletOf(run: Run, config: string): Promise<WalletOptions> {
  const keyFile = keyPath(run);
  readKeyFile(keyFile);
  const url = rpcUrl(run);
  const { escrow } = run.settings("chain");
  const known = readKnown(config);
  const isKnown = known?.rpcUrl === url && (escrow === undefined || known.deployment.escrow === escrow);
  return {
    rpcUrl: url,
    deployment: isKnown ? known.deployment : await askDeployment(url, escrow),
    owner: { keyFile },
  };
}

interface KnownWallet {
  readonly rpcUrl: string;
  readonly deployment: Readonly<Record<"escrow" | "mint" | "tokenProgram" | "genesisHash", string>>;
}

function readKnown(config: string): KnownWallet | undefined {
  try {
    return (JSON.parse(readFileSync(config, "utf8")) as { wallet?: KnownWallet }).wallet;
  } catch {
    return undefined;
  }
}

/** The cluster as the last start found it: at boot there may be no resolver to find the RPC by. */
function knownCluster(config: string): { readonly rpcUrl: string; readonly genesis: string } | undefined {
  try {
    const { routes } = JSON.parse(readFileSync(config, "utf8")) as {
      routes?: { chain: { rpcUrl: string; genesis: string } };
    };
    return routes?.chain;
  } catch {
    return undefined;
  }
}

async function askDeployment(url: string, program: string | undefined): Promise<KnownWallet["deployment"]> {
  const { createRpc } = await import("../wallet/rpc.ts");
  const { findEscrow } = await import("../wallet/account.ts");
  const { escrow, mint, tokenProgram, genesisHash } = (await findEscrow(createRpc(url), program)).deployment;
  return {
    escrow: formatAddress(escrow),
    mint: formatAddress(mint),
    tokenProgram: formatAddress(tokenProgram),
    genesisHash: formatAddress(genesisHash),
  };
}

async function install(run: Run): Promise<void> {
  const { installEdge } = await import("@tolldns/edge");
  const { data } = run.settings("general");
  const { listen } = run.settings("edge");
  const { host = "127.0.0.1", port = 53 } = listen[0] ?? {};
  const config = run.sources.file === null ? [] : ["--config", run.sources.file.path];
  // What is wrong with the settings is told now, not by a service at boot.
  if (run.flags.service !== false) await writeEdgeConfig(run);
  const command =
    run.flags.service === false ? undefined : [LAUNCHER, "edge", "run", ...config, "--data", data];
  const result = await installEdge({
    host,
    port,
    stateDir: join(data, "edge"),
    ...(command === undefined ? {} : { command }),
  });
  const text = [
    result.changed ? "Installed. Changed:" : "Nothing to change.",
    ...result.files.map((file) => `  ${file}`),
    ...result.notes,
    "`tolldns edge uninstall` puts it all back.",
  ];
  run.out.result(result, text.join("\n"));
}

async function uninstall(run: Run): Promise<void> {
  const { uninstallEdge } = await import("@tolldns/edge");
  const result = await uninstallEdge(run.flags.force === true ? { force: true } : {});
  run.out.result(
    result,
    [
      result.changed ? "Restored:" : "Nothing was installed.",
      ...result.files.map((file) => `  ${file}`),
      ...result.notes,
    ].join("\n"),
  );
}

/** As JSON tells it: numbers of money are decimal strings of micro-IU. */
type Told<T> = T extends bigint
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Told<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Told<T[Key]> }
      : T;
type Status = Told<EdgeStatus>;

async function status(run: Run): Promise<void> {
  const told = await control<Status>(run, "GET", "status");
  const iu = (micro: string) => `${formatIu(BigInt(micro))} IU`;
  const text = [
    `Payments   ${told.stopped ? "ended" : "on"}`,
    `Listens    ${told.listening.join(", ")}`,
    ...(told.wallet === null
      ? []
      : [
          `Wallet     ${told.wallet.owner}, ${told.wallet.free === null ? "balance unknown" : `${iu(told.wallet.free)} free`}`,
        ]),
    `Spent      ${iu(told.spent.hour)} this hour, ${iu(told.spent.day)} this day, ${iu(told.spent.total)} in all`,
    `Queries    ${told.queries.total}: ${told.queries.paid} paid, ${told.queries.free} free, ${told.queries.failed} failed; cache ${told.cache.hits} hits, ${told.cache.misses} misses`,
    ...told.gateways.map(describeGateway),
    `Asked      ${told.routing.tier}: ${told.routing.reason}`,
    ...(told.policy?.trouble == null
      ? []
      : [`           the chain's word on gateways: ${told.policy.trouble}`]),
    ...describeRoutes(told.routes),
    ...told.reasons.map((reason) => `           ${reason}`),
  ];
  run.out.result(told, text.join("\n"));
}

/** One gateway: how it does, what the chain says of it, and why it is or isn't asked. */
function describeGateway(gateway: Status["gateways"][number]): string {
  const { url, usable, reason, latencyMs, score, standing, because, policy } = gateway;
  const parts = [usable ? "usable" : `not usable: ${reason}`];
  if (latencyMs !== null) parts.push(`${latencyMs.toFixed(1)} ms`);
  if (score !== null) parts.push(`score ${score.toFixed(0)}`);
  if (standing !== "in") parts.push(`${standing}: ${because}`);
  if (policy !== null) {
    const share = policy.state === "RECOVERING" ? ` with ${policy.shareBps / 100} % of questions` : "";
    const age = policy.age === null ? "never judged" : `judged ${Math.round(policy.age)} s ago`;
    parts.push(`${policy.state}${share} on chain (${age})`);
  }
  return `Gateway    ${url} ${parts.join(", ")}`;
}

function describeRoutes(routes: Status["routes"]): string[] {
  if (routes === null) return [];
  const { epoch, checkedAgo, chainTrouble, names, answered, failed, refused, lies, refusals } = routes;
  const root =
    epoch === null
      ? "no final root known yet"
      : `epoch ${epoch}, the chain's word ${checkedAgo === null ? "never had" : `${checkedAgo} s ago`}`;
  return [
    `.dns       ${root}; ${names} names verified; ${answered} answered, ${failed} failed; ${refused} refused, ${lies} of them lies`,
    ...(chainTrouble === null ? [] : [`           ${chainTrouble}`]),
    ...refusals.map(
      ({ from, reason, isLie }) => `${(isLie ? "Lie" : "Refused").padEnd(11)}${from}: ${reason}`,
    ),
  ];
}

async function order(run: Run, what: "stop" | "resume", done: string): Promise<void> {
  run.out.result(await control(run, "POST", what), done);
}

/** Asks the running edge of this data folder over its control endpoint. @throws CliError not-running, role-failed */
async function control<T>(run: Run, method: "GET" | "POST", path: string): Promise<T> {
  const file = join(run.settings("general").data, "edge", "control.json");
  const notRunning = (cause?: unknown) =>
    new CliError(
      "not-running",
      "no edge runs with this data folder",
      "Start it with `tolldns up` or `tolldns edge`, or name its folder with --data.",
      { cause },
    );
  if (!existsSync(file)) throw notRunning();
  const { url, tokenFile } = JSON.parse(readFileSync(file, "utf8")) as { url: string; tokenFile: string };
  let response: Response;
  try {
    response = await fetch(`${url}/${path}`, {
      method,
      headers: { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` },
      signal: AbortSignal.timeout(10_000),
    });
  } catch (cause) {
    throw notRunning(cause);
  }
  const body = (await response.json()) as T & { error?: string; detail?: string; hint?: string };
  if (!response.ok)
    throw new CliError(
      "role-failed",
      `the edge refused: ${body.detail ?? body.error}`,
      body.hint ?? "See its log.",
    );
  return body;
}
