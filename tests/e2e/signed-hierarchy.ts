/**
 * A DNSSEC-signed hierarchy on loopback: a root, `test.` and `example.test.`, each served by a Knot DNS process of its own on an
 * address of 127.0.0.0/8 and port 53 (delegations carry no port). Whoever recurses is handed its root hints and trust anchor.
 */
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dsOf, knotConfig } from "../support/knot.ts";
import { dig, end, launch, until } from "../support/programs.ts";

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
  const served = { name: zone.name, file: join(home, "zone"), signed: true };
  writeFileSync(
    config,
    knotConfig(home, [`${zone.address}@53`], [served], { nsec3: zone.name === "example.test." }),
  );
  processes.push(launch("knotd", ["-c", config]));
  await until(() => dig(zone.address, 53, zone.name, "DNSKEY").includes("DNSKEY"), `knotd for ${zone.name}`);
  return dsOf(config, zone.name);
}
