import { DnsError } from "@tolldns/dns/errors";
import type { Upstream } from "@tolldns/dns/exchange/upstream";
import type { Question } from "@tolldns/dns/wire/question";
import type { Attention } from "@tolldns/policy/attention";
import { isLie, wordsOf } from "@tolldns/routes/errors";
import { type Discovery, type TollDiscovery, toBase58 } from "@tolldns/sdk";
import type { EdgeClock } from "../clock.ts";
import { describeError, EdgeError, isEdgeError } from "../errors.ts";
import type { GatewaySource } from "../options.ts";
import { askPaid, OVERTAKEN } from "../pay/ask-paid.ts";
import type { Book } from "../pay/book.ts";
import type { GatewayLink } from "../pay/link.ts";
import { TollRefused } from "../pay/link.ts";
import { createPayer, type LaneSupply, type Payer } from "../pay/payer.ts";
import type { QueryBudget } from "../pay/policy.ts";
import { abortable } from "../pay/wait.ts";
import type { GatewayStatus } from "../status.ts";
import { PAYMENT_TIMEOUT, readDiscovery, TERMS_SECONDS } from "./discovery.ts";
import { createGatewayLink } from "./link.ts";
import { createScore, type Score } from "./score.ts";
import { targetNameOf } from "./target.ts";

/** Milliseconds a gateway that lied about a `.dns` name is asked for none, and one that merely had no evidence that would do. */
const LIE_PAUSE = 300_000;
const ROUTES_PAUSE = 10_000;

export interface GatewayDeps {
  readonly source: GatewaySource;
  readonly clock: EdgeClock;
  readonly attention: Attention;
  readonly book: Book;
  /** Null without a wallet. */
  readonly lanes: ((discovery: () => TollDiscovery | null) => LaneSupply) | null;
  /** Throws unless the gateway is on the wallet's cluster and escrow. */
  readonly checkDeployment: (discovery: TollDiscovery) => Promise<void>;
  /** The gateway's IP address. */
  readonly addressOf: () => Promise<string>;
  readonly connect: (address: string, discovery: Discovery) => Upstream;
  readonly randomBytes: (length: number) => Uint8Array;
  /** 0 to 1. */
  readonly random: () => number;
  readonly onEvent: (event: string, detail: string) => void;
}

export interface Answered {
  readonly answer: Uint8Array;
  readonly paid: boolean;
}

/** One gateway: its terms, its connection, its payer and its score. */
export interface Gateway {
  readonly url: string;
  /** As the policy program knows it: docs/reference/policy.md. */
  readonly target: string;
  readonly score: Score;
  /** Why it can't be asked now, or null; and for how many more seconds, 0 if it can. */
  reason(): string | null;
  waitSeconds(): number;
  /** Is its first lane or session being opened, which takes a transaction? Silence then says nothing about it. */
  isOpening(): boolean;
  /** Micro-IU a question costs; 0n for nothing, or while its terms are not known. */
  price(): bigint;
  /**
   * Asks, and pays if it must. Failures count against the score unless they are the user's own limits.
   * @param options EDNS options to send along, in wire form
   */
  ask(question: Question, budget: QueryBudget, signal: AbortSignal, options?: Uint8Array): Promise<Answered>;
  /** What it sent about a `.dns` name was not taken. A lie counts against its score and keeps it from being asked about `.dns` for a while. */
  refuse(error: unknown): void;
  /** Why it isn't asked about `.dns` now, or null. */
  distrust(): string | null;
  /** Would asking it cost anything? Without a wallet nothing does. Null until its terms are known. */
  mustPay(): boolean | null;
  /** Reads its terms, so that the first question needn't wait. Never rejects. */
  warm(): Promise<void>;
  /** Does it answer without payment? False until its terms are known. */
  isFree(): boolean;
  /** Asks without paying. */
  askFree(question: Question, signal: AbortSignal): Promise<Uint8Array>;
  status(): Omit<GatewayStatus, "policy" | "score">;
  close(): Promise<void>;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { source, clock, book } = deps;
  const score = createScore(clock, deps.attention, deps.random);
  let terms: Discovery | null = null;
  let readAt = 0;
  let reading: Promise<Discovery> | null = null;
  let trouble: string | null = null;
  let retryAt = 0;
  let doubt: { readonly until: number; readonly reason: string } = { until: 0, reason: "" };
  let lies = 0;
  let lie: string | null = null;
  let link: { readonly key: string; readonly link: GatewayLink; readonly protocol: string } | null = null;

