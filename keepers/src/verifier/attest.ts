import type { Signer } from "@tolldns/sdk";
import {
  type Attestation,
  type ChallengeSet,
  encodeAttestation,
  formatTarget,
  signReport,
  type Target,
  writeChallengeSet,
} from "@tolldns/sdk/policy";
import type { Clock } from "../runtime/clock.ts";
import { encodeEvidenceFile } from "./car.ts";
import type { PolicyState } from "./chain/state.ts";
import { fail } from "./errors.ts";
import type { SignedBytes } from "./options.ts";
import { challengesFor, type Door } from "./probe/door.ts";
import { keptProbe, type ProbeTools, runProbe } from "./probe/probe.ts";
import { passedChallenges } from "./replay.ts";
import { recordsOf, reportOf } from "./report.ts";
import { type PlannedProbe, planWindow } from "./schedule.ts";
import type { JudgedProbe, VerifierStore } from "./store/open.ts";

export interface AttestParts {
  readonly target: Target;
  readonly door: Door;
  readonly set: ChallengeSet;
  readonly tools: ProbeTools;
  readonly state: PolicyState;
  readonly key: Signer;
  readonly store: VerifierStore;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

/** Times a probe is made that was not fit to judge by. */
const TRIES = 3;

/** Runs the set once, each challenge over each transport it is for and the target has, and signs what came of it. @throws target-unreachable */
export async function attestTarget(parts: AttestParts, signal: AbortSignal): Promise<SignedBytes> {
  const { target, door, set, tools, state, key, store, clock } = parts;
  const name = formatTarget(target);
  if (state.self === null)
    throw fail("target-unreachable", { name, reason: "no VERIFIER node has this hot key" });
  await door.prepare(tools.timeoutMs, signal);
  const begin = BigInt(Math.floor(clock.now()));
  const probes: JudgedProbe[] = [];
  for (const [place, planned] of planOf(parts, begin).entries()) {
    const probe = await attempt(place, planned, parts, begin, signal);
    if (probe !== null) probes.push(probe);
  }
  if (probes.length === 0)
    throw fail("target-unreachable", { name, reason: "no challenge could be put to it" });
  const records = recordsOf(probes);
  const end = begin + BigInt(Math.ceil(((probes.at(-1)?.at ?? 0) + 1) / 1_000));
  const report = reportOf({ state, key, target, begin, end, setVersion: set.version }, records);
  if (report === null)
    throw fail("target-unreachable", { name, reason: "no VERIFIER node has this hot key" });
  const attestation: Attestation = { ...report, passed: passedChallenges(set.challenges, records) };
  const bytes = encodeAttestation(attestation);
  const signature = signReport(bytes, key);
  const car = encodeEvidenceFile({
    report: bytes,
    signature,
    hotKey: key.publicKey,
    kind: target.kind,
    name,
    setText: writeChallengeSet(set),
    records,
    transcripts: probes.map(({ transcript }) => transcript),
  });
  await store.keepAttestation({ target: report.target, begin, bytes, signature, car });
  return { bytes, signature, car };
}

/** Every challenge over every transport, in the set's order; labels drawn as for a window. */
function planOf({ target, door, set, tools, secret }: AttestParts, begin: bigint): PlannedProbe[] {
  const challenges = challengesFor(set.challenges, target, { roots: tools.roots !== undefined });
  return challenges.flatMap((challenge) =>
    challenge.transports
      .filter((transport) => door.transports.has(transport))
      .map((transport, i) => {
        const id = new Uint8Array(32).fill(challenge.number);
        const [one] = planWindow({
          secret,
          target: id,
          begin: begin + BigInt(i),
          length: 1,
          count: 1,
          challenges: [{ ...challenge, transports: [transport] }],
          transports: [transport],
        });
        return { ...(one as PlannedProbe), challenge };
      }),
  );
}

async function attempt(
  place: number,
  planned: PlannedProbe,
  { door, tools, clock }: AttestParts,
  begin: bigint,
  signal: AbortSignal,
): Promise<JudgedProbe | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    let at = 0;
    const result = await runProbe(planned, door, tools, signal, () => {
      at = Math.max(0, Math.floor(clock.now() * 1_000 - Number(begin) * 1_000));
    });
    if (result.kind === "unfit") continue;
    return keptProbe({ place, at, challenge: planned.challenge.number }, result);
  }
  return null;
}
