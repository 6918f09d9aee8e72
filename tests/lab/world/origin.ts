import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../dns/support/processes.ts";
import { dsOf, knotConfig } from "../../support/knot.ts";
import type { Place } from "../places/place.ts";
import { type Child, startProgram } from "../processes/child.ts";
import { PLAIN, recordsOf, SIGNED, TTL } from "./truth.ts";

/** The authoritative side: one Knot DNS that serves a signed root, `test.`, a signed zone and an unsigned one, each on its own address. */
export interface Origin {
  /** `name address` of the root. */
  readonly rootHint: string;
  /** DS of the root, in zone-file form. */
  readonly anchors: readonly string[];
  readonly child: Child;
}

interface Zone {
  readonly name: string;
  readonly address: string;
  readonly signed: boolean;
  records: string[];
}

/** Seconds for what leads to a zone, as real zones have it: a resolver that must ask for it again every few seconds stands still meanwhile. */
const INFRASTRUCTURE_TTL = 3_600;

const SOA = (ns: string) => `@ SOA ${ns} hostmaster.invalid. 1 3600 600 86400 ${TTL}`;

/** @throws if Knot isn't installed, or port 53 can't be bound */
export async function startOrigin(place: Place, folder: string): Promise<Origin> {
  const zoneOf = (name: string, at: number, signed: boolean): Zone => {
    const address = place.address(at);
    const root = name === ".";
    const ns = root ? "ns.root-servers." : `ns.${name}.`;
    return {
      name: root ? "." : `${name}.`,
      address,
      signed,
      records: [SOA(ns), `@ ${INFRASTRUCTURE_TTL} NS ${ns}`, `${ns} ${INFRASTRUCTURE_TTL} A ${address}`],
    };
  };
  const signed = zoneOf(SIGNED, 3, true);
  const plain = zoneOf(PLAIN, 4, false);
  const test = zoneOf("test", 2, true);
  const root = zoneOf(".", 1, true);
  signed.records.push(...recordsOf(SIGNED));
  plain.records.push(...recordsOf(PLAIN));
  test.records.push(...delegation(signed), ...delegation(plain));
  root.records.push(...delegation(test));
  const zones = [signed, plain, test, root];
  const home = join(folder, "origin");
  mkdirSync(home, { recursive: true });
  const config = join(home, "knot.conf");
  const served = zones.map((zone) => ({ ...zone, file: join(home, fileOf(zone)) }));
  const listen = zones.map(({ address }) => `${address}@53`);
  writeFileSync(config, knotConfig(home, listen, served, { nsec3: false, keyTtl: INFRASTRUCTURE_TTL }));
  for (const zone of zones) writeZone(home, zone);
  const child = startProgram(place, "origin", "knotd", ["-c", config]);
  try {
    const ds = (zone: Zone) => untilSigned(place, config, zone);
    // A parent learns its child's DS once Knot has made the keys; it loads the zone again then.
    test.records.push(...(await ds(signed)));
    await reload(place, home, test);
    root.records.push(...(await ds(test)));
    await reload(place, home, root);
    const anchors = await ds(root);
    await until(place, root.address, ".", "SOA");
    return { rootHint: `ns.root-servers. ${root.address}`, anchors, child };
  } catch (error) {
    await child.kill();
    throw error;
  }
}

function delegation({ name, address }: Zone): string[] {
  return [`${name} ${INFRASTRUCTURE_TTL} NS ns.${name}`, `ns.${name} ${INFRASTRUCTURE_TTL} A ${address}`];
}

function writeZone(home: string, zone: Zone): void {
  writeFileSync(join(home, fileOf(zone)), `$ORIGIN ${zone.name}\n$TTL ${TTL}\n${zone.records.join("\n")}\n`);
}

const fileOf = ({ name }: Zone) => (name === "." ? "root.zone" : `${name}zone`);

async function untilSigned(place: Place, config: string, zone: Zone): Promise<string[]> {
  await until(place, zone.address, zone.name, "DNSKEY");
  return dsOf(config, zone.name).map((line) => line.replace(" DS ", ` ${INFRASTRUCTURE_TTL} IN DS `));
}

async function reload(place: Place, home: string, zone: Zone): Promise<void> {
  writeZone(home, zone);
  const [command, args] = place.inside("knotc", [
    "-s",
    join(home, "control"),
    "-b",
    "zone-reload",
    zone.name,
  ]);
  const { code, stderr } = await run(command, args);
  if (code !== 0) throw new Error(`knotc: ${stderr}`);
}

async function until(place: Place, address: string, name: string, type: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const dig = ["+norec", "+time=1", "+tries=1", "+short", `@${address}`, name, type];
    const [command, args] = place.inside("dig", dig);
    const { stdout, code } = await run(command, args);
    if (code === 0 && stdout.trim() !== "") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `Knot does not serve ${name} ${type} at ${address}; is it installed, and may this user bind port 53?`,
  );
}
