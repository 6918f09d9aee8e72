import type { Clock } from "@tolldns/dns";
import { type Change, TIER } from "@tolldns/policy";
import { createAttention } from "@tolldns/policy/attention";
import { gatewayError } from "../errors.ts";
import type { GatewayOptions, RouterStatus, UpstreamOptions, UpstreamStatus } from "../options.ts";
import { type AskQuestion, createAsker } from "./ask.ts";
import { createAttempts } from "./attempts.ts";
import { type Board, openBoard } from "./board.ts";
import { createBudget } from "./budget.ts";
import { buildMembers, type MemberTools } from "./build.ts";
import { createCanaries } from "./canaries.ts";
import { createConfirm } from "./confirm.ts";
import { createMember, type Member } from "./member.ts";
import { checkConfirm, checkFallback, completeRouter } from "./settings.ts";
import { createVote } from "./vote.ts";

/** Everything behind the cache: backends and what they fall back to, measured, tried and chosen among. */
export interface Backends {
  readonly ask: AskQuestion;
  /** Nobody can be used: what the cache has, however old, is the best there is. */
  isDown(): boolean;
  upstreams(): UpstreamStatus[];
  router(): RouterStatus;
  close(): Promise<void>;
}

export interface BackendsOptions
  extends Pick<GatewayOptions, "confirm" | "fallback" | "router" | "policy" | "decisions"> {
  readonly upstreams: readonly UpstreamOptions[];
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Unix seconds. */
  readonly wall: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** What a liar said should be forgotten. */
  readonly onLiar: () => void;
}

/** @throws option-range */
export function openBackends(options: BackendsOptions): Backends {
  const { clock, timeoutMs, random, confirm, fallback } = options;
  const { decision, ejection, hedge } = completeRouter(options.router);
  const attention = createAttention(clock);
  const tools: MemberTools = { clock, attention, wall: options.wall, timeoutMs, ejection, random };
  const backends = buildMembers(options.upstreams, TIER.BACKEND, tools);
  checkConfirm(confirm, new Set(backends.map(({ operator }) => operator)).size);
  checkFallback(fallback);
  const central = buildMembers(fallback?.central ?? [], TIER.CENTRAL, tools);
  const voters = buildMembers(fallback?.quorum?.upstreams ?? [], TIER.QUORUM, tools);
  const twice = central.find(({ name }) => backends.some((one) => one.name === name));
  if (twice !== undefined)
    throw gatewayError("option-range", `${twice.name} is an upstream and its own fallback`);

  const counters = { confirmed: 0, disputes: 0 };
  const hedges = createBudget(hedge);
  // The board is told of changes by what it is made of.
  let board: Board | undefined;
  const onChange = (member: Member, change: Change) => board?.changed(member, change);
  const attempts = createAttempts({ clock, attention, onChange });
  const vote = (ask: number, agree: number) =>
    createVote({
      attempts,
      clock,
      attention,
      ask,
      agree,
      timeoutMs,
      onChange,
      onDispute: () => counters.disputes++,
    });
  const quorum = fallback?.quorum === undefined ? [] : [quorumMember(fallback.quorum, voters, vote, tools)];
  const members = [...backends, ...quorum, ...central];
  board = openBoard({
    members,
    clock,
    settings: decision,
    ejection,
    policy: options.policy ?? null,
    log: options.decisions ?? null,
    random,
    onLiar: options.onLiar,
  });
  const onBoard = board;
  const canaries = createCanaries({
    members: [...backends, ...voters, ...central],
    attempts,
    clock,
    options: options.router?.canary ?? {},
    random,
    onChange: onBoard.changed,
  });
  const asker = createAsker({
    board: onBoard,
    attempts,
    clock,
    attention,
    hedges,
    timeoutMs,
    onAnswered: (question) => canaries.remember(question),
  });
  const ask =
    confirm === undefined
      ? asker.ask
      : createConfirm({
          board: onBoard,
          vote: vote(confirm.ask, confirm.agree),
          ask: asker.ask,
          share: confirm.share ?? 1,
          timeoutMs,
          random,
          onConfirmed: () => counters.confirmed++,
        });
  return {
    ask,
    isDown: onBoard.isDown,
    upstreams: () => members.map(statusOf),
    router: () => {
      const { sinceMs, ...said } = onBoard.status();
      return {
        ...said,
        sinceSeconds: sinceMs / 1000,
        hedged: hedges.taken,
        confirmed: counters.confirmed,
        disputes: counters.disputes + canaries.disputes,
        trials: canaries.sent,
      };
    },
    async close() {
      canaries.close();
      asker.close();
      onBoard.close();
      attempts.close();
      attention.close();
      await Promise.all([...members, ...voters].map((member) => member.close()));
    },
  };
}

/** The upstream quorum, which is asked and measured as one. Its voters are measured each, too. */
function quorumMember(
  { ask, agree }: { readonly ask: number; readonly agree: number },
  voters: readonly Member[],
  vote: (ask: number, agree: number) => ReturnType<typeof createVote>,
  { ejection, random, clock }: MemberTools,
): Member {
  const poll = vote(ask, agree);
  const byStanding = () =>
    [...voters].sort(
      (a, b) =>
        Number(a.measured.standing === "out") - Number(b.measured.standing === "out") ||
        a.measured.latencyMs - b.measured.latencyMs,
    );
  const parts = {
    name: "quorum",
    tier: TIER.QUORUM,
    kind: "quorum",
    ask: async (question: Parameters<Member["ask"]>[0]) => (await poll(question, byStanding())).message,
  };
  return createMember(parts, ejection, random, clock.now());
}

function statusOf(member: Member): UpstreamStatus {
  const { name, kind, tier, measured, policy, asked, quota } = member;
  const { standing, because, shareBps, latencyMs, p95Ms, success, disagreement, failures } = measured;
  return {
    name,
    kind: kind as UpstreamStatus["kind"],
    tier,
    healthy: standing !== "out",
    standing,
    because: standing === "in" ? "" : because,
    shareBps,
    policy: policy === null ? null : { state: policy.state, shareBps: policy.shareBps, age: policy.age },
    latencyMs,
    p95Ms,
    success,
    disagreement,
    asked,
    failed: failures,
    quotaLeft: quota.left(),
  };
}
