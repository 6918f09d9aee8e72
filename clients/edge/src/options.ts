import type { DecisionLog } from "@tolldns/policy/log/types";
import type { PolicyView } from "@tolldns/policy/view/types";
import type { RoutesSettings } from "@tolldns/routes";
import type { AddressLike, Deployment } from "@tolldns/sdk";
import type { EdgeClock } from "./clock.ts";
import type { OwnerSigner } from "./wallet/owner.ts";

/** An address to listen on. Port 0 takes a free one. */
export interface ListenAddress {
  /** A loopback address, or one of the machine's if a router serves its network. */
  readonly host: string;
  readonly port: number;
}

/** A gateway the user chose. Everything else is read from its discovery document. */
export interface GatewaySource {
  /** `https://host[:port]`; `http://` is taken for loopback addresses only. */
  readonly url: string;
  /** PEM of the CA that signed the gateway's certificate; the machine's own CAs when absent. */
  readonly ca?: string;
  /** How queries travel. DoT and DoH hide them from the network; UDP does not. Default `dot` if the gateway has it, else `doh`. */
  readonly transport?: "dot" | "doh" | "udp";
  /** Connect here in place of resolving the host of `url`: the edge can't resolve before it runs. */
  readonly address?: string;
  /** The escrow ledger this gateway must publish, base58; any when absent. */
  readonly ledger?: string;
}

/** What may be spent, in micro-IU. Checked before anything is signed or revealed. */
export interface SpendLimits {
  /** For one question of a program, all attempts and hedges together. */
  readonly perQuery: bigint;
  /** In any 3 600 s. */
  readonly perHour: bigint;
  /** In any 86 400 s. */
  readonly perDay: bigint;
  /** Highest price of a unit; a gateway above it is not used. */
  readonly priceCeiling: bigint;
  /** What a new lane holds, and what a top-up brings a lane back to. */
  readonly laneReserve: bigint;
  /** Most that all lanes together may hold. */
  readonly lanesTotal: bigint;
}

/** How money on chain is reached. */
export interface WalletOptions {
  /** Solana JSON-RPC, `http://` or `https://`. */
  readonly rpcUrl: string;
  /** Where the escrow lives. Gateways of another escrow or cluster are not paid, and the RPC must be of this cluster. */
  readonly deployment: { readonly [Key in keyof Deployment]: AddressLike };
  /** The owner: a keypair file (JSON array of 64 bytes, mode 0600), or a signer that keeps the key elsewhere. */
  readonly owner: { readonly keyFile: string } | OwnerSigner;
}

/** Where states of gateways are read. What is left out is the wallet's or that of `routes`. */
export interface PolicySettings {
  /** Solana JSON-RPC. */
  readonly rpcUrl?: string;
  /** The policy program; this release's by default. */
  readonly program?: AddressLike;
  /** Genesis hash of the cluster. */
  readonly genesis?: AddressLike;
  /** Seconds between reads. Default 15. */
  readonly pollSeconds?: number;
}

export interface EdgeOptions {
  /** Folder of what must survive: made with mode 0700. One edge at a time. */
  readonly stateDir: string;
  /** Default 127.0.0.1:53, UDP and TCP. */
  readonly listen?: readonly ListenAddress[];
  /**
   * DNS over TLS and HTTPS for programs that encrypt up to the edge (browsers, `curl --doh-url`), on loopback. Off when absent.
   * The certificate is a development one made in `folder` (see `ensureDevelopmentCertificate` of @tolldns/dns).
   */
  readonly encrypted?: {
    readonly host?: string;
    readonly dot?: number;
    readonly doh?: number;
    readonly folder: string;
  };
  readonly gateways: readonly GatewaySource[];
  /** Absent: the edge never pays and uses free upstreams or free gateways only. */
  readonly wallet?: WalletOptions;
  readonly limits?: Partial<SpendLimits>;
  /** Answers `.dns` by evidence that is checked here, from gateways and these feeds. Absent: such names are SERVFAIL, and nobody is asked for them. */
  readonly routes?: RoutesSettings;
  /** When nothing more may be spent: `fail` answers SERVFAIL and says why (default), `free` asks `freeUpstreams`. */
  readonly outOfMoney?: "fail" | "free";
  /** `udp://ip[:port]`, `tcp://…`, `tls://ip[:port]#name`. Used only with `outOfMoney: "free"`; they answer too while no gateway does. */
  readonly freeUpstreams?: readonly string[];
  /**
   * States of gateways on chain. By default they are read where the chain is known: over the wallet's RPC, else over that of `routes`. False: the edge goes by
   * its own measurements alone. A view that is handed in (`openPolicy` of @tolldns/policy) is closed by whoever opened it.
   */
  readonly policy?: PolicySettings | PolicyView | false;
  /** Where decisions are written; by default a log of the edge's own in `stateDir`. Whoever opened it closes it. */
  readonly decisions?: DecisionLog;
  /** Bytes of cached answers. Default 2 MiB: some 12 000 of them, within the 80 MB an edge may take. */
  readonly cacheBytes?: number;
  /** Ask a second gateway when the first is slower than usual; the toll is paid twice then. Default true. */
  readonly hedge?: boolean;
  /**
   * Share of questions that a second gateway is asked too, behind the first, so that lies and slowness show and it is ready when it is needed. Paid like hedges and within
   * their budget. Default 1/64; 0 for none.
   */
  readonly crossCheck?: number;
  /** Give only what two gateways say, SERVFAIL otherwise. Each question costs two tolls then. Default false. */
  readonly confirm?: boolean;
  /** Longest wait for an answer, all attempts together, in milliseconds. Default 5 000. */
  readonly timeoutMs?: number;
  /** Refuse public names that resolve to private addresses. Default true; `allow` lists names (with all below) that may. */
  readonly rebinding?: { readonly protect: boolean; readonly allow?: readonly string[] };
  /** The control endpoint; false for none. Default 127.0.0.1, a free port; address and token are in `stateDir`. */
  readonly control?: ListenAddress | false;
  /** Told every question once it is answered, for a log that the user asked for (the dashboard's). Nothing is kept when absent. */
  readonly onAnswer?: (answer: EdgeAnswer) => void;
  readonly clock?: EdgeClock;
  /** Random numbers from 0 up to 1 for ids and choices; not for keys. */
  readonly random?: () => number;
  /** Takes one structured line; never a query name, key or address of a client. */
  readonly log?: (line: EdgeLogLine) => void;
}

/** One answered question. Holds the name that was asked: it may be shown to the user, never stored or sent. */
export interface EdgeAnswer {
  readonly name: string;
  /** `A`, `AAAA`, `TYPE65`, … */
  readonly type: string;
  /** `NOERROR`, `NXDOMAIN`, … */
  readonly rcode: string;
  readonly from: "cache" | "gateway" | "free" | "edge";
  readonly ms: number;
}

export interface EdgeLogLine {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly [field: string]: string | number | boolean;
}

/** Defaults: a cent-sized day at the usual prices. */
export const DEFAULT_LIMITS: SpendLimits = {
  perQuery: 200n,
  perHour: 200_000n,
  perDay: 1_000_000n,
  priceCeiling: 50n,
  laneReserve: 500_000n,
  lanesTotal: 5_000_000n,
};
