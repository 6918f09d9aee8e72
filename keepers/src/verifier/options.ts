import type { Connection } from "@solana/web3.js";
import type { Question } from "@tolldns/dns";
import type { AddressLike, Signer } from "@tolldns/sdk";
import type {
  BackendTarget,
  ChainTrust,
  ChallengeSet,
  GatewayTarget,
  ProbeTransport,
  Target,
} from "@tolldns/sdk/policy";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";

/** What a verifier needs. */
export interface VerifierOptions {
  /** A `Connection` of @solana/web3.js; `createConnection` makes one whose requests end. */
  readonly connection: Connection;
  /** Policy program; the stake program is the one its configuration names. */
  readonly program: AddressLike;
  /** Hot key of the operator's VERIFIER Node: signs reports, and the transactions that bring them. */
  readonly key: Signer;
  /** Pays for transactions and, until a round or roster is closed, its rent. Default: the hot key. */
  readonly feePayer?: Signer;
  /** File of its own for what must survive: the secret of the schedule, records, transcripts, reports. Its folder must exist. */
  readonly store: { readonly path: string; readonly maxBytes?: number };
  /** Challenge sets at hand; the one whose version and root the chain publishes is used. */
  readonly sets: readonly ChallengeSet[];
  /** The validating resolver that says what is right: Unbound or Knot Resolver, run by the verifier itself. */
  readonly reference: Asker;
  /** Targets to probe. Default: all that are registered on chain. */
  readonly targets?: readonly Target[];
  /**
   * Probes registered targets also at addresses that only this network reaches (RFC 6890). Anybody may register a target, and what answers there becomes public evidence,
   * so they are left out by default; those of `targets` never are.
   */
  readonly privateTargets?: boolean;
  /** Registers those targets on chain that aren't yet; the fee payer pays their rent. Default false. */
  readonly register?: boolean;
  /** How a backend is asked. Default: as gateways ask them, by the exchange of @tolldns/dns. */
  readonly openBackend?: OpenBackend;
  /** How a gateway is asked: the path of an ordinary edge, which pays. Absent: gateways are not probed. */
  readonly openGateway?: OpenGateway;
  /** Final roots of routes, newest first, for proofs of `.dns`. Absent: challenges of `.dns` are left out. */
  readonly roots?: (signal: AbortSignal) => Promise<readonly ChainTrust[]>;
  /** PEM of authorities trusted beside the system's, for DoT and DoH of backends. */
  readonly ca?: string | readonly string[];
  /** Where reports are served. Default 127.0.0.1 and a free port; null serves none. */
  readonly listen?: { readonly host?: string; readonly port?: number } | null;
  readonly settings?: Partial<VerifierSettings>;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** From 0 up to 1: spreads transactions, so that verifiers don't all send the same one. Nothing secret comes of it. */
  readonly random?: () => number;
  readonly log?: Log;
}

