import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeAttestation, formatTarget } from "@tolldns/sdk/policy";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { readTarget } from "../../policy/targets.ts";
import { createStack } from "../../roles/lifetime.ts";
import { whatIsMissing } from "../../verifier/standing.ts";
import { openVerifier } from "./enrol.ts";
import { composeVerifier, VERIFIER_SECTIONS } from "./run.ts";

export const attestCommand: CommandSpec = {
  name: "attest",
  about:
    "Run the challenge set once against a backend or gateway, and sign which challenges passed. Anybody can replay the file.",
  args: [["<target>", "udp://192.0.2.1:53, …; a gateway: https://host[:port]"]],
  sections: VERIFIER_SECTIONS,
  flags: [["--out <path>", "where the file goes (default: attestation.car)"]],
  examples: [
    ["tolldns verifier attest https://dns.example.org --reference udp://127.0.0.1:5335", "a gateway"],
    ["tolldns verifier replay attestation.car", "do it again from the file"],
  ],
  action: attest,
};

async function attest(run: Run): Promise<void> {
  const target = readTarget(run.args[0] ?? "");
  const out = String(run.flags.out ?? "attestation.car");
  const { standing, key, program } = await openVerifier(run);
  if (standing.node === null)
    throw new CliError(
      "verifier-missing",
      "nobody could tell whose attestation it is",
      whatIsMissing(standing, program, key.publicKey)[0] ?? "",
    );
  const stack = createStack();
  // Of its own: a verifier that runs beside it keeps its store.
  const folder = mkdtempSync(join(tmpdir(), "tolldns-attest-"));
  stack.add("folder", { close: () => rmSync(folder, { recursive: true, force: true }) });
  try {
    const { decodeEvidenceFile, startVerifier } = await import("@tolldns/keepers");
    const options = await composeVerifier(run, stack, {
      storePath: join(folder, "attest.sqlite"),
      // A lane of its own, which the next attestation finds again.
      payingFolder: target.kind === "gateway" ? join(run.settings("general").data, "verifier-attest") : null,
      payFirst: target.kind === "gateway" ? target : undefined,
      targets: [],
    });
    const verifier = stack.add(
      "verifier",
      await startVerifier({
        ...options,
        listen: null,
        register: false,
        settings: { ...options.settings, crank: false, challenge: false },
      }),
    );
    run.out.progress(`Asking ${formatTarget(target)} …`);
    const { bytes, car } = await verifier.attest(target);
    writeFileSync(out, car);
    const { passed, total, ok } = decodeAttestation(bytes);
    const { set, records } = decodeEvidenceFile(car);
    const asked = set.challenges.filter(({ number }) =>
      records.some(({ challenge }) => challenge === number),
    );
    const failed = asked.filter(({ number }) => passed[number] !== true);
    run.out.result(
      {
        target: formatTarget(target),
        set: set.version,
        asked: asked.length,
        passed: asked.length - failed.length,
        failed: failed.map(({ number, surface, name }) => ({ number, surface, name })),
        probes: { total, ok },
        file: out,
      },
      [
        `${asked.length - failed.length} of ${asked.length} challenges passed; ${ok} of ${total} probes were good.`,
        ...failed.map(({ number, surface, name }) => `  failed ${number}: ${surface} ${name}`),
        `Signed, with every question and answer, in ${out}. \`tolldns verifier replay ${out}\` makes the verdicts again.`,
      ].join("\n"),
    );
  } finally {
    await stack.close();
  }
}
