import { lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

/** How a system is to be pointed at the edge. */
export interface PlanOptions {
  /** `/`, or a folder that stands for it. */
  readonly root: string;
  readonly host: string;
  readonly port: number;
  /** Command line of the service, first the program's absolute path; no unit is written without it. */
  readonly command?: readonly string[];
  /** Folder the service may write, absolute. */
  readonly stateDir: string;
}

/** One file to put in place. Paths are absolute within the root. */
export interface PlannedFile {
  readonly path: string;
  readonly kind: "resolved" | "network-manager" | "resolv.conf" | "unit" | "unit-link";
  /** Bytes of a file, or target of a symbolic link. */
  readonly content: { readonly file: string } | { readonly link: string };
}

export interface InstallPlan {
  readonly files: readonly PlannedFile[];
  /** What was found and what follows from it, for people. */
  readonly notes: readonly string[];
  /** Commands that make running services take it in, and undo that. */
  readonly commands: readonly (readonly string[])[];
}

const RESOLVED_DROP_IN = "/etc/systemd/resolved.conf.d/50-tolldns-edge.conf";
const NM_DROP_IN = "/etc/NetworkManager/conf.d/50-tolldns-edge.conf";
const UNIT = "/etc/systemd/system/tolldns-edge.service";
const UNIT_LINK = "/etc/systemd/system/multi-user.target.wants/tolldns-edge.service";
const RESOLV_CONF = "/etc/resolv.conf";
const HEAD = "# Written by `tolldns edge install`; `tolldns edge uninstall` restores what was here.\n";

/** Looks at the system and says what to write. Changes nothing. */
export async function planInstall(options: PlanOptions): Promise<InstallPlan> {
  const at = (path: string) => join(options.root, path);
  const files: PlannedFile[] = [];
  const notes: string[] = [];
  const commands: string[][] = [];
  const server = options.port === 53 ? options.host : `${options.host}:${options.port}`;

  const hasSystemd = await exists(at("/etc/systemd/system"));
  if (hasSystemd && options.command !== undefined) {
    files.push({ path: UNIT, kind: "unit", content: { file: unitFile(options.command, options.stateDir) } });
    files.push({ path: UNIT_LINK, kind: "unit-link", content: { link: UNIT } });
    commands.push(["systemctl", "daemon-reload"]);
    notes.push("systemd: the edge starts as tolldns-edge.service");
  }

  const usesResolved =
    (await exists(at("/etc/systemd/resolved.conf"))) || (await exists(at("/run/systemd/resolve")));
  if (usesResolved) {
    const text = `${HEAD}[Resolve]\nDNS=${server}\nDomains=~.\nFallbackDNS=\nDNSOverTLS=no\nCache=no-negative\n`;
    files.push({ path: RESOLVED_DROP_IN, kind: "resolved", content: { file: text } });
    commands.push(["systemctl", "try-restart", "systemd-resolved.service"]);
    notes.push("systemd-resolved: asks the edge for all names");
  }

  if (await exists(at("/etc/NetworkManager"))) {
    const text = `${HEAD}[main]\ndns=none\nsystemd-resolved=false\n`;
    files.push({ path: NM_DROP_IN, kind: "network-manager", content: { file: text } });
    commands.push(["nmcli", "general", "reload", "conf"]);
    notes.push("NetworkManager: no longer writes resolv.conf nor hands servers to systemd-resolved");
  }

  const link = await readlink(at(RESOLV_CONF)).catch(() => null);
  if (usesResolved && link !== null && /(^|\/)run\/systemd\/resolve\/(stub-)?resolv\.conf$/.test(link)) {
    if (link.endsWith("stub-resolv.conf")) {
      notes.push("resolv.conf: left as it is, it points at systemd-resolved's stub");
      return { files, notes, commands };
    }
    notes.push("resolv.conf: bypassed the stub of systemd-resolved; points at the edge now");
  }
  if (options.port === 53) {
    const before = await readFile(at(RESOLV_CONF), "utf8").catch(() => "");
    files.push({
      path: RESOLV_CONF,
      kind: "resolv.conf",
      content: { file: resolvConf(before, options.host) },
    });
    notes.push(
      link === null ? "resolv.conf: rewritten" : `resolv.conf: was a link to ${link}, is a file now`,
    );
  } else notes.push("resolv.conf: left as it is, since it can't name a port; give the edge port 53");
  return { files, notes, commands };
}

/** Keeps search list and options; only the servers change. */
function resolvConf(before: string, host: string): string {
  const kept = before
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /^(search|domain|options|sortlist)\s/.test(line));
  return `${HEAD}nameserver ${host}\n${kept.map((line) => `${line}\n`).join("")}`;
}

function unitFile(command: readonly string[], stateDir: string): string {
  return `${HEAD}[Unit]
Description=TollDNS edge: DNS for this machine, paid by the query
Documentation=https://tolldns.org/docs/guides/wallet
After=network.target
Before=nss-lookup.target
Wants=nss-lookup.target

[Service]
ExecStart=${command.map(quote).join(" ")}
Restart=always
RestartSec=1
UMask=0077
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_DAC_READ_SEARCH
NoNewPrivileges=yes
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectControlGroups=yes
PrivateTmp=yes
PrivateDevices=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
ReadWritePaths=${quote(stateDir)}
MemoryMax=256M

[Install]
WantedBy=multi-user.target
`;
}

/** systemd.service(5): arguments with spaces are quoted, `%` and `$` are doubled. */
function quote(argument: string): string {
  const escaped = argument.replace(/[%$]/g, "$&$&");
  return /[\s"'\\;]/.test(escaped) ? `"${escaped.replace(/["\\]/g, "\\$&")}"` : escaped;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
