import { type ChildProcess, execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dsOf, knotConfig } from "../../support/knot.ts";
import { dig, end, launch, until } from "../../support/programs.ts";
import { unboundConfig } from "../../support/unbound.ts";

/** The zone of the fixture set, signed and served by a real Knot, with resolvers that validate it. */
export interface ChallengeZone {
  /** Knot's port on 127.0.0.1. */
  readonly port: number;
  /** A validating Unbound that keeps nothing longer than a second: what a verifier's reference should be. */
  reference(): Promise<Resolver>;
  /** A validating Unbound as operators run it, with DoT and DoH too. */
  resolver(options?: ResolverOptions): Promise<Resolver>;
  /** Changes what `clock.challenge.test` says. */
  setClock(text: string): void;
  close(): Promise<void>;
}

export interface ResolverOptions {
  /** Lines of its configuration beside, below `server:`. */
  readonly lines?: readonly string[];
  /** PEM files for DoT and DoH. */
  readonly certificate?: { readonly certificate: string; readonly key: string };
}

export interface Resolver {
  readonly address: string;
  readonly port: number;
  /** 0 without a certificate. */
  readonly dotPort: number;
  readonly dohPort: number;
  /** Stops and goes on by signals. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const ZONE = fileURLToPath(new URL("../../../keepers/src/verifier/sets/fixture.zone", import.meta.url));

/** Starts Knot with the zone and its two children. @throws Error if Knot is not installed */
export async function startChallengeZone(): Promise<ChallengeZone> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-challenge-"));
  const processes: ChildProcess[] = [];
  const port = await freePort();
  const child = (name: string) =>
    `$ORIGIN ${name}.challenge.test.\n$TTL 300\n@ SOA ns.challenge.test. hostmaster.challenge.test. 1 3600 600 86400 60\n@ NS ns.challenge.test.\nhost A 192.0.2.50\n`;
  copyFileSync(ZONE, join(folder, "challenge"));
  writeFileSync(join(folder, "insecure"), child("insecure"));
  writeFileSync(join(folder, "bogus"), child("bogus"));
  const config = join(folder, "knot.conf");
  const zone = (name: string, file: string, signed: boolean) => ({ name, file: join(folder, file), signed });
  const zones = [
    zone("challenge.test.", "challenge", true),
    zone("insecure.challenge.test.", "insecure", false),
    zone("bogus.challenge.test.", "bogus", true),
  ];
  writeFileSync(config, knotConfig(folder, [`127.0.0.1@${port}`], zones, { nsec3: true }));
  const close = async () => {
    await Promise.all(processes.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    processes.push(launch("knotd", ["-c", config]));
    await until(
      () =>
        ["challenge.test.", "bogus.challenge.test."].every((name) =>
          dig("127.0.0.1", port, name, "DNSKEY").includes("DNSKEY"),
        ) && dig("127.0.0.1", port, "insecure.challenge.test.", "SOA").includes("SOA"),
      "knotd",
    );
  } catch (error) {
    await close();
    throw error;
  }
  const ds = dsOf(config, "challenge.test.");
  const knotc = (...args: string[]) =>
    execFileSync("knotc", ["-c", config, "-b", ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let clock = "0";
  const start = async (options: ResolverOptions): Promise<Resolver> => {
    const resolver = await startUnbound(join(folder, `unbound-${randomInt(2 ** 31)}`), port, ds, options);
    processes.push(resolver.process);
    return resolver;
  };
  return {
    port,
    reference: () => start({ lines: ["cache-max-ttl: 0", "cache-max-negative-ttl: 0", "serve-expired: no"] }),
    resolver: (options = {}) => start(options),
    setClock(text) {
      knotc("zone-begin", "challenge.test.");
      knotc("zone-unset", "challenge.test.", "clock", "TXT", `"${clock}"`);
      knotc("zone-set", "challenge.test.", "clock", "1", "TXT", `"${text}"`);
      knotc("zone-commit", "challenge.test.");
      clock = text;
    },
    close,
  };
}

async function startUnbound(
  folder: string,
  authority: number,
  anchors: readonly string[],
  { lines = [], certificate }: ResolverOptions,
): Promise<Resolver & { readonly process: ChildProcess }> {
  mkdirSync(folder);
  const [port, dotPort, dohPort] = [await freePort(), await freePort(), await freePort()];
  const config = join(folder, "unbound.conf");
  const secure = certificate !== undefined;
  const zones = ["challenge.test.", "insecure.challenge.test.", "bogus.challenge.test."];
  const text = unboundConfig(folder, {
    listen: (secure ? [port, dotPort, dohPort] : [port]).map((at) => `127.0.0.1@${at}`),
    anchors,
    lines: [
      'module-config: "validator iterator"',
      "edns-buffer-size: 1232",
      "minimal-responses: yes",
      "ede: yes",
      ...(secure
        ? [
            `tls-port: ${dotPort}`,
            `https-port: ${dohPort}`,
            `tls-service-pem: "${certificate.certificate}"`,
            `tls-service-key: "${certificate.key}"`,
          ]
        : []),
      ...lines,
    ],
    clauses: zones.flatMap((name) => [
      "stub-zone:",
      `  name: "${name}"`,
      `  stub-addr: 127.0.0.1@${authority}`,
    ]),
  });
  writeFileSync(config, text);
  const child = launch("unbound", ["-d", "-p", "-c", config]);
  await until(
    () => dig("127.0.0.1", port, "a.challenge.test.", "A", "+dnssec").includes("192.0.2.1"),
    "unbound",
  );
  return {
    process: child,
    address: "127.0.0.1",
    port,
    dotPort: secure ? dotPort : 0,
    dohPort: secure ? dohPort : 0,
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    close: () => end(child),
  };
}

/** A port that is free for UDP and TCP now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const { port: given } = server.address() as { port: number };
        server.close(() => resolve(given));
      });
    });
    const isFree = await new Promise<boolean>((resolve) => {
      const socket = createSocket("udp4");
      socket.once("error", () => resolve(false));
      socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** The fixture set's text, and the zone's. */
export const readFixture = (name: string): string =>
  readFileSync(new URL(`../../../keepers/src/verifier/sets/${name}`, import.meta.url), "utf8");
