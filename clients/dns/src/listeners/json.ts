import { buildQuery } from "../wire/build.ts";
import { FLAG, TYPE } from "../wire/constants.ts";
import { encodeName, nameToText } from "../wire/name.ts";
import { readMessage, type WireRecord } from "../wire/records.ts";

/** Types by name; others are asked for as numbers or `TYPEnnn` (RFC 3597). */
const TYPE_NUMBERS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(TYPE),
  ["CAA", 257],
  ["TLSA", 52],
  ["SSHFP", 44],
  ["NAPTR", 35],
  ["URI", 256],
]);

/** The query a JSON request's path asks: `name`, `type` (default A), `do` and `cd`. Undefined if it makes none. */
export function buildJsonQuery(path: string): Uint8Array | undefined {
  const parameters = new URLSearchParams(path.slice(path.indexOf("?") + 1));
  const typeText = (parameters.get("type") ?? "A").toUpperCase();
  const type = TYPE_NUMBERS.get(typeText) ?? Number(typeText.replace(/^TYPE/, ""));
  const name = parameters.get("name") ?? "";
  if (!Number.isInteger(type) || type < 1 || type > 65_535 || name === "") return undefined;
  const isSet = (key: string) => ["1", "true"].includes(parameters.get(key) ?? "");
  try {
    return buildQuery({ name: encodeName(name), type, dnssecOk: isSet("do"), unchecked: isSet("cd") });
  } catch {
    return undefined;
  }
}

/** Data in presentation form where that is simple, else in the generic form of RFC 3597 section 5. */
function dataText(record: WireRecord): string {
  const { type, data } = record;
  const u16 = (at: number) => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const nameEnd = (at: number) => {
    while ((data[at] ?? 0) !== 0) at += (data[at] as number) + 1;
    return at + 1;
  };
  switch (type) {
    case TYPE.A:
      if (data.length === 4) return data.join(".");
      break;
    case TYPE.AAAA:
      if (data.length === 16) {
        const groups = Array.from({ length: 8 }, (_, i) => u16(i * 2).toString(16)).join(":");
        return new URL(`http://[${groups}]`).hostname.slice(1, -1);
      }
      break;
    case TYPE.NS:
    case TYPE.CNAME:
    case TYPE.PTR:
    case TYPE.DNAME:
      return withDot(nameToText(data));
    case TYPE.MX:
      return `${u16(0)} ${withDot(nameToText(data, 2))}`;
    case TYPE.SRV:
      return `${u16(0)} ${u16(2)} ${u16(4)} ${withDot(nameToText(data, 6))}`;
    case TYPE.SOA: {
      const second = nameEnd(0);
      const at = nameEnd(second);
      const numbers = Array.from({ length: 5 }, (_, i) => view.getUint32(at + i * 4));
      return `${withDot(nameToText(data))} ${withDot(nameToText(data, second))} ${numbers.join(" ")}`;
    }
    case TYPE.TXT: {
      const strings: string[] = [];
      for (let at = 0; at < data.length; at += (data[at] as number) + 1)
        strings.push(
          JSON.stringify(Buffer.from(data.subarray(at + 1, at + 1 + (data[at] as number))).toString("utf8")),
        );
      return strings.join(" ");
    }
  }
  return `\\# ${data.length} ${Buffer.from(data).toString("hex")}`.trimEnd();
}

const withDot = (name: string) => (name.endsWith(".") ? name : `${name}.`);

/** The JSON form (`application/dns-json`) of an answer, as public resolvers publish it. */
export function jsonOf(message: Uint8Array): string {
  const parsed = readMessage(message);
  const records = (section: readonly WireRecord[]) =>
    section.map((record) => ({
      name: withDot(nameToText(record.owner)),
      type: record.type,
      TTL: record.ttl,
      data: dataText(record),
    }));
  const has = (flag: number) => (parsed.flags & flag) !== 0;
  const at = parsed.questionEnd - 4;
  return JSON.stringify({
    Status: parsed.rcode,
    TC: has(FLAG.TC),
    RD: has(FLAG.RD),
    RA: has(FLAG.RA),
    AD: has(FLAG.AD),
    CD: has(FLAG.CD),
    ...(parsed.questions === 1
      ? {
          Question: [
            {
              name: withDot(nameToText(message, 12)),
              type: ((message[at] as number) << 8) | (message[at + 1] as number),
            },
          ],
        }
      : {}),
    ...(parsed.answers.length > 0 ? { Answer: records(parsed.answers) } : {}),
    ...(parsed.authority.length > 0 ? { Authority: records(parsed.authority) } : {}),
  });
}
