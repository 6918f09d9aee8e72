import { writeFileSync } from "node:fs";
import { run } from "../../dns/support/processes.ts";
import type { Place } from "../../lab/places/place.ts";
import { questionOf } from "../../lab/world/truth.ts";

/** What dnsperf saw in one run. */
export interface Perf {
  readonly sent: number;
  /** NOERROR and NXDOMAIN. */
  readonly answered: number;
  /** SERVFAIL, REFUSED and the like. */
  readonly failed: number;
  readonly lost: number;
  /** Milliseconds, lost ones counted as PATIENCE_S. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Seconds dnsperf waits for an answer: its default. */
const PATIENCE_S = 5;
/** Lines of verbose output: `> NOERROR name A 0.000412`, `> T name A` for one that got no answer. */
const LINE = /^> (\S+) \S+ \S+(?: ([\d.]+))?$/;

/** Writes the lab's questions, from number `from` on, as dnsperf reads them. */
export function writeQueries(path: string, from: number, count: number): void {
  const lines = Array.from({ length: count }, (_, i) => questionOf(from + i)).map(
    ({ name, type }) => `${name} ${type}`,
  );
  writeFileSync(path, `${lines.join("\n")}\n`);
}

/** Asks `rate` questions a second for `seconds` from a place. */
export async function perf(
  place: Place,
  server: { readonly host: string; readonly port: number },
  queries: string,
  rate: number,
  seconds: number,
): Promise<Perf> {
  const [command, args] = place.inside("dnsperf", [
    ...[
      "-s",
      server.host,
      "-p",
      String(server.port),
      "-d",
      queries,
      "-Q",
      String(rate),
      "-l",
      String(seconds),
    ],
    ...["-t", String(PATIENCE_S), "-q", "5000", "-v"],
  ]);
  const { stdout, stderr, code } = await run(command, args, { timeoutMs: (seconds + 30) * 1_000 });
  if (code !== 0) throw new Error(`dnsperf ended with ${code}: ${stderr}`);
  return readPerf(stdout);
}

/** Reads dnsperf's verbose output. */
function readPerf(output: string): Perf {
  const times: number[] = [];
  const counts = { answered: 0, failed: 0, lost: 0 };
  for (const line of output.split("\n")) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, rcode, seconds] = match;
    if (rcode === "T") counts.lost++;
    else if (rcode === "NOERROR" || rcode === "NXDOMAIN") counts.answered++;
    else counts.failed++;
    times.push((rcode === "T" ? PATIENCE_S : Number(seconds)) * 1_000);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { sent: times.length, ...counts, p50Ms: at(0.5), p99Ms: at(0.99) };
}
