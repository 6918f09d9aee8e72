import { createUpstream } from "@tolldns/dns";
import {
  type Challenge,
  type ChallengeSet,
  type ProbeTransport,
  readChallengeSet,
  type Target,
} from "@tolldns/sdk/policy";
import type { Asker } from "../../../keepers/src/verifier/options.ts";
import { askerOf, openBackend } from "../../../keepers/src/verifier/probe/backend.ts";
import { type Door, openDoor } from "../../../keepers/src/verifier/probe/door.ts";
import { type ProbeResult, type ProbeTools, runProbe } from "../../../keepers/src/verifier/probe/probe.ts";
import { createReference } from "../../../keepers/src/verifier/probe/reference.ts";
import { readFixture } from "./zone.ts";

export const FIXTURE_SET: ChallengeSet = readChallengeSet(readFixture("fixture.json"));

/** Challenges for backends. */
export const BACKEND_CHALLENGES = FIXTURE_SET.challenges.filter(
  ({ expect }) => expect.kind !== "chain" && expect.kind !== "refused",
);

export const referenceAt = (port: number): Asker =>
  askerOf(createUpstream({ protocol: "udp", address: "127.0.0.1", port, timeoutMs: 4_000 }));

/** Probes one target, a challenge at a time. */
export interface Prober {
  readonly door: Door;
  readonly tools: ProbeTools;
  probe(challenge: Challenge, transport: ProbeTransport, label?: string): Promise<ProbeResult>;
  close(): Promise<void>;
}

/** @param now Unix seconds, by which answers of the reference grow old */
export function createProber(
  target: Target,
  reference: Asker,
  settings: { readonly now?: () => number; readonly timeoutMs?: number; readonly ca?: string } = {},
): Prober {
  const { now = () => Date.now() / 1_000, timeoutMs = 2_500, ca } = settings;
  const door = openDoor(target, {
    openBackend: (backend) => openBackend(backend, ca, timeoutMs * 0.9),
    openGateway: undefined,
  });
  const tools: ProbeTools = {
    reference: createReference(reference, now, timeoutMs),
    roots: undefined,
    timeoutMs,
    elapsed: () => performance.now(),
  };
  return {
    door,
    tools,
    probe: (challenge, transport, label = "q7wz2k9a") =>
      runProbe({ at: 0, challenge, transport, label }, door, tools, new AbortController().signal),
    close: () => door.close(),
  };
}

/** `ok none`, `wrong records`, or `unfit`. */
export const wordsOf = (result: ProbeResult): string =>
  result.kind === "unfit" ? `unfit ${result.why}` : `${result.verdict.outcome} ${result.verdict.reason}`;
