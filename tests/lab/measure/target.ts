import { formatTarget } from "@tolldns/sdk/policy";
import type { Run } from "../scenario/play.ts";
import type { LabResolver } from "../world/resolver.ts";
import type { World } from "../world/world.ts";

/** Whom the traffic must leave in a run, as logs and chain name it; null if nobody. */
export function targetOf(world: World, { scenario, preferred }: Run): string | null {
  const { leaves } = scenario.expect;
  if (leaves === undefined) return null;
  const [kind, name] = leaves.split(":") as [string, string];
  if (kind === "gateway")
    return world.gateways.get(name === "preferred" ? preferred.gateway : name)?.url ?? null;
  const resolver = world.resolvers.get(name === "preferred" ? preferred.backend : name);
  return resolver === undefined ? null : nameOf(resolver);
}

/** A backend's name (docs/reference/policy.md). */
export function nameOf({ upstream }: LabResolver): string {
  if (upstream.kind === "doh") throw new Error("no backend of the lab is asked over HTTPS");
  const { host: address, port = 53 } = upstream;
  return formatTarget(
    upstream.kind === "dot"
      ? { kind: "backend", protocol: "tls", address, port, name: upstream.name }
      : { kind: "backend", protocol: upstream.kind, address, port },
  );
}
