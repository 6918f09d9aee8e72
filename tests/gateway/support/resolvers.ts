import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stop } from "../../dns/support/processes.ts";

/** Every name below it has this address, at every resolver here. */
export const ZONE = "up.example";
export const ADDRESS = "192.0.2.10";
/** Nobody serves this one: Unbound answers SERVFAIL, Knot DNS REFUSED. */
export const DEAD_ZONE = "dead.example";

/** A real resolver on loopback, UDP and TCP on one port. */
export interface Resolver {
  readonly kind: "unbound" | "knot";
  readonly port: number;
  readonly process: () => ChildProcess;
  /** Starts it on its port, and waits until it answers. */
  start(): Promise<void>;
  /** SIGKILL: the kernel tells whoever asks that nobody listens. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: it is there and says nothing. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Starts Unbound, or Knot DNS, which answers for the zone and refuses all else. */
export async function startResolver(kind: Resolver["kind"]): Promise<Resolver> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-resolver-"));
  const port = await freePort();
  const [command, file] = kind === "unbound" ? writeUnbound(folder, port) : writeKnot(folder, port);
  let child: ChildProcess | undefined;
  const signal = (name: NodeJS.Signals) => child?.kill(name);
  const resolver: Resolver = {
    kind,
    port,
    process: () => child as ChildProcess,
    async start() {
      child = spawn(command, kind === "unbound" ? ["-d", "-p", "-c", file] : ["-c", file], {
        stdio: "ignore",
      });
      child.on("error", () => {});
      await answering(command, port, child);
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      signal("SIGKILL");
      await gone;
    },
    freeze: () => void signal("SIGSTOP"),
    thaw: () => void signal("SIGCONT"),
    async close() {
      signal("SIGCONT");
      if (child !== undefined) await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await resolver.start();
  } catch (error) {
    await resolver.close();
    throw error;
  }
  return resolver;
}

function writeUnbound(folder: string, port: number): [string, string] {
  const file = join(folder, "unbound.conf");
  writeFileSync(
    file,
    `server:
  interface: 127.0.0.1@${port}
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  num-threads: 1
  module-config: "iterator"
  local-zone: "${ZONE}." redirect
  local-data: "${ZONE}. 300 A ${ADDRESS}"
  local-zone: "." static
  local-data: ". 300 NS ns.${ZONE}."
  local-zone: "${DEAD_ZONE}." transparent
  do-not-query-localhost: no
forward-zone:
  name: "${DEAD_ZONE}."
  forward-addr: 127.0.0.1@9
remote-control:
  control-enable: no
`,
  );
  return ["unbound", file];
}

function writeKnot(folder: string, port: number): [string, string] {
  mkdirSync(join(folder, "db"));
  const zone = join(folder, "zone");
  writeFileSync(
    zone,
    `$ORIGIN ${ZONE}.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A ${ADDRESS}\n* A ${ADDRESS}\n`,
  );
  const file = join(folder, "knot.conf");
  writeFileSync(
    file,
    `server:
    listen: 127.0.0.1@${port}
    rundir: ${folder}
    user: root
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: ${join(folder, "db")}
log:
  - target: stderr
    any: error
zone:
  - domain: ${ZONE}.
    file: ${zone}
    zonefile-sync: -1
    journal-content: none
`,
  );
  return ["knotd", file];
}

async function answering(command: string, port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) break;
    try {
      const args = ["@127.0.0.1", "-p", String(port), "+time=1", "+tries=1", "+short", `ready.${ZONE}`];
      if (execFileSync("dig", args, { encoding: "utf8" }).includes(ADDRESS)) return;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${command} does not answer on loopback; is it installed?`);
}

/** A port free for UDP and TCP on loopback at this moment: these programs can't be asked which one they took. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const socket = createSocket("udp4");
    const isFree = await new Promise<boolean>((resolve) => {
      socket.once("error", () => resolve(false));
      socket.bind(port, "127.0.0.1", () => resolve(true));
    });
    socket.close();
    if (isFree) return port;
  }
}
