import type { Place } from "../places/place.ts";
import type { Child } from "../processes/child.ts";
import type { LabGateway } from "../world/gateway.ts";
import { GATEWAYS } from "../world/plan.ts";
import type { LabResolver } from "../world/resolver.ts";
import type { World } from "../world/world.ts";

/** Something that can be killed, frozen and started again. */
export interface Subject {
  readonly name: string;
  children(): readonly Child[];
  /** Starts what was killed. */
  start(): Promise<void>;
}

/** Whom the edge asked most when the fault began, and whom that gateway asked first: the names of both. */
export interface Preferred {
  readonly gateway: string;
  readonly backend: string;
}

/** Resolvers a subject such as `backend:a` or `backend:*` means. */
export function resolversOf(world: World, subject: string, preferred: Preferred): LabResolver[] {
  const name = subject.slice(subject.indexOf(":") + 1);
  if (name === "*") return [...world.resolvers.values()];
  return [found(world.resolvers, name === "preferred" ? preferred.backend : name, subject)];
}

/** Everything a subject means. */
export function subjectsOf(world: World, subject: string, preferred: Preferred): Subject[] {
  if (subject === "chain")
    return [{ name: subject, children: () => [world.chain.child], start: () => refuse("the chain") }];
  const [kind, name] = subject.split(":") as [string, string];
  if (kind === "backend")
    return resolversOf(world, subject, preferred).map(({ name: backend, recursor }) => ({
      name: `backend:${backend}`,
      children: recursor.children,
      start: recursor.start,
    }));
  if (kind === "verifier") {
    const all = name === "*" ? [...world.verifiers.values()] : [found(world.verifiers, name, subject)];
    return all.map((one) => ({
      name: `verifier:${one.name}`,
      children: () => [one.child],
      start: () => refuse("a verifier"),
    }));
  }
  const gateways = name === "*" ? [...world.gateways.values()] : [gatewayOf(world, name, preferred.gateway)];
  return gateways.map((gateway) => ({
    name: `gateway:${gateway.name}`,
    children: () => [gateway.child()],
    start: gateway.start,
  }));
}

/** The place of that name; `preferred`: where the preferred gateway is. */
export function placeOf(world: World, name: string, preferred: Preferred): Place {
  const at = GATEWAYS.find((gateway) => gateway.name === preferred.gateway)?.place;
  return found(world.places, name === "preferred" ? (at ?? name) : name, `place:${name}`);
}

function gatewayOf(world: World, name: string, preferred: string): LabGateway {
  return found(world.gateways, name === "preferred" ? preferred : name, `gateway:${name}`);
}

function found<T>(map: ReadonlyMap<string, T>, name: string, subject: string): T {
  const one = map.get(name);
  if (one === undefined) throw new Error(`no ${subject} here; there are ${[...map.keys()].join(", ")}`);
  return one;
}

async function refuse(what: string): Promise<void> {
  throw new Error(`${what} is frozen in scenarios, never killed`);
}
