import type { RoutesStatus } from "@tolldns/routes";
import type { SpendLimits } from "./options.ts";

/** One lane as the edge knows it. Amounts in micro-IU. */
export interface LaneStatus {
  readonly gateway: string;
  readonly ledger: string;
  readonly lane: number;
  readonly generation: number;
  readonly state: "opening" | "open" | "revoking" | "revoked" | "lost";
  readonly reserve: bigint;
  /** Highest cumulative ever signed on this generation. */
  readonly promised: bigint;
}

export interface GatewayStatus {
  readonly url: string;
  /** This and the price are null until its discovery document was read, and where nothing is charged. */
  readonly ledger: string | null;
  readonly tickPrice: bigint | null;
  readonly transport: string | null;
  /** Milliseconds, moving average; null before the first answer. */
  readonly latencyMs: number | null;
  readonly p95Ms: number | null;
  /** By own measurements: `in`, `out` for the moment, or `back` with a part of the questions; and why it is not `in`. */
  readonly standing: "in" | "out" | "back";
  readonly because: string | null;
  /** What the chain says of it; null if it says nothing, or is not asked. */
  readonly policy: {
    readonly state: string;
    /** Basis points of questions it may take. */
    readonly shareBps: number;
    /** Seconds since the last window judged; null where nobody knows. */
    readonly age: number | null;
    /** Hex: the evidence of the last change. */
    readonly evidenceRoot: string;
  } | null;
  /** Lower is better, milliseconds: latency, failures, disagreements and price together. Null while it can't be used. */
  readonly score: number | null;
  readonly answers: number;
  readonly failures: number;
  /** Evidence for `.dns` names that only a liar sends, and the last such lie; null if it told none. */
  readonly lies: number;
  readonly lie: string | null;
  /** Can it be asked now, and if not, why. */
  readonly usable: boolean;
  readonly reason: string;
}

export interface EdgeStatus {
  readonly listening: readonly string[];
  readonly control: string | null;
  /** True from the emergency stop until `resume`. */
  readonly stopped: boolean;
  /** What happens to queries now and why, for people. */
  readonly reasons: readonly string[];
  readonly wallet: {
    readonly owner: string;
    readonly free: bigint | null;
    readonly asOf: number | null;
  } | null;
  readonly spent: { readonly hour: bigint; readonly day: bigint; readonly total: bigint };
  readonly limits: SpendLimits;
  readonly lanes: readonly LaneStatus[];
  readonly gateways: readonly GatewayStatus[];
  readonly cache: {
    readonly entries: number;
    readonly bytes: number;
    readonly hits: number;
    readonly misses: number;
  };
  readonly queries: {
    readonly total: number;
    readonly paid: number;
    readonly free: number;
    readonly hedged: number;
    readonly failed: number;
    /** Questions that two gateways answered, those where they differed, and those where a third showed who was wrong. */
    readonly checked: number;
    readonly differed: number;
    readonly settled: number;
  };
  /** Who is asked first, since when, and why. */
  readonly routing: {
    readonly choice: string | null;
    readonly tier: "gateways" | "free upstreams" | "stale cache";
    readonly sinceSeconds: number;
    readonly reason: string;
    readonly switches: number;
    readonly fallbacks: number;
    readonly ejections: number;
    readonly returns: number;
  };
  /** Where states of gateways come from; null where they are not read. */
  readonly policy: {
    readonly source: "chain" | "cache" | "none";
    readonly age: number | null;
    readonly trouble: string | null;
  } | null;
  /** The decision log: `decisions` in the state folder. */
  readonly log: { readonly next: number; readonly lost: number; readonly trouble: string | null };
  /** `.dns`; null where no feed is configured. */
  readonly routes: RoutesStatus | null;
  readonly uptimeSeconds: number;
}

export interface RunningEdge {
  /** Where it listens, with the real ports. */
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
  /** Where `encrypted` listens, and the PEM of the authority to trust; null when it is off. */
  readonly encrypted: {
    readonly dot: { readonly host: string; readonly port: number } | null;
    readonly doh: { readonly host: string; readonly port: number } | null;
    readonly authority: string;
  } | null;
  /** The control endpoint and the file its bearer token is in (mode 0600); null when switched off. */
  readonly control: { readonly url: string; readonly tokenFile: string } | null;
  status(): EdgeStatus;
  /** Reads the free balance on chain again; `status` shows it. */
  refresh(): Promise<void>;
  /**
   * The emergency stop. When it returns nothing more is signed or revealed, also after a restart; `revoked` settles
   * when every lane's session key is revoked on chain. Trying goes on until then, across restarts.
   */
  stopPayments(): Promise<{ readonly revoked: Promise<void> }>;
  /** Pays again, over new or re-keyed lanes. */
  resume(): Promise<void>;
  /** Ends everything and leaves the state ready for the next start. */
  close(): Promise<void>;
}
