import type { Clock } from "../clock.ts";
import { systemClock } from "../clock.ts";

/** Bounds every stream listener keeps to. */
export interface StreamBounds {
  /** Open connections; beyond it the longest idle one is ended for the new one. Default 10 000. */
  readonly maxConnections?: number;
  /** Open connections from one address (one /64 on IPv6). Default 1 000. */
  readonly maxConnectionsPerAddress?: number;
  /** Milliseconds without a query after which a connection is ended (RFC 7766 section 6.2.3). Default 20 000. */
  readonly idleMs?: number;
  /** Milliseconds within which a handshake, or a message begun, must be whole: slow-loris. Default 5 000. */
  readonly messageMs?: number;
  /** Queries of one connection under way at once; reading pauses beyond it. Default 256. */
  readonly maxPipelined?: number;
  /** Bytes of answers a client hasn't read; reading pauses beyond it. Default 256 KiB. */
  readonly maxUnreadBytes?: number;
  readonly clock?: Clock;
}

/** A connection as the watch sees it. */
export interface Watched {
  /** When it was last of use (milliseconds of the clock). */
  lastActive: number;
  /** Since when a handshake or a message has been incomplete; -1 if none is. */
  partialSince: number;
  /** Queries not answered yet. */
  underWay: number;
  readonly group: string;
  end(): void;
}

/** Keeps count of connections and ends those that overstay, with one timer for all. */
export interface Watch<T extends Watched> {
  readonly size: number;
  readonly now: () => number;
  /** Takes a connection in; false if it must be refused. */
  admit(connection: T): boolean;
  release(connection: T): void;
  all(): Iterable<T>;
  close(): void;
}

/** Address group a bound is counted by: the address, or its /64. */
export function addressGroup(address: string | undefined): string {
  if (address === undefined) return "";
  if (!address.includes(":")) return address;
  if (address.startsWith("::ffff:")) return address.slice(7);
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle =
    tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...middle, ...right].slice(0, 4).join(":");
}

export function createWatch<T extends Watched>(bounds: StreamBounds, onEvict: () => void): Watch<T> {
  const clock = bounds.clock ?? systemClock;
  const idleMs = bounds.idleMs ?? 20_000;
  const messageMs = bounds.messageMs ?? 5_000;
  const maxConnections = bounds.maxConnections ?? 10_000;
  const maxPerGroup = bounds.maxConnectionsPerAddress ?? 1_000;
  const connections = new Set<T>();
  const groups = new Map<string, number>();

  const release = (connection: T) => {
    if (!connections.delete(connection)) return;
    const left = (groups.get(connection.group) ?? 1) - 1;
    if (left === 0) groups.delete(connection.group);
    else groups.set(connection.group, left);
  };
  const evict = (connection: T) => {
    release(connection);
    onEvict();
    connection.end();
  };
  const stop = clock.every(Math.max(50, Math.min(1000, idleMs / 4, messageMs / 4)), () => {
    const now = clock.now();
    for (const connection of connections) {
      const slow = connection.partialSince >= 0 && now - connection.partialSince >= messageMs;
      const idle = connection.underWay === 0 && now - connection.lastActive >= idleMs;
      if (slow || idle) evict(connection);
    }
  });

  return {
    get size() {
      return connections.size;
    },
    now: () => clock.now(),
    admit(connection) {
      const count = groups.get(connection.group) ?? 0;
      if (count >= maxPerGroup) return false;
      if (connections.size >= maxConnections) {
        // A few of the oldest are looked at, not all: accepting must stay cheap under a flood.
        let idlest: T | undefined;
        let seen = 0;
        for (const other of connections) {
          if (idlest === undefined || other.lastActive < idlest.lastActive) idlest = other;
          if (++seen === 16) break;
        }
        if (idlest !== undefined) evict(idlest);
      }
      groups.set(connection.group, (groups.get(connection.group) ?? 0) + 1);
      connections.add(connection);
      return true;
    },
    release,
    all: () => connections,
    close: stop,
  };
}
