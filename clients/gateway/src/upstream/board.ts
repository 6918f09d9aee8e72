import type { Clock } from "@tolldns/dns";
import {
  type Candidate,
  type Change,
  type Choice,
  createMeasure,
  DEFAULT_EJECTION,
  type Decision,
  type DecisionEntry,
  type DecisionLog,
  decide,
  type EjectionSettings,
  findOutlier,
  hedgeAfterOf,
  type PolicyView,
  type Settings,
  TIER,
  type Tier,
} from "@tolldns/policy";
import type { Member } from "./member.ts";

/** Whom a question is asked, in order. */
export interface Lineup {
  readonly members: readonly Member[];
  /** How many at the head are more than a last resort. */
  readonly usable: number;
}

export interface BoardCounters {
  switches: number;
  ejections: number;
  returns: number;
  fallbacks: number;
}

/** What the board says of itself. */
export interface BoardStatus {
  /** Who is asked first, and the tier it is of; null before the first decision. */
  readonly choice: string | null;
  readonly tier: Tier;
  /** Milliseconds since it is. */
  readonly sinceMs: number;
  readonly reason: string;
  /** How many can be used. */
  readonly usable: number;
}

/** Keeps who is in, who is out and who is asked first, and writes down each change with its reason. */
export interface Board {
  readonly members: readonly Member[];
  readonly counters: BoardCounters;
  /** For one question. */
  lineup(): Lineup;
  /** Milliseconds of silence after which another may be asked beside it. */
  lateAfter(member: Member): number;
  /** To be told of each change of a member's standing. */
  changed(member: Member, change: Change): void;
  /** Nobody above the stale cache can be used. */
  isDown(): boolean;
  status(): BoardStatus;
  /** Lets time pass; runs by itself every tenth of a second. */
  tick(): void;
  close(): void;
}

export interface BoardOptions {
  readonly members: readonly Member[];
  readonly clock: Clock;
  readonly settings: Settings;
  readonly policy: Pick<PolicyView, "of" | "onChange"> | null;
  readonly log: Pick<DecisionLog, "append"> | null;
  /** 0 to 1, from which nobody can learn the next. */
  readonly random: () => number;
  /** A backend was put out for contradicting others: what it said should be forgotten. */
  readonly onLiar: (member: Member) => void;
  readonly ejection?: EjectionSettings;
}

const TICK_MS = 100;
/** Policy is read again this often, since facts grow old by themselves. */
const POLICY_MS = 1_000;
const STALE_NAME = "stale cache";
/** The tiers' names in the log. */
const TIER_NAMES = ["backends", "upstream quorum", "centralised upstreams", "stale cache"] as const;

