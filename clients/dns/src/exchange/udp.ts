import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { DnsError } from "../errors.ts";
import { buildQuery } from "../wire/build.ts";
import { FLAG, OPTION, RCODE } from "../wire/constants.ts";
import type { Question } from "../wire/question.ts";
import { findOption, readMessage } from "../wire/records.ts";
import { type Carrier, type CarrierContext, optionsOf, withoutId } from "./carrier.ts";
import type { Deadline } from "./deadlines.ts";
import { drawId, drawRandom, matchAnswer, mixCase } from "./match.ts";
import type { AskExtras } from "./upstream.ts";

/** A socket is given up for one with another random port after this many questions. */
const MAX_USES = 2048;
/** Wrong answers to one question after which it is asked over TCP, where guessing doesn't help. */
const MAX_MISMATCHES = 3;

interface Port {
  readonly socket: Socket;
  readonly pending: Map<number, Asked>;
  uses: number;
  retired: boolean;
  ready: boolean;
  /** Sent as soon as the socket is connected. */
  queue: Uint8Array[];
}

interface Asked extends Deadline {
  readonly question: Question;
  readonly extras: AskExtras;
  readonly resolve: (answer: Uint8Array) => void;
  readonly reject: (error: DnsError) => void;
  readonly attempts: { port: Port; id: number; sent: Uint8Array }[];
  mismatches: number;
  badCookies: number;
}

/**
 * Questions over UDP: connected sockets (the kernel drops what comes from elsewhere) with random ports, random ids, mixed
 * case, cookies. What is cut, or doubtful, is asked again over `fallback`.
 */
