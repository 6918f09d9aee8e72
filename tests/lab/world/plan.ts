import type { ResolverPlan } from "./resolver.ts";

/**
 * Who is where. Three operators with a resolver each, in three regions and by three programs; two that stand for big public
 * resolvers; gateways in two of the regions; verifiers with regions of their own; the user at home; the zones and the chain elsewhere.
 */
export const BACKENDS: readonly ResolverPlan[] = [
  { name: "a", kind: "unbound", delayMs: 3, transport: "udp" },
  { name: "b", kind: "knot-resolver", delayMs: 12, transport: "dot" },
  { name: "c", kind: "dnsdist", delayMs: 20, transport: "udp" },
];

/** Two, of an operator each: gateways that take only what two say can still answer when all three backends are gone. */
export const CENTRALS: readonly ResolverPlan[] = [
  { name: "public1", kind: "unbound", delayMs: 25, transport: "udp" },
  { name: "public2", kind: "unbound", delayMs: 30, transport: "udp" },
];

/** Place of each backend, and of a gateway there if there is one. */
export const REGION_OF: Readonly<Record<string, string>> = { a: "east", b: "west", c: "south" };
export const GATEWAYS: readonly { readonly name: string; readonly place: string }[] = [
  { name: "g1", place: "east" },
  { name: "g2", place: "west" },
];

/** Place of the user and the edge. */
export const HOME = "home";
