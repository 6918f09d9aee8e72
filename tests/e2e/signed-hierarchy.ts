/**
 * A DNSSEC-signed hierarchy on loopback: a root, `test.` and `example.test.`, each served by a Knot DNS process of its own on an
 * address of 127.0.0.0/8 and port 53 (delegations carry no port). Whoever recurses is handed its root hints and trust anchor.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A running hierarchy. */
export interface SignedHierarchy {
  /** `name address` of the root server. */
  readonly rootHints: readonly string[];
  /** DS of the root, in zone-file form. */
  readonly trustAnchors: readonly string[];
  /** Lines an Unbound needs to recurse on loopback and below `test.`. */
  readonly unbound: readonly string[];
  /** What `example.test.` serves, to compare with. */
  readonly expected: { readonly www: string; readonly www6: string; readonly text: string };
  close(): Promise<void>;
}

interface Zone {
  readonly name: string;
  readonly file: string;
  readonly address: string;
  readonly records: readonly string[];
}

/** Starts the hierarchy. @throws if Knot isn't installed, or port 53 of loopback can't be bound. */
export async function startSignedHierarchy(): Promise<SignedHierarchy> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-hierarchy-"));
  const net = `127.${randomInt(64, 120)}.${randomInt(1, 250)}`;
  const expected = { www: "192.0.2.80", www6: "2001:db8::80", text: "signed and served by knot" };
  const [rootAt, testAt, exampleAt] = [`${net}.1`, `${net}.2`, `${net}.3`] as const;
  const processes: ChildProcess[] = [];
  const close = async () => {
    await Promise.all(processes.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const example = zone("example.test.", "example", exampleAt, [
      `www A ${expected.www}`,
      `www AAAA ${expected.www6}`,
      `text TXT "${expected.text}"`,
      "alias CNAME www",
      "page A 127.0.0.1",
      "*.wild A 192.0.2.99",
      "@ MX 10 mail",
      "mail A 192.0.2.25",
      ...Array.from({ length: 60 }, (_, i) => `big TXT "${String(i).padStart(4, "0")}${"x".repeat(40)}"`),
    ]);
    const exampleDs = await serve(folder, example, processes);
    const test = zone("test.", "test", testAt, [
      "example NS ns.example",
      `ns.example A ${exampleAt}`,
      ...exampleDs,
      "unsigned NS ns.example",
      "bogus NS ns.example",
      `bogus DS 12345 13 2 ${"ab".repeat(32)}`,
    ]);
    const testDs = await serve(folder, test, processes);
    const root = zone(".", "root", rootAt, ["test. NS ns.test.", `ns.test. A ${testAt}`, ...testDs]);
    const anchors = await serve(folder, root, processes);
    return {
      rootHints: [`ns.root-servers. ${rootAt}`],
      trustAnchors: anchors,
      unbound: ["do-not-query-localhost: no", 'local-zone: "test." nodefault'],
      expected,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function zone(name: string, file: string, address: string, records: readonly string[]): Zone {
  const ns = name === "." ? "ns.root-servers." : `ns.${name}`;
  const glue = name === "." ? [`ns.root-servers. A ${address}`] : [`ns A ${address}`];
  return {
    name,
    file,
    address,
    records: [`@ SOA ${ns} hostmaster.invalid. 1 3600 600 86400 60`, `@ NS ${ns}`, ...glue, ...records],
  };
}

/** Serves and signs one zone; returns its DS records. */
async function serve(folder: string, zone: Zone, processes: ChildProcess[]): Promise<string[]> {
  const home = join(folder, zone.file);
  mkdirSync(home);
  writeFileSync(join(home, "zone"), `$ORIGIN ${zone.name}\n$TTL 300\n${zone.records.join("\n")}\n`);
  const config = join(home, "knot.conf");
  writeFileSync(
    config,
    `server:
    listen: ${zone.address}@53
    rundir: ${home}
    user: root
database:
    storage: ${home}
log:
  - target: stderr
    any: warning
policy:
  - id: one
    algorithm: ecdsap256sha256
    single-type-signing: on
    nsec3: ${zone.name === "example.test." ? "on" : "off"}
zone:
  - domain: ${zone.name}
    file: ${join(home, "zone")}
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
    dnssec-signing: on
    dnssec-policy: one
`,
  );
  processes.push(launch("knotd", ["-c", config]));
  await until(() => dig(zone.address, 53, zone.name, "DNSKEY").includes("DNSKEY"), `knotd for ${zone.name}`);
  const ds = execFileSync("keymgr", ["-c", config, zone.name, "ds"], { encoding: "utf8" });
  // SHA-256 only: one digest is enough for a chain of trust.
  return ds
    .split("\n")
    .filter((line) => / 13 2 /.test(line))
    .map((line) => line.trim());
}

function launch(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.resume();
  child.on("error", () => {});
  return child;
}

/** One question by dig; all of its output. */
export function dig(address: string, port: number, name: string, type: string, ...options: string[]): string {
  try {
    return execFileSync(
      "dig",
      [`@${address}`, "-p", String(port), "+time=1", "+tries=1", ...options, name, type],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
    );
  } catch {
    return "";
  }
}

async function until(ready: () => boolean, what: string) {
  for (let i = 0; i < 100; i++) {
    if (ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come up on loopback; is it installed, and may this user bind port 53?`);
}

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(hard);
}
