import * as policy from "@tolldns/sdk/policy";
import { addressOf } from "../world/keys.ts";

const RIGHT = addressOf("right answer");

/** Records of a window, all OK, evenly spread over it, of one challenge. */
export function honest(count: number, seconds: number): policy.ProbeRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    at: Math.floor((index * seconds * 1_000) / count),
    transport: "udp",
    challenge: 0,
    outcome: "ok",
    latency: 3,
    reason: "none",
    runningOk: index + 1,
    expected: RIGHT,
    answer: RIGHT,
    transcript: addressOf(`transcript ${index}`),
  }));
}

/** What a seat reports of these records, whatever they say. */
export function reported(records: readonly policy.ProbeRecord[]) {
  const list = policy.listProbes(records);
  return {
    list,
    says: { total: records.length, ok: records.at(-1)?.runningOk ?? 0, probesRoot: list.root },
    bytes: (index: number) => policy.encodeProbeRecord(records[index] as policy.ProbeRecord),
    way: (index: number) => policy.recordWay(list.prove(index), index, records.length),
  };
}
