import { type Clock, type Question, questionFor, TYPE } from "@tolldns/dns";
import { type Change, TIER } from "@tolldns/policy";
import { type Inquiry, newInquiry } from "@tolldns/policy/inquiry";
import type { CanaryOptions } from "../options.ts";
import { type Attempts, patienceOf } from "./attempts.ts";
import { canonicalAnswer } from "./canonical.ts";
import { countOperators, type Member } from "./member.ts";
import type { Outcome } from "./outcome.ts";

/** The router's own trial questions: to who is out, idle or doubted, and the same one to several, to hold their answers against each other. */
export interface Canaries {
  /** A question of somebody that was answered well: worth asking again of the same tier. */
  remember(question: Question): void;
  readonly sent: number;
  readonly disputes: number;
  close(): void;
}

export interface CanariesOptions {
  readonly members: readonly Member[];
  readonly attempts: Attempts;
  readonly clock: Clock;
  readonly options: CanaryOptions;
  readonly random: () => number;
  readonly onChange: (member: Member, change: Change) => void;
}

const TICK_MS = 50;
/** Between trials of one that is doubted, and after one that cleared it, milliseconds. */
const DOUBT_MS = 100;
const CLEARED_MS = 1_000;
/** A gateway nobody uses asks this many times as rarely, and lower tiers are asked so. */
const IDLE = 10;
const LOWER = 30;
/** Milliseconds after which a gateway that nobody asked is idle. */
const IDLE_AFTER_MS = 60_000;
/** Questions kept in memory to ask again, and milliseconds between two that are taken. */
const KEPT = 8;
const KEEP_MS = 100;
/** A round in which somebody was contradicted is followed by another this soon, milliseconds. */
const SOON_MS = 200;
/** Operators that make a side right. */
const LEAST_SIDE = 2;
/** What the exchange may take longer than the patience, milliseconds. */
const SPARE_MS = 30;