  async function readTerms(): Promise<Discovery> {
    try {
      const { address, found } = await readDiscovery(source, deps.addressOf, clock);
      const ledger = ledgerOf(found);
      if (source.ledger !== undefined && source.ledger !== ledger)
        throw new EdgeError(
          "gateway-foreign",
          `publishes ${ledger === null ? "no ledger" : `ledger ${ledger}`}`,
        );
      if (found.charges && deps.lanes !== null) await checkTerms(found);
      await connect(address, found);
      terms = found;
      readAt = clock.now();
      trouble = null;
      return found;
    } catch (error) {
      retryAt = clock.now() + 5_000;
      // Out of reach for a moment: what it published before still holds. Anything else is a reason not to use it.
      if (terms !== null && isEdgeError(error, "gateway-discovery")) return terms;
      terms = null;
      trouble = describeError(error);
      throw error;
    } finally {
      reading = null;
    }
  }

  async function checkTerms(found: TollDiscovery): Promise<void> {
    await deps.checkDeployment(found);
    if (!book.policy.acceptsPrice(found.tickPrice))
      throw new EdgeError(
        "price-ceiling",
        `${found.tickPrice} micro-IU a unit, at most ${book.policy.limits.priceCeiling}`,
      );
  }

  /** Terms to pay by. They may change from one reading to the next. */
  async function tollTerms(): Promise<TollDiscovery> {
    const found = await currentTerms();
    if (!found.charges) throw new EdgeError("gateway-discovery", `${source.url} charges nothing any more`);
    return found;
  }

  function forgetTerms(): void {
    terms = null;
    retryAt = 0;
  }

  async function connect(address: string, found: Discovery): Promise<void> {
    const key = `${address} ${found.dotPort} ${found.udpPort} ${found.dohPath}`;
    if (link?.key === key) return;
    const upstream = deps.connect(address, found);
    await link?.link.close();
    link = { key, link: createGatewayLink(upstream, score.hear), protocol: upstream.protocol };
  }

  function currentTerms(): Promise<Discovery> {
    if (terms !== null) {
      const isOld = clock.now() - readAt > TERMS_SECONDS * 1000;
      if (isOld && clock.now() >= retryAt && reading === null) {
        reading = readTerms();
        reading.catch(() => {});
      }
      return Promise.resolve(terms);
    }
    if (clock.now() < retryAt)
      return Promise.reject(new EdgeError("gateway-discovery", trouble ?? "not read yet"));
    reading ??= readTerms();
    return reading;
  }

  const viaLink: GatewayLink = {
    ask: (question, toll, signal, options) => connected().ask(question, toll, signal, options),
    tell: (message, signal) => connected().tell(message, signal),
    close: async () => {},
  };
  function connected(): GatewayLink {
    if (link === null) throw new EdgeError("gateway-discovery", "not connected yet");
    return link.link;
  }

  const payer: Payer | null =
    deps.lanes === null
      ? null
      : createPayer({
          link: viaLink,
          book,
          lanes: deps.lanes(() => (terms?.charges === true ? terms : null)),
          clock,
          terms: tollTerms,
          forgetTerms,
          randomBytes: deps.randomBytes,
          timeoutMs: PAYMENT_TIMEOUT,
          onEvent: deps.onEvent,
        });

  const askUnpaid = (question: Question, signal: AbortSignal, options?: Uint8Array): Promise<Uint8Array> =>
    viaLink.ask(question, null, signal, options);

  const hasToll = (found: Discovery) => found.charges && (payer !== null || !found.free);

