import type { Query } from "@tolldns/dns/wire/query";
import { isLabel } from "@tolldns/sdk/label";

/** `03 64 6e 73 00`: what every name below `dns` ends in. */
const SUFFIX = Uint8Array.of(3, 0x64, 0x6e, 0x73, 0);

/** Is the question about `dns.` or a name below it? Costs an ordinary name one comparison. */
export function isRouteQuestion(query: Query): boolean {
  const { key, nameLength } = query;
  if (key[nameLength - 2] !== 0x73 || nameLength < 5) return false;
  // What looks like the label could be the end of a longer one: walk the labels.
  if (key[nameLength - 5] !== 3 || key[nameLength - 4] !== 0x64 || key[nameLength - 3] !== 0x6e) return false;
  let at = 0;
  while (at < nameLength - 5) at += (key[at] as number) + 1;
  return at === nameLength - 5;
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
