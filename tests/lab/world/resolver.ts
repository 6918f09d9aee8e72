import { join } from "node:path";
import type { UpstreamOptions } from "@tolldns/gateway";
import type { Fault } from "../fixtures/faults.ts";
import type { RelayArguments, RelayCounts, RelayReady } from "../fixtures/relay.ts";
import type { Place } from "../places/place.ts";
import { type Served, startScript } from "../processes/child.ts";
import type { Origin } from "./origin.ts";
import { makeRecursor, RECURSOR_PORT, type Recursor, type RecursorKind } from "./recursor.ts";

/** A backend of the lab: a real recursor, and the relay that everybody asks it through. */
export interface LabResolver {
  readonly name: string;
  readonly place: Place;
  readonly recursor: Recursor;
  readonly relay: Served<RelayReady>;
  /** How a gateway is told of it. */
  readonly upstream: UpstreamOptions;
  setFaults(faults: readonly Fault[]): Promise<void>;
  counts(): Promise<RelayCounts>;
}

export interface ResolverPlan {
  readonly name: string;
  readonly kind: RecursorKind;
  /** Milliseconds its answers travel. */
  readonly delayMs: number;
  readonly transport: "udp" | "tcp" | "dot";
}

const RELAY_PORT = 5300;
const TLS_PORT = 853;
/** Addresses within the place. */
const RELAY_AT = 2;
const RECURSOR_AT = 4;

export async function startResolver(
  plan: ResolverPlan,
  place: Place,
  origin: Origin,
  folder: string,
  seed: number,
): Promise<LabResolver> {
  const recursor = makeRecursor(plan.kind, place, RECURSOR_AT, origin, folder);
  const host = place.address(RELAY_AT);
  const told: RelayArguments = {
    host,
    port: RELAY_PORT,
    ...(plan.transport === "dot"
      ? { tls: { port: TLS_PORT, folder: join(folder, `relay-${plan.name}`) } }
      : {}),
    target: { host: recursor.address, port: RECURSOR_PORT },
    delayMs: plan.delayMs,
    seed,
  };
  const [relay] = await Promise.all([
    startScript<RelayReady>(place, `relay ${plan.name}`, "../fixtures/relay.ts", told),
    recursor.start(),
  ]);
  const upstream: UpstreamOptions =
    plan.transport === "dot"
      ? { kind: "dot", host, port: TLS_PORT, name: host, ca: relay.ready.ca ?? "" }
      : { kind: plan.transport, host, port: RELAY_PORT };
  return {
    name: plan.name,
    place,
    recursor,
    relay,
    upstream,
    setFaults: (faults) => relay.ask("faults", faults),
    counts: () => relay.ask("counts"),
  };
}
