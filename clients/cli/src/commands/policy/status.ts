import { formatAddress, toHex } from "@tolldns/sdk";
import { type PolicyConfig, type Roster, shareOf, type TargetAccount } from "@tolldns/sdk/policy";
import type { CommandSpec } from "../../command.ts";
import { stateColumn } from "../../policy/colour.ts";
import { readRosterInForce, readTargets } from "../../policy/program.ts";
import { percent } from "../../policy/story.ts";
import { duration, fullTime } from "../../policy/when.ts";
import { chainTime } from "../../wallet/rpc.ts";
import { openPolicyProgram } from "./open.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  about: "Show the state of every backend and gateway, and who may report.",
  sections: ["chain"],
  examples: [
    ["tolldns policy status", "of the chain that runs here"],
    ["tolldns policy status --rpc https://rpc.example.org --json", "of another, for scripts"],
  ],
  async action(run) {
    const { rpc, program } = await openPolicyProgram(run);
    const now = await chainTime(rpc);
    const [targets, roster] = await Promise.all([
      readTargets(rpc, program),
      readRosterInForce(rpc, program, now),
    ]);
    const { config } = program;
    run.out.result(
      {
        program: formatAddress(program.deployment.policy),
        paused: config.paused,
        terms: config.terms,
        termsFrom: config.termsFrom,
        set: config.set ?? null,
        roster: roster === null ? null : rosterJson(roster),
        targets: targets.map((target) => targetJson(target, config)),
      },
      describe(config, targets, roster, now).join("\n"),
    );
  },
};

/** As `--json` tells it: ids hex, times Unix seconds, share in basis points. */
export function targetJson(target: TargetAccount, { terms }: PolicyConfig) {
  const { state, since, runs, judged, verdict, transitions } = target.standing;
  return {
    id: toHex(target.id),
    kind: target.kind,
    name: target.name,
    state,
    since,
    share: state === "recovering" ? shareOf(runs.clean, terms) : 10_000,
    runs,
    last: judged === 0n ? null : { begin: judged, verdict },
    transitions,
    evidenceRoot: transitions === 0n ? null : target.evidenceRoot,
  };
}

const rosterJson = ({ number, enrolmentEnds, ends, weight, seats }: Roster) => ({
  number,
  from: enrolmentEnds,
  ends,
  weight,
  seats: seats.map(({ seat, operator, node, weight: own, region, asn, struck }) => ({
    seat,
    operator: formatAddress(operator),
    node: formatAddress(node),
    weight: own,
    region,
    asn,
    struck,
  })),
});

function describe(
  { terms, paused, set }: PolicyConfig,
  targets: readonly TargetAccount[],
  roster: Roster | null,
  now: bigint,
): string[] {
  return [
    `Windows    of ${duration(terms.window)}; a state stays for at least ${duration(terms.dwell)}${paused ? "; judging is PAUSED" : ""}`,
    `Quorum     ${terms.quorumBps / 100} % of the weight, of ${terms.operators} operators, ${terms.regions} regions and ${terms.networks} networks`,
    `Challenges ${set === undefined ? "no set is published" : `version ${set.version}, ${set.count} of them`}`,
    ...describeRoster(roster),
    "",
    ...(targets.length === 0
      ? ["Nobody registered a target. `tolldns policy register <target>` does."]
      : targets.flatMap((target) => describeTarget(target, now, terms))),
  ];
}

function describeRoster(roster: Roster | null): string[] {
  if (roster === null) return ["Verifiers  none yet: the first roster is not in force"];
  return [
    `Verifiers  ${roster.seats.length} in roster ${roster.number}, in force since ${fullTime(Number(roster.enrolmentEnds))}`,
    ...roster.seats.map(
      ({ seat, operator, region, asn, weight, struck }) =>
        `  ${String(seat).padStart(2)}  ${formatAddress(operator)}  region ${region}, AS${asn}, ${struck ? "struck" : percent(weight, roster.weight)}`,
    ),
  ];
}

function describeTarget(
  { kind, name, standing }: TargetAccount,
  now: bigint,
  terms: PolicyConfig["terms"],
): string[] {
  const { state, since, runs, judged, verdict, transitions } = standing;
  const share = state === "recovering" ? `, ${shareOf(runs.clean, terms) / 100} % of its share` : "";
  const known =
    transitions === 0n
      ? "never changed"
      : `since ${fullTime(Number(since))}, ${duration(Number(now - since))}`;
  const last =
    judged === 0n
      ? "no window judged yet"
      : `last window ${verdict}, ended ${duration(Number(now - judged) - terms.window)} ago`;
  return [`${stateColumn(state)} ${kind} ${name}`, `           ${known}${share}; ${last}`];
}
