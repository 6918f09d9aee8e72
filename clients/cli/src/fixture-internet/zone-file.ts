import type { Answer } from "dns-packet";

/** A zone: its apex in lower case without the last dot (the root is ""), and its records in the same form. */
export interface Zone {
  readonly apex: string;
  readonly records: readonly Answer[];
}

/**
 * Reads a zone file (RFC 1035, section 5) of the simple kind the fixtures use: one record a line, `$ORIGIN`, `$TTL`, `@`,
 * no parentheses, the owner always written.
 * @throws Error naming the line
 */
export function parseZone(text: string): Zone {
  let origin = "";
  let ttl = 300;
  const records: Answer[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const words = line.match(/"[^"]*"|[^\s;]+|;.*/g)?.filter((word) => !word.startsWith(";")) ?? [];
    if (words.length === 0) continue;
    try {
      if (words[0] === "$ORIGIN") origin = absolute(words[1], "");
      else if (words[0] === "$TTL") ttl = Number(words[1]);
      else records.push(parseRecord(words, origin, ttl));
    } catch (cause) {
      throw new Error(`zone file of ${origin || "."}, line ${index + 1}: ${line}`, { cause });
    }
  }
  const soa = records.find(({ type }) => type === "SOA");
  if (soa === undefined) throw new Error(`zone file of ${origin || "."}: no SOA`);
  return { apex: soa.name, records };
}

function parseRecord(words: readonly string[], origin: string, defaultTtl: number): Answer {
  const hasTtl = /^\d+$/.test(words[1] ?? "");
  const ttl = hasTtl ? Number(words[1]) : defaultTtl;
  const [type = "", ...rest] = words.slice(hasTtl ? 2 : 1);
  const name = absolute(words[0], origin);
  const host = (at: number) => absolute(rest[at], origin);
  const number = (at: number) => {
    const value = Number(rest[at]);
    if (!Number.isInteger(value)) throw new Error(`not a number: ${rest[at]}`);
    return value;
  };
  const text = (at: number) => rest[at]?.replace(/^"|"$/g, "") ?? "";
  switch (type) {
    case "A":
    case "AAAA":
      return { type, name, ttl, data: text(0) };
    case "NS":
    case "CNAME":
    case "PTR":
      return { type, name, ttl, data: host(0) };
    case "MX":
      return { type, name, ttl, data: { preference: number(0), exchange: host(1) } };
    case "TXT":
      return { type, name, ttl, data: rest.map((_, at) => text(at)) };
    case "SRV":
      return {
        type,
        name,
        ttl,
        data: { priority: number(0), weight: number(1), port: number(2), target: host(3) },
      };
    case "CAA":
      return {
        type,
        name,
        ttl,
        data: { flags: number(0), tag: text(1) as "issue", value: text(2), issuerCritical: false },
      };
    case "SOA":
      return {
        type,
        name,
        ttl,
        data: {
          mname: host(0),
          rname: host(1),
          serial: number(2),
          refresh: number(3),
          retry: number(4),
          expire: number(5),
          minimum: number(6),
        },
      };
    default:
      throw new Error(`type ${type} is not known`);
  }
}

function absolute(name: string | undefined, origin: string): string {
  if (name === undefined) throw new Error("a name is missing");
  if (name === "@") return origin;
  if (name.endsWith(".")) return name.slice(0, -1).toLowerCase();
  return (origin === "" ? name : `${name}.${origin}`).toLowerCase();
}
