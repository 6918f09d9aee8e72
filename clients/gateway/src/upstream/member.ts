import type { Question, Upstream } from "@tolldns/dns";
import { createMeasure, type EjectionSettings, type Tier } from "@tolldns/policy";
import type { BoardMember } from "@tolldns/policy/board";
import { NO_QUOTA, type Quota } from "./quota.ts";

/** One that can be asked: a backend, the upstream quorum as a whole, or a centralised upstream. */
export interface Member extends BoardMember {
  /** `udp`, `tcp`, `dot`, `doh`, or `quorum`. */
  readonly kind: string;
  /** Who runs it; votes of one operator count once. */
  readonly operator: string;
  readonly quota: Quota;
  /** Questions asked, trials among them. */
  asked: number;
  /** When it last answered anything, milliseconds of the clock; and when it was last tried by the router itself. */
  heardAt: number;
  triedAt: number;
  /** A question of somebody got no answer: the router looks for itself. */
  doubted: boolean;
  /** When the router last looked for a question of its own to put in place of `proven`; 0 before the first. */
  vettedAt: number;
  /** A question it once answered well. */
  proven: Question | null;
  /** Resolves to a checked answer. Rejects with a DnsError. */
  ask(question: Question, timeoutMs: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface MemberParts {
  readonly name: string;
  readonly tier: Tier;
  readonly kind: string;
  readonly operator?: string | undefined;
  readonly quota?: Quota;
  readonly ask: Member["ask"];
  readonly close?: () => Promise<void>;
}

/** @param now milliseconds of the clock: its first trial comes a while later */
export function createMember(
  parts: MemberParts,
  ejection: EjectionSettings,
  jitter: () => number,
  now: number,
): Member {
  const { name, tier, kind, ask, operator = name, quota = NO_QUOTA, close = async () => {} } = parts;
  return {
    name,
    tier,
    kind,
    operator,
    quota,
    ask,
    close,
    measured: createMeasure(ejection, jitter),
    policy: null,
    quotaWait: 0,
    price: 0n,
    asked: 0,
    heardAt: Number.NEGATIVE_INFINITY,
    triedAt: now,
    doubted: false,
    vettedAt: 0,
    proven: null,
  };
}

/** What asks an upstream of the exchange. */
export function askOf(upstream: Upstream): Member["ask"] {
  return (question, timeoutMs) => upstream.ask(question, { timeoutMs });
}

/** Votes of one operator count once. */
export function countOperators(members: readonly Member[]): number {
  return new Set(members.map(({ operator }) => operator)).size;
}
