/** Is the address of a `name address` line one of this machine's own? */
export function isLoopback(hint: string): boolean {
  const address = hint.trim().split(/\s+/)[1] ?? "";
  return address.startsWith("127.") || address === "::1";
}
