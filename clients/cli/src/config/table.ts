import { homedir } from "node:os";
import { join } from "node:path";
import { keeper, quorum, verifier, witness } from "./keepers.ts";
import { type AnyOption, type Option, option, type Section } from "./option.ts";
import type { Kind } from "./values.ts";
import * as kinds from "./values.ts";

/** Where state goes unless told otherwise: the XDG data folder, or its equal on macOS. */
export function defaultDataDir(): string {
  if (process.env.XDG_DATA_HOME) return join(process.env.XDG_DATA_HOME, "tolldns");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "tolldns");
  return join(homedir(), ".local", "share", "tolldns");
}

const listenAddress = kinds.hostPort(53);
const hasPassword = (url: string) => /^[a-z]+:\/\/[^/@]*:[^/@]+@/.test(url);

const general = {
  data: option(kinds.path, "folder of wallet, chain, vouchers and caches", { default: defaultDataDir() }),
};

const chain = {
  rpc: option(kinds.httpUrl, "Solana JSON-RPC to use", {
    otherwise: "the chain of the running `tolldns up`",
    example: "http://127.0.0.1:8899",
  }),
  escrow: option(kinds.string, "address of the escrow program", {
    otherwise: "the one this release deploys",
  }),
  namesProgram: option(kinds.string, "address of the names program", {
    otherwise: "the one this release deploys",
  }),
  stakeProgram: option(kinds.string, "address of the stake program", {
    otherwise: "the one this release deploys",
  }),
  quorumProgram: option(kinds.string, "address of the quorum program", {
    otherwise: "the one this release deploys",
  }),
  policyProgram: option(kinds.string, "address of the policy program", {
    otherwise: "the one this release deploys",
  }),
  feeds: option(kinds.list(kinds.httpUrl), "feeds of `.dns` routes, asked in this order", {
    otherwise: "those of the running `tolldns up`",
    example: ["https://feed.example.org"],
  }),
};

const wallet = {
  key: option(kinds.path, "keypair file of the wallet, mode 0600", {
    otherwise: "wallet.json in the data folder",
  }),
};

const store = {
  store: option(kinds.string, "where vouchers and the outbox are kept: sqlite:<path> or postgres://…", {
    otherwise: "sqlite in the data folder",
    example: "postgres://tolldns@db.internal/tolldns",
    secret: hasPassword,
  }),
};

