/** Token buckets of addresses, in memory of a fixed size. */
export interface Limiter {
  /** Takes `tokens` of the address's bucket. Seconds to wait, 0 if they were there. `now` in seconds. */
  take(key: string, now: number, tokens?: number): number;
  /** Seconds until there is a token, without taking one. */
  wait(key: string, now: number): number;
  readonly size: number;
}

/** Addresses remembered; whoever is forgotten starts with a full bucket. */
const MOST = 16_384;

export function createLimiter(rate: number, burst: number): Limiter {
  // In order of last use: a Map keeps the order of insertion.
  const buckets = new Map<string, { tokens: number; at: number }>();

  function read(key: string, now: number): { tokens: number; at: number } {
    const held = buckets.get(key);
    if (held === undefined) return { tokens: burst, at: now };
    const tokens = Math.min(burst, held.tokens + Math.max(0, now - held.at) * rate);
    return { tokens, at: now };
  }

  return {
    take: (key, now, tokens = 1) => {
      const bucket = read(key, now);
      const short = tokens - bucket.tokens;
      if (short <= 0) bucket.tokens -= tokens;
      buckets.delete(key);
      if (buckets.size >= MOST) buckets.delete(buckets.keys().next().value as string);
      buckets.set(key, bucket);
      return short <= 0 ? 0 : short / rate;
    },
    wait: (key, now) => Math.max(0, (1 - read(key, now).tokens) / rate),
    get size() {
      return buckets.size;
    },
  };
}

/** What an address is counted under: itself, or the /64 of an IPv6 one. */
export function limitKey(address: string | undefined): string {
  if (address === undefined) return "";
  if (address.startsWith("::ffff:") && address.includes(".")) return address.slice(7);
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  if (tail !== undefined) {
    const after = tail.split(":").filter((group) => group !== "");
    while (groups.length + after.length < 8) groups.push("0");
    groups.push(...after);
  }
  return groups.slice(0, 4).join(":");
}
