import type { DecisionLog, PolicyView } from "@tolldns/policy";
import type { RoutesSettings, RoutesStatus } from "@tolldns/routes";
import type { Store, StoredVoucher } from "@tolldns/store";
import type { WorkerSeat } from "./workers/seat.ts";

/** What the gateway needs of a chain. A `Connection` of @solana/web3.js fits as it is. */
export interface ChainSource {
  getAccountInfoAndContext(
    address: ChainAddress,
    commitment?: Commitment,
  ): Promise<{ context: { slot: number }; value: { data: Uint8Array; owner: ChainAddress } | null }>;
  onAccountChange(
    address: ChainAddress,
    callback: (account: { data: Uint8Array }, context: { slot: number }) => void,
    commitment?: Commitment,
  ): number;
  removeAccountChangeListener(id: number): Promise<void>;
}

/** A `PublicKey` of @solana/web3.js. */
export type ChainAddress = import("@solana/web3.js").PublicKey;
export type Commitment = "processed" | "confirmed" | "finalized";

/** Bounds how often a backend is asked; trials of the router's own count too. Beyond it others are asked, and none is better than too many. */
export interface QuotaOptions {
  /** Questions a second. */
  readonly perSecond?: number;
  /** Questions a day (UTC). */
  readonly perDay?: number;
}

/** What every upstream may have beside its address. */
export interface UpstreamExtras {
  /** Who runs it: answers of one operator count as one opinion. Default: each upstream is an operator of its own. */
  readonly operator?: string;
  readonly quota?: QuotaOptions;
}

/** One way to resolve. Addresses are IP literals; `name` is what the certificate must say. */
export type UpstreamOptions = UpstreamExtras &
  (
    | { readonly kind: "udp"; readonly host: string; readonly port?: number }
    | { readonly kind: "tcp"; readonly host: string; readonly port?: number }
    | {
        readonly kind: "dot";
        readonly host: string;
        readonly port?: number;
        readonly name: string;
        readonly ca?: string;
      }
    | { readonly kind: "doh"; readonly url: string; readonly host?: string; readonly ca?: string }
  );

/** Who is asked, in this order, when no upstream can be used. After them come expired answers of the cache. */
export interface FallbackOptions {
  /** Upstreams asked together: an answer is what `agree` of `ask` operators say. */
  readonly quorum?: {
    readonly upstreams: readonly UpstreamOptions[];
    readonly ask: number;
    readonly agree: number;
  };
  /** Centralised upstreams, asked one after another. */
  readonly central?: readonly UpstreamOptions[];
}

/** Questions are asked of several operators and answered only with what enough of them say; else SERVFAIL. */
export interface ConfirmOptions {
  /** How many are asked at once, and how many must agree. */
  readonly ask: number;
  readonly agree: number;
  /** Share of questions that are confirmed, 0 to 1. Default 1: all. */
  readonly share?: number;
}

/** The router's own trial questions. */
export interface CanaryOptions {
  /** Milliseconds between trials of a backend that nobody else asks; a tenth as often while the gateway is idle. Default 1000. */
  readonly intervalMs?: number;
  /** Names (type A) that every honest resolver answers alike. Default: the root's servers. */
  readonly names?: readonly string[];
  /** Hold the backends' answers to recent questions against each other too. Off for backends that answer differently by design. Default true. */
  readonly compare?: boolean;
}

/** How backends are chosen; docs/reference/router.md. */
export interface RouterOptions {
  /** How much better another must be, as a share of the score, and for how many seconds. Default 0.25 and 10. */
  readonly margin?: number;
  readonly dwell?: number;
  /** Seconds after which a policy state is stale. Default 1800. */
  readonly staleAfter?: number;
  /** Good answers a minute that outweigh DISABLED. Default 30. */
  readonly trusted?: number;
  /** Seconds the ramp of a backend lasts that comes back. Default 10. */
  readonly ramp?: number;
  /** Share of questions that may be asked twice because the first is late. Default 0.1. */
  readonly hedge?: number;
  readonly canary?: CanaryOptions;
}

/** Where queries arrive. A port of 0 takes a free one (see `RunningGateway.addresses`); a listener left out isn't started. */
export interface ListenOptions {
  /** IP literal. Default 127.0.0.1. */
  readonly host?: string;
  /** Do53 over UDP, and over TCP on the same number. */
  readonly udp?: number;
  readonly tcp?: number;
  readonly dot?: number;
  readonly doh?: number;
  /** Lets other processes bind the same ports (SO_REUSEPORT). Default false. */
  readonly reusePort?: boolean;
}