export function createCanaries(options: CanariesOptions): Canaries {
  const { members, attempts, clock, random, onChange } = options;
  const intervalMs = options.options.intervalMs ?? 1_000;
  const fixed = (options.options.names ?? []).map((name) => questionFor(name, TYPE.A));
  const root = questionFor(".", TYPE.NS);
  const own = new Set([...fixed, root]);
  const comparesRecent = options.options.compare ?? true;
  const backends = members.filter((one) => one.tier === TIER.BACKEND);
  const recent: Question[] = [];
  const pending = new Set<Member>();
  let rememberedAt = Number.NEGATIVE_INFINITY;
  let roundAt = 0;
  let roundedAt = 0;
  let isRound = false;
  let turn = 0;
  let sent = 0;
  let disputes = 0;
  let isClosed = false;

  const jittered = (ms: number) => ms * (0.75 + 0.5 * random());
  const send = (inquiry: Inquiry<Member>, member: Member, question: Question): Promise<Outcome> | null => {
    const outcome = attempts.launch(inquiry, member, question, patienceOf(member) + SPARE_MS, true);
    if (outcome === null) return null;
    sent++;
    member.triedAt = clock.now();
    pending.add(member);
    return outcome.finally(() => pending.delete(member));
  };
  /**
   * Asks one something it is known to answer: not to do so is then its fault. What that is, is found out while it does well: one of
   * the names given, the root's servers, or else what it answered to somebody before.
   */
  const tryOne = (member: Member) => {
    const usual = fixed[turn++ % Math.max(1, fixed.length)] ?? root;
    const question = member.doubted || member.measured.standing === "out" ? (member.proven ?? usual) : usual;
    const isProven = question === member.proven || fixed.includes(question);
    void send(newInquiry(isProven), member, question)?.then((outcome) => {
      member.doubted = outcome.kind !== "good";
      if (outcome.kind === "good") member.proven = question;
      // Never heard of at all: then silence needs no other proof.
      else if (outcome.kind === "none" && !isProven && !outcome.isHard && member.measured.answers === 0)
        onChange(member, member.measured.failed("never answered", clock.now(), true));
    });
  };

  /** The same question to all backends in use, and to those put out for contradicting when they may be tried. */
  const round = async (now: number) => {
    const asked = backends.filter(
      (member) =>
        !pending.has(member) &&
        now - member.triedAt >= member.quota.trialMs &&
        (member.measured.standing !== "out" ||
          (member.measured.cause === "disagrees" && member.measured.isTrialDue(now))),
    );
    const pool =
      comparesRecent && recent.length > 0 && (fixed.length === 0 || turn % 2 === 0) ? recent : fixed;
    const question = pool[turn++ % Math.max(1, pool.length)];
    if (asked.length < 2 || question === undefined) return;
    isRound = true;
    const inquiry = newInquiry<Member>(pool === fixed);
    const answers = await Promise.all(
      asked.map(async (member) => {
        const outcome = await send(inquiry, member, question);
        if (outcome?.kind === "good") attempts.settle(inquiry);
        return { member, outcome };
      }),
    );
    isRound = false;
    if (!isClosed) judge(answers, pool === fixed);
  };
  const judge = (answers: readonly { member: Member; outcome: Outcome | null }[], isFixed: boolean) => {
    const sides = new Map<string, Member[]>();
    // Those put out for contradicting others count though they are silent: never can more than a minority be put out so.
    const voters = backends.filter(({ measured }) => measured.cause === "disagrees");
    for (const { member, outcome } of answers) {
      if (outcome?.kind !== "good") continue;
      voters.push(member);
      const key = canonicalAnswer(outcome.parsed);
      const side = sides.get(key) ?? [];
      side.push(member);
      sides.set(key, side);
    }
    if (sides.size > 1) {
      disputes++;
      roundAt = clock.now() + SOON_MS;
    }
    const all = countOperators(voters);
    for (const side of sides.values()) {
      const operators = countOperators(side);
      if (operators < LEAST_SIDE || operators * 2 <= all) continue;
      for (const other of sides.values())
        for (const member of other)
          onChange(member, member.measured.compared(other === side, clock.now(), isFixed));
    }
  };

  const tick = () => {
    const now = clock.now();
    const isIdle = now - rememberedAt > IDLE_AFTER_MS;
    const usual = isIdle ? intervalMs * IDLE : intervalMs;
    // Whoever contradicted others may show as soon as it is due that it agrees again.
    const isDue = backends.some(({ measured }) => measured.cause === "disagrees" && measured.isTrialDue(now));
    if (!isRound && (now >= roundAt || (isDue && now >= roundedAt + SOON_MS))) {
      roundedAt = now;
      roundAt = now + jittered(usual);
      void round(now);
    }
    for (const member of members) {
      if (pending.has(member)) continue;
      const { measured } = member;
      if (measured.standing === "out") {
        if (measured.isTrialDue(now) && measured.cause !== "disagrees") tryOne(member);
        continue;
      }
      const wait = member.doubted
        ? measured.failuresInRow > 0
          ? DOUBT_MS
          : CLEARED_MS
        : member.tier === TIER.BACKEND
          ? usual
          : intervalMs * LOWER;
      // What somebody happened to ask first may be a stranger's own name, which he can let fail later: a question of the router's takes its place.
      if (!member.doubted && member.proven !== null && !own.has(member.proven)) {
        const wait = member.vettedAt === 0 ? 0 : intervalMs * LOWER;
        if (now - member.vettedAt >= wait && now - member.triedAt >= member.quota.trialMs) {
          member.vettedAt = now;
          tryOne(member);
          continue;
        }
      }
      // One that somebody hears from needs no trial.
      const since = now - (member.doubted ? member.triedAt : Math.max(member.triedAt, member.heardAt));
      if (since >= (member.doubted ? wait : Math.max(wait, member.quota.trialMs))) tryOne(member);
    }
  };
  const stop = clock.every(TICK_MS, tick);

  return {
    remember(question) {
      const now = clock.now();
      if (now - rememberedAt < KEEP_MS) return;
      rememberedAt = now;
      recent.push(question);
      if (recent.length > KEPT) recent.shift();
    },
    get sent() {
      return sent;
    },
    get disputes() {
      return disputes;
    },
    close() {
      isClosed = true;
      stop();
    },
  };
}
