import type { Field } from "./hpack.ts";

/** A request's head, checked (RFC 9113 section 8.3.1). */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** -1 without one. */
  readonly contentLength: number;
  readonly fields: readonly Field[];
}

/** Fields that speak of a connection, which HTTP/2 has none of (RFC 9113 section 8.2.2). */
const CONNECTION_FIELDS = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);
/** Lower-case token characters (RFC 9110 section 5.6.2). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
const BAD_VALUE = /[\0\r\n]|^[ \t]|[ \t]$/;

function isRegularField(field: Field): boolean {
  if (!NAME.test(field.name) || CONNECTION_FIELDS.has(field.name)) return false;
  return field.name !== "te" || field.value === "trailers";
}

/** Whether fields may follow a request's body: no pseudo-header, nothing malformed. */
export function areTrailers(fields: readonly Field[]): boolean {
  return fields.every((field) => isRegularField(field) && !BAD_VALUE.test(field.value));
}

/** The request in a list of fields; undefined if it is malformed (RFC 9113 section 8.1.1). */
export function readHead(fields: readonly Field[]): RequestHead | undefined {
  const pseudo = new Map<string, string>();
  let contentLength = -1;
  let regular = false;
  for (const field of fields) {
    const { name, value } = field;
    if (BAD_VALUE.test(value)) return undefined;
    if (name.startsWith(":")) {
      if (regular || pseudo.has(name)) return undefined;
      if (name !== ":method" && name !== ":scheme" && name !== ":path" && name !== ":authority")
        return undefined;
      pseudo.set(name, value);
      continue;
    }
    regular = true;
    if (!isRegularField(field)) return undefined;
    if (name === "content-length") {
      const length = parseLength(value);
      if (length < 0 || (contentLength >= 0 && contentLength !== length)) return undefined;
      contentLength = length;
    }
  }
  const method = pseudo.get(":method");
  const path = pseudo.get(":path");
  if (!method || !path || !pseudo.get(":scheme")) return undefined;
  if (!path.startsWith("/") && !(path === "*" && method === "OPTIONS")) return undefined;
  return { method, path, contentLength, fields };
}

/** Value of a `content-length`, or -1. */
export function parseLength(value: string): number {
  return /^\d{1,10}$/.test(value) ? Number(value) : -1;
}

/** Regular fields by name, repeated ones joined. */
export function fieldMap(fields: readonly Field[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const { name, value } of fields) {
    if (name === ":authority") map.set("host", value);
    else if (!name.startsWith(":")) {
      const known = map.get(name);
      map.set(name, known === undefined ? value : known + (name === "cookie" ? "; " : ", ") + value);
    }
  }
  return map;
}
