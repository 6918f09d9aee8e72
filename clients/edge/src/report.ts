import type { Cache } from "@tolldns/dns/cache/cache";
import type { Routes } from "@tolldns/routes";
import type { Gateway } from "./gateways/gateway.ts";
import type { Book } from "./pay/book.ts";
import { describeLimit } from "./pay/policy.ts";
import type { AskCounters } from "./resolve/asker.ts";
import type { Routing } from "./routing.ts";
import type { EdgeStatus } from "./status.ts";

/** All that `status` is made of. */
export interface ReportInput {
  readonly book: Book;
  readonly gateways: readonly Gateway[];
  readonly cache: Cache;
  readonly counters: AskCounters;
  readonly routing: Routing;
  readonly routes: Routes | null;
  readonly balance: { readonly free: bigint; readonly asOf: number } | null;
  /** Base58, null without a wallet. */
  readonly owner: string | null;
  readonly listening: readonly string[];
  readonly control: string | null;
  readonly usesFree: boolean;
  readonly uptimeSeconds: number;
}

export function reportStatus(input: ReportInput): EdgeStatus {
  const { book, balance } = input;
  const { entries, bytes, hits, misses } = input.cache.stats();
  const { unpaidReason: _, ...queries } = input.counters;
  return {
    listening: input.listening,
    control: input.control,
    stopped: book.stopped(),
    reasons: reasonsOf(input),
    wallet:
      input.owner === null
        ? null
        : { owner: input.owner, free: balance?.free ?? null, asOf: balance?.asOf ?? null },
    spent: { hour: book.windows.hour(), day: book.windows.day(), total: book.windows.total() },
    limits: book.policy.limits,
    lanes: book.lanes().map(({ gateway, ledger, lane, generation, state, reserve, promised }) => {
      return { gateway, ledger, lane, generation, state, reserve, promised };
    }),
    gateways: input.gateways.map((gateway) => ({
      ...gateway.status(),
      ...input.routing.gatewayStatus(gateway),
    })),
    cache: { entries, bytes, hits, misses },
    queries,
    ...input.routing.status(),
    routes: input.routes?.status() ?? null,
    uptimeSeconds: input.uptimeSeconds,
  };
}

/** What happens to questions now, and why, in words. */
function reasonsOf({ book, gateways, counters, owner, usesFree }: ReportInput): string[] {
  const { windows, policy } = book;
  const otherwise = gateways.some((gateway) => gateway.mustPay() === false)
    ? "free gateways answer"
    : usesFree
      ? "free upstreams answer"
      : "questions fail with SERVFAIL";
  const lied = gateways.filter((gateway) => gateway.status().lies > 0);
  const reports = lied.map(({ url, status }) => `${url} lied about a .dns name: ${status().lie}`);
  if (book.stopped()) {
    const left = book.lanes().filter(({ state }) => state !== "revoked" && state !== "lost").length;
    const lanes = left === 0 ? "no lane's key is good any more" : `${left} lanes are being revoked`;
    return [`payment was stopped; ${lanes}; ${otherwise}`, ...reports];
  }
  if (owner === null) return [`no wallet is configured; ${otherwise}`, ...reports];
  const reasons = reports;
  if (windows.hour() >= policy.limits.perHour)
    reasons.push(`${describeLimit("limit-hour", policy.limits, windows)}; ${otherwise}`);
  if (windows.day() >= policy.limits.perDay)
    reasons.push(`${describeLimit("limit-day", policy.limits, windows)}; ${otherwise}`);
  if (counters.unpaidReason !== null)
    reasons.push(`the last question was not paid: ${counters.unpaidReason}; ${otherwise}`);
  if (gateways.length > 0 && gateways.every((gateway) => gateway.reason() !== null))
    reasons.push("no gateway can be used now; each says why");
  return reasons.length > 0 ? reasons : ["paying and answering"];
}
