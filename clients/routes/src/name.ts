import type { Query } from "@tolldns/dns/wire/query";
import { isLabel } from "@tolldns/sdk/label";

/** `03 64 6e 73 00`: what every name below `dns` ends in. */
const SUFFIX = Uint8Array.of(3, 0x64, 0x6e, 0x73, 0);

/** Is the question about `dns.` or a name below it? Costs an ordinary name one comparison; small, so that it is inlined where every query passes. */
export function isRouteQuestion(query: Query): boolean {
  return query.key[query.nameLength - 2] === 0x73 && endsInDns(query.key, query.nameLength);
}

function endsInDns(key: Uint8Array, length: number): boolean {
  const end = length - SUFFIX.length;
  if (end < 0 || key[end] !== 3 || key[end + 1] !== 0x64 || key[end + 2] !== 0x6e) return false;
  // What looks like the label may be the end of a longer one: walk the labels.
  let at = 0;
  while (at < end) at += (key[at] as number) + 1;
  return at === end;
}

/**
 * The registered name that a wire name in lower case below `dns` belongs to: its wire form and `example.dns`.
 * Null for `dns` itself; undefined if no such name can be registered, and so none exists.
 */
export function registeredName(
  name: Uint8Array,
): { readonly wire: Uint8Array; readonly text: string } | null | undefined {
  let zone = -1;
  for (let at = 0; at < name.length - SUFFIX.length; at += (name[at] as number) + 1) zone = at;
  if (zone < 0) return null;
  const wire = name.slice(zone);
  let label = "";
  for (let i = 1; i <= (wire[0] as number); i++) label += String.fromCharCode(wire[i] as number);
  return isLabel(label) ? { wire, text: `${label}.dns` } : undefined;
}