export function createUdpCarrier(context: CarrierContext, fallback: Carrier): Carrier {
  const { clock, counters, deadlines, options } = context;
  const mixes = options.mixCase ?? true;
  const retryMs = options.retryMs ?? 1000;
  const ports: (Port | undefined)[] = new Array(options.udpSockets ?? 16);
  const open = new Set<Port>();
  const clientCookie = (options.cookies ?? true) ? Uint8Array.from(drawRandom(8)) : undefined;
  let serverCookie: Uint8Array | undefined;
  let closed = false;

  const release = (port: Port) => {
    if (!port.retired || port.pending.size > 0 || !open.delete(port)) return;
    port.socket.close();
  };

  const finish = (asked: Asked) => {
    deadlines.delete(asked);
    for (const { port, id } of asked.attempts) {
      if (port.pending.get(id) === asked) port.pending.delete(id);
      release(port);
    }
  };

  const overStream = (asked: Asked) => {
    finish(asked);
    fallback.ask(asked.question, asked.extras, asked.due).then(asked.resolve, asked.reject);
  };

  const doubt = (asked: Asked) => {
    counters.mismatched++;
    if (++asked.mismatches >= MAX_MISMATCHES) overStream(asked);
  };

  /** Whether the answer's cookie allows its use (RFC 7873 section 5.3). */
  const checkCookie = (asked: Asked, answer: Uint8Array): "ok" | "doubt" | "again" => {
    if (clientCookie === undefined) return "ok";
    const message = readMessage(answer);
    const cookie = findOption(message.opt, OPTION.COOKIE);
    // A server that once sent cookies does so always: an answer without may be a forgery.
    if (cookie === undefined) return serverCookie === undefined ? "ok" : "doubt";
    if (cookie.length < 8 || !clientCookie.every((byte, i) => byte === cookie[i])) return "doubt";
    if (cookie.length >= 16 && cookie.length <= 40) serverCookie = cookie.slice(8);
    if (message.rcode !== RCODE.BADCOOKIE) return "ok";
    return asked.badCookies++ === 0 ? "again" : "doubt";
  };

  const receive = (port: Port, answer: Uint8Array) => {
    if (answer.length < 12) return;
    const id = ((answer[0] as number) << 8) | (answer[1] as number);
    const asked = port.pending.get(id);
    const attempt = asked?.attempts.find((one) => one.port === port && one.id === id);
    if (asked === undefined || attempt === undefined) {
      counters.mismatched++;
      return;
    }
    const match = matchAnswer(attempt.sent, answer);
    if (match === "case") {
      counters.mismatched++;
      return overStream(asked);
    }
    if (match !== "ok") return doubt(asked);
    if ((answer[2] as number) & (FLAG.TC >>> 8)) return overStream(asked);
    try {
      const verdict = checkCookie(asked, answer);
      if (verdict === "doubt") return doubt(asked);
      if (verdict === "again") return send(asked);
    } catch {
      return doubt(asked);
    }
    finish(asked);
    asked.resolve(withoutId(answer));
  };

  const openPort = (): Port => {
    const isV6 = isIPv6(options.address);
    const socket = createSocket({
      type: isV6 ? "udp6" : "udp4",
      lookup: (address, _options, callback) => callback(null, address, isV6 ? 6 : 4),
    });
    const port: Port = { socket, pending: new Map(), uses: 0, retired: false, ready: false, queue: [] };
    counters.connections++;
    open.add(port);
    socket.on("message", (answer) => receive(port, answer));
    socket.on("error", (cause) => {
      // An ICMP error says that nobody listens; waiting for the deadline would gain nothing.
      for (const asked of new Set(port.pending.values())) {
        finish(asked);
        asked.reject(new DnsError("exchange-refused", `${options.address}: ${cause.message}`, { cause }));
      }
    });
    // Connecting binds a port of the kernel's random choice and has it drop datagrams from elsewhere.
    socket.connect(context.port, options.address, () => {
      port.ready = true;
      for (const message of port.queue) socket.send(message);
      port.queue = [];
    });
    return port;
  };

  const choosePort = (): Port => {
    const slot = (drawRandom(1)[0] as number) % ports.length;
    let port = ports[slot];
    if (port === undefined || port.uses >= MAX_USES) {
      if (port !== undefined) {
        port.retired = true;
        release(port);
      }
      port = openPort();
      ports[slot] = port;
    }
    port.uses++;
    return port;
  };

  const send = (asked: Asked) => {
    const port = choosePort();
    let id = drawId();
    while (port.pending.has(id)) id = drawId();
    const { question } = asked;
    const cookie =
      clientCookie === undefined
        ? undefined
        : serverCookie === undefined
          ? clientCookie
          : Buffer.concat([clientCookie, serverCookie]);
    const sent = buildQuery({
      id,
      name: mixes ? mixCase(question.name) : question.name,
      type: question.type,
      class: question.class,
      dnssecOk: question.dnssecOk,
      unchecked: question.unchecked,
      options: optionsOf(question, asked.extras, cookie),
    });
    asked.attempts.push({ port, id, sent });
    port.pending.set(id, asked);
    if (port.ready) port.socket.send(sent);
    else port.queue.push(sent);
  };

  return {
    ask(question, extras, due) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new DnsError("exchange-closed", "the upstream is closed"));
        const asked: Asked = {
          question,
          extras,
          resolve,
          reject,
          attempts: [],
          mismatches: 0,
          badCookies: 0,
          due,
          retryAt: clock.now() + retryMs,
          retry: () => {
            asked.retryAt = clock.now() + retryMs * 2;
            send(asked);
          },
          expire: () => {
            finish(asked);
            const code = asked.mismatches > 0 ? "exchange-mismatch" : "exchange-timeout";
            reject(new DnsError(code, `${options.address} port ${context.port}`));
          },
        };
        deadlines.add(asked);
        send(asked);
      });
    },
    async close() {
      closed = true;
      await Promise.all(
        [...open].map((port) => {
          for (const asked of new Set(port.pending.values())) {
            deadlines.delete(asked);
            asked.reject(new DnsError("exchange-closed", "the upstream was closed"));
          }
          port.pending.clear();
          open.delete(port);
          return new Promise<void>((resolve) => port.socket.close(() => resolve()));
        }),
      );
    },
  };
}