export function createBoard(options: BoardOptions): Board {
  const { members, clock, settings, policy, log, random } = options;
  const ejection = options.ejection ?? DEFAULT_EJECTION;
  const byName = new Map(members.map((member) => [member.name, member]));
  const stale: Candidate = {
    name: STALE_NAME,
    tier: TIER.STALE,
    policy: null,
    measured: createMeasure(ejection, random),
    price: 0n,
    quotaWait: 0,
  };
  const candidates: readonly Candidate[] = [...members, stale];
  const tiers = [TIER.BACKEND, TIER.QUORUM, TIER.CENTRAL]
    .map((tier) => members.filter((one) => one.tier === tier).map(({ measured }) => measured))
    .filter((tier) => tier.length > 1);
  const counters: BoardCounters = { switches: 0, ejections: 0, returns: 0, fallbacks: 0 };
  let choice: Choice | null = null;
  let tierInUse: Tier = TIER.BACKEND;
  let reason = "Nobody was asked yet.";
  let lineup: Lineup = { members: [], usable: 0 };
  let isSteady = false;
  let isDown = false;
  let policyAt = Number.NEGATIVE_INFINITY;

  const write = (entry: DecisionEntry) => log?.append(entry);

  /** Name and tier of who is chosen changed: one line, with the reason. */
  const record = (before: Choice | null, decision: Decision) => {
    const after = decision.choice as Choice;
    const tier = byName.get(after.name)?.tier ?? TIER.STALE;
    // Where nobody can be used, all that is asked is as good as nothing: that is the stale cache's tier.
    const level = decision.usable === 0 ? TIER.STALE : tier;
    const from = before?.name ?? null;
    if (before === null || (from === after.name && level === tierInUse)) {
      tierInUse = level;
      if (before === null) reason = decision.reason;
      return;
    }
    reason = decision.reason;
    const isLower = level > tierInUse;
    const kind = isLower ? "fallback" : level < tierInUse ? "restore" : "switch";
    if (isLower) counters.fallbacks++;
    else counters.switches++;
    tierInUse = level;
    write({
      kind,
      subject: kind === "switch" ? after.name : TIER_NAMES[level],
      from,
      to: after.name,
      why: decision.reason,
      evidence: {
        rule: decision.rule,
        usable: decision.usable,
        tier: level,
        ...evidenceOf(byName.get(from ?? "")),
      },
    });
  };

  const redecide = () => {
    const now = clock.now();
    for (const member of members) member.quotaWait = member.quota.wait(now);
    const decision = decide(candidates, choice, now, settings, random());
    record(choice, decision);
    choice = decision.choice;
    isSteady = decision.steady;
    const usableNames = decision.order.slice(0, decision.usable);
    isDown = !usableNames.some((name) => name !== STALE_NAME);
    lineup = {
      members: decision.order.flatMap((name) => byName.get(name) ?? []),
      usable: usableNames.filter((name) => name !== STALE_NAME).length,
    };
  };

  const readPolicy = () => {
    policyAt = clock.now();
    if (policy === null) return;
    for (const member of members) {
      if (member.kind === "quorum") continue;
      const before = member.policy;
      const after = policy.of(member.name);
      member.policy = after;
      if (before?.state === after?.state) continue;
      write({
        kind: "policy",
        subject: member.name,
        from: before?.state ?? null,
        to: after?.state ?? null,
        why: `The chain calls ${member.name} ${after?.state ?? "nothing any more"}${before === null ? "" : `, ${before.state} before`}.`,
        evidence:
          after === null ? {} : { id: after.id, begin: after.begin, evidenceRoot: after.evidenceRoot },
      });
    }
  };

  const changed = (member: Member, change: Change) => {
    if (change === null) return;
    const { measured, name } = member;
    if (change === "eject") {
      counters.ejections++;
      if (measured.cause === "disagrees") options.onLiar(member);
      write({
        kind: "eject",
        subject: name,
        from: "in",
        to: "out",
        why: `${name} is out: it ${measured.because}.`,
        evidence: { cause: measured.cause, ...evidenceOf(member) },
      });
    } else if (change === "return") {
      counters.returns++;
      write({
        kind: "return",
        subject: name,
        from: "out",
        to: "back",
        why: `${name} ${measured.because}; its share rises from ${ejection.firstShareBps / 100} % within ${ejection.rampMs / 1000} s.`,
        evidence: evidenceOf(member),
      });
    } else {
      write({
        kind: "ramp",
        subject: name,
        from: "back",
        to: "in",
        why: `${name} has done well for ${ejection.rampMs / 1000} s of its ramp and takes its full share.`,
        evidence: evidenceOf(member),
      });
    }
    redecide();
  };

  const tick = () => {
    const now = clock.now();
    if (now - policyAt >= POLICY_MS) readPolicy();
    for (const member of members) changed(member, member.measured.advance(now));
    for (const tier of tiers) {
      const outlier = findOutlier(tier, ejection);
      if (outlier === null) continue;
      const member = members.find((one) => one.measured === outlier.measure) as Member;
      changed(member, outlier.measure.eject(outlier.cause, outlier.because, now));
    }
    redecide();
  };
  const stopTicking = clock.every(TICK_MS, tick);
  const stopListening = policy?.onChange(() => {
    readPolicy();
    redecide();
  });
  readPolicy();
  redecide();

  return {
    members,
    counters,
    lineup() {
      if (!isSteady) redecide();
      return lineup;
    },
    lateAfter: (member) => hedgeAfterOf(member, settings),
    changed,
    isDown: () => isDown,
    status: () => ({
      choice: choice?.name ?? null,
      tier: tierInUse,
      sinceMs: choice === null ? 0 : clock.now() - choice.since,
      reason,
      usable: lineup.usable,
    }),
    tick,
    close() {
      stopTicking();
      stopListening?.();
    },
  };
}

/** Numbers of a line of the log. */
function evidenceOf(member: Member | undefined): Record<string, number> {
  if (member === undefined) return {};
  const { latencyMs, p95Ms, success, disagreement, failuresInRow, answers, failures } = member.measured;
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return {
    latencyMs: round(latencyMs),
    p95Ms: round(p95Ms),
    success: round(success),
    disagreement: round(disagreement),
    failuresInRow,
    answers,
    failures,
  };
}
