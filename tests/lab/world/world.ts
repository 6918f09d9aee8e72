import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlaces } from "../places/open.ts";
import type { Place, Places } from "../places/place.ts";
import type { Child } from "../processes/child.ts";
import { type LabChain, startLabChain } from "./chain.ts";
import { createCutter } from "./cut.ts";
import { type LabEdge, startLabEdge } from "./edge.ts";
import { type LabGateway, startLabGateway } from "./gateway.ts";
import { type Money, openMoney } from "./money.ts";
import { type Origin, startOrigin } from "./origin.ts";
import { BACKENDS, CENTRAL, GATEWAYS, HOME, REGION_OF } from "./plan.ts";
import { type LabResolver, type ResolverPlan, startResolver } from "./resolver.ts";
import { type LabUser, startLabUser } from "./user.ts";

/** Everything that runs. */
export interface World {
  readonly kind: Places["kind"];
  readonly reason: string;
  readonly folder: string;
  readonly chain: LabChain;
  readonly money: Money;
  readonly origin: Origin;
  /** By name, `central` among them. */
  readonly resolvers: ReadonlyMap<string, LabResolver>;
  readonly gateways: ReadonlyMap<string, LabGateway>;
  readonly edge: LabEdge;
  readonly user: LabUser;
  readonly places: ReadonlyMap<string, Place>;
  /** Cuts a place off from all others, or joins it again. */
  cut(place: string): Promise<void>;
  join(place: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly plain: boolean;
  readonly seed: number;
  /** Do gateways have answers about unsigned names confirmed by a second backend? */
  readonly confirm: boolean;
  /** Default: BACKENDS. */
  readonly backends?: readonly ResolverPlan[];
  readonly log: (line: string) => void;
}

/** Starts it all; takes half a minute. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-lab-"));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const opened = await openPlaces(options.plain);
    closers.push(opened.close);
    options.log(`${opened.kind}: ${opened.reason}`);
    const backends = options.backends ?? BACKENDS;
    const places = new Map<string, Place>();
    for (const name of ["origin", "chain", HOME, CENTRAL.name, ...Object.values(REGION_OF)])
      places.set(name, await opened.place(name));
    const at = (name: string) => places.get(name) as Place;

    const [origin, chain] = await Promise.all([
      startOrigin(at("origin"), folder),
      startLabChain(at("chain"), folder),
    ]);
    closers.push(origin.child.end, chain.close);
    options.log("zones and chain are up");
    const resolvers = new Map<string, LabResolver>();
    const [money] = await Promise.all([
      openMoney(chain, folder),
      ...[...backends, CENTRAL].map(async (plan, i) => {
        const place = at(REGION_OF[plan.name] ?? plan.name);
        const one = await startResolver(plan, place, origin, folder, options.seed + i);
        closers.push(one.relay.end, () => endAll(one.recursor.children()));
        resolvers.set(plan.name, one);
      }),
    ]);
    options.log("resolvers and programs are up");
    const gateways = new Map<string, LabGateway>();
    for (const { name, place } of GATEWAYS) {
      const gateway = await startLabGateway({
        name,
        place: at(place),
        folder,
        chain,
        money,
        backends: backends.map((plan) => resolvers.get(plan.name) as LabResolver),
        central: resolvers.get(CENTRAL.name) as LabResolver,
      });
      closers.push(() => gateway.end());
      gateways.set(name, gateway);
    }
    const edge = await startLabEdge(at(HOME), folder, chain, money, [...gateways.values()]);
    closers.push(() => edge.end());
    const user = await startLabUser(at(HOME), edge.address);
    closers.push(user.end);
    options.log("gateways, edge and user are up");
    const all = (): Child[] => [
      chain.child,
      origin.child,
      ...[...resolvers.values()].flatMap(({ relay, recursor }) => [relay, ...recursor.children()]),
      ...[...gateways.values()].map((gateway) => gateway.child()),
      edge.child(),
    ];
    const cutter = createCutter(places, all);
    return {
      kind: opened.kind,
      reason: opened.reason,
      folder,
      chain,
      money,
      origin,
      resolvers,
      gateways,
      edge,
      user,
      places,
      ...cutter,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function endAll(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.end()));
}