const gateway = {
  host: option(kinds.string, "address to listen on", { default: "127.0.0.1" }),
  udpPort: option(kinds.port, "port of plain DNS, UDP and TCP", { default: 53 }),
  dotPort: option(kinds.port, "port of DNS over TLS", { default: 853 }),
  dohPort: option(kinds.port, "port of DNS over HTTPS", { default: 443 }),
  reusePort: option(kinds.boolean, "let other gateway processes share the ports", { default: false }),
  workers: option(kinds.integer(1, 64), "processes that share the ports and the sessions", { default: 1 }),
  certificate: option(kinds.path, "certificate chain, PEM", { otherwise: "a development one is made" }),
  certificateKey: option(kinds.path, "private key of the certificate, PEM"),
  names: option(kinds.list(kinds.string), "names of the certificate, if it is a development or an ACME one", {
    example: ["dns.example.org"],
  }),
  acmeDirectory: option(
    kinds.httpUrl,
    "ACME directory to get the certificate from, agreeing to its terms of service; needs names that lead here",
    { example: "https://acme-v02.api.letsencrypt.org/directory" },
  ),
  acmeEmail: option(kinds.string, "where that authority may write to", { example: "operator@example.org" }),
  acmeCa: option(kinds.path, "CA to trust the directory by, PEM", { otherwise: "the machine's CAs" }),
  acmePort: option(kinds.port, "port the authority's challenges are answered on; it asks on 80", {
    default: 80,
  }),
  operator: option(kinds.path, "keypair file of the operator, for opening a ledger"),
  ledgerIndex: option(kinds.integer(0, 65_535), "which of the operator's ledgers is paid", { default: 0 }),
  charge: option(kinds.boolean, "ask tolls; without it anybody is served at the free rate", {
    default: true,
  }),
  free: option(kinds.boolean, "serve unpaid queries too, slowly", { default: false }),
  tickPrice: option(kinds.amount, "price of a unit", { default: 20n }),
  standardUnits: option(kinds.integer(1, 64), "units an ordinary query costs", { default: 1 }),
  dnssecUnits: option(kinds.integer(1, 64), "units a query costs that asks for signatures", { default: 1 }),
  creditUnits: option(kinds.integer(1, 65_536), "units a lane may owe (k)", { default: 256 }),
  creditSeconds: option(kinds.seconds, "how long a unit may stay unpaid (t)", { default: 60 }),
  upstreams: option(
    kinds.list(kinds.string),
    "resolvers asked: udp://ip[:port], tcp://…, tls://ip[:port]#name, https://…, each with ;operator=…;per-second=…;per-day=… as needed",
    {
      otherwise: "the machine's own",
      example: ["tls://192.0.2.1#dns.example.net"],
    },
  ),
  confirmAsk: option(
    kinds.integer(2, 16),
    "operators of upstreams asked for each question that is confirmed",
    {
      example: 3,
    },
  ),
  confirmAgree: option(kinds.integer(2, 16), "how many of them must say the same", { example: 2 }),
  confirmPercent: option(kinds.integer(1, 100), "share of questions that are confirmed", { default: 100 }),
  fallbackQuorum: option(
    kinds.list(kinds.string),
    "resolvers asked together when no upstream can be used; what enough of them say is answered",
    { example: ["tls://192.0.2.1#dns.example.net", "tls://198.51.100.1#dns.example.com"] },
  ),
  fallbackAsk: option(kinds.integer(1, 16), "how many of them are asked for a question", {
    otherwise: "all of them",
  }),
  fallbackAgree: option(kinds.integer(1, 16), "how many of them must say the same", { default: 2 }),
  fallbackCentral: option(
    kinds.list(kinds.string),
    "centralised resolvers, asked when those can't be used either",
    {
      example: ["tls://192.0.2.53#resolver.example"],
    },
  ),
  canaryNames: option(
    kinds.list(kinds.string),
    "names with one and the same address everywhere, for the gateway's own trial questions",
    { otherwise: "the root's servers", example: ["example.org"] },
  ),
  compareAnswers: option(
    kinds.boolean,
    "hold the upstreams' answers against each other; off where they differ by design",
    { default: true },
  ),
  recursor: option(
    kinds.choice("none", "unbound", "knot-resolver"),
    "recursor to run beside it, validating DNSSEC",
    {
      default: "none",
    },
  ),
  cacheSize: option(kinds.bytes, "bytes of answers held", { default: 64 * 1024 ** 2 }),
  timeoutMs: option(kinds.milliseconds, "longest time for a question", { default: 4_000 }),
  rebindingProtection: option(kinds.boolean, "refuse private addresses for public names", { default: true }),
  privateNames: option(kinds.list(kinds.string), "names that may have private addresses", {
    example: ["home.arpa"],
  }),
  metricsPort: option(kinds.port, "loopback port of /metrics and /healthz", {
    otherwise: "none",
    example: 9153,
  }),
  logLevel: option(kinds.choice("error", "warn", "info", "debug"), "how much is logged", { default: "info" }),
  logNames: option(kinds.boolean, "log query names too", { default: false }),
};

const edge = {
  listen: option(kinds.list(listenAddress), "addresses for plain DNS, UDP and TCP", {
    default: [{ host: "127.0.0.1", port: 53 }],
  }),
  gateways: option(kinds.list(kinds.string), "gateways to use: https://host[:port]", {
    example: ["https://dns.example.org"],
  }),
  gatewayCa: option(kinds.path, "CA that signed the gateways' certificates, PEM", {
    otherwise: "the machine's CAs",
  }),
  transport: option(kinds.choice("dot", "doh", "udp"), "how queries travel to gateways", {
    otherwise: "dot where a gateway has it, else doh",
  }),
  pay: option(kinds.boolean, "pay from the wallet; without it only free gateways and upstreams are used", {
    default: true,
  }),
  perQuery: option(kinds.amount, "most a question may cost", { default: 200n }),
  perHour: option(kinds.amount, "most that is spent in an hour", { default: 200_000n }),
  perDay: option(kinds.amount, "most that is spent in a day", { default: 1_000_000n }),
  priceCeiling: option(kinds.amount, "highest price of a unit", { default: 50n }),
  laneReserve: option(kinds.amount, "what a lane holds", { default: 500_000n }),
  lanesTotal: option(kinds.amount, "most that all lanes hold", { default: 5_000_000n }),
  outOfMoney: option(kinds.choice("fail", "free"), "when nothing may be spent: fail, or ask free upstreams", {
    default: "fail",
  }),
  freeUpstreams: option(
    kinds.list(kinds.string),
    'resolvers for out_of_money = "free": udp://ip[:port], tls://ip#name',
    {
      example: ["udp://192.0.2.53"],
    },
  ),
  cacheSize: option(kinds.bytes, "bytes of answers held", { default: 2 * 1024 ** 2 }),
  hedge: option(kinds.boolean, "ask a second gateway when the first is slow", { default: true }),
  confirm: option(kinds.boolean, "give only what two gateways say; every question costs twice", {
    default: false,
  }),
  timeoutMs: option(kinds.milliseconds, "longest wait for an answer", { default: 5_000 }),
  rebindingProtection: option(kinds.boolean, "refuse private addresses for public names", { default: true }),
  privateNames: option(kinds.list(kinds.string), "names that may have private addresses", {
    example: ["home.arpa"],
  }),
  routeRecheck: option(kinds.seconds, "how often the chain is asked for the final root of `.dns`", {
    default: 30,
  }),
  routeMaxStale: option(kinds.seconds, "longest that `.dns` is answered while the chain can't be asked", {
    default: 3_600,
  }),
};

