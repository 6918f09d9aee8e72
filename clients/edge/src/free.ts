import type { Clock } from "@tolldns/dns/clock";
import { createUpstream, type Upstream, type UpstreamOptions } from "@tolldns/dns/exchange/upstream";
import type { Question } from "@tolldns/dns/wire/question";
import { EdgeError } from "./errors.ts";
import type { Gateway } from "./gateways/gateway.ts";
import { abortable } from "./pay/wait.ts";

/** A resolver that costs nothing. */
export interface FreeUpstream {
  /** As the user wrote it. */
  readonly name: string;
  ask(question: Question, signal: AbortSignal): Promise<Uint8Array>;
}

/** Resolvers that cost nothing, asked in the order the user wrote them. */
export interface FreeUpstreams {
  readonly upstreams: readonly FreeUpstream[];
  /** Asks gateways that serve unpaid questions, then the upstreams. */
  ask(question: Question, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Reads `udp://ip[:port]`, `tcp://…` or `tls://ip[:port]#name`. @throws EdgeError option-invalid */
export function parseFreeUpstream(text: string): UpstreamOptions {
  const match = /^(udp|tcp|tls):\/\/(\[[0-9a-fA-F:]+\]|[0-9.]+)(?::(\d{1,5}))?(?:#([A-Za-z0-9.-]+))?$/.exec(
    text,
  );
  if (match === null) throw new EdgeError("option-invalid", `freeUpstreams: ${text}`);
  const [, scheme, host, port, name] = match;
  return {
    protocol: scheme === "tls" ? "dot" : (scheme as "udp" | "tcp"),
    address: (host as string).replace(/[[\]]/g, ""),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(name === undefined ? {} : { serverName: name }),
    timeoutMs: 2_500,
  };
}

/** @throws EdgeError option-invalid */
export function createFreeUpstreams(
  texts: readonly string[],
  gateways: readonly Gateway[],
  clock: Clock,
): FreeUpstreams {
  const open: Upstream[] = texts.map((text) => createUpstream({ ...parseFreeUpstream(text), clock }));
  const upstreams = open.map((upstream, i) => ({
    name: texts[i] as string,
    ask: (question: Question, signal: AbortSignal) => abortable(upstream.ask(question), signal),
  }));
  return {
    upstreams,
    async ask(question, signal) {
      let last: unknown = new EdgeError("gateway-none", "no free upstream is configured");
      for (const gateway of gateways.filter((one) => one.isFree()))
        try {
          return await gateway.askFree(question, signal);
        } catch (error) {
          last = error;
        }
      for (const upstream of upstreams)
        try {
          return await upstream.ask(question, signal);
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          last = error;
        }
      throw last;
    },
    async close() {
      await Promise.all(open.map((upstream) => upstream.close()));
    },
  };
}
