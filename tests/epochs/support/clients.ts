import { join } from "node:path";
import { type EdgeOptions, type RunningEdge, startEdge } from "@tolldns/edge";
import { ask } from "../../dotdns/support/stand.ts";

/** A gateway as its process tells it. */
export interface GatewayPlace {
  readonly url: string;
  readonly ca: string;
}

/** Where clients look at the chain. */
export interface ChainPlace {
  readonly rpcUrl: string;
  readonly quorum: string;
  readonly genesis: string;
}

export function startClient(
  folder: string,
  name: string,
  gateways: readonly GatewayPlace[],
  feeds: readonly string[],
  chain: ChainPlace,
): Promise<RunningEdge> {
  return startEdge({
    stateDir: join(folder, name),
    listen: [{ host: "127.0.0.1", port: 0 }],
    gateways,
    ...(gateways.length === 0 ? { outOfMoney: "free", freeUpstreams: ["udp://127.0.0.1:9"] } : {}),
    routes: { feeds, chain, policy: { recheckSeconds: 2, graceSeconds: 5 } },
    log: () => {},
  } as EdgeOptions);
}

/** What clients were told, by how it compares to what the owner wished last. */
export interface ClientReport {
  readonly right: number;
  /** SERVFAIL with a reason: the client knows that it does not know. */
  readonly honestFailures: number;
  /** Anything else, in words. */
  readonly wrong: readonly string[];
}

/** Asks a client for every name. `isRight` judges an address; `null` in `expected` means that the name never had a route. */
export async function askAll(
  edge: RunningEdge,
  expected: ReadonlyMap<string, ReadonlySet<string>>,
  atOnce = 16,
): Promise<ClientReport> {
  const names = [...expected];
  const wrong: string[] = [];
  let [right, honestFailures] = [0, 0];
  const next = async (): Promise<void> => {
    for (let one = names.pop(); one !== undefined; one = names.pop()) {
      const [label, addresses] = one;
      const told = await ask(edge, `${label}.dns`).catch((error: unknown) => String(error));
      const address = typeof told === "string" ? undefined : told.answers[0]?.split(" ").at(-1);
      if (typeof told !== "string" && told.rcode === "SERVFAIL") honestFailures++;
      else if (address !== undefined && addresses.has(address)) right++;
      else
        wrong.push(
          `${label}: ${typeof told === "string" ? told : `${told.rcode} ${told.answers.join(", ")}`}`,
        );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return { right, honestFailures, wrong };
}
