import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlaces } from "../places/open.ts";
import type { Place, Places } from "../places/place.ts";
import { type Child, keepLogs } from "../processes/child.ts";
import { type LabChain, startLabChain } from "./chain.ts";
import { createCutter } from "./cut.ts";
import { type LabEdge, startLabEdge } from "./edge.ts";
import { type LabGateway, startLabGateway } from "./gateway.ts";
import { type Money, openMoney } from "./money.ts";
import { type Origin, startOrigin } from "./origin.ts";
import { BACKENDS, CENTRALS, GATEWAYS, HOME, REGION_OF } from "./plan.ts";
import { type LabPolicy, openLabPolicy } from "./policy.ts";
import { type LabResolver, type ResolverPlan, startResolver } from "./resolver.ts";
import { stakeVerifiers } from "./staking.ts";
import { type LabUser, startLabUser } from "./user.ts";
import { endpointOf, type LabVerifier, startLabVerifier, VERIFIERS } from "./verifiers.ts";

/** Everything that runs. */
export interface World {
  readonly kind: Places["kind"];
  readonly reason: string;
  readonly folder: string;
  readonly chain: LabChain;
  readonly money: Money;
  readonly origin: Origin;
  /** By name, the public ones among them. */
  readonly resolvers: ReadonlyMap<string, LabResolver>;
  readonly gateways: ReadonlyMap<string, LabGateway>;
  /** By name; none in a world without policy. */
  readonly verifiers: ReadonlyMap<string, LabVerifier>;
  /** Null in a world without verifiers. */
  readonly policy: LabPolicy | null;
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
  /** Verifiers, and the policy program that they report to. */
  readonly verifiers: boolean;
  /** Seconds a gateway keeps its choice at least, and its ramps last. Default: the gateway's own. */
  readonly dwell?: number;
  /** Leave the folder with its logs, stores and decisions where it is. Default false. */
  readonly keep?: boolean;
  /** Default: BACKENDS. */
  readonly backends?: readonly ResolverPlan[];
  readonly log: (line: string) => void;
}

/** Starts it all; takes half a minute. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-lab-"));
  mkdirSync(join(folder, "logs"));
  keepLogs(join(folder, "logs"));
  const remove = async () => {
    keepLogs(null);
    if (options.keep !== true) rmSync(folder, { recursive: true, force: true });
  };
  const closers: (() => Promise<unknown>)[] = [remove];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const opened = await openPlaces(options.plain);
    closers.push(opened.close);
    options.log(`${opened.kind}: ${opened.reason}`);
    const backends = options.backends ?? BACKENDS;
    const places = new Map<string, Place>();
    const plans = options.verifiers ? VERIFIERS : [];
    const names = ["origin", "chain", HOME, ...CENTRALS.map(({ name }) => name), ...Object.values(REGION_OF)];
    for (const name of [...names, ...plans.map((plan) => plan.name)])
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
      openMoney(chain, folder, options.verifiers),
      ...[...backends, ...CENTRALS].map(async (plan, i) => {
        const place = at(REGION_OF[plan.name] ?? plan.name);
        const one = await startResolver(plan, place, origin, folder, options.seed + i);
        closers.push(one.relay.end, () => endAll(one.recursor.children()));
        resolvers.set(plan.name, one);
      }),
    ]);
    options.log("resolvers and programs are up");
    const policy = options.verifiers ? await startPolicy() : null;
    const verifiers = new Map<string, LabVerifier>();
    if (policy !== null) {
      closers.push(policy.close);
      const all = [...resolvers.values()];
      await Promise.all(
        plans.map(async (plan) => {
          const one = await startLabVerifier(plan, at(plan.name), chain, policy, origin, all, folder);
          closers.push(one.child.end, () => endAll(one.reference.children()));
          verifiers.set(plan.name, one);
        }),
      );
      options.log("verifiers are up");
    }
    async function startPolicy(): Promise<LabPolicy> {
      const keys = join(folder, "deployment");
      const staked = plans.map((plan) => ({ ...plan, endpoint: endpointOf(at(plan.name)) }));
      await stakeVerifiers(chain, money.deployed, keys, staked);
      return openLabPolicy(chain, money.deployed, keys, [...resolvers.values()]);
    }
    const gateways = new Map<string, LabGateway>();
    for (const { name, place } of GATEWAYS) {
      const gateway = await startLabGateway({
        name,
        place: at(place),
        folder,
        chain,
        money,
        backends: backends.map((plan) => resolvers.get(plan.name) as LabResolver),
        centrals: CENTRALS.map((plan) => resolvers.get(plan.name) as LabResolver),
        confirm: options.confirm,
        policy: policy?.program ?? null,
        ...(options.dwell === undefined ? {} : { dwell: options.dwell }),
      });
      closers.push(() => gateway.end());
      gateways.set(name, gateway);
    }
    const edge = await startLabEdge(at(HOME), folder, chain, money, [...gateways.values()]);
    closers.push(() => edge.end());
    const user = await startLabUser(at(HOME), edge.address);
    closers.push(user.end);
    options.log("gateways, edge and user are up");
    if (policy !== null) {
      await policy.untilJudged();
      options.log("verifiers have judged every backend");
    }
    const all = (): Child[] => [
      chain.child,
      origin.child,
      ...[...resolvers.values()].flatMap(({ relay, recursor }) => [relay, ...recursor.children()]),
      ...[...gateways.values()].map((gateway) => gateway.child()),
      ...[...verifiers.values()].flatMap(({ child, reference }) => [child, ...reference.children()]),
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
      verifiers,
      policy,
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
