import { createSocket } from "node:dgram";
import { readdir, readFile, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { EdgeError } from "../errors.ts";

/** A program that holds a port. */
export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

/**
 * Throws if `host:port` can't be bound over UDP and TCP, naming the program that has it where /proc shows it.
 * @throws EdgeError install-port
 */
export async function checkPortFree(host: string, port: number): Promise<void> {
  for (const [protocol, tryBind] of [
    ["UDP", bindUdp],
    ["TCP", bindTcp],
  ] as const) {
    const code = await tryBind(host, port);
    if (code === null) continue;
    if (code !== "EADDRINUSE")
      throw new EdgeError("install-port", `${host}:${port} over ${protocol}: ${code}`);
    const holder = await findPortHolder(port);
    const who = holder === null ? "another program" : `${holder.name} (pid ${holder.pid})`;
    throw new EdgeError("install-port", `${host}:${port} over ${protocol} is taken by ${who}`);
  }
}

/** The program that has `port` bound over UDP or listens on it over TCP, or null where it can't be told. Linux only. */
export async function findPortHolder(port: number): Promise<PortHolder | null> {
  const inodes = new Set<string>();
  for (const table of ["udp", "udp6", "tcp", "tcp6"]) {
    const text = await readFile(`/proc/net/${table}`, "utf8").catch(() => "");
    for (const row of text.split("\n").slice(1)) {
      const fields = row.trim().split(/\s+/);
      const isListening = table.startsWith("udp") || fields[3] === "0A";
      const localPort = Number.parseInt(fields[1]?.split(":")[1] ?? "", 16);
      if (isListening && localPort === port && fields[9] !== undefined) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return null;
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      if (!inodes.has(target)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "unknown")).trim();
      return { pid: Number(pid), name };
    }
  }
  return null;
}

function bindUdp(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(error.code ?? "error");
    });
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(null)));
  });
}

function bindTcp(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
