import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { platform } from "node:os";
import { join } from "node:path";
import { CliError } from "../errors.ts";

/** One thing that needs a port. */
export interface PortWish {
  readonly name: string;
  /** Tried first, after the one of last time. */
  readonly port: number;
  /** Asked for by the user: taken or nothing. */
  readonly fixed: boolean;
  readonly udp: boolean;
  /** The next port is needed too. */
  readonly pair: boolean;
}

export interface PortChoice {
  readonly ports: Readonly<Record<string, number>>;
  /** Names of those that are not where one would look for them, for the screen. */
  readonly moved: readonly string[];
  /** Lets other runs choose them again. */
  close(): void;
}

const HOST = "127.0.0.1";
/** Below what systems hand out for outgoing connections, which would take a port between being found free and being used. */
const FIRST = 20_000;
const LAST = 30_000;

/**
 * Chooses a free port of loopback for each wish: last time's, the usual one, or any. Remembered in the data folder, so that
 * addresses stay the same from one start to the next. Until `close` no other run chooses the same, also before anything listens there.
 * @throws CliError ports-taken when a port the user named is taken
 */
export async function choosePorts(data: string, wishes: readonly PortWish[]): Promise<PortChoice> {
  const file = join(data, "ports.json");
  const last = readLast(file);
  const ports: Record<string, number> = {};
  const moved: string[] = [];
  const claims: Claim[] = [];
  const close = () => {
    for (const claim of claims) claim.close();
  };
  try {
    for (const wish of wishes) {
      const port = await chooseOne(wish, last[wish.name], claims);
      ports[wish.name] = port;
      if (port !== wish.port && wish.port !== 0) moved.push(wish.name);
    }
    writeFileSync(file, `${JSON.stringify(ports)}\n`, { mode: 0o600 });
  } catch (error) {
    close();
    throw error;
  }
  return { ports, moved, close };
}

/** What to say of a port that another program took between being found free and being used; other errors as they are. */
export function explainTaken(error: unknown, { ports }: PortChoice): unknown {
  const { code, port } = error as { code?: unknown; port?: unknown };
  if (code !== "EADDRINUSE") return error;
  const name = Object.keys(ports).find((one) => ports[one] === port);
  return new CliError(
    "ports-taken",
    `port ${port}${name === undefined ? "" : ` for ${name}`} was taken by another program just now`,
    "Start it again: it takes another one then. `ss -tulpn` shows who has it.",
    { cause: error },
  );
}

async function chooseOne(wish: PortWish, last: number | undefined, claims: Claim[]): Promise<number> {
  const { name, port, fixed } = wish;
  if (fixed && port !== 0) {
    if (await take(wish, port, claims)) return port;
    throw new CliError(
      "ports-taken",
      `port ${port} for ${name} is taken`,
      "Name another one, or 0 for any; `ss -tulpn` shows who has it.",
    );
  }
  for (const candidate of [last, port])
    if (candidate && (await take(wish, candidate, claims))) return candidate;
  for (let tries = 0; tries < 50; tries++) {
    const candidate = randomInt(FIRST, LAST);
    if (await take(wish, candidate, claims)) return candidate;
  }
  throw new CliError(
    "ports-taken",
    `no port is free for ${name}`,
    "End some programs that listen on loopback.",
  );
}

/** Claims a port, and the next where it takes two, if nobody has or listens there. */
async function take(wish: PortWish, port: number, claims: Claim[]): Promise<boolean> {
  const wanted = wish.pair ? [port, port + 1] : [port];
  if (claims.some((claim) => wanted.includes(claim.port))) return false;
  const own = (await Promise.all(wanted.map(claimPort))).filter((claim) => claim !== null);
  const isOurs = own.length === wanted.length && (await isFree(wish, port));
  if (isOurs) claims.push(...own);
  else for (const claim of own) claim.close();
  return isOurs;
}

interface Claim {
  readonly port: number;
  close(): void;
}

/**
 * Says to other runs on this machine that a port is chosen; null if one of them did before. Linux: an abstract Unix socket, which like the port
 * is its network namespace's, and goes with the process however that ends. Elsewhere nothing is said, and the later of two runs that start in the same second fails.
 */
function claimPort(port: number): Promise<Claim | null> {
  const server = createServer((socket) => socket.destroy());
  const claim = { port, close: () => void server.close() };
  if (platform() !== "linux") return Promise.resolve(claim);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(null) : reject(error),
    );
    server.unref().listen(`\0tolldns port ${port}`, () => resolve(claim));
  });
}

async function isFree({ udp, pair }: PortWish, port: number): Promise<boolean> {
  if (port > 65_535) return false;
  const tests = [tcpFree(port), ...(udp ? [udpFree(port)] : []), ...(pair ? [tcpFree(port + 1)] : [])];
  return (await Promise.all(tests)).every(Boolean);
}

function tcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, HOST, () => server.close(() => resolve(true)));
  });
}

function udpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, HOST, () => socket.close(() => resolve(true)));
  });
}

function readLast(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}
