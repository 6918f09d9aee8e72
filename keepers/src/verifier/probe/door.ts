import { randomBytes } from "node:crypto";
import { DnsError, type Question } from "@tolldns/dns";
import { encodeMessage, SESSION_ID_LENGTH } from "@tolldns/sdk";
import { type Challenge, isFor, type ProbeTransport, type Target } from "@tolldns/sdk/policy";
import type { GatewayReply, OpenBackend, OpenedGateway, OpenGateway } from "../options.ts";
import { WANTS_EVIDENCE } from "../question.ts";
import { abortable, timeLimit } from "./limit.ts";

/** A target as probes reach it, whatever kind it is. */
export interface Door {
  readonly transports: ReadonlySet<ProbeTransport>;
  /** Finds out which transports there are, within so many milliseconds. Rejects only when `signal` aborts. */
  prepare(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Puts a challenge to it. Rejects with a DnsError when nothing came that counts. */
  ask(
    challenge: Challenge,
    question: Question,
    transport: ProbeTransport,
    signal: AbortSignal,
  ): Promise<GatewayReply>;
  close(): Promise<void>;
}

export interface DoorParts {
  readonly openBackend: OpenBackend;
  readonly openGateway: OpenGateway | undefined;
}

/** Milliseconds until a gateway that could not be opened is tried again. */
const RETRY_MS = 1_000;

/**
 * How edges reach gateways, as far as a gateway has not told that it offers less. No edge begins over TCP: it goes on there where an answer over UDP is cut, and so does
 * a probe, which could else be told from all other questions.
 */
const GATEWAY_TRANSPORTS: readonly ProbeTransport[] = ["udp", "dot", "doh"];

/** Opens the way to a target. */
export function openDoor(target: Target, parts: DoorParts): Door {
  if (target.kind === "gateway") return gatewayDoor(target, parts.openGateway);
  const askers = parts.openBackend(target);
  return {
    transports: new Set(askers.keys()),
    prepare: async () => {},
    async ask(_challenge, question, transport, signal) {
      const asker = askers.get(transport);
      if (asker === undefined) return { kind: "unasked", why: `no ${transport}` };
      return { kind: "answer", message: await asker.ask(question, signal) };
    },
    async close() {
      await Promise.all([...askers.values()].map((asker) => asker.close()));
    },
  };
}

/** A gateway's door opens when it is first asked; one whose discovery can't be read is tried again, and is silent until then. */
function gatewayDoor(target: Target & { kind: "gateway" }, open: OpenGateway | undefined): Door {
  let opening: Promise<OpenedGateway> | undefined;
  let failedAt: number | undefined;
  let offered: ReadonlySet<ProbeTransport> = new Set(GATEWAY_TRANSPORTS);
  const opened = (given: OpenGateway) => {
    if (opening === undefined || (failedAt !== undefined && Date.now() - failedAt >= RETRY_MS)) {
      failedAt = undefined;
      opening = given(target);
      opening.catch(() => {
        failedAt = Date.now();
      });
    }
    return opening;
  };
  return {
    get transports() {
      return offered;
    },
    async prepare(milliseconds, signal) {
      if (open === undefined) return;
      const limit = timeLimit(milliseconds, signal);
      try {
        const { transports } = await abortable(opened(open), limit.signal);
        offered = new Set(GATEWAY_TRANSPORTS.filter((one) => transports.includes(one)));
      } catch {
        signal.throwIfAborted();
      } finally {
        limit.end();
      }
    },
    async ask(challenge, question, transport, signal) {
      if (open === undefined) return { kind: "unasked", why: "no way to pay gateways was handed in" };
      const gateway = await abortable(opened(open), signal);
      // What it does not offer is no fault of it.
      if (!gateway.transports.includes(transport)) return { kind: "unasked", why: `no ${transport}` };
      const { expect } = challenge;
      if (expect.kind === "refused")
        return gateway.present(transport, question, expect.toll === "none" ? null : unknownToll(), signal);
      const options = expect.kind === "chain" ? WANTS_EVIDENCE : undefined;
      return abortable(gateway.ask(transport, question, signal, options), signal);
    },
    close: async () => {},
  };
}

/** A tick of a session that nobody opened: as long and as random as any other. */
function unknownToll(): Uint8Array {
  return encodeMessage({
    type: "tick",
    session: new Uint8Array(randomBytes(SESSION_ID_LENGTH)),
    index: 1,
    tick: new Uint8Array(randomBytes(32)),
  });
}

/** Challenges that can be put to a target of this kind, here. */
export function challengesFor(
  challenges: readonly Challenge[],
  target: Target,
  can: { readonly roots: boolean },
): Challenge[] {
  return challenges.filter(
    (challenge) => isFor(challenge, target.kind) && (can.roots || challenge.expect.kind !== "chain"),
  );
}

/** What a failed exchange stands for. */
export function endOf(error: unknown): "silent" | "transport" | "mismatch" | undefined {
  if (!(error instanceof DnsError)) return undefined;
  switch (error.code) {
    case "exchange-timeout":
      return "silent";
    case "exchange-refused":
    case "exchange-closed":
    case "exchange-http-status":
    case "exchange-tls":
      return "transport";
    case "exchange-mismatch":
    case "exchange-malformed":
    case "exchange-cookie":
    case "message-invalid":
    case "message-truncated":
    case "name-loop":
    case "name-too-long":
    case "label-too-long":
      return "mismatch";
    default:
      return undefined;
  }
}
