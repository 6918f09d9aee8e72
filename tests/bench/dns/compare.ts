/**
 * Cached answers over UDP, DoT and DoH beside CoreDNS, dnsdist and Unbound, started here and measured in turn: server on
 * one core, load on another. Prints medians and ratios.
 *
 * BENCH_SECONDS (3) a run, BENCH_ROUNDS (3).
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { buildQuery, encodeName, ensureDevelopmentCertificate } from "@tolldns/dns";
import { stop } from "../../dns/support/processes.ts";
import { loadByDnsperf, loadByH2load, type Measured } from "./load.ts";
import { type Peer, startCoreDns, startDnsdist, startOurs, startUnbound } from "./peers.ts";

const NODELAY = `#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
int connect(int fd, const struct sockaddr *to, socklen_t size) {
  int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "connect");
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return real(fd, to, size);
}
`;

const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const names = 100;
const serverCore = 0;
const loadCore = cpus().length > 1 ? 1 : 0;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

const dir = await mkdtemp(join(tmpdir(), "tolldns-bench-"));
const peers: Peer[] = [];
try {
  await ensureDevelopmentCertificate(dir, ["localhost", "127.0.0.1"]);
  const setting = {
    dir,
    certFile: join(dir, "cert.pem"),
    keyFile: join(dir, "key.pem"),
    core: serverCore,
    names,
  };
  const queries = join(dir, "queries");
  await writeFile(queries, Array.from({ length: names }, (_, i) => `name${i}.example A\n`).join(""));
  await writeFile(join(dir, "nodelay.c"), NODELAY);
  const shim = join(dir, "nodelay.so");
  execFileSync("cc", ["-shared", "-fPIC", "-O2", "-o", shim, join(dir, "nodelay.c"), "-ldl"]);

  const ours = await startOurs(setting);
  peers.push(ours);
  for (const peer of [
    await startCoreDns(setting),
    await startDnsdist(setting, ours.ports.udp),
    await startUnbound(setting),
  ])
    if (peer !== undefined) peers.push(peer);

  const loads = {
    "UDP (dnsperf)": (peer: Peer) =>
      loadByDnsperf("udp", peer.process.pid as number, peer.ports.udp, {
        seconds,
        core: loadCore,
        queries,
        shim,
      }),
    "DoT (dnsperf)": (peer: Peer) =>
      loadByDnsperf("dot", peer.process.pid as number, peer.ports.dot, {
        seconds,
        core: loadCore,
        queries,
        shim,
      }),
    "DoH (dnsperf)": (peer: Peer) =>
      loadByDnsperf("doh", peer.process.pid as number, peer.ports.doh, {
        seconds,
        core: loadCore,
        queries,
        shim,
      }),
    "DoH (h2load)": async (peer: Peer) => {
      const uris = join(dir, `uris-${peer.name}`);
      const lines = Array.from({ length: names }, (_, i) => {
        const message = buildQuery({ name: encodeName(`name${i}.example`), type: 1, payloadSize: 0 });
        return `https://127.0.0.1:${peer.ports.doh}/dns-query?dns=${Buffer.from(message).toString("base64url")}\n`;
      });
      await writeFile(uris, lines.join(""));
      return loadByH2load(peer.process.pid as number, { seconds, core: loadCore, uris });
    },
  };

  for (const [what, load] of Object.entries(loads)) {
    const results = new Map<string, Measured[]>(peers.map((peer) => [peer.name, []]));
    for (let round = 0; round < rounds; round++)
      for (const peer of peers) results.get(peer.name)?.push(await load(peer));
    console.log(`\n${what}, ${rounds} rounds of ${seconds} s, medians`);
    const rateOf = (name: string) => median((results.get(name) ?? []).map((one) => one.rate));
    for (const [name, runs] of results) {
      const rate = rateOf(name);
      const cpu = median(runs.map((one) => one.cpuMicros));
      const lost = runs.reduce((sum, one) => sum + one.lost, 0);
      const ratio = name === ours.name ? "" : `   tolldns is ${(rateOf(ours.name) / rate).toFixed(2)}x`;
      console.log(
        `  ${name.padEnd(10)} ${(rate / 1000).toFixed(1).padStart(7)} k q/s  ${cpu.toFixed(2).padStart(6)} us CPU a query${lost > 0 ? `  ${lost} lost` : ""}${ratio}`,
      );
    }
  }
} finally {
  await Promise.all(peers.map((peer) => stop(peer.process)));
  await rm(dir, { recursive: true, force: true });
}
