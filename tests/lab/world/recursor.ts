import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../dns/support/processes.ts";
import { unboundConfig } from "../../support/unbound.ts";
import type { Place } from "../places/place.ts";
import { type Child, startProgram } from "../processes/child.ts";
import type { Origin } from "./origin.ts";

/** Which program resolves. dnsdist stands before an Unbound of its own. */
export type RecursorKind = "unbound" | "knot-resolver" | "dnsdist";

/** A validating recursor in a place, on `address`. It can be killed and started again. */
export interface Recursor {
  readonly kind: RecursorKind;
  readonly address: string;
  readonly children: () => readonly Child[];
  /** Starts it and waits until it answers. */
  start(): Promise<void>;
}

export const RECURSOR_PORT = 53;

export function makeRecursor(
  kind: RecursorKind,
  place: Place,
  at: number,
  origin: Origin,
  folder: string,
): Recursor {
  const address = place.address(at);
  const behind = place.address(at + 1);
  let children: Child[] = [];
  const home = join(folder, `recursor-${place.name}-${at}`);
  mkdirSync(home, { recursive: true });
  const unbound = (on: string) => {
    const file = join(home, "unbound.conf");
    writeFileSync(file, configOf(home, on, origin));
    return startProgram(place, `unbound ${place.name}`, "unbound", ["-d", "-p", "-c", file]);
  };
  const make: Record<RecursorKind, () => Child[]> = {
    unbound: () => [unbound(address)],
    "knot-resolver": () => {
      const file = join(home, "kresd.conf");
      writeFileSync(file, kresdConfig(address, origin));
      return [startProgram(place, `kresd ${place.name}`, "kresd", ["-n", "-c", file, home])];
    },
    dnsdist: () => {
      const file = join(home, "dnsdist.conf");
      writeFileSync(
        file,
        `setLocal("${address}:${RECURSOR_PORT}")\nsetACL({"0.0.0.0/0"})\nnewServer({address="${behind}:${RECURSOR_PORT}", healthCheckMode="up"})\nsetSecurityPollSuffix("")\n`,
      );
      const front = ["--supervised", "--disable-syslog", "-C", file];
      return [unbound(behind), startProgram(place, `dnsdist ${place.name}`, "dnsdist", front)];
    },
  };
  return {
    kind,
    address,
    children: () => children,
    async start() {
      children = make[kind]();
      await answering(place, address, children);
    },
  };
}

async function answering(place: Place, address: string, children: readonly Child[]): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const [command, args] = place.inside("dig", [
      ...["+time=1", "+tries=1", "+short", `@${address}`, "-p", String(RECURSOR_PORT)],
      "p0.signed.test",
    ]);
    const { stdout } = await run(command, args);
    if (stdout.includes("203.0.113.")) return;
    const ended = children.find((child) => !child.isRunning());
    if (ended !== undefined) throw new Error(`${ended.name} ended: ${ended.errors()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `${children[0]?.name} does not answer: ${children.map((child) => child.errors()).join("\n")}`,
  );
}

function configOf(home: string, address: string, origin: Origin): string {
  const [name, at] = origin.rootHint.split(" ") as [string, string];
  writeFileSync(join(home, "root.hints"), `. 3600 NS ${name}\n${name} 3600 A ${at}\n`);
  return unboundConfig(home, {
    listen: [`${address}@${RECURSOR_PORT}`],
    anchors: origin.anchors,
    lines: [
      `outgoing-interface: ${address}`,
      'module-config: "validator iterator"',
      `root-hints: "${join(home, "root.hints")}"`,
      "qname-minimisation: no",
      "minimal-responses: yes",
      "msg-cache-size: 8m",
      "rrset-cache-size: 16m",
    ],
  });
}

function kresdConfig(address: string, origin: Origin): string {
  const [name, at] = origin.rootHint.split(" ") as [string, string];
  return `net.listen('${address}', ${RECURSOR_PORT}, { kind = 'dns' })
net.outgoing_v4('${address}')
cache.size = 16 * MB
trust_anchors.remove('.')
${origin.anchors.map((line) => `trust_anchors.add('${line}')`).join("\n")}
modules = { 'hints > iterate' }
hints.root({ ['${name}'] = { '${at}' } })
option('ALLOW_LOCAL', true)
policy.add(policy.suffix(policy.PASS, { todname('test.') }))
`;
}
