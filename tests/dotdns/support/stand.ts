/** Feeds, gateways and edges on loopback, around a registry whose epochs a test makes final. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildQuery,
  createUpstream,
  encodeName,
  encodeOption,
  findOption,
  nameToText,
  OPTION,
  questionFor,
  RCODE,
  readMessage,
  TYPE,
} from "@tolldns/dns";
import {
  type EdgeClock,
  type EdgeLogLine,
  type EdgeOptions,
  type RunningEdge,
  startEdge,
} from "@tolldns/edge";
import { type GatewayOptions, type RunningGateway, startGateway } from "@tolldns/gateway";
import type { FinalRoots, RoutesPolicy } from "@tolldns/routes";
import { alwaysA, type FixtureUpstream, startUpstream } from "../../gateway/support/upstream.ts";
import { type HostileFeed, type Say, startHostileFeed } from "./hostile-feed.ts";
import { type Claim, type HostileGateway, startHostileGateway } from "./hostile-gateway.ts";
import { createRegistry, type Registry } from "./registry.ts";

/** Time that a test moves on; timers run by the machine's. `slack`: they take that many times as long, where a busy machine must make nobody late. */
export interface MovableClock extends EdgeClock {
  seconds: number;
}

export function createMovableClock(slack = 1): MovableClock {
  const clock: MovableClock = {
    seconds: 0,
    now: () => performance.now() + clock.seconds * 1_000,
    wall: () => Date.now() / 1_000 + clock.seconds,
    every(ms, run) {
      const timer = setInterval(run, ms * slack);
      timer.unref();
      return () => clearInterval(timer);
    },
    after(ms, run) {
      const timer = setTimeout(run, ms * slack);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
  return clock;
}

export interface RoutesStand {
  readonly registry: Registry;
  readonly clock: MovableClock;
  /** What the chain answers; null while it is out of reach. */
  chain: { says: () => FinalRoots; isGone: boolean; stalls: boolean; asked: number };
  /** Public recursors: what is asked of them. */
  readonly upstream: FixtureUpstream;
  readonly upstreamNames: string[];
  readonly log: EdgeLogLine[];
  /** A feed; by default it says what the registry has. */
  feed(say?: Say): Promise<HostileFeed>;
  gateway(feeds: readonly HostileFeed[], changes?: Partial<GatewayOptions>): Promise<RunningGateway>;
  liar(claim: Claim): Promise<HostileGateway>;
  edge(parts: {
    readonly gateways?: readonly (RunningGateway | HostileGateway)[];
    readonly feeds?: readonly HostileFeed[];
    readonly policy?: Partial<RoutesPolicy>;
    readonly changes?: { readonly [Key in keyof EdgeOptions]?: EdgeOptions[Key] | undefined };
  }): Promise<RunningEdge>;
  close(): Promise<void>;
}

export async function startRoutesStand(slack?: number): Promise<RoutesStand> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-dotdns-"));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const registry = createRegistry();
  const upstreamNames: string[] = [];
  const anyA = alwaysA("198.51.100.7");
  const upstream = await startUpstream((query, via) => {
    // The root's servers are what a gateway tries its backends by.
    if (query.name !== ".") upstreamNames.push(query.name);
    return anyA(query, via);
  });
  closers.push(() => upstream.close());
  const clock = createMovableClock(slack);
  const chain = { says: () => registry.roots(), isGone: false, stalls: false, asked: 0 };
  const log: EdgeLogLine[] = [];
  let count = 0;
  const readRoots = async () => {
    chain.asked++;
    if (chain.isGone) throw new Error("connection refused");
    if (chain.stalls) return new Promise<never>(() => {});
    return chain.says();
  };
  const settings = (feeds: readonly HostileFeed[], policy: Partial<RoutesPolicy> = {}) => ({
    feeds: feeds.map(({ url }) => url),
    chain: { readRoots, domain: registry.roots().domain },
    policy: { recheckSeconds: 5, timeoutMs: 3_000, ...policy },
  });

  return {
    registry,
    clock,
    chain,
    upstream,
    upstreamNames,
    log,
    async feed(say = honest(registry)) {
      const feed = await startHostileFeed(say);
      closers.push(feed.close);
      return feed;
    },
    async gateway(feeds, changes = {}) {
      const gateway = await startGateway({
        listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
        certificate: { kind: "development", folder: join(folder, `gateway-${count++}`) },
        upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
        limits: { freeRate: 1e6, clientRate: 1e6, responseRate: 1e6 },
        log: { level: "error" },
        now: clock.wall,
        routes: settings(feeds),
        ...changes,
      });
      closers.push(() => gateway.close());
      return gateway;
    },
    async liar(claim) {
      const liar = await startHostileGateway(claim);
      closers.push(liar.close);
      return liar;
    },
    async edge({ gateways = [], feeds = [], policy = {}, changes = {} }) {
      const edge = await startEdge({
        stateDir: join(folder, `edge-${count++}`),
        listen: [{ host: "127.0.0.1", port: 0 }],
        gateways: gateways.map(sourceOf),
        ...(gateways.length === 0
          ? { outOfMoney: "free", freeUpstreams: [`udp://127.0.0.1:${upstream.port}`] }
          : {}),
        routes: settings(feeds, policy),
        clock,
        random: () => 0.5,
        log: (line) => log.push(line),
        ...changes,
      } as EdgeOptions);
      closers.push(() => edge.close());
      return edge;
    },
    async close() {
      for (const closer of closers.splice(0).reverse()) await closer();
    },
  };
}

/** What an honest feed says: evidence under the last final root, or under the one asked for. */
export function honest(registry: Registry): Say {
  return (name, epoch) =>
    (epoch === undefined ? registry.last() : registry.epochs.find((one) => one.epoch === epoch))?.evidence(
      name,
    ) ?? null;
}

/**
 * An edge takes gateways of which it knows nothing yet in the order of their names (docs/reference/router.md), which ports would make one of chance: honest ones go by
 * `localhost`, so that a hostile one, `127.0.0.1`, is always asked first.
 */
export function sourceOf(gateway: RunningGateway | Pick<HostileGateway, "url" | "ca">): {
  url: string;
  ca: string;
  address?: string;
} {
  if ("url" in gateway) return { url: gateway.url, ca: gateway.ca };
  return {
    url: `https://localhost:${gateway.addresses.doh?.port}`,
    address: "127.0.0.1",
    ca: gateway.authority as string,
  };
}

/** What came back, in words. */
export interface Told {
  readonly rcode: string;
  /** `owner type data`, names in lower case (an exchange mixes the case of what it asks); addresses in text, other data in hex. */
  readonly answers: readonly string[];
  readonly ttls: readonly number[];
  /** Info-code and text of the extended error; empty if none. */
  readonly ede: string;
  readonly isAuthentic: boolean;
  readonly isTruncated: boolean;
  readonly evidence: Uint8Array | undefined;
  readonly soaTtl: number | undefined;
}

const RCODES = new Map<number, string>(Object.entries(RCODE).map(([name, value]) => [value, name]));

export function told(message: Uint8Array): Told {
  const { rcode, answers, authority, opt, flags } = readMessage(message);
  const ede = findOption(opt, OPTION.EDE);
  return {
    rcode: RCODES.get(rcode) ?? String(rcode),
    answers: answers.map(
      ({ owner, type, data }) => `${nameToText(owner).toLowerCase()} ${type} ${dataText(type, data)}`,
    ),
    ttls: answers.map(({ ttl }) => ttl),
    ede:
      ede === undefined
        ? ""
        : `${((ede[0] as number) << 8) | (ede[1] as number)} ${Buffer.from(ede.subarray(2))}`,
    isAuthentic: (flags & 0x20) !== 0,
    isTruncated: (flags & 0x200) !== 0,
    evidence: findOption(opt, OPTION.ROUTE_EVIDENCE),
    soaTtl: authority.find(({ type }) => type === TYPE.SOA)?.ttl,
  };
}

function dataText(type: number, data: Uint8Array): string {
  if (type === TYPE.A) return data.join(".");
  if (type === TYPE.CNAME) return nameToText(data).toLowerCase();
  if (type === TYPE.TXT) return Buffer.from(data.subarray(1)).toString();
  return Buffer.from(data).toString("hex");
}

/** Asks an edge or gateway as a stub does, over UDP with TCP behind it. */
export async function ask(
  at: RunningEdge | RunningGateway,
  name: string,
  type: number = TYPE.A,
  options: { readonly wantsEvidence?: boolean; readonly protocol?: "udp" | "tcp" | "dot" | "doh" } = {},
): Promise<Told> {
  const { protocol = "udp", wantsEvidence = false } = options;
  const address = "udp" in at.addresses || "dot" in at.addresses ? at.addresses[protocol] : firstOf(at);
  const stub = createUpstream({
    protocol,
    address: "127.0.0.1",
    port: (address as { port: number }).port,
    serverName: "localhost",
    timeoutMs: 8_000,
    ...("authority" in at && at.authority !== undefined ? { ca: at.authority } : {}),
  });
  try {
    return told(await stub.ask(questionFor(name, type), wantsEvidence ? { options: EVIDENCE_OPTION } : {}));
  } finally {
    await stub.close();
  }
}

function firstOf(at: RunningEdge | RunningGateway): unknown {
  return (at as RunningEdge).addresses[0];
}

export const EVIDENCE_OPTION = encodeOption(OPTION.ROUTE_EVIDENCE, new Uint8Array(0));

/** One datagram, without what an exchange does by itself when an answer is cut. */
export const rawQuery = (name: string, payloadSize: number): Uint8Array =>
  buildQuery({ id: 7, name: encodeName(name), type: TYPE.A, payloadSize, options: EVIDENCE_OPTION });
