import {
  type Answer,
  EDE,
  encodeOption,
  type Handler,
  type Refusal as HttpRefusal,
  type Query,
  RCODE,
  type Resolver,
  writeError,
  writeTruncated,
} from "@tolldns/dns";
import { answerRoutesOff, isRouteQuestion, type Routes } from "@tolldns/routes";
import { EDNS_OPTION_TOLL } from "@tolldns/sdk";
import type { Buckets } from "../limits/buckets.ts";
import type { Flights } from "../limits/flights.ts";
import { hashNetwork } from "../limits/prefix.ts";
import type { ResponseLimit } from "../limits/responses.ts";
import type { Booth } from "../toll/booth.ts";
import { REFUSALS, type Refusal } from "../toll/refusal.ts";
import type { Terms } from "../toll/terms.ts";
import { TICK_AGAIN, TICK_ELSEWHERE, TICK_PAID } from "../toll/tick.ts";
import type { Counters } from "./counters.ts";
import type { Payments } from "./payments.ts";
import { writePaymentRefusal, writeRefusal } from "./refusals.ts";
import { isTollName, writeText } from "./toll-name.ts";

export interface HandlerOptions {
  readonly resolver: Resolver;
  /** `.dns`; null where no feed is configured. */
  readonly routes: Routes | null;
  readonly counters: Counters;
  /** Null where nothing is charged. */
  readonly toll: { readonly booth: Booth; readonly terms: Terms; readonly payments: Payments } | null;
  readonly free: boolean;
  /** The discovery document. */
  readonly discovery: () => Uint8Array;
  readonly clients: Buckets;
  readonly unpaid: Buckets;
  readonly responses: ResponseLimit;
  readonly flights: Flights;
  /** Seconds, never going backwards. */
  readonly now: () => number;
}

/** An unpaid answer over UDP is no larger than this: little worth for those who forge addresses. */
const UNPAID_UDP_BYTES = 512;
/** All refusals to a network share one limit. */
const REFUSAL_KIND = 0x5ef;
/** What the listeners leave beyond the limit for answers that are cut afterwards. */
const SPARE_BYTES = 66_000;
const BUSY = { ede: { code: EDE.NOT_READY, text: "too many questions under way" } } as const;

/** Takes a query the way through the gateway: toll, limits, cache, upstream. */
export function createHandler(options: HandlerOptions): Handler {
  const { resolver, counters, toll, clients, responses, flights, now } = options;
  // Names below `dns` go to feeds or nowhere: upstreams never hear of them.
  const answerRoute = options.routes?.answer ?? answerRoutesOff;
  const networks = new WeakMap<object, number>();

  const networkOf = (query: Query): number => {
    const { connection } = query;
    if (connection === undefined) return hashNetwork(query.peer.address);
    let network = networks.get(connection);
    if (network === undefined) {
      network = hashNetwork(query.peer.address);
      networks.set(connection, network);
    }
    return network;
  };

  const refuse = (
    query: Query,
    refusal: Refusal,
    network: number,
    out: Uint8Array,
    at: number,
  ): number | HttpRefusal => {
    counters.refusals[refusal] = (counters.refusals[refusal] as number) + 1;
    if (query.transport !== "udp") return writeRefusal(query, refusal, out, at);
    const verdict = responses.judge(network, REFUSAL_KIND, now());
    if (verdict === "send") return writeRefusal(query, refusal, out, at);
    return limited(verdict, query, out, at);
  };

  const limited = (verdict: "truncate" | "drop", query: Query, out: Uint8Array, at: number): number => {
    if (verdict === "drop") {
      counters.dropped++;
      return 0;
    }
    counters.truncated++;
    return writeTruncated(query, out, at);
  };

  const resolve = (query: Query, out: Uint8Array, at: number): number | Promise<Uint8Array> => {
    // Asking who it is costs more than a hit: only while some network is at its limit.
    if (flights.full > 0 && flights.isFull(networkOf(query))) {
      const length = resolver.cache.answer(query, out, at);
      if (length > 0) {
        counters.hits++;
        return length;
      }
      counters.busy++;
      return writeError(query, out, at, RCODE.SERVFAIL, BUSY);
    }
    const result = isRouteQuestion(query) ? answerRoute(query, out, at) : resolver.answer(query, out, at);
    if (typeof result === "number") {
      counters.hits++;
      return result;
    }
    counters.misses++;
    const network = networkOf(query);
    flights.begin(network);
    return result.finally(() => flights.end(network));
  };

  const pay = async (query: Query, network: number): Promise<Answer> => {
    const answer = await (toll as NonNullable<typeof toll>).payments.pay(query.local as Uint8Array, network);
    const out = new Uint8Array(1024);
    if (!answer.ok) {
      counters.refusals[answer.refusal] = (counters.refusals[answer.refusal] as number) + 1;
      return out.subarray(0, writePaymentRefusal(query, answer.refusal, answer.known, out));
    }
    const option = encodeOption(EDNS_OPTION_TOLL, answer.acknowledgement);
    return out.subarray(0, writeError(query, out, 0, RCODE.NOERROR, { options: option }));
  };

  /** The session is in another worker: its word first, then as ever. */
  const resolveElsewhere = async (query: Query, cost: number): Promise<Answer> => {
    const question = query.key.subarray(0, query.keyLength - 1);
    const { payments } = toll as NonNullable<typeof toll>;
    const result = await payments.spendElsewhere(query.local as Uint8Array, question, cost);
    const out = new Uint8Array(query.limit + SPARE_BYTES);
    let answer: number | HttpRefusal | Promise<Uint8Array>;
    if (result === TICK_PAID || result === TICK_AGAIN) {
      counters.paid++;
      answer = resolve(query, out, 0);
    } else answer = refuse(query, result, networkOf(query), out, 0);
    return typeof answer === "number" ? out.subarray(0, answer) : answer;
  };

  return (query, out, at) => {
    counters.queries++;
    counters[query.transport]++;
    if (toll !== null && query.localLength >= 0 && query.class === 1) {
      const { classes } = toll.terms;
      const cost = query.dnssecOk ? (classes.dnssec ?? classes.standard) : classes.standard;
      const result = toll.booth.spend(
        query.localWire,
        query.localAt,
        query.localLength,
        query.key,
        0,
        query.keyLength - 1,
        cost,
      );
      if (result === TICK_PAID || result === TICK_AGAIN) {
        counters.paid++;
        return resolve(query, out, at);
      }
      if (result === TICK_ELSEWHERE) return resolveElsewhere(query.keep(), cost);
      const network = networkOf(query);
      return refuse(query, clients.take(network, now()) ? result : REFUSALS.rateLimited, network, out, at);
    }
    const network = networkOf(query);
    if (!clients.take(network, now())) return refuse(query, REFUSALS.rateLimited, network, out, at);
    if (isTollName(query)) {
      if (toll !== null && query.localLength >= 0) return pay(query.keep(), network);
      // Ten times what was asked, to whom the address belongs: only over a stream.
      if (query.transport === "udp") return writeTruncated(query, out, at);
      return writeText(query, options.discovery(), out, at);
    }
    if (!options.free) return refuse(query, REFUSALS.paymentRequired, network, out, at);
    if (!options.unpaid.take(network, now())) return refuse(query, REFUSALS.rateLimited, network, out, at);
    counters.unpaid++;
    if (query.transport === "udp") {
      query.limit = Math.min(query.limit, UNPAID_UDP_BYTES);
      const verdict = responses.judge(network, query.hash, now());
      if (verdict !== "send") return limited(verdict, query, out, at);
    }
    return resolve(query, out, at);
  };
}
