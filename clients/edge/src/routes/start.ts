import type { RebindingGuard } from "@tolldns/dns/rebinding";
import { wordsOf } from "@tolldns/routes/errors";
import type { AnswerOrdinary } from "@tolldns/routes/follow";
import { isRouteQuestion } from "@tolldns/routes/name";
import { answerRoutesOff } from "@tolldns/routes/off";
import type { Routes } from "@tolldns/routes/options";
import { addressOf } from "../addresses.ts";
import type { EdgeClock } from "../clock.ts";
import type { Gateway } from "../gateways/gateway.ts";
import type { EdgeOptions } from "../options.ts";
import { loadRouteParts } from "../parts.ts";
import { createQueryBudget } from "../pay/policy.ts";
import type { Journal } from "../state/journal.ts";
import { createRoutesFile, loadRoutes } from "./file.ts";
import { gatewaySource } from "./source.ts";

/** Gateways asked for one name before the feeds are. */
const MAX_GATEWAYS = 3;

export interface RoutesDeps {
  readonly options: EdgeOptions;
  /** Gateways in the order in which they would be asked now. */
  readonly gateways: () => readonly Gateway[];
  readonly journal: Journal;
  readonly clock: EdgeClock;
  readonly guard: RebindingGuard | null;
  /** May nothing be paid now? Gateways that cost nothing are asked all the same. */
  readonly isBlocked: () => boolean;
  /** Answers ordinary names. */
  readonly ordinary: AnswerOrdinary;
}

/** `.dns` at the edge, and the way in for every query. */
export interface EdgeRoutes {
  /** Null where no feed is configured. */
  readonly routes: Routes | null;
  readonly answer: AnswerOrdinary;
  close(): Promise<void>;
}

export async function startRoutes(deps: RoutesDeps): Promise<EdgeRoutes> {
  const { options, gateways, clock, ordinary } = deps;
  if (options.routes === undefined)
    return { routes: null, answer: wayIn(answerRoutesOff, ordinary), close: async () => {} };
  const { openRoutes, createFollow } = await loadRouteParts();
  const file = createRoutesFile(() => routes, options.stateDir, clock);
  const { routes, close } = openRoutes(options.routes, {
    before() {
      const budget = createQueryBudget();
      const isBlocked = deps.isBlocked();
      return gateways()
        .filter((one) => one.reason() === null && one.distrust() === null && !(isBlocked && one.mustPay()))
        .slice(0, MAX_GATEWAYS)
        .map((gateway) => gatewaySource(gateway, budget));
    },
    follow: createFollow(ordinary),
    guard: deps.guard,
    clock,
    transport: { addressOf: ({ origin }) => addressOf({ url: origin }, deps.journal) },
    onVerified: file.changed,
    onRefused: (from, error) =>
      options.log?.({ level: "warn", event: "route-refused", from, reason: wordsOf(error) }),
  });
  await loadRoutes(routes, options.stateDir);
  return {
    routes,
    answer: wayIn(routes.answer, ordinary),
    async close() {
      close();
      await file.save();
    },
  };
}

/** Names below `dns` one way, all others the other: the one thing an ordinary query is asked here. */
function wayIn(route: AnswerOrdinary, ordinary: AnswerOrdinary): AnswerOrdinary {
  return (query, out, at) => (isRouteQuestion(query) ? route(query, out, at) : ordinary(query, out, at));
}
