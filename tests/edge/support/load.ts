import { createUpstream, questionFor, RCODE, readMessage, TYPE, type Upstream } from "@tolldns/dns";
import type { RunningEdge } from "@tolldns/edge";

/** What became of a stream of questions, each of another name. */
export interface Load {
  readonly asked: number;
  /** Milliseconds of those that were answered as they should. */
  readonly times: readonly number[];
  /** What was wrong with the others. */
  readonly wrong: readonly string[];
  /** Ends the stream and waits for what is under way. */
  end(): Promise<void>;
}

let names = 0;

/** Asks a new name every `everyMs`, over UDP, as a stub does. `address`: the one right answer. */
export function startLoad(
  edge: Pick<RunningEdge, "addresses">,
  everyMs: number,
  address = "198.51.100.7",
): Load {
  const stub: Upstream = createUpstream({
    protocol: "udp",
    address: "127.0.0.1",
    port: edge.addresses[0]?.port as number,
    udpSockets: 4,
    retryMs: 10_000,
    timeoutMs: 10_000,
  });
  const times: number[] = [];
  const wrong: string[] = [];
  const underWay = new Set<Promise<void>>();
  let asked = 0;
  async function one(): Promise<void> {
    const started = performance.now();
    try {
      const { rcode, answers } = readMessage(await stub.ask(questionFor(`l${names++}.example.com`, TYPE.A)));
      const found = answers.filter(({ type }) => type === TYPE.A).map(({ data }) => data.join("."));
      if (rcode === RCODE.NOERROR && found.length === 1 && found[0] === address)
        times.push(performance.now() - started);
      else wrong.push(`rcode ${rcode} ${found.join()}`);
    } catch (error) {
      wrong.push(String(error));
    }
  }
  const timer = setInterval(() => {
    asked++;
    const asking = one();
    underWay.add(asking);
    void asking.then(() => underWay.delete(asking));
  }, everyMs);
  return {
    get asked() {
      return asked;
    },
    times,
    wrong,
    async end() {
      clearInterval(timer);
      await Promise.all(underWay);
      await stub.close();
    },
  };
}

/** `p50 3, p95 20, p99 90, worst 105 ms`. */
export function tellTimes(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, worst ${at(1)} ms`;
}
