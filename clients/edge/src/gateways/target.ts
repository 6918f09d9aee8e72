/**
 * A gateway's name in policy: `https://host[:port]` in lower case, no path, 443 left out. What the SDK's `formatTarget` makes, without its zone files' worth of memory.
 * `URL` has done the rest: addresses as RFC 5952 writes them, names in ASCII.
 */
export function targetNameOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
