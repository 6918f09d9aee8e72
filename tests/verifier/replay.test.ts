import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replay } from "@tolldns/keepers";
import {
  countProbes,
  decodeTranscript,
  encodeReport,
  encodeTranscript,
  formatTarget,
  hashTranscript,
  type ProbeRecord,
  signReport,
} from "@tolldns/sdk/policy";
import { expect } from "chai";
import { type EvidenceFile, encodeEvidenceFile } from "../../keepers/src/verifier/car.ts";
import { recordsOf, reportOf } from "../../keepers/src/verifier/report.ts";
import { bytesOf } from "../vectors/cases/random.ts";
import { CONTEXT, KEY, probesOf, SET_TEXT, TARGET } from "./support/window.ts";

type Parts = Omit<EvidenceFile, "set">;

/** A file whose report is made of these records and signed, whatever they say: what a verifier that lies would serve. */
function fileOf(
  change: (parts: {
    records: ProbeRecord[];
    transcripts: Uint8Array[];
    setText: string;
    name: string;
  }) => void = () => {},
  counts = {},
): Parts {
  const probes = probesOf();
  const parts = {
    records: recordsOf(probes),
    transcripts: probes.map(({ transcript }) => transcript),
    setText: SET_TEXT,
    name: formatTarget(TARGET),
  };
  change(parts);
  const { ok, wrong, failed, silent, ...rest } = countProbes(parts.records);
  const honest = reportOf(CONTEXT, parts.records);
  if (honest === null) throw new Error("nobody to report as");
  const report = encodeReport({ ...honest, ok, wrong, failed, silent, ...rest, ...counts });
  return { ...parts, report, signature: signReport(report, KEY), hotKey: KEY.publicKey, kind: "backend" };
}

const differenceOf = async (parts: Parts) => (await replay(encodeEvidenceFile(parts))).difference;