  async function ask(
    question: Question,
    budget: QueryBudget,
    signal: AbortSignal,
    options: Uint8Array | undefined,
  ): Promise<Answered> {
    for (let tries = 1; ; tries++) {
      if (hasToll(await abortable(currentTerms(), signal))) {
        if (payer === null) throw new EdgeError("no-wallet");
        const paid = { terms: tollTerms, payer: () => payer, ask: viaLink.ask };
        return { answer: await askPaid(paid, question, budget, signal, options), paid: true };
      }
      try {
        return { answer: await askUnpaid(question, signal, options), paid: false };
      } catch (error) {
        // It charges since its terms were read: read them again.
        if (tries > 1 || !(error instanceof TollRefused) || error.slug !== "payment-required") throw error;
        forgetTerms();
      }
    }
  }

  function reason(): string | null {
    if (trouble !== null && clock.now() < retryAt) return trouble;
    return payer?.resting() ?? null;
  }

  return {
    url: source.url,
    target: targetNameOf(source.url),
    score,
    reason,
    waitSeconds() {
      const until = Math.max(trouble === null ? 0 : retryAt, payer?.restingUntil() ?? 0);
      return Math.max(0, until - clock.now()) / 1000;
    },
    isOpening: () => terms === null || (hasToll(terms) && payer?.isOpening() === true),
    price: () =>
      terms?.charges === true && payer !== null ? terms.tickPrice * BigInt(terms.classes.standard) : 0n,
    mustPay: () => (terms === null ? null : hasToll(terms)),
    async ask(question, budget, signal, options) {
      try {
        return await ask(question, budget, signal, options);
      } catch (error) {
        const fault = faultOf(error);
        if (fault !== null) score.failed(fault, false);
        throw error;
      }
    },
    refuse(error) {
      const isProven = isLie(error);
      doubt = { until: clock.now() + (isProven ? LIE_PAUSE : ROUTES_PAUSE), reason: wordsOf(error) };
      if (!isProven) return;
      lies++;
      lie = doubt.reason;
      score.failed("lied about a .dns name", false);
      deps.onEvent("lied", lie);
    },
    distrust: () => (clock.now() < doubt.until ? doubt.reason : null),
    async warm() {
      await currentTerms().catch(() => {});
    },
    isFree: () => terms?.free ?? false,
    async askFree(question, signal) {
      await currentTerms();
      return askUnpaid(question, signal);
    },
    status() {
      const why = reason();
      const { answers, failures, latencyMs, p95Ms, standing, because } = score.measured;
      return {
        url: source.url,
        ledger: terms === null ? null : ledgerOf(terms),
        tickPrice: terms?.charges === true ? terms.tickPrice : null,
        transport: link?.protocol ?? null,
        latencyMs: answers === 0 ? null : latencyMs,
        p95Ms: answers === 0 ? null : p95Ms,
        standing,
        because: standing === "in" ? null : because,
        answers,
        failures,
        lies,
        lie,
        usable: why === null,
        reason:
          why ?? (terms === null ? "not asked yet" : hasToll(terms) ? "in use" : "in use, free of charge"),
      };
    },
    async close() {
      await payer?.close();
      await link?.link.close();
    },
  };
}

/** Base58; null where nothing is charged. */
function ledgerOf(terms: Discovery): string | null {
  return terms.charges ? toBase58(terms.ledger) : null;
}

/** What it did wrong whatever was asked, as a clause; null where that can't be said. Silence is the asker's to judge. */
function faultOf(error: unknown): string | null {
  if (error === OVERTAKEN) return null;
  if (error instanceof TollRefused) return `refused the toll (${error.slug})`;
  if (error instanceof EdgeError) {
    if (error.code === "gateway-lied") return "claimed what can't be";
    if (error.code === "gateway-discovery") return "did not say its terms";
    return error.code === "gateway-refused" || error.code === "gateway-foreign" ? error.message : null;
  }
  const code = error instanceof DnsError ? error.code : "";
  return HARD[code] ?? null;
}

const HARD: Readonly<Record<string, string>> = {
  "exchange-refused": "refused the connection",
  "exchange-closed": "ended the connection",
  "exchange-tls": "failed the TLS handshake",
  "exchange-mismatch": "answered another question",
  "exchange-malformed": "sent what can't be read",
  "exchange-http-status": "answered with an HTTP error",
};
