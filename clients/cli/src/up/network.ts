import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { getServers } from "node:dns";
import { isIPv6 } from "node:net";
import type { UpstreamOptions } from "@tolldns/gateway";
import { decode, encode } from "dns-packet";
import { startFixtureInternet } from "../fixture-internet/index.ts";
import type { Stack } from "../roles/lifetime.ts";
import { parseUpstream } from "../roles/upstreams.ts";

/** Where names come from. */
export interface Network {
  readonly kind: "real" | "fixture";
  /** For people, after "Names come from". */
  readonly note: string;
  readonly upstreams: readonly UpstreamOptions[];
  /** The same as an edge takes them, for resolving without paying. */
  readonly freeUpstreams: readonly string[];
  /** A name to try, and a web address on it that answers plain HTTP. */
  readonly example: { readonly name: string; readonly url: string };
  /** Names that may point at loopback. */
  readonly privateNames: readonly string[];
  /** Names that trial questions may be about; absent where those of the root will do. */
  readonly canaries?: readonly string[];
}

/** Milliseconds to wait for the machine's resolvers. */
const PATIENCE_MS = 1_500;

/**
 * The machine's resolvers where they know the root and a name below it, else the fixture internet.
 * @param fixturePorts of its resolvers: they are targets of verifiers, so their addresses are to stay the same
 */
export async function findNetwork(
  wanted: "auto" | "real" | "fixture",
  named: readonly string[] | undefined,
  stack: Stack,
  machine: readonly string[] = getServers(),
  fixturePorts: readonly number[] = [0],
): Promise<Network> {
  if (named !== undefined) return real(named.map(parseUpstream), named, named.join(", "));
  const servers = wanted === "fixture" ? [] : machine.map(parseServer);
  if (wanted === "real")
    return real(servers.map(toUpstream), servers.map(address), "the machine's own resolvers");
  const working = (
    await Promise.all(servers.map(async (server) => ((await knowsNames(server)) ? [server] : [])))
  ).flat();
  if (working.length > 0)
    return real(working.map(toUpstream), working.map(address), "the machine's own resolvers");
  const internet = stack.add("fixture internet", await startFixtureInternet({ resolverPorts: fixturePorts }));
  const { name, port } = internet.site;
  return {
    kind: "fixture",
    note: `a bundled fixture internet${wanted === "auto" ? ", because the network is closed here" : ""} (${internet.names.slice(-3).join(", ")}, …)`,
    upstreams: internet.resolvers.map(toUpstream),
    freeUpstreams: internet.resolvers.map(address),
    example: { name: "www.example.com", url: `http://${name}${port === 80 ? "" : `:${port}`}/` },
    privateNames: [name],
    canaries: ["example.com", "example.org", "library.test"],
  };
}

function real(
  upstreams: readonly UpstreamOptions[],
  freeUpstreams: readonly string[],
  note: string,
): Network {
  return {
    kind: "real",
    note,
    upstreams,
    freeUpstreams,
    example: { name: "www.example.com", url: "http://example.com/" },
    privateNames: [],
  };
}

interface Server {
  readonly host: string;
  readonly port: number;
}

const address = ({ host, port }: Server): string => `udp://${isIPv6(host) ? `[${host}]` : host}:${port}`;

const toUpstream = ({ host, port }: Server): UpstreamOptions => ({ kind: "udp", host, port });

/** As Node writes them: `address`, `address:port`, `[v6]:port`. */
function parseServer(text: string): Server {
  const match = /^\[(.+)\]:(\d+)$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text);
  return { host: match?.[1] ?? text, port: Number(match?.[2] ?? 53) };
}

/** A closed network may still have a resolver that says NXDOMAIN to everything, so an answer counts only with records in it. */
async function knowsNames(server: Server): Promise<boolean> {
  const answers = await Promise.all([
    countAnswers(server, ".", "NS"),
    countAnswers(server, "example.com", "A"),
  ]);
  return answers.every((count) => count > 0);
}

function countAnswers({ host, port }: Server, name: string, type: "A" | "NS"): Promise<number> {
  const id = randomInt(65_536);
  const query = encode({ type: "query", id, flags: 1 << 8, questions: [{ name, type, class: "IN" }] });
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const done = (count: number) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // A port that nobody listens on may be reported after an answer to another question.
      socket.on("error", () => {});
      socket.close();
      resolve(count);
    };
    const timer = setTimeout(() => done(0), PATIENCE_MS);
    socket.on("error", () => done(0));
    socket.on("message", (message) => done(answersIn(message, id)));
    socket.connect(port, host, () => socket.send(query));
  });
}

function answersIn(message: Buffer, id: number): number {
  try {
    const answer = decode(message);
    return answer.id === id ? (answer.answers?.length ?? 0) : 0;
  } catch {
    return 0;
  }
}
