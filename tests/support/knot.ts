/** Knot DNS as the tests run it: authoritative, and signing what it serves by itself. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** A zone that one Knot serves. */
export interface KnotZone {
  /** With the dot at its end. */
  readonly name: string;
  /** Path of its zone file. */
  readonly file: string;
  readonly signed: boolean;
}

export interface Signing {
  readonly nsec3: boolean;
  /** TTL of a zone's keys, seconds. Default: the zone's own. */
  readonly keyTtl?: number;
}

/** A configuration for these zones on these `address@port`; keys, journals and the socket of knotc (`control`) lie in `home`. */
export function knotConfig(
  home: string,
  listen: readonly string[],
  zones: readonly KnotZone[],
  { nsec3, keyTtl }: Signing,
): string {
  return `server:
    listen: [ ${listen.join(", ")} ]
    rundir: ${home}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
    user: root
control:
    listen: ${join(home, "control")}
database:
    storage: ${home}
log:
  - target: stderr
    any: warning
policy:
  - id: one
    algorithm: ecdsap256sha256
    single-type-signing: on${keyTtl === undefined ? "" : `\n    dnskey-ttl: ${keyTtl}`}
    nsec3: ${nsec3 ? "on" : "off"}
zone:
${zones.map(zoneConfig).join("\n")}
`;
}

const zoneConfig = ({ name, file, signed }: KnotZone) => `  - domain: ${name}
    file: ${file}
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
    dnssec-signing: ${signed ? "on\n    dnssec-policy: one" : "off"}`;

/** DS records of a zone whose keys Knot has made, in zone-file form. By SHA-256 only: one digest is enough for a chain of trust. */
export function dsOf(config: string, zone: string): string[] {
  return execFileSync("keymgr", ["-c", config, zone, "ds"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => / 13 2 /.test(line))
    .map((line) => line.trim());
}