export type CertificateOptions =
  /** Makes its own authority and certificate, kept in `folder` with mode 0600. */
  | { readonly kind: "development"; readonly folder: string; readonly names?: readonly string[] }
  /** PEM files; read again when they change. */
  | { readonly kind: "files"; readonly certificate: string; readonly key: string }
  /** Obtained from a certificate authority and renewed (RFC 8555). Using it agrees to the authority's terms of service. */
  | {
      readonly kind: "acme";
      /** https:// address of the authority's directory. */
      readonly directory: string;
      /** Where account key and certificate are kept, mode 0600. */
      readonly folder: string;
      /** Host names; the authority must reach each of them on port 80. */
      readonly names: readonly string[];
      /** Where the authority may write to. */
      readonly email?: string;
      /** PEM to trust the directory by, in place of the machine's authorities. */
      readonly ca?: string;
      /** Port HTTP-01 is answered on, at `listen.host`, while a certificate is obtained. Default 80. */
      readonly challengePort?: number;
    };

/** Prices and limits, published by discovery. */
export interface TollTerms {
  /** Micro-IU a unit. */
  readonly tickPrice: bigint;
  /** Units a query, by class: `standard`, and `dnssec` for queries that ask for signatures. Default `{ standard: 1 }`. */
  readonly classes?: { readonly standard: number; readonly dnssec?: number };
  /** Units of debt a lane may have: what a payer could run away with. A larger one costs fewer vouchers. Default 256. */
  readonly k?: number;
  /** Seconds a unit may stay unpaid. Default 60. */
  readonly t?: number;
  /** Longest hash chain taken, units. Default 65 536. */
  readonly maxUnits?: number;
  /** Days from today a voucher's expiry may name. Default 2 to 30. */
  readonly expiryDays?: { readonly min: number; readonly max: number };
  /** Seconds a session lasts. Default 86 400. */
  readonly sessionSeconds?: number;
}

export interface TollOptions {
  readonly chain: ChainSource;
  readonly store: Store;
  /** Ledger account, 32 bytes. */
  readonly ledger: Uint8Array;
  /** Escrow program, 32 bytes. */
  readonly escrow: Uint8Array;
  /** Genesis hash of the cluster, 32 bytes. */
  readonly genesis: Uint8Array;
  readonly terms: TollTerms;
  /** Default `confirmed`. */
  readonly commitment?: Commitment;
  /** Seconds between full reads of the ledger account; the subscription is faster. Default 10. */
  readonly pollSeconds?: number;
  /** Seconds without a successful read after which no new session opens. Default 120. */
  readonly maxChainAge?: number;
  /** Seconds without a successful read after which no query is served on credit. Default 900. */
  readonly maxServeAge?: number;
}

export interface AbuseLimits {
  /** Queries a second and burst of one client network (/24, /56). Default 1 000 and 2 000. */
  readonly clientRate?: number;
  readonly clientBurst?: number;
  /** Queries a second and burst of one lane. Default 50 000 and 100 000: it pays for them; this bounds wrong ticks. */
  readonly laneRate?: number;
  readonly laneBurst?: number;
  /** Unpaid queries a second of one client network in free mode. Default 20, burst 5 times that. */
  readonly freeRate?: number;
  /** Openings and vouchers a second that one client network may have checked. Default 20, burst 5 times that. */
  readonly paymentRate?: number;
  /** Equal unpaid UDP answers a second to one client network before they are cut short or dropped. Default 20. */
  readonly responseRate?: number;
  /** Every how many-th limited answer is sent truncated; the others are dropped. Default 2. */
  readonly slip?: number;
  /** Sessions held at most. Default 20 000. */
  readonly maxSessions?: number;
  /** Questions asked of upstreams at once. Default 4 096. */
  readonly maxInFlight?: number;
  /** Questions in flight for one client network. Default 256. */
  readonly maxInFlightPerClient?: number;
  /** Streams (TCP, TLS, HTTP) open at once. Default 10 000. */
  readonly maxConnections?: number;
}

export interface GatewayOptions {
  readonly listen: ListenOptions;
  readonly certificate?: CertificateOptions;
  /** Left out: the gateway is free of charge and needs neither chain nor store. */
  readonly toll?: TollOptions;
  /** Serve unpaid queries too, at `limits.freeRate`. Default false with a toll, true without. */
  readonly free?: boolean;
  /** Default: those of /etc/resolv.conf. */
  readonly upstreams?: readonly UpstreamOptions[];
  readonly confirm?: ConfirmOptions;
  readonly fallback?: FallbackOptions;
  readonly router?: RouterOptions;
  /** States of backends from the chain: `openPolicy` of @tolldns/policy. Whoever opened it closes it. Left out: own measurements alone. */
  readonly policy?: Pick<PolicyView, "of" | "age" | "onChange">;
  /** Where the router writes what it decided: `openDecisionLog` of @tolldns/policy. */
  readonly decisions?: Pick<DecisionLog, "append">;
  /** Starts a recursor beside the gateway and asks only that. */
  readonly recursor?: RecursorOptions;
  /** Milliseconds for a whole question, upstream retries included. Default 4 000. */
  readonly timeoutMs?: number;
  /** Bytes of answers held. Default 64 MiB. */
  readonly cacheBytes?: number;
  /** Refuse private addresses in answers for public names. Default true. */
  readonly rebindingProtection?: boolean;
  /** Names (and all below) that may point at private addresses. */
  readonly privateNames?: readonly string[];
  /** Answers `.dns` from these feeds. Left out: such names are SERVFAIL; in no case are upstreams asked for them. */
  readonly routes?: RoutesSettings;
  readonly limits?: AbuseLimits;
  /** Loopback port of /metrics and /healthz. Left out: none. */
  readonly metrics?: { readonly host?: string; readonly port: number };
  /** One JSON object a line. Default: standard error. `names` adds query names. */
  readonly log?: {
    readonly level?: "error" | "warn" | "info" | "debug";
    readonly names?: boolean;
    readonly write?: (line: string) => void;
  };
  /** Unix seconds, fractions allowed. Default: the system's clock. */
  readonly now?: () => number;
  /** This process's place among workers that share the ports; see workers/. */
  readonly seat?: WorkerSeat;
  /** Called after a voucher is on disk. */
  readonly onVoucher?: (voucher: StoredVoucher) => void;
}

