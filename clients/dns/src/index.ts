/** DNS for both ends, knowing nothing of money: wire form, cache, listeners, exchange with upstreams. */

export type { Admitted, TtlLimits } from "./cache/admit.ts";
export { type Cache, type CacheOptions, type CacheStats, createCache } from "./cache/cache.ts";
export {
  type Ask,
  createResolver,
  type Resolver,
  type ResolverOptions,
  type ResolverStats,
} from "./cache/resolver.ts";
export {
  type Certificate,
  type CertificateFiles,
  type CertificatePair,
  createCertificate,
  watchCertificate,
} from "./certificates.ts";
export {
  type Clock,
  createVirtualClock,
  systemClock,
  systemTimerClock,
  type TimerClock,
  type VirtualClock,
} from "./clock.ts";
export { type DevelopmentCertificate, ensureDevelopmentCertificate } from "./development.ts";
export { DnsError, type DnsErrorCode, type DnsErrorContext } from "./errors.ts";
export {
  type AskExtras,
  createUpstream,
  type Protocol,
  type Upstream,
  type UpstreamOptions,
  type UpstreamStats,
} from "./exchange/upstream.ts";
export type { StreamBounds } from "./listeners/bounds.ts";
export { type DotOptions, listenDot } from "./listeners/dot.ts";
export type {
  Answer,
  Handler,
  Listener,
  ListenerStats,
  ListenOptions,
  Refusal,
} from "./listeners/handler.ts";
export { type HttpsOptions, listenHttps } from "./listeners/https.ts";
export type { HttpRequest, HttpResponse, Route } from "./listeners/routes.ts";
export { listenTcp, type TcpOptions } from "./listeners/tcp.ts";
export { listenUdp, type UdpOptions } from "./listeners/udp.ts";
export { createRebindingGuard, isPrivateAddress, type RebindingGuard } from "./rebinding.ts";
export { buildQuery, encodeOption, type QueryParts, questionFor } from "./wire/build.ts";
export * from "./wire/constants.ts";
export { encodeName, isWithin, nameToText, sameName } from "./wire/name.ts";
export { type ParseResult, type Peer, parseQuery, Query, queryOf, type Transport } from "./wire/query.ts";
export { type Question, questionName, questionOf } from "./wire/question.ts";
export { findOption, readMessage, type WireMessage, type WireRecord } from "./wire/records.ts";
export {
  type ExtendedError,
  type ReplyOptions,
  SERVER_PAYLOAD_SIZE,
  writeError,
  writeMinimalAny,
  writeTruncated,
} from "./wire/reply.ts";
export { isAuthentic, judgeAnswer, rcodeName, type Verdict } from "./wire/verdict.ts";
