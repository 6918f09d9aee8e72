import { readFile } from "node:fs/promises";
import { run } from "../../dns/support/processes.ts";

/** What one run came to. */
export interface Measured {
  /** Answers a second. */
  readonly rate: number;
  /** CPU time of the server for each answer, in microseconds. */
  readonly cpuMicros: number;
  readonly lost: number;
}

/** CPU seconds a process and its threads have used. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function measured(
  pid: number,
  load: () => Promise<{ answers: number; seconds: number; lost: number }>,
): Promise<Measured> {
  const before = await cpuSeconds(pid);
  const { answers, lost, seconds } = await load();
  const used = (await cpuSeconds(pid)) - before;
  return { rate: answers / seconds, cpuMicros: answers === 0 ? Number.NaN : (used * 1e6) / answers, lost };
}

const number = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);

/** dnsperf over UDP, DoT or DoH from one core. `shim` sets TCP_NODELAY, which its DoH lacks. */
export function loadByDnsperf(
  mode: "udp" | "dot" | "doh",
  pid: number,
  port: number,
  options: { seconds: number; core: number; queries: string; shim: string },
): Promise<Measured> {
  const args = ["-c", String(options.core), "dnsperf", "-m", mode, "-s", "127.0.0.1", "-p", String(port)];
  args.push("-d", options.queries, "-l", String(options.seconds), "-c", "8", "-q", "200");
  return measured(pid, async () => {
    const env = mode === "doh" ? { LD_PRELOAD: options.shim } : {};
    const { stdout } = await run("taskset", args, { timeoutMs: options.seconds * 1000 + 15_000, env });
    return {
      answers: number(stdout, /Queries completed:\s+(\d+)/),
      seconds: number(stdout, /Run time \(s\):\s+([\d.]+)/) || options.seconds,
      lost: number(stdout, /Queries lost:\s+(\d+)/),
    };
  });
}

/** h2load over DoH from one core, a hundred streams on each of eight connections. */
export function loadByH2load(
  pid: number,
  options: { seconds: number; core: number; uris: string },
): Promise<Measured> {
  const args = [
    "-c",
    String(options.core),
    "h2load",
    "-D",
    String(options.seconds),
    "-c",
    "8",
    "-m",
    "100",
    "-t",
    "1",
  ];
  args.push("-H", "accept: application/dns-message", "-i", options.uris);
  return measured(pid, async () => {
    const { stdout } = await run("taskset", args, { timeoutMs: options.seconds * 1000 + 15_000 });
    return {
      answers: number(stdout, /status codes:\s+(\d+) 2xx/),
      seconds: options.seconds,
      lost: number(stdout, /(\d+) failed/),
    };
  });
}
