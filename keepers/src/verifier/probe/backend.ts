import { createUpstream, type Protocol, type Question, type Upstream } from "@tolldns/dns";
import type { BackendTarget, ProbeTransport } from "@tolldns/sdk/policy";
import type { Asker } from "../options.ts";
import { abortable } from "./limit.ts";

/**
 * A backend over each transport its address has, asked as a gateway asks its upstreams: the same exchange, with the same defaults. UDP goes on over TCP by itself where
 * an answer is cut.
 * @param ca PEM of authorities trusted beside the system's
 * @param timeoutMs a little less than a probe may take, so that the exchange still tells what it got
 */
export function openBackend(
  target: BackendTarget,
  ca?: string | readonly string[],
  timeoutMs = 5_000,
): ReadonlyMap<ProbeTransport, Asker> {
  const { address, port } = target;
  const trust = ca === undefined ? {} : { ca };
  const to = (protocol: Protocol, more: { serverName?: string; path?: string } = {}): Asker =>
    askerOf(createUpstream({ protocol, address, port, timeoutMs, ...trust, ...more }));
  switch (target.protocol) {
    case "udp":
      return new Map([
        ["udp", to("udp")],
        ["tcp", to("tcp")],
      ]);
    case "tcp":
      return new Map([["tcp", to("tcp")]]);
    case "tls":
      return new Map([["dot", to("dot", { serverName: target.name })]]);
    case "https":
      return new Map([["doh", to("doh", { serverName: target.name, path: target.path })]]);
  }
}

/** An upstream as somebody who is asked. */
export function askerOf(upstream: Upstream): Asker {
  return {
    ask: (question: Question, signal: AbortSignal) => abortable(upstream.ask(question), signal),
    close: () => upstream.close(),
  };
}
