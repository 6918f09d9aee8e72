import { malformed } from "./errors.ts";

/** 4 bytes of `192.0.2.1`. @throws Malformed */
export function parseIpv4(text: string): Uint8Array {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    malformed(`${text} is no IPv4 address`);
  return Uint8Array.from(parts.map(Number));
}

/** 16 bytes of `2001:db8::1`, also with an IPv4 address at its end. @throws Malformed */
export function parseIpv6(text: string): Uint8Array {
  const bad = (): never => malformed(`${text} is no IPv6 address`);
  const mapped = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const plain = mapped === null ? text : `${mapped[1]}${groupsOf(parseIpv4(mapped[2] as string)).join(":")}`;
  const halves = plain.split("::");
  if (halves.length > 2) bad();
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const given = head.length + tail.length;
  if (halves.length === 1 ? given !== 8 : given > 7) bad();
  const groups = [...head, ...Array<string>(8 - given).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) bad();
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

export const formatIpv4 = (bytes: Uint8Array): string => bytes.join(".");

/** As RFC 5952 writes it: lower case, the longest run of zeros (of two groups or more, the first of equals) left out. */
export function formatIpv6(bytes: Uint8Array): string {
  const groups = groupsOf(bytes);
  let [start, length] = [0, 1];
  for (let from = 0; from < groups.length; from++) {
    let to = from;
    while (groups[to] === "0") to++;
    if (to - from > length) [start, length] = [from, to - from];
  }
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}

function groupsOf(bytes: Uint8Array): string[] {
  return Array.from({ length: bytes.length / 2 }, (_, i) =>
    (((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number)).toString(16),
  );
}
