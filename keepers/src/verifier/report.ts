import type { Signer } from "@tolldns/sdk";
import { sha256Node } from "@tolldns/sdk/node";
import {
  type ChallengeSet,
  countProbes,
  encodeReport,
  formatTarget,
  type HealthReport,
  hashTranscript,
  type ProbeRecord,
  signReport,
  type Target,
  targetId,
} from "@tolldns/sdk/policy";
import { type EvidenceFile, encodeEvidenceFile } from "./car.ts";
import { type PolicyState, rosterAt, seatOf } from "./chain/state.ts";
import { findWrongRecord } from "./replay.ts";
import type { JudgedProbe, KeptReport, VerifierStore, WindowKey } from "./store/open.ts";

/** Records of a window's probes, which come in order of time: each has its place and the count so far. */
export function recordsOf(probes: readonly JudgedProbe[]): ProbeRecord[] {
  let runningOk = 0;
  return probes.map((probe, index) => {
    if (probe.outcome === "ok") runningOk++;
    const { place, ...judged } = probe;
    return { ...judged, index, runningOk, transcript: hashTranscript(probe.transcript, sha256Node) };
  });
}

/** A report's fields that come from the chain, and who signs. */
export interface ReportContext {
  readonly state: PolicyState;
  readonly key: Signer;
  readonly target: Target;
  readonly begin: bigint;
  readonly end: bigint;
  readonly setVersion: number;
}

/** The report of these records; null while the operator is not registered, for nobody could tell whose it is. */
export function reportOf(context: ReportContext, records: readonly ProbeRecord[]): HealthReport | null {
  const { state, target, begin, end, setVersion } = context;
  const { self, config } = state;
  if (self === null) return null;
  const roster = rosterAt(state, begin);
  const seat = seatOf(roster, self.operator);
  return {
    domain: config.domain,
    target: targetId(target),
    begin,
    end,
    roster: roster?.number ?? 0n,
    operator: self.operator,
    region: seat?.region ?? self.region,
    asn: seat?.asn ?? self.asn,
    setVersion,
    ...countProbes(records, sha256Node),
  };
}

/**
 * What others could hold against this verifier for a window's probes, if it reported them under this set and end; null if nothing. Set and terms that the chain published
 * just before a window may have come here after its probes began: those were made by others, and to sign them would be to be struck for it.
 */
export async function findOwnFault(
  store: VerifierStore,
  window: WindowKey,
  set: ChallengeSet,
  end: bigint,
): Promise<string | null> {
  const probes = await store.probes(window);
  const transcripts = probes.map(({ transcript }) => transcript);
  return findWrongRecord(
    { set, records: recordsOf(probes), transcripts },
    Number(end - window.begin) * 1_000,
  );
}

/** Signs a window's report out of what is on disk, once. Null while there is nothing to report or nobody to report as. */
export async function signWindow(store: VerifierStore, context: ReportContext): Promise<KeptReport | null> {
  const { state, key, target, begin, setVersion } = context;
  if (state.self === null) return null;
  const window: WindowKey = { target: targetId(target), begin };
  if ((await store.probes(window)).length === 0) return null;
  const roster = rosterAt(state, begin);
  return store.report(window, (probes) => {
    const bytes = encodeReport(reportOf(context, recordsOf(probes)) as HealthReport);
    return {
      kind: target.kind,
      name: formatTarget(target),
      roster: roster?.number ?? 0n,
      seat: seatOf(roster, state.self?.operator)?.seat ?? null,
      bytes,
      signature: signReport(bytes, key),
      setVersion,
    };
  });
}

/** The CAR of a report that is kept; null if its probes or its set are gone. */
export async function carOf(
  store: VerifierStore,
  key: Uint8Array,
  kept: KeptReport,
): Promise<Uint8Array | null> {
  const probes = await store.probes(kept);
  const setText = await store.readSet(kept.setVersion);
  if (probes.length === 0 || setText === null) return null;
  const { bytes: report, signature, kind, name } = kept;
  const file: Omit<EvidenceFile, "set"> = {
    report,
    signature,
    hotKey: key,
    kind,
    name,
    setText,
    records: recordsOf(probes),
    transcripts: probes.map(({ transcript }) => transcript),
  };
  return encodeEvidenceFile(file);
}
