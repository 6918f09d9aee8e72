import type { Answer } from "dns-packet";
import type { Zone } from "./zone-file.ts";

/** What an authoritative server says to one question. */
export interface Reply {
  readonly rcode: "NOERROR" | "NXDOMAIN" | "REFUSED";
  readonly authoritative: boolean;
  readonly answers: readonly Answer[];
  readonly authorities: readonly Answer[];
  readonly additionals: readonly Answer[];
}

type Data = Answer & { readonly data: unknown };

const isBelow = (name: string, zone: string) => zone === "" || name === zone || name.endsWith(`.${zone}`);
const parentOf = (name: string) => name.slice(name.indexOf(".") + 1 || name.length);

/** Answers from the closest of `zones` (RFC 1034, section 4.3.2): data, alias, referral, or the SOA that says there is none. */
export function lookUp(zones: readonly Zone[], asked: string, type: string): Reply {
  const name = asked.toLowerCase().replace(/\.$/, "");
  const zone = zones
    .filter(({ apex }) => isBelow(name, apex))
    .sort((a, b) => b.apex.length - a.apex.length)[0];
  if (zone === undefined) return reply("REFUSED", false);
  const cut = findCut(zone, name);
  if (cut !== undefined) return referral(zone, cut);

  const answers: Answer[] = [];
  let at = name;
  for (let steps = 0; steps < 8; steps++) {
    const here = recordsAt(zone, at);
    if (here === undefined) {
      const rcode = answers.length === 0 || isBelow(at, zone.apex) ? "NXDOMAIN" : "NOERROR";
      return isBelow(at, zone.apex)
        ? reply(rcode, true, answers, soaOf(zone))
        : reply("NOERROR", true, answers);
    }
    const alias = here.find((record) => record.type === "CNAME");
    if (alias !== undefined && type !== "CNAME" && type !== "ANY") {
      answers.push(alias);
      at = (alias as Data).data as string;
      if (!isBelow(at, zone.apex) || findCut(zone, at) !== undefined) return reply("NOERROR", true, answers);
      continue;
    }
    const found = here.filter((record) => type === "ANY" || record.type === type);
    answers.push(...found);
    if (found.length === 0) return reply("NOERROR", true, answers, soaOf(zone));
    return reply("NOERROR", true, answers, [], glue(zone, found));
  }
  return reply("NOERROR", true, answers);
}

function reply(
  rcode: Reply["rcode"],
  authoritative: boolean,
  answers: readonly Answer[] = [],
  authorities: readonly Answer[] = [],
  additionals: readonly Answer[] = [],
): Reply {
  return { rcode, authoritative, answers, authorities, additionals };
}

/** The highest delegation at or above `name`, below the apex. */
function findCut(zone: Zone, name: string): string | undefined {
  let cut: string | undefined;
  for (let at = name; at !== zone.apex && at !== ""; at = parentOf(at))
    if (zone.records.some((record) => record.type === "NS" && record.name === at)) cut = at;
  return cut;
}

function referral(zone: Zone, cut: string): Reply {
  const servers = zone.records.filter((record) => record.type === "NS" && record.name === cut);
  return reply("NOERROR", false, [], servers, glue(zone, servers));
}

/** Records of a name or of the wildcard that covers it; [] for an empty non-terminal, undefined when there is no such name. */
function recordsAt(zone: Zone, name: string): Answer[] | undefined {
  const exact = zone.records.filter((record) => record.name === name);
  if (exact.length > 0) return exact;
  if (zone.records.some((record) => record.name.endsWith(`.${name}`))) return [];
  const wild = zone.records.filter((record) => record.name === `*.${parentOf(name)}`);
  return wild.length > 0 ? wild.map((record) => ({ ...record, name })) : undefined;
}

function soaOf(zone: Zone): Answer[] {
  return zone.records
    .filter((record) => record.type === "SOA")
    .map((record) => ({
      ...record,
      ttl: Math.min(record.ttl ?? 0, (record as Data & { data: { minimum: number } }).data.minimum),
    }));
}

/** Addresses of the hosts that records point at, as far as this zone has them. */
function glue(zone: Zone, records: readonly Answer[]): Answer[] {
  const hosts = new Set(
    records.map((record) => {
      const { data } = record as Data;
      if (record.type === "NS") return data as string;
      return record.type === "MX" ? (data as { exchange: string }).exchange : undefined;
    }),
  );
  return zone.records.filter(
    (record) => hosts.has(record.name) && (record.type === "A" || record.type === "AAAA"),
  );
}
