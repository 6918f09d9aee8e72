import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";

/** A real PostgreSQL server in a temporary folder, listening on a socket in that folder and on nothing else. */
export interface Postgres {
  /** Connection parts for `openPostgresStore`. */
  readonly connection: { host: string; user: string; database: string };
  /** Server version, as the server says it. */
  readonly version: string;
  /** `kill -9` of the server; its helpers end by themselves. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  restart(): Promise<void>;
  /** Ends it and deletes its folder. */
  stop(): Promise<void>;
}

const ROOT = "/usr/lib/postgresql";

function findBinaries(): string {
  const versions = existsSync(ROOT) ? readdirSync(ROOT) : [];
  const [newest] = versions.sort((a, b) => Number(b) - Number(a));
  if (newest === undefined) throw new Error("no PostgreSQL: apt-get install postgresql");
  return join(ROOT, newest, "bin");
}

/** PostgreSQL refuses to run as root; then it runs as the user its package made. */
function findUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export async function startPostgres(settings: readonly string[] = [], parent = tmpdir()): Promise<Postgres> {
  const bin = findBinaries();
  const user = findUser();
  const folder = mkdtempSync(join(parent, "tolldns-pg-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) {
    chownSync(folder, user.uid, user.gid);
    chownSync(data, user.uid, user.gid);
  }
  const env = { PATH: process.env.PATH ?? "", LC_ALL: "C" };
  execFileSync(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", "tolldns", "--no-sync", "-E", "UTF8"], {
    ...user,
    env,
    cwd: folder,
    stdio: "pipe",
  });
  const connection = { host: folder, user: "tolldns", database: "postgres" };
  let server: ChildProcess;

  function launch(): ChildProcess {
    const options = [
      "listen_addresses=",
      `unix_socket_directories=${folder}`,
      "max_connections=40",
      ...settings,
    ];
    return spawn(join(bin, "postgres"), ["-D", data, ...options.flatMap((option) => ["-c", option])], {
      ...user,
      env,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  }

  async function start(): Promise<string> {
    let log = "";
    const watch = (started: ChildProcess) => {
      started.stderr?.on("data", (chunk) => {
        log = (log + chunk).slice(-4_000);
      });
      return started;
    };
    server = watch(launch());
    const deadline = Date.now() + 20_000;
    for (;;) {
      const client = new pg.Client(connection);
      try {
        await client.connect();
        const { rows } = await client.query("SHOW server_version");
        return String(rows[0].server_version);
      } catch (error) {
        if (Date.now() > deadline) throw new Error(log, { cause: error });
        // After kill -9 its helpers take a moment to let go of the shared memory.
        if (server.exitCode !== null) server = watch(launch());
        await new Promise((resolve) => setTimeout(resolve, 50));
      } finally {
        await client.end().catch(() => {});
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, "exit");
    server.kill(signal);
    await exit;
  }

  const version = await start();
  return {
    connection,
    version,
    kill: () => end("SIGKILL"),
    restart: async () => {
      await start();
    },
    stop: async () => {
      await end("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
