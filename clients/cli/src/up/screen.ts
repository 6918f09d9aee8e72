import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter } from "node:path";
import { formatIu } from "@tolldns/sdk";
import { HELLO, type HelloTold } from "./hello.ts";
import type { PolicyTold } from "./policy.ts";
import type { RunningUp } from "./start.ts";

/** How the command is called from a shell here: by its own name where PATH has it, else through npx in the project. */
export function commandName(): string {
  const folders = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  return folders.some((folder) => existsSync(`${folder}/tolldns`)) ? "tolldns" : "npx tolldns";
}

const quote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Three commands that work when pasted. */
export function commandsToTry({ edge, ca, network, ports }: RunningUp, dataFlag: string): string[] {
  const doh = edge.encrypted?.doh;
  return [
    `dig @127.0.0.1 -p ${ports.ports.resolver} ${network.example.name}`,
    `curl --doh-url https://127.0.0.1:${doh?.port}/dns-query --cacert ${quote(ca)} ${network.example.url}`,
    `${commandName()} wallet${dataFlag}`,
  ];
}

/** Two more, for the name once it is final. */
export function commandsForName({ ports }: RunningUp, dataFlag: string): string[] {
  return [
    `dig @127.0.0.1 -p ${ports.ports.resolver} ${HELLO}.dns`,
    `${commandName()} verify ${HELLO}.dns${dataFlag}`,
  ];
}

/** What is said of the name when it is final, below the screen. */
export function describeHello(
  up: RunningUp,
  dataFlag: string,
  { name, epoch, seconds, why }: HelloTold,
): string {
  if (epoch === null)
    return `${name} is not final: ${why}. \`${commandName()} epoch watch${dataFlag}\` shows where it hangs.\n`;
  return [
    `${name} belongs to your wallet; its records are final in epoch ${epoch} (${seconds.toFixed(0)} s). Anyone can check that:`,
    "",
    ...commandsForName(up, dataFlag).map((command) => `  ${command}`),
    "",
  ].join("\n");
}

/** What is said of the verifiers once they run, below the screen. */
export function describePolicy({ verifiers, targets, why }: PolicyTold, dataFlag: string): string {
  const command = `${commandName()} policy`;
  if (why !== null)
    return `No verifiers run: ${why}. Gateway and edge go by their own measurements; \`${command} log${dataFlag}\` shows them.\n`;
  return `${verifiers} verifiers probe the gateway and ${targets - 1} backend${targets === 2 ? "" : "s"}; their states: \`${command}${dataFlag}\`, or the dashboard's page Policy.\n`;
}

/** The one screen a newcomer sees. */
export function describeUp(
  up: RunningUp,
  { data, dataFlag, seconds }: { data: string; dataFlag: string; seconds: number },
): string {
  const { edge, chain, dashboard, network, ports, ca, wallet } = up;
  const snapshot = up.snapshot();
  const free = snapshot.flow.free === null ? "" : `, ${formatIu(BigInt(snapshot.flow.free))} IU in escrow`;
  const rows: [string, string][] = [
    ["Resolver", `127.0.0.1:${ports.ports.resolver} (UDP and TCP)`],
    ["DoH", `https://127.0.0.1:${edge.encrypted?.doh?.port}/dns-query`],
    ["DoT", `127.0.0.1:${edge.encrypted?.dot?.port}`],
    ["CA to trust", ca],
    ["RPC", `${chain.rpcUrl} (Solana JSON-RPC of the embedded chain)`],
    ["Dashboard", dashboard.url],
    ["Wallet", `${wallet}${free}`],
    ["Names", `from ${network.note}`],
    ...(up.hello === null
      ? []
      : [["Your name", `${HELLO}.dns; a line below says when it is final`] as [string, string]]),
    ["State", `${tilde(data)}; log in ${tilde(up.log)}`],
  ];
  const moved = ports.moved.filter((name) => !/^(gateway|witness|verifier|fixture) /.test(name));
  return [
    `TollDNS is up, after ${seconds.toFixed(1)} s. Ctrl-C ends it.`,
    "",
    ...rows.map(([name, value]) => `  ${name.padEnd(12)} ${value}`),
    ...(moved.length === 0
      ? []
      : ["", `  Usual ports were taken; others are used for: ${moved.join(", ")}.`]),
    "",
    "Try in another terminal:",
    "",
    ...commandsToTry(up, dataFlag).map((command) => `  ${command}`),
    "",
  ].join("\n");
}

const tilde = (path: string): string =>
  path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;