const embedded = {
  rpcHost: option(kinds.string, "address of the RPC", { default: "127.0.0.1" }),
  rpcPort: option(kinds.port, "port of the RPC", { default: 8899 }),
  slotMs: option(kinds.milliseconds, "length of a slot, fixed when the chain is made", { default: 400 }),
  faucet: option(kinds.boolean, "give away SOL and Index Units of this chain", { default: true }),
};

const up = {
  dnsPort: option(kinds.port, "resolver, UDP and TCP", { default: 5300 }),
  dotPort: option(kinds.port, "resolver over TLS", { default: 8853 }),
  dohPort: option(kinds.port, "resolver over HTTPS", { default: 8443 }),
  rpcPort: option(kinds.port, "RPC of the embedded chain", { default: 8899 }),
  webPort: option(kinds.port, "dashboard", { default: 8053 }),
  network: option(
    kinds.choice("auto", "real", "fixture"),
    "resolve real names, or those of the bundled fixture internet",
    {
      default: "auto",
    },
  ),
  upstreams: option(kinds.list(kinds.string), "resolvers for real names", {
    otherwise: "the machine's own",
    example: ["udp://192.0.2.53"],
  }),
  outOfMoney: option(
    kinds.choice("fail", "free"),
    "when nothing may be spent: fail, or resolve without paying",
    {
      default: "fail",
    },
  ),
  policyWindow: option(
    kinds.integer(5, 3_600, "seconds"),
    "length of the windows that verifiers judge, fixed when the chain is made; a network of many has 300",
    { default: 30 },
  ),
  showNames: option(kinds.boolean, "show the names asked for on the dashboard; they stay in memory", {
    default: true,
  }),
};

export type { AnyOption, Option, Section };

/** Every setting there is, by section. `general` is the top of the file. */
export const TABLE = {
  general,
  chain,
  wallet,
  store,
  gateway,
  edge,
  keeper,
  quorum,
  witness,
  verifier,
  embedded,
  up,
} as const;

export type SectionName = keyof typeof TABLE;

/** What each section is about, for `tolldns init` and the help. */
export const ABOUT: Readonly<Record<SectionName, string>> = {
  general: "What every role shares",
  chain: "The chain that holds the money",
  wallet: "The wallet that pays",
  store: "What a gateway and its keepers share",
  gateway: "tolldns gateway: the paid resolver",
  edge: "tolldns edge: the stub that pays",
  keeper: "tolldns keeper: turns vouchers into settlements",
  quorum: "tolldns keeper quorum: moves epochs along",
  witness: "tolldns witness: checks updates, votes, serves a feed",
  verifier: "tolldns verifier: probes backends and gateways, reports what it saw",
  embedded: "tolldns chain: the embedded chain",
  up: "tolldns up: everything on one machine",
};

/** The values of a section: present where there is a default, else possibly absent. */
export type Values<S extends Section> = {
  readonly [K in keyof S]: S[K] extends { readonly kind: Kind<infer T> }
    ? T | (S[K] extends { default: unknown } ? never : undefined)
    : never;
};

const words = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).split(" ");

/** `tickPrice` -> `tick_price` */
export const fileKey = (key: string): string => words(key).join("_");
/** `tickPrice` -> `--tick-price` */
export const flagOf = (key: string): string => `--${words(key).join("-")}`;
/** `gateway`, `tickPrice` -> `TOLLDNS_GATEWAY_TICK_PRICE` */
export function envOf(section: SectionName, key: string): string {
  const name = words(key).join("_").toUpperCase();
  return section === "general" ? `TOLLDNS_${name}` : `TOLLDNS_${section.toUpperCase()}_${name}`;
}