/** Somebody who is asked. */
export interface Asker {
  /** The whole answer, id 0, its question checked. Rejects with a DnsError, or as `signal` says. */
  ask(question: Question, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A backend, over each transport that its address has. */
export type OpenBackend = (target: BackendTarget) => ReadonlyMap<ProbeTransport, Asker>;

/** What a gateway did with a question. */
export type GatewayReply =
  | { readonly kind: "answer"; readonly message: Uint8Array }
  /** It refused the toll, with this error of the catalogue. */
  | { readonly kind: "refused"; readonly error: string }
  /** The verifier itself could not ask: no money, a limit, no session. Says nothing about the gateway, and is no probe. */
  | { readonly kind: "unasked"; readonly why: string };

/**
 * A gateway over each transport it offers, asked by the ordinary edge's own path: what `open` of `openPayingPath` of @tolldns/edge gives.
 */
export interface OpenedGateway {
  readonly transports: readonly ProbeTransport[];
  /** Asks and pays. `options`: EDNS options to send along, in wire form. Rejects with a DnsError when nothing came that counts. */
  ask(
    transport: ProbeTransport,
    question: Question,
    signal: AbortSignal,
    options?: Uint8Array,
  ): Promise<GatewayReply>;
  /** Shows this toll in place of one that was paid for; null for none at all. */
  present(
    transport: ProbeTransport,
    question: Question,
    toll: Uint8Array | null,
    signal: AbortSignal,
  ): Promise<GatewayReply>;
}

/**
 * Opens a gateway; asked again for one that is open it gives the same. Rejects with a DnsError when its discovery can't be read: then it is silent. Whoever hands it in
 * closes what it opened.
 */
export type OpenGateway = (target: GatewayTarget) => Promise<OpenedGateway>;

/** When to do what. */
export interface VerifierSettings {
  /** Probes of a target in a window. Default: half as many again as the chain asks for. */
  readonly probes: number | null;
  /** Milliseconds a probe may take; never more than half a window. Default 2 500. */
  readonly timeoutMs: number;
  /** Probes of all targets under way at once. Default 64. */
  readonly concurrency: number;
  /** Seconds between two looks at the chain. Default 2. */
  readonly intervalSeconds: number;
  /** Seconds over which verifiers spread what any of them may do: judging, opening rosters, closing accounts. Default 10, at most a quarter of a window. */
  readonly spreadSeconds: number;
  /** Judges rounds, opens rosters, enrols, and closes accounts of this payer. Default true. */
  readonly crank: boolean;
  /** Fetches other verifiers' evidence and challenges what is provably false. Default true. */
  readonly challenge: boolean;
  /** Windows whose transcripts are kept on disk. Default 2 016: a week of five minutes. */
  readonly keepWindows: number;
  /** HTTP requests a second, and at once, from one address. Default 50 and 500. */
  readonly requestsPerSecond: number;
  readonly requestsBurst: number;
  /** HTTP connections at most. Default 256. */
  readonly connections: number;
}

export const DEFAULT_VERIFIER_SETTINGS: VerifierSettings = {
  probes: null,
  timeoutMs: 2_500,
  concurrency: 64,
  intervalSeconds: 2,
  spreadSeconds: 10,
  crank: true,
  challenge: true,
  keepWindows: 2_016,
  requestsPerSecond: 50,
  requestsBurst: 500,
  connections: 256,
};

/** What of a target a verifier has seen in the last window it finished. */
export interface TargetStatus {
  readonly kind: Target["kind"];
  readonly name: string;
  /** Unix seconds; null before the first. */
  readonly lastWindow: bigint | null;
  readonly total: number;
  readonly ok: number;
  /** Reported to the chain? */
  readonly reported: boolean;
}

export interface VerifierStatus {
  /** Base58 of the operator account; null while no VERIFIER Node of this key is registered. */
  readonly operator: string | null;
  /** Its seat in the roster in force; null while it has none. */
  readonly seat: number | null;
  readonly roster: bigint;
  readonly setVersion: number;
  readonly targets: readonly TargetStatus[];
  /** Since the start. */
  readonly probes: number;
  /** Probes that weren't made or don't count, as the reference or the verifier's own wallet failed. */
  readonly unfit: number;
  readonly reports: number;
  readonly judged: number;
  readonly challenges: number;
  /** Where reports are served; null if nowhere. */
  readonly url: string | null;
  /** Text of the last failure; null once a look succeeded. */
  readonly lastError: string | null;
}

export interface RunningVerifier {
  status(): VerifierStatus;
  /** Looks at the chain now. Never rejects: see `lastError`. */
  tick(): Promise<void>;
  /** Runs the challenge set once against a target and signs what came of it. @throws set-unknown, target-unreachable */
  attest(target: Target): Promise<SignedBytes>;
  /** Ends probes under way, and the server. Connection and reference stay open: who made them closes them. */
  close(): Promise<void>;
}

/** A report or an attestation as it is served. */
export interface SignedBytes {
  readonly bytes: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** CAR of it, its records and transcripts. */
  readonly car: Uint8Array;
}
