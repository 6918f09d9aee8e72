import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { ensureDevelopmentCertificate } from "@tolldns/dns";
import { run, stop } from "../../dns/support/processes.ts";
import { alwaysA, startUpstream } from "./upstream.ts";

/** Pebble of `PEBBLE`, or built once from the Go module proxy. */
export async function findPebble(): Promise<string> {
  const given = process.env.PEBBLE;
  if (given !== undefined) return given;
  const bin = join(homedir(), ".cache", "tolldns-bench");
  const built = join(bin, "pebble");
  if (existsSync(built)) return built;
  const { code, stderr } = await run(
    "go",
    ["install", "github.com/letsencrypt/pebble/v2/cmd/pebble@latest"],
    {
      timeoutMs: 600_000,
      env: { GOBIN: bin, GOFLAGS: "-mod=mod" },
    },
  );
  if (code !== 0)
    throw new Error(`pebble could not be built; Go is needed for this test: ${stderr.slice(-500)}`);
  return built;
}

/** Let's Encrypt's test authority. Every name it looks up is 127.0.0.1. */
export interface Pebble {
  readonly directory: string;
  /** PEM its directory is trusted by. */
  readonly ca: string;
  /** Where it looks for challenges. */
  readonly challengePort: number;
  /** PEM of the root that signs what it issues since its last start. */
  root(): Promise<string>;
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Seconds its certificates live. */
export const LIFE = 90 * 86_400;

/** Prepared, on free ports; it answers after `start`. */
export async function preparePebble(folder: string): Promise<Pebble> {
  const program = await findPebble();
  const dns = await startUpstream(alwaysA("127.0.0.1"));
  const [acme, management, challengePort, tls] = (await freePorts(4)) as [number, number, number, number];
  const own = join(folder, "own");
  await mkdir(own, { recursive: true });
  const { ca } = await ensureDevelopmentCertificate(own, ["127.0.0.1", "localhost"]);
  const config = join(folder, "pebble.json");
  const pebble = {
    listenAddress: `127.0.0.1:${acme}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: join(own, "cert.pem"),
    privateKey: join(own, "key.pem"),
    httpPort: challengePort,
    tlsPort: tls,
    ocspResponderURL: "",
    externalAccountBindingRequired: false,
    retryAfter: { authz: 1, order: 1 },
    profiles: { default: { description: "the only one", validityPeriod: LIFE } },
  };
  await writeFile(config, JSON.stringify({ pebble }));

  let child: ReturnType<typeof spawn> | undefined;
  const read = (url: string) => get(url, ca);
  const halt = async () => {
    if (child !== undefined) await stop(child);
    child = undefined;
  };
  const directory = `https://127.0.0.1:${acme}/dir`;
  return {
    directory,
    ca,
    challengePort,
    root: () => read(`https://127.0.0.1:${management}/roots/0`),
    async start() {
      const process_ = spawn(program, ["-config", config, "-dnsserver", `127.0.0.1:${dns.port}`], {
        stdio: "ignore",
        // Without sleeps, and every authorization is to be proven anew.
        env: { ...process.env, PEBBLE_VA_NOSLEEP: "1", PEBBLE_AUTHZREUSE: "0", PEBBLE_WFE_NONCEREJECT: "0" },
      });
      child = process_;
      await once(process_, "spawn");
      for (;;) {
        if (process_.exitCode !== null) throw new Error(`pebble ended with ${process_.exitCode}`);
        const isUp = await Promise.all([directory, `https://127.0.0.1:${management}/roots/0`].map(read)).then(
          () => true,
          () => false,
        );
        if (isUp) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop: halt,
    async close() {
      await halt();
      await dns.close();
    },
  };
}

/** Ports nobody has now; pebble can't be told to take free ones. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        body += part;
      });
      response.on("end", () => resolve(body));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end();
  });
}
