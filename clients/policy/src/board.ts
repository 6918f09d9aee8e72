import { DEFAULT_SETTINGS, decide, hedgeAfterOf } from "./decide.ts";
import type { DecisionLog, Decision as LogEntry } from "./log/types.ts";
import {
  type Change,
  createMeasure,
  DEFAULT_EJECTION,
  type EjectionSettings,
  findOutlier,
  type Measure,
} from "./measure.ts";
import { type Candidate, type Choice, type Decision, type Settings, TIER, type Tier } from "./types.ts";
import type { PolicyFacts, PolicyView } from "./view/types.ts";

/** One that is measured here and may be asked. The board writes `policy`; whoever made it keeps `price` and `quotaWait` true in `refresh`. */
export interface BoardMember extends Candidate {
  readonly measured: Measure;
  policy: PolicyFacts | null;
  price: bigint;
  quotaWait: number;
}

/** Whom a question is asked, in order. */
export interface Lineup<Member> {
  readonly members: readonly Member[];
  /** How many at the head are more than a last resort. */
  readonly usable: number;
}

export interface BoardStatus {
  /** Who is asked first; null before the first decision. */
  readonly choice: string | null;
  readonly tier: Tier;
  /** Milliseconds since. */
  readonly sinceMs: number;
  readonly reason: string;
  readonly usable: number;
  readonly switches: number;
  readonly ejections: number;
  readonly returns: number;
  readonly fallbacks: number;
}

/** Keeps who is in, who is out and who is asked first, and writes down each change with its reason. */
export interface Board<Member> {
  /** For one question. Facts are looked at again at events and ten times a second, not for each. */
  lineup(): Lineup<Member>;
  /** Milliseconds of silence after which another may be asked beside it. */
  lateAfter(member: Member): number;
  /** To be told of each change of a member's standing. */
  changed(member: Member, change: Change): void;
  status(): BoardStatus;
  close(): void;
}

export interface BoardOptions<Member extends BoardMember> {
  readonly members: readonly Member[];
  /** Milliseconds, never going backwards. */
  readonly now: () => number;
  /** 0 to 1, from which nobody can learn the next. */
  readonly random: () => number;
  readonly policy: Pick<PolicyView, "of" | "onChange"> | null;
  readonly log: Pick<DecisionLog, "append"> | null;
  /** Brings `price` and `quotaWait` up to date. */
  readonly refresh: (member: Member, now: number) => void;
  /** A member was put out. */
  readonly onEject?: (member: Member) => void;
  /** What the tiers are called in the log, from TIER.BACKEND on. */
  readonly tierNames: readonly [string, string, string, string];
  readonly settings?: Settings;
  readonly ejection?: EjectionSettings;
}

const TICK_MS = 100;
/** Policy is read again this often, since facts grow old by themselves. */
const POLICY_MS = 1_000;
const STALE_NAME = "stale cache";

/** Time passes when `lineup` is called: where nobody asks, nothing needs deciding, and a router's processor sleeps. */
export function createBoard<Member extends BoardMember>(options: BoardOptions<Member>): Board<Member> {
  const { members, now, random, policy, tierNames } = options;
  const settings = options.settings ?? DEFAULT_SETTINGS;
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
    .map((tier) => members.filter((one) => one.tier === tier))
    .filter((tier) => tier.length > 1);
  const counters = { switches: 0, ejections: 0, returns: 0, fallbacks: 0 };
  let choice: Choice | null = null;
  let tierInUse: Tier = TIER.BACKEND;
  let reason = "Nobody was asked yet.";
  let lineup: Lineup<Member> = { members: [], usable: 0 };
  let isSteady = false;
  let tickedAt = Number.NEGATIVE_INFINITY;
  let policyAt = Number.NEGATIVE_INFINITY;

  const write = (entry: LogEntry) => options.log?.append(entry);

  /** Name or tier of who is chosen changed: one line, with the reason. */
  function record(before: Choice | null, decision: Decision): void {
    const after = decision.choice as Choice;
    const level = byName.get(after.name)?.tier ?? TIER.STALE;
    const from = before?.name ?? null;
    if (before === null || (from === after.name && level === tierInUse)) {
      if (before === null) reason = decision.reason;
      tierInUse = level;
      return;
    }
    reason = decision.reason;
    const kind = level > tierInUse ? "fallback" : level < tierInUse ? "restore" : "switch";
    if (kind === "fallback") counters.fallbacks++;
    else counters.switches++;
    tierInUse = level;
    write({
      kind,
      subject: kind === "switch" ? after.name : tierNames[level],
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
  }

  function redecide(at: number): void {
    for (const member of members) options.refresh(member, at);
    const decision = decide(candidates, choice, at, settings, random());
    if (decision.choice === null) return;
    record(choice, decision);
    choice = decision.choice;
    isSteady = decision.steady;
    lineup = {
      members: decision.order.flatMap((name) => byName.get(name) ?? []),
      usable: decision.order.slice(0, decision.usable).filter((name) => name !== STALE_NAME).length,
    };
  }

  function readPolicy(at: number): void {
    policyAt = at;
    if (policy === null) return;
    for (const member of members) {
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
  }

  function note(member: Member, change: Change): void {
    const { measured, name } = member;
    if (change === "eject") {
      counters.ejections++;
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
  }

  function tick(at: number): void {
    tickedAt = at;
    if (at - policyAt >= POLICY_MS) readPolicy(at);
    for (const member of members) {
      const change = member.measured.advance(at);
      if (change !== null) note(member, change);
    }
    for (const tier of tiers) {
      const outlier = findOutlier(
        tier.map(({ measured }) => measured),
        ejection,
      );
      const member = tier.find(({ measured }) => measured === outlier?.measure);
      if (outlier === null || member === undefined) continue;
      if (outlier.measure.eject(outlier.cause, outlier.because, at) === null) continue;
      note(member, "eject");
      options.onEject?.(member);
    }
    redecide(at);
  }

  const stopListening = policy?.onChange(() => {
    readPolicy(now());
    redecide(now());
  });

  return {
    lineup() {
      const at = now();
      if (at - tickedAt >= TICK_MS) tick(at);
      else if (!isSteady) redecide(at);
      return lineup;
    },
    lateAfter: (member) => hedgeAfterOf(member, settings),
    changed(member, change) {
      if (change === null) return;
      note(member, change);
      redecide(now());
      if (change === "eject") options.onEject?.(member);
    },
    status: () => ({
      choice: choice?.name ?? null,
      tier: tierInUse,
      sinceMs: choice === null ? 0 : now() - choice.since,
      reason,
      usable: lineup.usable,
      ...counters,
    }),
    close: () => stopListening?.(),
  };
}

/** Numbers of a line of the log. */
function evidenceOf(member: BoardMember | undefined): Record<string, number> {
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
