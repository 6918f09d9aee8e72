import { type Clock, DnsError, EDE, FLAG, type Question, RCODE, type WireMessage } from "@tolldns/dns";
import { canonicalAnswer, lowestTtl, tryRead } from "./canonical.ts";
import { orderByHealth } from "./health.ts";
import type { Member, Pool } from "./pool.ts";

export interface QuorumOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** How many are asked at once. */
  readonly ask: number;
  /** How many must say the same. */
  readonly agree: number;
  readonly timeoutMs: number;
}

interface Vote {
  readonly message: Uint8Array;
  readonly parsed: WireMessage;
}

/**
 * Asks several upstreams and answers only what enough of them say. One that fails is replaced by another while there are any.
 * Fails closed: rejects with an extended error when the number can't be reached any more.
 */
export function createQuorum(options: QuorumOptions): (question: Question) => Promise<Uint8Array> {
  const { pool, clock, agree, timeoutMs } = options;
  return (question) =>
    new Promise((resolve, reject) => {
      const deadline = clock.now() + timeoutMs;
      const order = orderByHealth(pool.members, clock.now());
      const votes = new Map<string, Vote[]>();
      let next = 0;
      let underWay = 0;
      let done = false;

      const most = () => Math.max(0, ...[...votes.values()].map((side) => side.length));
      const check = () => {
        if (done || most() + underWay + (order.length - next) >= agree) return;
        done = true;
        reject(disagreement(votes.size));
      };
      const failed = () => {
        underWay--;
        launch();
        check();
      };
      const count = (message: Uint8Array) => {
        const parsed = tryRead(message);
        // Only an answer can be agreed on: two broken servers that say SERVFAIL prove nothing.
        if (parsed === null || (parsed.rcode !== RCODE.NOERROR && parsed.rcode !== RCODE.NXDOMAIN))
          return failed();
        underWay--;
        const key = canonicalAnswer(parsed);
        const side = votes.get(key) ?? [];
        side.push({ message, parsed });
        votes.set(key, side);
        if (!done && side.length >= agree) {
          done = true;
          return resolve(choose(side));
        }
        // Those asked first disagree: ask more while they could still decide it.
        if (most() + underWay < agree) launch();
        check();
      };
      const launch = () => {
        const left = deadline - clock.now();
        if (done || next >= order.length || left <= 0) {
          next = left <= 0 ? order.length : next;
          return;
        }
        underWay++;
        pool.askMember(order[next++] as Member, question, left).then(count, failed);
      };
      for (let i = 0; i < options.ask; i++) launch();
      check();
    });
}

function disagreement(sides: number): DnsError {
  const text = sides > 1 ? "upstreams disagree" : "too few upstreams answered";
  return new DnsError("exchange-refused", text, {
    ede: { code: sides > 1 ? EDE.OTHER : EDE.NO_REACHABLE_AUTHORITY, text },
  });
}

/** Of those that agree, the one that lives shortest; authentic only if all of them say so. */
function choose(side: readonly Vote[]): Uint8Array {
  const [first, ...others] = side as [Vote, ...Vote[]];
  const best = others.reduce((a, b) => (lowestTtl(b.parsed) < lowestTtl(a.parsed) ? b : a), first);
  if (side.every(({ parsed }) => (parsed.flags & FLAG.AD) !== 0)) return best.message;
  const answer = best.message.slice();
  answer[3] = (answer[3] as number) & ~FLAG.AD;
  return answer;
}
