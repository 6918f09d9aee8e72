import type { FaultKind } from "../fixtures/faults.ts";

/*
 * An outage as a file: tests/lab/scenarios/*.json. Every field is below; anything else in a file is refused (scenario/read.ts).
 * Subjects are `backend:a`, `backend:*`, `backend:public1`, `gateway:g1`, `place:east`, `chain`, `verifier:v1` or `verifier:*`; further
 * `gateway:preferred`, the one the edge asks most when the fault begins, `backend:preferred`, the one that gateway asks first, and
 * `place:preferred`, where that gateway is.
 */

/** What is done at the beginning of a phase, in order. */
export type Action =
  /** SIGKILL to all processes of the subject; `start` starts them again. */
  | { readonly do: "kill" | "start"; readonly what: string }
  /** SIGSTOP and SIGCONT. */
  | { readonly do: "freeze" | "thaw"; readonly what: string }
  /** The relay before a backend misbehaves; takes the place of what it did before. */
  | {
      readonly do: "fault";
      readonly what: string;
      readonly kind: FaultKind;
      /** Share of questions, 0 to 1; default 1. */
      readonly share?: number;
      /** Milliseconds, for `slow`. */
      readonly ms?: number;
      /** Only for who asks from this place; `preferred` too. */
      readonly from?: string;
    }
  | { readonly do: "clear"; readonly what: string }
  /** The line of a place goes down, and up again. */
  | { readonly do: "cut" | "join"; readonly what: string }
  /** The chain's RPC refuses every call, or answers again. */
  | { readonly do: "rpc-down" | "rpc-up" }
  /** As many verifiers report no success of a backend from now on, whatever they measure; `honest` ends it. */
  | { readonly do: "collude"; readonly what: string; readonly verifiers: number }
  | { readonly do: "honest" };

/** `calm` before, `fault` while something is broken, `healed` once the last of it is mended. */
export type PhaseName = "calm" | "fault" | "healed";

export interface Phase {
  readonly phase: PhaseName;
  readonly seconds: number;
  readonly do: readonly Action[];
}

/** What must be so, besides: no wrong answer, and everything back to normal by itself. */
export interface Expectation {
  /** Least share of right answers while the fault lasts, basis points; of all names, or only of those in caches. */
  readonly successBps: number;
  readonly of?: "all" | "popular";
  /** Whom the traffic must leave, if anybody. */
  readonly leaves?: string;
  /** Must it be left on own evidence, whatever the chain says? Then the time counts against the aim. */
  readonly own?: boolean;
  /** Transitions on chain, in order: backend and state. Only held against a world with verifiers. */
  readonly transitions?: readonly { readonly target: string; readonly to: PolicyState }[];
}

export type PolicyState = "HEALTHY" | "DEGRADED" | "DISABLED" | "RECOVERING";

export interface Scenario {
  /** As the file is named. */
  readonly name: string;
  /** One sentence for tables. */
  readonly about: string;
  /** What the world must have: `namespaces`, `verifiers`. */
  readonly needs?: readonly ("namespaces" | "verifiers")[];
  readonly phases: readonly Phase[];
  readonly expect: Expectation;
}
