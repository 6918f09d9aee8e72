/** Bytes of the uncompressed wire name at `at`, before `end`; undefined where none is (RFC 1035, section 3.1). */
export function nameLength(bytes: Uint8Array, at: number, end: number): number | undefined {
  for (let next = at; next < end; next += (bytes[next] as number) + 1) {
    const label = bytes[next] as number;
    if (label > 63) return undefined;
    if (label === 0) return next + 1 - at > 255 ? undefined : next + 1 - at;
  }
  return undefined;
}

/** The name with ASCII letters in lower case (RFC 4343). Lengths of labels are below the letters, so every byte may be looked at. */
export function lowerName(name: Uint8Array): Uint8Array {
  const out = new Uint8Array(name);
  for (let i = 0; i < out.length; i++) if (isUpper(out[i] as number)) out[i] = (out[i] as number) + 0x20;
  return out;
}

/** Are there capital letters in the name at `[from, to)`? */
export function hasUpper(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (isUpper(bytes[i] as number)) return true;
  return false;
}

const isUpper = (byte: number) => byte >= 0x41 && byte <= 0x5a;

/** Offsets of a wire name's labels, the root left out. */
export function labelsOf(name: Uint8Array): number[] {
  const at: number[] = [];
  for (let next = 0; (name[next] ?? 0) !== 0; next += (name[next] as number) + 1) at.push(next);
  return at;
}

/** Is the name at or below `zone`? Both in lower case. */
export function isAtOrBelow(name: Uint8Array, zone: Uint8Array): boolean {
  const cut = name.length - zone.length;
  if (cut < 0 || (cut > 0 && !labelsOf(name).includes(cut))) return false;
  return zone.every((byte, i) => name[cut + i] === byte);
}

/** Canonical order of names (RFC 4034, section 6.1): label by label from the root on, each as bytes, the shorter first. */
export function compareNames(a: Uint8Array, b: Uint8Array): number {
  const [ours, theirs] = [labelsOf(a).reverse(), labelsOf(b).reverse()];
  for (let i = 0; i < Math.min(ours.length, theirs.length); i++) {
    const order = compareLabels(a, ours[i] as number, b, theirs[i] as number);
    if (order !== 0) return order;
  }
  return ours.length - theirs.length;
}

/** Text that sorts as compareNames does, for sorting thousands: labels from the root on, each octet a character above its own, so that U+0000 can end a label. */
export function nameKey(name: Uint8Array): string {
  let key = "";
  for (const at of labelsOf(name).reverse()) {
    for (let i = at + 1; i <= at + (name[at] as number); i++)
      key += String.fromCharCode((name[i] as number) + 1);
    key += "\0";
  }
  return key;
}

function compareLabels(a: Uint8Array, atA: number, b: Uint8Array, atB: number): number {
  const [lengthA, lengthB] = [a[atA] as number, b[atB] as number];
  for (let i = 1; i <= Math.min(lengthA, lengthB); i++) {
    const order = (a[atA + i] as number) - (b[atB + i] as number);
    if (order !== 0) return order;
  }
  return lengthA - lengthB;
}
