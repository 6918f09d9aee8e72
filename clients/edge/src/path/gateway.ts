import { DnsError } from "@tolldns/dns/errors";
import { createUpstream } from "@tolldns/dns/exchange/upstream";
import type { Discovery, TollDiscovery } from "@tolldns/sdk";
import type { EdgeClock } from "../clock.ts";
import { describeError, EdgeError, isEdgeError } from "../errors.ts";
import { PAYMENT_TIMEOUT, readDiscovery, TERMS_SECONDS } from "../gateways/discovery.ts";
import { createGatewayLink } from "../gateways/link.ts";
import type { GatewaySource } from "../options.ts";
import { askPaid } from "../pay/ask-paid.ts";
import type { Book } from "../pay/book.ts";
import { type GatewayLink, TollRefused } from "../pay/link.ts";
import { createPayer, type LaneSupply, type Payer } from "../pay/payer.ts";
import { createQueryBudget } from "../pay/policy.ts";
import { abortable } from "../pay/wait.ts";
import type { PathGateway, PathReply, PathTransport } from "./options.ts";

export interface PathGatewayDeps {
  readonly source: GatewaySource;
  readonly clock: EdgeClock;
  readonly book: Book;
  /** Null without a wallet. */
  readonly lanes: ((discovery: () => TollDiscovery | null) => LaneSupply) | null;
  readonly checkDeployment: (discovery: TollDiscovery) => Promise<void>;
  readonly addressOf: () => Promise<string>;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly onEvent: (event: string, detail: string) => void;
}

/** A gateway of the paying path, with what ends it. */
export interface OpenPathGateway extends PathGateway {
  close(): Promise<void>;
}

