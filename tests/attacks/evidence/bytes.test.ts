import {
  decodeAttestation,
  decodeChainTrust,
  decodeProbeRecord,
  decodeReport,
  decodeTranscript,
  encodeAttestation,
  encodeChainTrust,
  encodeProbeRecord,
  encodeReport,
  encodeTranscript,
  type HealthReport,
  MAX_TRANSCRIPT,
} from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import { judge } from "../../../keepers/src/verifier/judge.ts";
import { asksFor } from "../../../keepers/src/verifier/question.ts";
import { recordsOf, reportOf } from "../../../keepers/src/verifier/report.ts";
import { bytesOf } from "../../vectors/cases/random.ts";
import { CONTEXT, probeOf, probesOf, SET } from "../../verifier/support/window.ts";
import { always, mutated, readOrRefuse, attack as run, SEED } from "./attack.ts";
import { unfolding } from "./bombs.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void | Promise<void>) =>
  run(import.meta.url, row, title, test);

const probes = probesOf();
const records = recordsOf(probes);
const report = reportOf(CONTEXT, records) as HealthReport;
const passed = Array.from({ length: 256 }, (_, i) => i % 3 === 0);

/** Something a verifier writes, as good bytes, and how they are read and written. */
interface Form {
  readonly what: string;
  readonly good: readonly Uint8Array[];
  readonly again: (bytes: Uint8Array) => Uint8Array;
}
const FORMS: readonly Form[] = [
  {
    what: "record",
    good: records.map(encodeProbeRecord),
    again: (bytes) => encodeProbeRecord(decodeProbeRecord(bytes)),
  },
  { what: "report", good: [encodeReport(report)], again: (bytes) => encodeReport(decodeReport(bytes)) },
  {
    what: "attestation",
    good: [encodeAttestation({ ...report, passed })],
    again: (bytes) => encodeAttestation(decodeAttestation(bytes)),
  },
  {
    what: "transcript",
    good: probes.map(({ transcript }) => transcript),
    again: (bytes) => encodeTranscript(decodeTranscript(bytes)),
  },
  {
    what: "root a proof was held against",
    good: [encodeChainTrust({ domain: bytesOf("domain"), epoch: 7n, root: bytesOf("root") })],
    again: (bytes) => encodeChainTrust(decodeChainTrust(bytes)),
  },
];

describe(`evidence: bytes of verifiers, seed ${SEED}`, () => {
  for (const { what, good, again } of FORMS) {
    attack("random bytes", `takes no ${what} but in the one form it is written in`, async () => {
      for (const bytes of good) expect(again(bytes)).eql(bytes);
      const most = Math.max(...good.map(({ length }) => length)) + 64;
      const any = fc.oneof(fc.uint8Array({ maxLength: most }), ...good.map(mutated));
      await always(any, (bytes) => {
        const written = readOrRefuse(() => again(bytes));
        if (written !== undefined) expect(written).eql(bytes);
      });
    });
    attack("random bytes", `takes no ${what} that is cut anywhere, nor with a byte more`, () => {
      for (const bytes of good) {
        for (let length = 0; length < bytes.length; length++)
          expect(
            readOrRefuse(() => again(bytes.slice(0, length))),
            `${length}`,
          ).equal(undefined);
        expect(readOrRefuse(() => again(Uint8Array.from([...bytes, 0])))).equal(undefined);
      }
    });
  }

  attack("part length", "takes no transcript whose parts are longer than it is, or than a message", () => {
    const good = probeOf(0).transcript;
    // `version | transport | end`, then the length of the first of four parts.
    for (const length of [0xffff_ffff, 0x8000_0000, 0x1_0000, good.length, good.length - 6]) {
      const bytes = good.slice();
      new DataView(bytes.buffer).setUint32(3, length, true);
      expect(
        readOrRefuse(() => decodeTranscript(bytes)),
        `${length}`,
      ).equal(undefined);
    }
    const part = new Uint8Array(65_535);
    const parts = { query: part, received: part, expected: part, evidence: part };
    const largest = encodeTranscript({ transport: "udp", end: "answered", ...parts });
    expect(largest.length).equal(MAX_TRANSCRIPT);
    expect(decodeTranscript(largest).evidence).eql(part);
    const over = { ...parts, received: new Uint8Array(65_536) };
    expect(readOrRefuse(() => encodeTranscript({ transport: "udp", end: "answered", ...over }))).equal(
      undefined,
    );
  });

  attack("message bomb", "judges whatever was received, or refuses what was expected", async () => {
    const { transcript } = probeOf(0);
    const honest = decodeTranscript(transcript);
    const message = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      mutated(honest.received),
      fc.constant(new Uint8Array(0)),
    );
    const end = fc.constantFrom("answered", "silent", "transport", "refused", "mismatch" as const);
    const any = fc.record({ end, query: message, received: message, expected: message, evidence: message });
    await always(any, (parts) => {
      for (const changed of [parts, { ...parts, expected: honest.expected }])
        for (const challenge of SET.challenges) {
          const bent = { ...honest, ...changed };
          const verdict = readOrRefuse(() => judge(challenge, bent));
          if (verdict !== undefined) expect(verdict.answer).length(32);
          // A question of random bytes is nobody's; a mutated one may by chance be the other challenge's.
          expect(asksFor(challenge, bent)).a("boolean");
        }
    });
  });

  attack("message bomb", "judges the answer that unfolds most within seconds", () => {
    const { query } = decodeTranscript(probeOf(0).transcript);
    const bomb = unfolding(query);
    const began = performance.now();
    const verdict = readOrRefuse(() =>
      judge(SET.challenges[0] as (typeof SET.challenges)[0], {
        ...decodeTranscript(probeOf(0).transcript),
        received: bomb,
      }),
    );
    expect(performance.now() - began).lessThan(5_000);
    expect(verdict?.outcome).not.equal("ok");
  });
});
