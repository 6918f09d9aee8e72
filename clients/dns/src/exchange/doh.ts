import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { isIPv6 } from "node:net";
import { connect as connectTls } from "node:tls";
import { DnsError } from "../errors.ts";
import { buildQuery } from "../wire/build.ts";
import { MAX_MESSAGE_BYTES } from "../wire/constants.ts";
import { type Carrier, type CarrierContext, optionsOf, withoutId } from "./carrier.ts";
import type { Deadline } from "./deadlines.ts";
import { matchAnswer } from "./match.ts";
import { connectionError, tlsOptionsOf } from "./stream.ts";

/** Questions by POST over HTTP/2 (RFC 8484), on one connection that is kept. */
export function createDohCarrier(context: CarrierContext): Carrier {
  const { clock, counters, deadlines, options, port } = context;
  const idleMs = options.idleMs ?? 10_000;
  const name = options.serverName ?? options.address;
  const host = isIPv6(name) ? `[${name}]` : name;
  const authority = port === 443 ? host : `${host}:${port}`;
  const path = options.path ?? "/dns-query";
  let current:
    | {
        readonly session: ClientHttp2Session;
        lastUsed: number;
        readonly failure: { cause: DnsError | undefined };
      }
    | undefined;
  let tlsSession: Buffer | undefined;
  let stopIdle: (() => void) | undefined;
  let closed = false;
  let underWay = 0;

  const open = () => {
    counters.connections++;
    const failure: { cause: DnsError | undefined } = { cause: undefined };
    const session = connect(`https://${authority}`, {
      settings: { enablePush: false },
      createConnection: () => {
        const socket = connectTls({
          ...tlsOptionsOf(options, port, ["h2"]),
          ...(tlsSession === undefined ? {} : { session: tlsSession }),
        });
        socket.setNoDelay(true);
        // Heard before the streams are told, who then know why they failed.
        socket.on("error", (error) => {
          failure.cause ??= connectionError(error, options);
        });
        socket.on("session", (given: Buffer) => {
          tlsSession = given;
        });
        return socket;
      },
    });
    const opened = { session, lastUsed: clock.now(), failure };
    const forget = () => {
      if (current === opened) current = undefined;
    };
    session.on("error", (error) => {
      failure.cause ??= connectionError(error, options);
      forget();
    });
    session.on("goaway", forget);
    session.on("close", forget);
    stopIdle ??= clock.every(Math.max(100, idleMs / 4), () => {
      if (current === undefined || underWay > 0 || clock.now() - current.lastUsed < idleMs) return;
      current.session.close();
      current = undefined;
    });
    return opened;
  };

  const request = (
    body: Uint8Array,
    headers: Readonly<Record<string, string>> | undefined,
    due: number,
  ): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      current ??= open();
      const used = current;
      used.lastUsed = clock.now();
      let stream: ClientHttp2Stream;
      try {
        stream = used.session.request({
          ...headers,
          ":method": "POST",
          ":path": path,
          "content-type": "application/dns-message",
          accept: "application/dns-message",
          "content-length": body.length,
        });
      } catch (cause) {
        return reject(
          new DnsError("exchange-closed", `${options.address}: no stream could be opened`, { cause }),
        );
      }
      underWay++;
      let status = 0;
      let contentType = "";
      let size = 0;
      const chunks: Buffer[] = [];
      let done = false;
      const finish = (error?: DnsError) => {
        if (done) return false;
        done = true;
        underWay--;
        deadlines.delete(deadline);
        if (error === undefined) return true;
        stream.close(constants.NGHTTP2_CANCEL);
        reject(error);
        return false;
      };
      const deadline: Deadline = {
        due,
        retryAt: Number.POSITIVE_INFINITY,
        retry: () => {},
        expire: () => {
          // A server that accepts and then says nothing is left, so that the next question starts afresh.
          if (used.session.connecting || status === 0) {
            if (current === used) current = undefined;
            used.session.close();
          }
          finish(new DnsError("exchange-timeout", `${options.address} port ${port}`));
        },
      };
      deadlines.add(deadline);
      stream.on("response", (given) => {
        status = given[":status"] ?? 0;
        contentType = String(given["content-type"] ?? "");
      });
      stream.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_MESSAGE_BYTES)
          finish(new DnsError("exchange-malformed", `${options.address}: a body over 64 KiB`));
        else chunks.push(chunk);
      });
      stream.on("error", (cause) => {
        finish(
          used.failure.cause ??
            new DnsError("exchange-closed", `${options.address}: ${cause.message}`, { cause }),
        );
      });
      stream.on("close", () => {
        finish(used.failure.cause ?? new DnsError("exchange-closed", `${options.address} ended the stream`));
      });
      stream.on("end", () => {
        const answer = Uint8Array.from(Buffer.concat(chunks));
        if (status === 0) return;
        if (status !== 200) {
          const text = `${options.address}: HTTP status ${status}`;
          finish(new DnsError("exchange-http-status", text, { status, body: answer, contentType }));
        } else if (finish()) resolve(answer);
      });
      stream.end(body);
    });

  return {
    async ask(question, extras, due) {
      if (closed) throw new DnsError("exchange-closed", "the upstream is closed");
      const sent = buildQuery({
        name: question.name,
        type: question.type,
        class: question.class,
        dnssecOk: question.dnssecOk,
        unchecked: question.unchecked,
        options: optionsOf(question, extras),
        padding: true,
      });
      const answer = await request(sent, extras.headers, due);
      const match = matchAnswer(sent, answer);
      if (match === "ok" || match === "case") return withoutId(answer);
      counters.mismatched++;
      throw new DnsError("exchange-mismatch", `${options.address} answered another question`);
    },
    async close() {
      closed = true;
      stopIdle?.();
      const { session } = current ?? {};
      current = undefined;
      if (session === undefined || session.destroyed) return;
      await new Promise<void>((resolve) => {
        session.once("close", () => resolve());
        session.destroy();
      });
    },
  };
}
