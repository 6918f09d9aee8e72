import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
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
}

const HOST = "127.0.0.1";
/** Below what systems hand out for outgoing connections, which would take a port between being found free and being used. */
const FIRST = 20_000;
const LAST = 30_000;

/**
 * Chooses a free port of loopback for each wish: last time's, the usual one, or any. Remembered in the data folder, so that
 * addresses stay the same from one start to the next.
 * @throws CliError ports-taken when a port the user named is taken
 */
export async function choosePorts(data: string, wishes: readonly PortWish[]): Promise<PortChoice> {
  const file = join(data, "ports.json");
  const last = readLast(file);
  const ports: Record<string, number> = {};
  const moved: string[] = [];
  const taken = new Set<number>();
  for (const wish of wishes) {
    const port = await chooseOne(wish, last[wish.name], taken);
    ports[wish.name] = port;
    taken.add(port);
    if (wish.pair) taken.add(port + 1);
    if (port !== wish.port && wish.port !== 0) moved.push(wish.name);
  }
  writeFileSync(file, `${JSON.stringify(ports)}\n`, { mode: 0o600 });
  return { ports, moved };
}

async function chooseOne(
  wish: PortWish,
  last: number | undefined,
  taken: ReadonlySet<number>,
): Promise<number> {
  const { name, port, fixed } = wish;
  if (fixed && port !== 0) {
    if (await isFree(wish, port)) return port;
    throw new CliError(
      "ports-taken",
      `port ${port} for ${name} is taken`,
      "Name another one, or 0 for any; `ss -tulpn` shows who has it.",
    );
  }
  const isUsable = async (candidate: number) => !taken.has(candidate) && (await isFree(wish, candidate));
  for (const candidate of [last, port]) if (candidate && (await isUsable(candidate))) return candidate;
  for (let tries = 0; tries < 50; tries++) {
    const candidate = randomInt(FIRST, LAST);
    if (await isUsable(candidate)) return candidate;
  }
  throw new CliError(
    "ports-taken",
    `no port is free for ${name}`,
    "End some programs that listen on loopback.",
  );
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
