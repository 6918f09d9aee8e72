import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../dns/support/processes.ts";

/** Ports of a server under test; those it doesn't speak are left out. */
export interface Ports {
  readonly udp: number;
  readonly dot: number;
  readonly doh: number;
}

export interface Peer {
  readonly name: string;
  readonly process: ChildProcess;
  readonly ports: Ports;
}

export interface Setting {
  /** Folder for configuration files. */
  readonly dir: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Core servers are pinned to. */
  readonly core: number;
  readonly names: number;
}

/** A port free for UDP and TCP on loopback at this moment: the peers can't be asked which one they took. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(port, "127.0.0.1", resolve));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

const freePorts = async (): Promise<Ports> => ({
  udp: await freePort(),
  dot: await freePort(),
  doh: await freePort(),
});

function start(
  { core }: Setting,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcess {
  return spawn("taskset", ["-c", String(core), command, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...env },
  });
}

/** Waits until a server answers over UDP. */
async function answering(port: number): Promise<boolean> {
  for (let i = 0; i < 40; i++) {
    const { stdout } = await run("dig", [
      "@127.0.0.1",
      "-p",
      String(port),
      "+tries=1",
      "+time=1",
      "+short",
      "name1.example",
    ]);
    if (stdout.includes("192.0.2.1")) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

async function checked(name: string, process: ChildProcess, ports: Ports): Promise<Peer | undefined> {
  process.stdout?.resume();
  if (await answering(ports.udp)) return { name, process, ports };
  process.kill("SIGKILL");
  console.log(`${name}: did not start, left out`);
  return undefined;
}

export async function startOurs(setting: Setting): Promise<Peer> {
  const script = fileURLToPath(new URL("server.ts", import.meta.url));
  const child = start(setting, process.execPath, [
    script,
    setting.certFile,
    setting.keyFile,
    String(setting.names),
  ]);
  const line = await new Promise<string>((resolve) =>
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString())),
  );
  child.stdout?.resume();
  return { name: "tolldns", process: child, ports: JSON.parse(line) as Ports };
}

/** The CoreDNS of `COREDNS` or of Go's bin folder; built there from the module proxy if Go is at hand. */
async function findCoreDns(): Promise<string | undefined> {
  const given = process.env.COREDNS;
  if (given !== undefined && existsSync(given)) return given;
  const bin = join(homedir(), ".cache", "tolldns-bench");
  const built = join(bin, "coredns");
  if (existsSync(built)) return built;
  const { code } = await run("go", ["install", "github.com/coredns/coredns@v1.15.0"], {
    timeoutMs: 900_000,
    env: { GOBIN: bin },
  }).catch(() => ({ code: 1 }));
  return code === 0 ? built : undefined;
}

export async function startCoreDns(setting: Setting): Promise<Peer | undefined> {
  const binary = await findCoreDns();
  if (binary === undefined) {
    console.log("CoreDNS: not found and not built, left out");
    return undefined;
  }
  const ports = await freePorts();
  const body = (tls: boolean) => `{
  bind 127.0.0.1
  ${tls ? `tls ${setting.certFile} ${setting.keyFile}` : ""}
  cache 3600
  template IN A {
    answer "{{ .Name }} 3600 IN A 192.0.2.1"
  }
}`;
  const file = join(setting.dir, "Corefile");
  await writeFile(
    file,
    `.:${ports.udp} ${body(false)}\ntls://.:${ports.dot} ${body(true)}\nhttps://.:${ports.doh} ${body(true)}\n`,
  );
  return checked("CoreDNS", start(setting, binary, ["-conf", file], { GOMAXPROCS: "1" }), ports);
}

export async function startUnbound(setting: Setting): Promise<Peer | undefined> {
  const ports = await freePorts();
  const file = join(setting.dir, "unbound.conf");
  const data = Array.from(
    { length: setting.names },
    (_, i) => `  local-data: "name${i}.example. 3600 IN A 192.0.2.1"`,
  );
  await writeFile(
    file,
    `server:
  directory: "${setting.dir}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  verbosity: 0
  num-threads: 1
  interface: 127.0.0.1@${ports.udp}
  interface: 127.0.0.1@${ports.dot}
  interface: 127.0.0.1@${ports.doh}
  tls-port: ${ports.dot}
  https-port: ${ports.doh}
  tls-service-pem: "${setting.certFile}"
  tls-service-key: "${setting.keyFile}"
  incoming-num-tcp: 1000
  http-max-streams: 200
  local-zone: "example." static
${data.join("\n")}
remote-control:
  control-enable: no
`,
  );
  return checked("Unbound", start(setting, "unbound", ["-d", "-c", file]), ports);
}

/** dnsdist answers out of its packet cache; `backend` fills it once. */
export async function startDnsdist(setting: Setting, backend: number): Promise<Peer | undefined> {
  const ports = await freePorts();
  const file = join(setting.dir, "dnsdist.conf");
  await writeFile(
    file,
    `setLocal("127.0.0.1:${ports.udp}")
addTLSLocal("127.0.0.1:${ports.dot}", "${setting.certFile}", "${setting.keyFile}")
addDOHLocal("127.0.0.1:${ports.doh}", "${setting.certFile}", "${setting.keyFile}", "/dns-query")
newServer({address="127.0.0.1:${backend}", healthCheckMode="up"})
getPool(""):setCache(newPacketCache(100000, {maxTTL=3600}))
setSecurityPollSuffix("")
`,
  );
  return checked(
    "dnsdist",
    start(setting, "dnsdist", ["--supervised", "--disable-syslog", "-C", file]),
    ports,
  );
}