/** Reads the terms and makes a link for each transport. @throws DnsError when the terms can't be read */
export async function openPathGateway(deps: PathGatewayDeps): Promise<OpenPathGateway> {
  const { source, clock, book } = deps;
  let terms: Discovery | null = null;
  let readAt = 0;
  let links: { readonly key: string; readonly all: ReadonlyMap<PathTransport, GatewayLink> } | null = null;
  let payer: Payer | null = null;
  /** What is under way on the own chain. Who gives up meanwhile waited for that, not for the gateway. */
  let chainWork = 0;

  async function onChain<T>(work: () => Promise<T>): Promise<T> {
    chainWork++;
    try {
      return await work();
    } finally {
      chainWork--;
    }
  }

  async function readTerms(): Promise<Discovery> {
    const { address, found } = await readDiscovery(source, deps.addressOf, clock);
    await connect(address, found);
    terms = found;
    readAt = clock.now();
    return found;
  }

  async function connect(address: string, found: Discovery): Promise<void> {
    const key = `${address} ${found.dotPort} ${found.udpPort} ${found.dohPath}`;
    if (links?.key === key) return;
    const old = links;
    links = { key, all: linksOf(source, address, found) };
    for (const link of old?.all.values() ?? []) await link.close();
  }

  const currentTerms = (): Promise<Discovery> =>
    terms !== null && clock.now() - readAt < TERMS_SECONDS * 1_000 ? Promise.resolve(terms) : readTerms();

  /** What the wallet may pay. @throws EdgeError gateway-foreign, price-ceiling */
  async function tollTerms(): Promise<TollDiscovery> {
    const found = await currentTerms();
    if (!found.charges) throw new EdgeError("gateway-discovery", `${source.url} charges nothing any more`);
    await onChain(() => deps.checkDeployment(found));
    if (!book.policy.acceptsPrice(found.tickPrice))
      throw new EdgeError("price-ceiling", `${found.tickPrice} micro-IU a unit`);
    return found;
  }

  function linkOf(transport: PathTransport): GatewayLink {
    const link = links?.all.get(transport);
    if (link === undefined) throw new DnsError("exchange-refused", `${source.url} has no ${transport}`);
    return link;
  }

  /** Sessions and vouchers travel as an edge's do: over TLS where there is one. */
  const money: GatewayLink = {
    ask: () => Promise.reject(new EdgeError("gateway-discovery", "only payments travel here")),
    tell: (message, signal) => linkOf(links?.all.has("dot") === true ? "dot" : "doh").tell(message, signal),
    close: async () => {},
  };

  /** A payer that rests after a failure would keep the probe from being made at all, so a new one takes over: the lane and its session are in the book. */
  function payerNow(): Payer {
    if (payer !== null && payer.resting() === null) return payer;
    if (deps.lanes === null) throw new EdgeError("no-wallet");
    void payer?.close();
    const lanes = deps.lanes(() => (terms?.charges === true ? terms : null));
    payer = createPayer({
      link: money,
      book,
      lanes: { ...lanes, ready: () => onChain(lanes.ready) },
      clock,
      terms: tollTerms,
      forgetTerms() {
        terms = null;
      },
      randomBytes: deps.randomBytes,
      timeoutMs: PAYMENT_TIMEOUT,
      onEvent: deps.onEvent,
    });
    return payer;
  }

  async function reply(ask: () => Promise<Uint8Array>, signal: AbortSignal): Promise<PathReply> {
    try {
      return { kind: "answer", message: await ask() };
    } catch (error) {
      if (error instanceof TollRefused) return { kind: "refused", error: error.slug };
      if (signal.aborted && chainWork > 0)
        return { kind: "unasked", why: "its lane was still being opened on chain" };
      if (signal.aborted || error instanceof DnsError) throw error;
      if (isOwnFault(error)) return { kind: "unasked", why: describeError(error) };
      throw silent(error);
    }
  }

  await readTerms().catch((error: unknown) => {
    throw silent(error);
  });
  return {
    get transports() {
      return [...(links?.all.keys() ?? [])];
    },
    async ask(transport, question, signal, options) {
      return reply(async () => {
        const found = await abortable(currentTerms(), signal);
        if (found.charges && (deps.lanes !== null || !found.free))
          return askPaid(
            {
              terms: () => abortable(tollTerms(), signal),
              payer: payerNow,
              ask: (...asked) => linkOf(transport).ask(...asked),
            },
            question,
            createQueryBudget(),
            signal,
            options,
          );
        return linkOf(transport).ask(question, null, signal, options);
      }, signal);
    },
    async present(transport, question, toll, signal) {
      const found = await abortable(currentTerms(), signal).catch(() => null);
      // Who charges nothing refuses no toll, and who answers some unpaid need not refuse that there is none.
      if (found !== null && (!found.charges || (toll === null && found.free)))
        return { kind: "unasked", why: "it takes questions without a toll" };
      return reply(() => linkOf(transport).ask(question, toll, signal), signal);
    },
    async close() {
      await payer?.close();
      for (const link of links?.all.values() ?? []) await link.close();
    },
  };
}

function linksOf(source: GatewaySource, address: string, found: Discovery): Map<PathTransport, GatewayLink> {
  const url = new URL(source.url);
  const ports: Readonly<Record<PathTransport, number>> = {
    udp: found.udpPort,
    tcp: found.udpPort,
    dot: found.dotPort,
    doh: url.port === "" ? 443 : Number(url.port),
  };
  const links = new Map<PathTransport, GatewayLink>();
  for (const [transport, port] of Object.entries(ports) as [PathTransport, number][])
    if (port > 0)
      links.set(
        transport,
        createGatewayLink(
          createUpstream({
            protocol: transport,
            address,
            port,
            serverName: url.hostname.replace(/^\[|\]$/g, ""),
            path: found.dohPath,
            ...(source.ca === undefined ? {} : { ca: source.ca }),
          }),
        ),
      );
  return links;
}

/** Own money, own disk, own chain, or a gateway of another cluster: nothing of it is the gateway's doing. */
function isOwnFault(error: unknown): boolean {
  if (!isEdgeError(error)) return false;
  return error.number < 7_030 || error.number >= 7_040 || error.code === "gateway-foreign";
}

const silent = (error: unknown): DnsError =>
  error instanceof DnsError
    ? error
    : new DnsError("exchange-refused", describeError(error), { cause: error });
