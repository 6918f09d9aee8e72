import type { Connection } from "@solana/web3.js";
import { createUpstream, type Protocol, questionFor } from "@tolldns/dns";
import type { PayingPath } from "@tolldns/edge";
import type { Asker, VerifierOptions } from "@tolldns/keepers";
import type { Signer } from "@tolldns/sdk";
import { type ChainTrust, formatTarget, type Target } from "@tolldns/sdk/policy";
import { CliError } from "../errors.ts";
import { findQuorum } from "../names/quorum.ts";
import type { Rpc } from "../wallet/rpc.ts";
import { parseUpstream } from "./upstreams.ts";

export interface VerifierParts {
  readonly rpc: Rpc;
  readonly connection: Connection;
  /** Policy program. */
  readonly program: Uint8Array;
  readonly quorumProgram: string | undefined;
  readonly key: Signer;
  readonly feePayer?: Signer;
  readonly storePath: string;
  readonly sets: VerifierOptions["sets"];
  readonly reference: Asker;
  /** How gateways are paid; null where they are not probed. */
  readonly path: PayingPath | null;
  /** PEM. */
  readonly gatewayCa?: string;
  readonly backendCa?: string;
  readonly targets?: readonly Target[];
  readonly privateTargets?: boolean;
  readonly register?: boolean;
  readonly listen: VerifierOptions["listen"];
  readonly settings?: VerifierOptions["settings"];
  readonly log?: VerifierOptions["log"];
}

/** What a verifier is started with: the parts that the command line has at hand, put together. */
export function verifierOptions(parts: VerifierParts): VerifierOptions {
  const { rpc, path, gatewayCa, backendCa, feePayer, targets, settings, log } = parts;
  return {
    connection: parts.connection,
    program: parts.program,
    key: parts.key,
    ...(feePayer === undefined ? {} : { feePayer }),
    store: { path: parts.storePath },
    sets: parts.sets,
    reference: parts.reference,
    ...(targets === undefined ? {} : { targets }),
    privateTargets: parts.privateTargets ?? false,
    register: parts.register ?? false,
    ...(path === null
      ? {}
      : {
          openGateway: (target) =>
            path.open({ url: formatTarget(target), ...(gatewayCa === undefined ? {} : { ca: gatewayCa }) }),
        }),
    roots: () => readFinalRoots(rpc, parts.quorumProgram),
    ...(backendCa === undefined ? {} : { ca: backendCa }),
    ...(parts.listen === undefined ? {} : { listen: parts.listen }),
    ...(settings === undefined ? {} : { settings }),
    ...(log === undefined ? {} : { log }),
  };
}

/** The type of name servers (RFC 1035 section 3.2.2). */
const NS = 2;
/** Milliseconds for a lane to be opened. */
const LANE_MS = 30_000;

/** Asks a gateway for the root's servers and pays, so that the lane is there: the chain may take longer to open one than a probe may take. What fails here, probes will tell. */
export async function openLane(path: PayingPath, target: Target, ca: string | undefined): Promise<void> {
  const ending = new AbortController();
  // Keeps the process alive meanwhile, as AbortSignal.timeout does not.
  const timer = setTimeout(() => ending.abort(), LANE_MS);
  try {
    const gateway = await path.open({ url: formatTarget(target), ...(ca === undefined ? {} : { ca }) });
    const [transport] = gateway.transports;
    if (transport !== undefined) await gateway.ask(transport, questionFor(".", NS), ending.signal);
  } catch {
    // Told by the probes.
  } finally {
    clearTimeout(timer);
  }
}

/** Final roots of `.dns`, newest first; none before the first epoch is final. @throws CliError rpc-unreachable, chain-refused */
async function readFinalRoots(rpc: Rpc, program: string | undefined): Promise<readonly ChainTrust[]> {
  const { domain, recent } = await findQuorum(rpc, program);
  return recent.map(({ epoch, root }) => ({ domain, epoch, root }));
}

/** Milliseconds the reference may take for a question. */
const REFERENCE_MS = 4_000;

/** The resolver that says what is right, by its address. @throws CliError option-invalid */
export function openReference(text: string, ca?: string): Asker {
  const upstream = parseUpstream(text);
  const trust = ca === undefined ? {} : { ca };
  const open = (protocol: Protocol, address: string, port: number | undefined, more: object = {}) =>
    createUpstream({
      protocol,
      address,
      timeoutMs: REFERENCE_MS,
      ...(port === undefined ? {} : { port }),
      ...more,
    });
  if (upstream.kind === "doh")
    throw new CliError(
      "option-invalid",
      `reference ${text}: DoH is not taken`,
      "The reference is a resolver of your own beside the verifier: name it as udp://127.0.0.1:5335.",
    );
  const asked =
    upstream.kind === "dot"
      ? open("dot", upstream.host, upstream.port, { serverName: upstream.name, ...trust })
      : open(upstream.kind, upstream.host, upstream.port);
  return {
    ask: (question, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = () => reject(signal.reason);
        if (signal.aborted) return onAbort();
        signal.addEventListener("abort", onAbort, { once: true });
        asked
          .ask(question)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener("abort", onAbort));
      }),
    close: () => asked.close(),
  };
}
