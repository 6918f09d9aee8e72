import { type Clock, DnsError, EDE, type Question, RCODE, type Upstream } from "@tolldns/dns";
import type { UpstreamStatus } from "../options.ts";
import { createHealth, type Health, noteAnswer, noteFailure, orderByHealth, statusOf } from "./health.ts";

/** An upstream and how it does. */
export interface Member {
  readonly upstream: Upstream;
  readonly name: string;
  readonly health: Health;
}

export interface PoolOptions {
  readonly upstreams: readonly Upstream[];
  readonly clock: Clock;
  /** Milliseconds for a question, all attempts together. */
  readonly timeoutMs: number;
}

/** Several upstreams, asked by how well they do. */
export interface Pool {
  readonly members: readonly Member[];
  /**
   * Asks the best, the next as soon as one fails or is slower than usual, and takes the first good answer. An answer that says
   * SERVFAIL, REFUSED or the like is kept as the last resort.
   * Rejects with a DnsError when nobody answered in time.
   */
  ask(question: Question): Promise<Uint8Array>;
  /** Asks one member, keeping its health. Rejects as the upstream does. */
  askMember(member: Member, question: Question, timeoutMs: number): Promise<Uint8Array>;
  status(): UpstreamStatus[];
  close(): Promise<void>;
}

/** An upstream isn't given up before this, and is never waited for alone longer than that, milliseconds. */
const MIN_PATIENCE_MS = 100;
const MAX_PATIENCE_MS = 1_000;
/** Upstreams tried for one question. */
const MAX_ATTEMPTS = 4;

export function createPool(options: PoolOptions): Pool {
  const { clock, timeoutMs } = options;
  const members: Member[] = options.upstreams.map((upstream) => ({
    upstream,
    name: `${upstream.protocol} ${upstream.address.includes(":") ? `[${upstream.address}]` : upstream.address}:${upstream.port}`,
    health: createHealth(),
  }));

  async function askMember(member: Member, question: Question, budgetMs: number): Promise<Uint8Array> {
    const started = clock.now();
    member.health.asked++;
    try {
      const answer = await member.upstream.ask(question, { timeoutMs: budgetMs });
      noteAnswer(member.health, clock.now() - started);
      return answer;
    } catch (error) {
      noteFailure(member.health, clock.now());
      throw error;
    }
  }

  function ask(question: Question): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const deadline = clock.now() + timeoutMs;
      const order = orderByHealth(members, clock.now()).slice(0, MAX_ATTEMPTS);
      let next = 0;
      let underWay = 0;
      let done = false;
      let lastResort: Uint8Array | undefined;
      let failure: unknown = new DnsError("exchange-timeout", "no upstream answered", NOBODY);
      let impatience: ReturnType<typeof setTimeout> | undefined;

      const finish = (answer?: Uint8Array) => {
        if (done) return;
        done = true;
        clearTimeout(impatience);
        if (answer !== undefined) resolve(answer);
        else reject(failure);
      };
      const tryNext = () => {
        clearTimeout(impatience);
        const left = deadline - clock.now();
        if (next >= order.length || left <= 0) {
          if (underWay === 0) finish(lastResort);
          return;
        }
        const member = order[next++] as Member;
        underWay++;
        askMember(member, question, left).then(
          (answer) => {
            underWay--;
            if (isGood(answer)) return finish(answer);
            lastResort ??= answer;
            if (!done) tryNext();
          },
          (error: unknown) => {
            underWay--;
            failure = error;
            if (!done) tryNext();
          },
        );
        const patience = Math.min(MAX_PATIENCE_MS, Math.max(MIN_PATIENCE_MS, member.health.latencyMs * 3));
        impatience = setTimeout(tryNext, patience);
      };
      tryNext();
    });
  }

  return {
    members,
    ask,
    askMember,
    status: () => members.map(({ name, health }) => statusOf(name, health, clock.now())),
    async close() {
      await Promise.all(members.map(({ upstream }) => upstream.close()));
    },
  };
}

const NOBODY = { ede: { code: EDE.NO_REACHABLE_AUTHORITY } } as const;

/** An answer that settles the question; anything else another upstream may know better. */
function isGood(answer: Uint8Array): boolean {
  const rcode = (answer[3] as number) & 15;
  return rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN;
}
