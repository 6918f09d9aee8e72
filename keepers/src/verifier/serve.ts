import { fromBase64Url, fromHex, toBase64Url } from "@tolldns/sdk";
import { createLimiter } from "../feed/http/limits.ts";
import { type FeedAnswer, type HttpServer, type Route, serveHttp } from "../feed/http/server.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import { fail } from "./errors.ts";
import type { VerifierSettings } from "./options.ts";
import { carOf } from "./report.ts";
import type { KeptReport, VerifierStore } from "./store/open.ts";

export interface ServeParts {
  readonly store: VerifierStore;
  /** Hot key, 32 bytes. */
  readonly key: Uint8Array;
  readonly settings: VerifierSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reports and attestations told in one answer. */
const MOST = 100;
/** What a report says never changes, but its probes are forgotten one day. */
const LASTING = { "cache-control": "public, max-age=3600" } as const;
const FRESH = { "cache-control": "no-cache" } as const;
const CAR = "application/vnd.ipld.car";

/** Serves what this verifier signed, to anyone. */
export function serveReports(
  listen: { readonly host?: string; readonly port?: number },
  parts: ServeParts,
): Promise<HttpServer> {
  const { settings, clock, log } = parts;
  const { requestsPerSecond, requestsBurst, connections } = settings;
  return serveHttp(
    {
      host: listen.host ?? "127.0.0.1",
      port: listen.port ?? 0,
      connections,
      requests: createLimiter(requestsPerSecond, requestsBurst),
      now: () => clock.now(),
      log,
    },
    routesOf(parts),
  );
}

function routesOf({ store, key }: ServeParts): Route[] {
  const find = async (id: string | undefined, begin: string | undefined): Promise<KeptReport> => {
    const kept = await store.readReport({ target: idOf(id), begin: beginOf(begin) });
    if (kept === null) throw fail("not-found", { what: "report" });
    return kept;
  };
  return [
    {
      method: "GET",
      path: /^\/v1\/reports$/,
      handle: async ({ query }): Promise<FeedAnswer> => {
        const target = query.get("target");
        const from = beginOf(query.get("from") ?? "0");
        const kept = await store.reports(from, MOST, target === null ? undefined : idOf(target));
        return { headers: FRESH, json: { key: toBase64Url(key), reports: kept.map(toJson) } };
      },
    },
    {
      method: "GET",
      path: /^\/v1\/reports\/([^/]+)\/(\d+)$/,
      handle: async ({ params }): Promise<FeedAnswer> => {
        const kept = await find(params[0], params[1]);
        return { headers: LASTING, json: { key: toBase64Url(key), ...toJson(kept) } };
      },
    },
    {
      method: "GET",
      path: /^\/v1\/reports\/([^/]+)\/(\d+)\.car$/,
      handle: async ({ params }): Promise<FeedAnswer> => {
        const car = await carOf(store, key, await find(params[0], params[1]));
        if (car === null) throw fail("not-found", { what: "evidence" });
        return { headers: { ...LASTING, "content-type": CAR }, bytes: car };
      },
    },
    {
      method: "GET",
      path: /^\/v1\/attestations$/,
      handle: async ({ query }): Promise<FeedAnswer> => {
        const found = await store.attestations(idOf(query.get("target") ?? undefined), MOST);
        const attestations = found.map(({ target, begin, bytes, signature }) => ({
          target: toBase64Url(target),
          begin: String(begin),
          attestation: toBase64Url(bytes),
          signature: toBase64Url(signature),
        }));
        return { headers: FRESH, json: { key: toBase64Url(key), attestations } };
      },
    },
    {
      method: "GET",
      path: /^\/v1\/attestations\/([^/]+)\/(\d+)\.car$/,
      handle: async ({ params }): Promise<FeedAnswer> => {
        const found = await store.attestations(idOf(params[0]), MOST);
        const one = found.find(({ begin }) => begin === beginOf(params[1]));
        if (one === undefined) throw fail("not-found", { what: "attestation" });
        return { headers: { ...LASTING, "content-type": CAR }, bytes: one.car };
      },
    },
    {
      method: "GET",
      path: /^\/v1\/sets\/(\d{1,10})$/,
      handle: async ({ params }): Promise<FeedAnswer> => {
        const text = await store.readSet(Number(params[0]));
        if (text === null) throw fail("not-found", { what: "set" });
        return {
          headers: { ...LASTING, "content-type": "application/json" },
          bytes: new TextEncoder().encode(text),
        };
      },
    },
  ];
}

const toJson = ({ target, begin, kind, name, bytes, signature, landed }: KeptReport) => ({
  target: toBase64Url(target),
  begin: String(begin),
  kind,
  name,
  report: toBase64Url(bytes),
  signature: toBase64Url(signature),
  landed,
});

/** Hex, as commands and explorers show it, or base64url. */
function idOf(text: string | undefined): Uint8Array {
  try {
    if (/^[0-9a-f]{64}$/.test(text ?? "")) return fromHex(text ?? "");
    const bytes = fromBase64Url(text ?? "");
    if (bytes.length === 32) return bytes;
  } catch {
    // Told as any other text that is no id.
  }
  throw fail("request-form", { reason: "target is 32 bytes in hex or base64url" });
}

/** SQLite's integers end at 2^63 - 1. */
function beginOf(text: string | undefined): bigint {
  if (text === undefined || !/^\d{1,18}$/.test(text))
    throw fail("request-form", { reason: "a time in Unix seconds" });
  return BigInt(text);
}