describe("replay", () => {
  it("finds nothing in an honest window, from its bytes or its file", async () => {
    const car = encodeEvidenceFile(fileOf());
    const folder = mkdtempSync(join(tmpdir(), "tolldns-replay-"));
    try {
      writeFileSync(join(folder, "window.car"), car);
      for (const source of [car, join(folder, "window.car")]) {
        const { ok, difference, report, isAttestation } = await replay(source);
        expect({ ok, difference, isAttestation }).to.deep.equal({
          ok: true,
          difference: null,
          isAttestation: false,
        });
        expect([report?.total, report?.ok, report?.wrong, report?.failed, report?.silent]).to.deep.equal([
          6, 3, 1, 1, 1,
        ]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("rejects only for a file that can't be opened", async () => {
    const error = await replay(join(tmpdir(), "no such file.car")).catch(
      (cause: NodeJS.ErrnoException) => cause,
    );
    expect((error as NodeJS.ErrnoException).code).to.equal("ENOENT");
    expect((await replay(new Uint8Array(0))).ok).to.equal(false);
    expect((await replay(bytesOf("noise", 4_000))).ok).to.equal(false);
  });

  it("finds a flipped bit anywhere in the file", async function () {
    this.timeout(60_000);
    const car = encodeEvidenceFile(fileOf());
    for (let bit = 0; bit < car.length * 8; bit++) {
      const bent = car.slice();
      bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
      if ((await replay(bent)).ok)
        expect.fail(`bit ${bit & 7} of byte ${bit >> 3} of ${car.length} went unseen`);
    }
  });

  it("finds a file cut short anywhere, and one with more behind it", async () => {
    const car = encodeEvidenceFile(fileOf());
    for (let length = 0; length < car.length; length += 7)
      expect((await replay(car.slice(0, length))).ok, `${length} bytes`).to.equal(false);
    expect((await replay(Uint8Array.from([...car, 0]))).ok).to.equal(false);
  });

  const edit = (index: number, changes: Partial<ProbeRecord>) => (parts: { records: ProbeRecord[] }) => {
    parts.records[index] = { ...(parts.records[index] as ProbeRecord), ...changes };
  };
  const retell =
    (index: number, changes: object) => (parts: { records: ProbeRecord[]; transcripts: Uint8Array[] }) => {
      const transcript = encodeTranscript({
        ...decodeTranscript(parts.transcripts[index] as Uint8Array),
        ...changes,
      });
      parts.transcripts[index] = transcript;
      edit(index, { transcript: hashTranscript(transcript) })(parts);
    };

  const lies: readonly (readonly [string, Parameters<typeof fileOf>[0], RegExp])[] = [
    [
      "a right answer called wrong",
      edit(0, { outcome: "wrong", reason: "records", answer: bytesOf("made up"), runningOk: 0 }),
      /^Record 0: its answer has another digest/,
    ],
    [
      "an outcome that is not what its digests say",
      edit(2, { outcome: "failed" }),
      /^Record 2: its outcome is not/,
    ],
    [
      "a digest of an answer that never was",
      edit(2, { answer: bytesOf("made up") }),
      /^Record 2: its answer has another digest/,
    ],
    [
      "an expected answer that the reference did not give",
      edit(2, { expected: bytesOf("made up") }),
      /^Record 2: another answer is expected/,
    ],
    ["another reason", edit(2, { reason: "stale" }), /^Record 2: it says for stale, it is for records/],
    ["an index out of place", edit(3, { index: 4 }), /^Record 3: its index is 4/],
    ["a time before the record before", edit(3, { at: 0 }), /^Record 3: it does not follow/],
    ["a time outside the window", edit(5, { at: 300_000 }), /^Record 5: its time is outside/],
    ["a latency where nothing came", edit(4, { latency: 3 }), /^Record 4: its latency/],
    ["a challenge that the set has not", edit(5, { challenge: 2 }), /^Record 5: the set has no challenge 2/],
    ["another challenge than was asked", edit(5, { challenge: 1 }), /^Record 5: its question is not/],
    ["another transport than was used", edit(5, { transport: "udp" }), /^Record 5: its transcript travelled/],
    ["a transcript of another answer", retell(0, { received: new Uint8Array(30) }), /^Record 0: /],
    [
      "a transcript with another question",
      retell(0, { query: new Uint8Array(40) }),
      /^Record 0: its question/,
    ],
    ["a transcript in which nothing came", retell(0, { end: "silent" }), /^Record 0: its latency/],
    [
      "a reference that said nothing of use",
      retell(0, { expected: new Uint8Array(0) }),
      /^Record 0: .*none to judge by/,
    ],
    ["transcripts exchanged", (parts) => parts.transcripts.reverse(), /^Record 0: its transcript is another/],
    [
      "another set",
      (parts) => {
        parts.setText = SET_TEXT.replace("5", "6");
      },
      /^The set has version 6/,
    ],
    [
      "another target",
      (parts) => {
        parts.name = "udp://192.0.2.2:53";
      },
      /^The target named/,
    ],
  ];
  for (const [what, change, told] of lies)
    it(`tells ${what}, though all of it is signed`, async () => {
      expect(await differenceOf(fileOf(change))).to.match(told);
    });

  for (const counts of [
    { ok: 4, failed: 0 },
    { stale: 1 },
    { badProofs: 1 },
    { latency: new Array(16).fill(0) },
    { probesRoot: bytesOf("root") },
  ])
    it(`tells counts that the records don't bear out: ${Object.keys(counts).join(", ")}`, async () => {
      expect(await differenceOf(fileOf(undefined, counts))).to.match(
        /^The records don't bear out the report's /,
      );
    });

  it("tells a signature of another key", async () => {
    const parts = fileOf();
    expect(await differenceOf({ ...parts, hotKey: bytesOf("another key") })).to.match(/^The signature/);
    expect(await differenceOf({ ...parts, signature: new Uint8Array(64) })).to.match(/^The signature/);
  });
});
