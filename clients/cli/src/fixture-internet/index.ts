import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { type Authority, type Endpoint, startAuthority } from "./authority.ts";
import { createRecursor } from "./recursor.ts";
import { startResolver } from "./resolver.ts";
import { startSite } from "./site.ts";
import { parseZone, type Zone } from "./zone-file.ts";

/** A small internet on loopback: real authoritative servers for a root, top-level domains and sites, and a resolver for it. */
export interface FixtureInternet {
  /** Resolves its names over UDP and TCP by following the delegations from the root. */
  readonly resolver: Endpoint;
  /** All its resolvers, that one first: as many as ports were named. */
  readonly resolvers: readonly Endpoint[];
  /** Root servers as `name address`, for a recursor such as Unbound; usable when `standardPorts`. */
  readonly rootHints: readonly string[];
  /** True if every server has its own address and port 53, as delegations need. */
  readonly standardPorts: boolean;
  /** Real endpoint of each server, by the address that the zones give it. */
  readonly servers: ReadonlyMap<string, Endpoint>;
  /** Names that resolve, for a demonstration. */
  readonly names: readonly string[];
  /** A web site of it, reachable by its name. */
  readonly site: { readonly name: string; readonly port: number };
  close(): Promise<void>;
}

export interface FixtureInternetOptions {
  /** Port of the authoritative servers; 53 where that may be bound, else free ones. */
  readonly port?: number;
  /** A resolver for each of these ports of loopback. Default one, on a free port. */
  readonly resolverPorts?: readonly number[];
}

const ZONES = new URL("zones/", import.meta.url);
const SITE = "welcome.test";

/** Starts the servers on 127.53.n.x (n by chance, so that several may run), or on 127.0.0.1 where the machine has no others. */
export async function startFixtureInternet(options: FixtureInternetOptions = {}): Promise<FixtureInternet> {
  const net = `127.53.${randomInt(1, 251)}.`;
  const site = await startSite([
    { host: `${net}80`, port: 80 },
    { host: `${net}80`, port: 0 },
    { host: "127.0.0.1", port: 0 },
  ]);
  const zones = readZones(net, site.endpoint.host);
  const served = zonesByAddress(zones);
  const running: { close(): Promise<void> }[] = [];
  const servers = new Map<string, Endpoint>();
  try {
    for (const [address, hosted] of served) {
      const authority = await startAnywhere(hosted, address, options.port ?? 53);
      running.push(authority);
      servers.set(address, authority.endpoint);
    }
    const roots = hostsOf(zones, "");
    const recursor = createRecursor([...roots.values()], (address) => servers.get(address));
    const endpoints: Endpoint[] = [];
    for (const resolverPort of options.resolverPorts ?? [0]) {
      const resolver = await startResolver(recursor, resolverPort);
      running.push(resolver);
      endpoints.push(resolver.endpoint);
    }
    return {
      resolver: endpoints[0] as Endpoint,
      resolvers: endpoints,
      rootHints: [...roots].map(([name, address]) => `${name}. ${address}`),
      standardPorts: [...servers].every(([address, { host, port }]) => host === address && port === 53),
      servers,
      names: ["example.com", "www.example.com", "example.org", "library.test", "weather.test", SITE],
      site: { name: SITE, port: site.endpoint.port },
      close: async () => void (await Promise.all([site, ...running].map((one) => one.close()))),
    };
  } catch (error) {
    await Promise.all([site, ...running].map((one) => one.close()));
    throw error;
  }
}

/** The zones, moved from the net they are written for to this run's. */
function readZones(net: string, site: string): Zone[] {
  return readdirSync(ZONES)
    .filter((file) => file.endsWith(".zone"))
    .map((file) =>
      parseZone(
        readFileSync(new URL(file, ZONES), "utf8")
          .replaceAll("127.53.0.80", site)
          .replaceAll("127.53.0.", net),
      ),
    );
}

/** Port 53 needs rights, and not every system has all of 127/8: the fallbacks keep the fixture usable by its own resolver. */
async function startAnywhere(zones: readonly Zone[], host: string, port: number): Promise<Authority> {
  const places: Endpoint[] = [
    { host, port },
    { host, port: 0 },
    { host: "127.0.0.1", port: 0 },
  ];
  let last: unknown;
  for (const place of places) {
    try {
      return await startAuthority(zones, place);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function zonesByAddress(zones: readonly Zone[]): Map<string, Zone[]> {
  const served = new Map<string, Zone[]>();
  for (const zone of zones)
    for (const address of hostsOf(zones, zone.apex).values())
      served.set(address, [...(served.get(address) ?? []), zone]);
  return served;
}

/** Name servers of a zone with their addresses. */
function hostsOf(zones: readonly Zone[], apex: string): Map<string, string> {
  const all = zones.flatMap(({ records }) => records);
  const zone = zones.find((one) => one.apex === apex);
  const hosts = new Map<string, string>();
  for (const record of zone?.records ?? []) {
    if (record.type !== "NS" || record.name !== apex) continue;
    const host = record.data as unknown as string;
    const address = all.find((one) => one.type === "A" && one.name === host);
    if (address?.type === "A") hosts.set(host, address.data);
  }
  return hosts;
}