export interface RecursorOptions {
  readonly kind: "unbound" | "knot-resolver";
  /** Where configuration and state are written; made if missing. */
  readonly folder: string;
  /** Program to run. Default: `unbound` or `kresd` of PATH. */
  readonly program?: string;
  /** Trust anchors in zone-file form, one a line. Default: the root's, built in. */
  readonly trustAnchors?: readonly string[];
  /** Root server addresses instead of the public ones, as `name address`. */
  readonly rootHints?: readonly string[];
  /** Seconds to wait until it answers. Default 15. */
  readonly startSeconds?: number;
  /** Lines added to its configuration. */
  readonly extra?: readonly string[];
}

export interface UpstreamStatus {
  /** `udp://192.0.2.1:53`, as docs/reference/policy.md writes names of backends; `quorum` for the upstream quorum as a whole. */
  readonly name: string;
  readonly kind: "udp" | "tcp" | "dot" | "doh" | "quorum";
  /** 0 backends, 1 upstream quorum, 2 centralised upstreams. */
  readonly tier: number;
  /** Not ejected. */
  readonly healthy: boolean;
  /** `out` while ejected, `back` while its ramp lasts. */
  readonly standing: "in" | "out" | "back";
  /** Why it is out or came back; empty else. */
  readonly because: string;
  /** Basis points of questions it may take on own measurements. */
  readonly shareBps: number;
  /** State on chain and seconds since it was known to hold; null where the chain says nothing, infinite age where nobody can tell. */
  readonly policy: { readonly state: string; readonly shareBps: number; readonly age: number } | null;
  /** Smoothed milliseconds of an answer, and the 95th percentile's bucket. */
  readonly latencyMs: number;
  readonly p95Ms: number;
  /** Smoothed share of answered questions, and of lost comparisons, 0 to 1. */
  readonly success: number;
  readonly disagreement: number;
  /** Since the start, the router's own trials among them. */
  readonly asked: number;
  readonly failed: number;
  /** Questions left of today's quota; null without one. */
  readonly quotaLeft: number | null;
}

/** What the router decided. */
export interface RouterStatus {
  /** Who is asked first; null before the first decision. */
  readonly choice: string | null;
  /** Of whom: 0 backends, 1 upstream quorum, 2 centralised upstreams, 3 nobody: stale answers. */
  readonly tier: number;
  readonly sinceSeconds: number;
  /** One sentence. */
  readonly reason: string;
  readonly usable: number;
  /** Since the start: changes of the choice within a tier or back up, to a lower tier, ejections and returns. */
  readonly switches: number;
  readonly fallbacks: number;
  readonly ejections: number;
  readonly returns: number;
  /** Questions asked twice for speed, asked of several to be confirmed, answers that differed, and trials of the router's own. */
  readonly hedged: number;
  readonly confirmed: number;
  readonly disputes: number;
  readonly trials: number;
}

export interface GatewayStatus {
  readonly startedAt: number;
  readonly queries: number;
  readonly hits: number;
  readonly misses: number;
  readonly paid: number;
  readonly unpaid: number;
  readonly refused: number;
  /** Micro-IU earned by ticks since the start. */
  readonly tolls: bigint;
  /** Vouchers accepted since the start, and what they added, micro-IU. */
  readonly vouchers: number;
  readonly promised: bigint;
  readonly sessions: number;
  readonly cacheEntries: number;
  readonly cacheBytes: number;
  readonly upstreams: readonly UpstreamStatus[];
  readonly router: RouterStatus;
  readonly chain: { readonly slot: number; readonly ageSeconds: number; readonly lanes: number } | null;
  readonly recursor: "starting" | "running" | "down" | null;
  /** Null where no feed is configured. */
  readonly routes: RoutesStatus | null;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface RunningGateway {
  readonly addresses: {
    readonly udp?: Address;
    readonly tcp?: Address;
    readonly dot?: Address;
    readonly doh?: Address;
    readonly metrics?: Address;
  };
  /** PEM of the authority a client must trust, when the certificate is a development one. */
  readonly authority?: string;
  status(): GatewayStatus;
  /** Ends listeners, records what sessions consumed, ends upstreams and the recursor. The store stays open: who opened it closes it. */
  close(): Promise<void>;
}
