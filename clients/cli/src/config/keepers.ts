import { option } from "./option.ts";
import * as kinds from "./values.ts";

/* Settings of what runs beside a chain: keepers, witnesses, verifiers. */

export const keeper = {
  payer: option(kinds.path, "keypair file that pays transaction fees", {
    otherwise: "keeper.json in the data folder",
  }),
  ledgers: option(kinds.list(kinds.string), "ledgers to settle, base58", { otherwise: "all in the store" }),
  intervalSeconds: option(kinds.seconds, "time between looks at the chain", { default: 5 }),
  leaseSeconds: option(kinds.seconds, "how long a lease lasts before another keeper takes over", {
    default: 30,
  }),
  maxAgeSeconds: option(kinds.seconds, "longest a promised unit waits to be settled", { default: 3_600 }),
  minWorth: option(kinds.amount, "unsettled amount of a lane that is settled without waiting", {
    default: 1_000_000n,
  }),
  lamportsPerUnit: option(kinds.integer(0), "what an Index Unit is worth to whoever pays fees, lamports", {
    default: 1_000_000,
  }),
  distributeAt: option(kinds.amount, "undistributed credit that is paid out; 0 for never", {
    default: 10_000_000n,
  }),
  closeLanes: option(kinds.boolean, "close lanes whose grace period is over", { default: true }),
};

export const quorum = {
  payer: option(kinds.path, "keypair file that pays fees and, until an epoch closes, its rent", {
    otherwise: "keeper.json in the data folder",
  }),
  witnesses: option(kinds.list(kinds.httpUrl), "witnesses' feeds to read votes from, beside those on chain", {
    example: ["https://witness.example.org"],
  }),
  intervalSeconds: option(kinds.seconds, "time between looks at the chain", { default: 2 }),
  leaseSeconds: option(kinds.seconds, "how long a lease lasts before another keeper takes over", {
    default: 30,
  }),
  relayPatienceSeconds: option(
    kinds.integer(0, 3_600, "seconds"),
    "time members have to attest by themselves before their votes are relayed",
    { default: 3 },
  ),
  closeEpochs: option(kinds.boolean, "close epochs this payer paid for, which returns their rent", {
    default: true,
  }),
};

export const witness = {
  listen: option(kinds.hostPort(8790), "address of its feed, plain HTTP", {
    default: { host: "127.0.0.1", port: 8790 },
  }),
  witnessKey: option(kinds.path, "keypair file of the witness key, which votes", {
    otherwise: "witness.json in the data folder",
  }),
  payer: option(kinds.path, "keypair file that pays for its votes and challenges", {
    otherwise: "none: votes wait to be relayed, wrong roots are only reported",
  }),
  peers: option(kinds.list(kinds.httpUrl), "other feeds, beside those that witnesses registered on chain", {
    example: ["https://feed.example.org"],
  }),
  attest: option(kinds.boolean, "send its own votes where it has a payer", { default: true }),
  patience: option(kinds.seconds, "a seat's time to get a proposal accepted", { default: 20 }),
  historyEpochs: option(kinds.integer(1), "final epochs whose updates stay on disk", { default: 10_000 }),
};

export const verifier = {
  listen: option(kinds.hostPort(8791), "address its reports and probes are served at, plain HTTP", {
    default: { host: "127.0.0.1", port: 8791 },
  }),
  verifierKey: option(kinds.path, "keypair file of the verifier key, which signs reports", {
    otherwise: "verifier.json in the data folder",
  }),
  payer: option(kinds.path, "keypair file that pays fees and, until a round closes, its rent", {
    otherwise: "the verifier key",
  }),
  reference: option(
    kinds.string,
    "validating resolver of your own that says what is right: udp://ip[:port], tcp://…, tls://ip#name",
    { otherwise: "none; needed", example: "udp://127.0.0.1:5335" },
  ),
  targets: option(kinds.list(kinds.string), "only these backends and gateways", {
    otherwise: "all that are registered",
    example: ["https://dns.example.org"],
  }),
  privateTargets: option(
    kinds.boolean,
    "probe registered targets also at private addresses (10.0.0.0/8, 127.0.0.0/8, fc00::/7, …)",
    { default: false },
  ),
  register: option(kinds.boolean, "register targets that aren't yet", { default: false }),
  sets: option(kinds.list(kinds.path), "files of challenge sets beside those of this release"),
  probes: option(kinds.integer(1, 4_096), "probes of a target in a window", {
    otherwise: "half as many again as the chain asks for",
  }),
  tolls: option(kinds.boolean, "probe gateways too, and pay them from the wallet", { default: true }),
  perDay: option(kinds.amount, "most to spend on tolls in a day", { default: 5_000_000n }),
  laneReserve: option(kinds.amount, "what a lane holds", { default: 500_000n }),
  lanesTotal: option(kinds.amount, "most that all lanes hold together", { default: 10_000_000n }),
  gatewayCa: option(kinds.path, "CA to trust gateways by, PEM", { otherwise: "the machine's CAs" }),
  backendCa: option(kinds.path, "CA to trust backends by, PEM", { otherwise: "the machine's CAs" }),
  crank: option(kinds.boolean, "send what anybody may: judge windows, open rosters, close what is over", {
    default: true,
  }),
  challenge: option(kinds.boolean, "look into others' probes and challenge what is provably false", {
    default: true,
  }),
  keepWindows: option(kinds.integer(1), "windows whose probes stay on disk", { default: 2_016 }),
};
