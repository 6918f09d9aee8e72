import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecursorOptions } from "../options.ts";
import { ROOT_ANCHORS } from "./anchors.ts";
import { isLoopback } from "./hints.ts";

/** Writes the configuration of Knot Resolver 5 for loopback port `port`; returns the arguments to run it with in the foreground. */
export function prepareKnotResolver(options: RecursorOptions, port: number): string[] {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const anchors = options.trustAnchors ?? ROOT_ANCHORS;
  const lines = [
    `net.listen('127.0.0.1', ${port}, { kind = 'dns' })`,
    "net.bufsize(1232)",
    "cache.size = 32 * MB",
    "trust_anchors.remove('.')",
    ...anchors.map((anchor) => `trust_anchors.add('${anchor.replaceAll("'", "")}')`),
    "modules = { 'hints > iterate' }",
  ];
  if (options.rootHints !== undefined) {
    const hints = options.rootHints.map((hint) => {
      const [name = "", address = ""] = hint.trim().split(/\s+/);
      return `['${name.endsWith(".") ? name : `${name}.`}'] = { '${address}' }`;
    });
    lines.push(`hints.root({ ${hints.join(", ")} })`);
    if (options.rootHints.some(isLoopback)) lines.push("option('ALLOW_LOCAL', true)");
  }
  lines.push(...(options.extra ?? []), "");
  const file = join(options.folder, "kresd.conf");
  writeFileSync(file, lines.join("\n"), { mode: 0o600 });
  return ["-n", "-c", file, options.folder];
}
