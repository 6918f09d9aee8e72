import { mkdirSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { RecursorOptions } from "../options.ts";
import { ROOT_ANCHORS } from "./anchors.ts";
import { isLoopback } from "./hints.ts";

/** Writes Unbound's configuration for loopback port `port`; returns the arguments to run it with in the foreground. */
export function prepareUnbound(options: RecursorOptions, port: number): string[] {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(options.folder, name);
  const anchors = options.trustAnchors ?? ROOT_ANCHORS;
  const lines = [
    "server:",
    `  interface: 127.0.0.1@${port}`,
    "  access-control: 127.0.0.0/8 allow",
    '  username: ""',
    '  chroot: ""',
    `  directory: "${options.folder}"`,
    '  pidfile: ""',
    "  use-syslog: no",
    "  do-daemonize: no",
    "  verbosity: 1",
    '  module-config: "validator iterator"',
    ...anchors.map((anchor) => `  trust-anchor: "${anchor.replaceAll('"', "")}"`),
    // What RFC 9276, RFC 9156 and the flag days ask for, and the guards against NXNS and KeyTrap style answers.
    "  qname-minimisation: yes",
    "  aggressive-nsec: yes",
    "  harden-glue: yes",
    "  harden-dnssec-stripped: yes",
    "  harden-below-nxdomain: yes",
    "  hide-identity: yes",
    "  hide-version: yes",
    "  minimal-responses: yes",
    "  edns-buffer-size: 1232",
    "  ede: yes",
    // The gateway keeps the answers; what Unbound keeps is delegations and keys.
    "  msg-cache-size: 8m",
    "  rrset-cache-size: 32m",
    "  key-cache-size: 8m",
    "  num-threads: 1",
    "  outgoing-range: 1024",
    "  num-queries-per-thread: 512",
  ];
  if (options.rootHints !== undefined) {
    writeFileSync(file("root.hints"), hintsZone(options.rootHints), { mode: 0o600 });
    lines.push(`  root-hints: "${file("root.hints")}"`);
    if (options.rootHints.some(isLoopback)) lines.push("  do-not-query-localhost: no");
  }
  lines.push(...(options.extra ?? []).map((line) => `  ${line}`));
  lines.push("remote-control:", "  control-enable: no", "");
  writeFileSync(file("unbound.conf"), lines.join("\n"), { mode: 0o600 });
  return ["-d", "-p", "-c", file("unbound.conf")];
}

/** `name address` lines as a hints file. */
function hintsZone(hints: readonly string[]): string {
  return hints
    .map((hint) => {
      const [name = "", address = ""] = hint.trim().split(/\s+/);
      const owner = name.endsWith(".") ? name : `${name}.`;
      return `. 3600 NS ${owner}\n${owner} 3600 ${isIP(address) === 6 ? "AAAA" : "A"} ${address}\n`;
    })
    .join("");
}
