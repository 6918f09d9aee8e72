import { formatAddress, toHex } from "@tolldns/sdk";
import type { HealthReport } from "@tolldns/sdk/policy";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findPolicy } from "../../policy/program.ts";
import { fullTime } from "../../policy/when.ts";
import { compareWithChain, type OnChain, readEvidence, tellProbe } from "../../verifier/file.ts";
import { createRpc } from "../../wallet/rpc.ts";
import { rpcUrl } from "../wallet/open.ts";

export const replayCommand: CommandSpec = {
  name: "replay",
  about:
    "Make the verdicts of a window again from what was sent and received, and tell the first difference. Anybody can, of anybody's file.",
  args: [["<file>", "a window's .car, on disk or at a verifier: https://…/v1/reports/ID/BEGIN.car"]],
  sections: ["chain"],
  flags: [
    ["--chain", "hold it against what the chain has of it too"],
    ["--bad", "show only probes that did not go well"],
  ],
  examples: [
    ["tolldns verifier replay window.car", "asks nobody"],
    ["tolldns verifier replay https://v.example.org/v1/reports/ID/BEGIN.car --chain", "and with the chain"],
  ],
  action: replayFile,
};

async function replayFile(run: Run): Promise<void> {
  const source = run.args[0] ?? "";
  const { replay } = await import("@tolldns/keepers");
  const { ok, difference, file, report, isAttestation } = await replay(await readEvidence(source));
  if (file === null || report === null)
    throw new CliError(
      "evidence-invalid",
      `${source} is no file of a window: ${difference ?? ""}`,
      "Get it again, or from another mirror; a verifier's own has the form of docs/reference/verifier.md.",
    );
  const shown = file.records.filter(({ outcome }) => run.flags.bad !== true || outcome !== "ok");
  for (const record of shown) {
    run.out.event({ event: "probe", ...record });
    run.out.say(tellProbe(record, file.set.challenges));
  }
  const onChain =
    run.flags.chain === true && !isAttestation ? await askChain(run, report, file.hotKey) : null;
  const wrong = difference ?? (onChain?.state === "different" ? `${onChain.why}.` : null);
  if (wrong !== null)
    throw new CliError(
      "replay-differs",
      `the first difference: ${wrong}`,
      "The file does not bear out what it says. While the round is on chain, a running verifier challenges what the program can check.",
    );
  const { total, ok: good, wrong: bad, failed, silent } = report;
  run.out.result(
    {
      event: "replayed",
      ok,
      kind: file.kind,
      name: file.name,
      attestation: isAttestation,
      operator: formatAddress(report.operator),
      hotKey: formatAddress(file.hotKey),
      begin: report.begin,
      end: report.end,
      roster: report.roster,
      set: report.setVersion,
      total,
      good,
      wrong: bad,
      failed,
      silent,
      probesRoot: toHex(report.probesRoot),
      chain: onChain === null ? null : onChain.state,
    },
    [
      "",
      `${isAttestation ? "Attestation" : "Report"} of ${file.kind} ${file.name}, window from ${fullTime(Number(report.begin))}, by operator ${formatAddress(report.operator)}`,
      `${good} of ${total} probes good, ${bad} wrong, ${failed} failed, ${silent} silent; every verdict comes out the same again.`,
      `Probes root ${toHex(report.probesRoot)}, challenge set ${report.setVersion}, signed by ${formatAddress(file.hotKey)}`,
      ...(onChain === null ? [] : [chainText(onChain)]),
    ].join("\n"),
  );
}

async function askChain(run: Run, report: HealthReport, hotKey: Uint8Array): Promise<OnChain> {
  const rpc = createRpc(rpcUrl(run));
  return compareWithChain(rpc, await findPolicy(rpc, run.settings("chain").policyProgram), report, hotKey);
}

function chainText(onChain: OnChain): string {
  if (onChain.state === "closed")
    return "The chain has closed that round: there is nothing to hold it against any more.";
  if (onChain.state === "different") return `The chain says otherwise: ${onChain.why}.`;
  const { seat, round, struck } = onChain;
  return `The chain has the same of seat ${seat} in roster ${round.roster}${struck ? ", which was struck since" : ""}; the window was judged ${round.verdict ?? "not yet"}.`;
}
