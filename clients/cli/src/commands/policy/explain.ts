import { formatTarget } from "@tolldns/sdk/policy";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError, type CliErrorCode, isCliError } from "../../errors.ts";
import type { FoundIncident } from "../../policy/find.ts";
import { findLogs, ownLogs, type PlacedLine, readLogs } from "../../policy/logs.ts";
import { chooseOwn, type OwnIncident, ownIncidents, tellOwnStory } from "../../policy/own.ts";
import { readTargets } from "../../policy/program.ts";
import { tellStory } from "../../policy/story.ts";
import { readTarget } from "../../policy/targets.ts";
import { parseMoment } from "../../policy/when.ts";
import { chainTime } from "../../wallet/rpc.ts";
import { openPolicyProgram } from "./open.ts";

export const explainCommand: CommandSpec = {
  name: "explain",
  about:
    "Tell the story of an incident: who saw what first, which windows, which quorum, which transaction, on which evidence, and where to do it again.",
  args: [["[target]", "backend or gateway (default: any)"]],
  sections: ["chain"],
  flags: [
    ["--at <time>", "the incident at that time: 2026-11-21T16:04:00Z, 16:04, 10m"],
    ["--last", "the one that began last (the default)"],
    ["--folder <path>", "a decision log that lies elsewhere than in the data folder"],
  ],
  examples: [
    ["tolldns policy explain", "what happened last?"],
    ["tolldns policy explain udp://192.0.2.1:53 --at 16:04", "to this backend, then"],
    ["tolldns policy explain --at 2h --json", "two hours ago, for scripts"],
  ],
  async action(run) {
    const { flags, args } = run;
    if (flags.last === true && flags.at !== undefined)
      throw new CliError("usage", "--last and --at exclude each other", "Name one of them, or neither.");
    const at = flags.at === undefined ? undefined : parseMoment(String(flags.at), Date.now() / 1_000);
    const about = args[0] === undefined ? undefined : formatTarget(readTarget(args[0]));
    const folder = flags.folder as string | undefined;
    const { data } = run.settings("general");
    const decisions = await readLogs(
      folder === undefined ? ownLogs(data) : findLogs(data, folder, undefined),
    );
    const own = chooseOwn(ownIncidents(decisions, about), at, Date.now() / 1_000);
    let found: Found;
    try {
      found = await findOnChain(run, decisions, at);
    } catch (error) {
      if (own === undefined || !isCliError(error) || !WITHOUT_CHAIN.has(error.code)) throw error;
      return tellOwn(run, own, besideOf(error), error.code);
    }
    const { incident } = found;
    const { target, from, until } = incident;
    const isNewer =
      own !== undefined && own.from > (own.subjects.includes(target.name) ? (until ?? Infinity) : from);
    if (at === undefined && own !== undefined && isNewer)
      return tellOwn(
        run,
        own,
        `No state on chain has changed by it. The last one that did: \`tolldns policy explain '${target.name}' --at ${new Date(from * 1_000).toISOString().replace(/\.\d+/, "")}\``,
        null,
      );
    tellFound(run, found);
  },
};

/** Errors after which the decision logs may still tell something. */
const WITHOUT_CHAIN: ReadonlySet<CliErrorCode> = new Set([
  "not-running",
  "rpc-unreachable",
  "policy-missing",
  "target-missing",
  "incident-missing",
]);

const besideOf = ({ code, message }: CliError): string =>
  code === "incident-missing"
    ? "No state on chain has changed by it: a window or more must go wrong for that."
    : `This is told from the decision logs alone: ${message}.`;

interface Found extends FoundIncident {
  readonly now: number;
}

async function findOnChain(
  run: Run,
  decisions: readonly PlacedLine[],
  at: number | undefined,
): Promise<Found> {
  const [{ rpc, program }, { chooseTarget, findIncident }] = await Promise.all([
    openPolicyProgram(run),
    import("../../policy/find.ts"),
  ]);
  const [targets, now] = await Promise.all([readTargets(rpc, program), chainTime(rpc)]);
  const [text] = run.args;
  const candidates = text === undefined ? targets : [chooseTarget(targets, text)];
  const parts = { rpc, program, targets, decisions, now: Number(now) };
  return { ...(await findIncident(parts, candidates, at)), now: Number(now) };
}

function tellFound(run: Run, { incident, history, now }: Found): void {
  // Of windows that were judged all reports are read; others may have got one in between.
  const doubts = history.windows.filter(({ begin }) => history.rounds.get(begin)?.isProven === false);
  run.out.result(
    { incident, terms: history.terms, unproven: doubts.map(({ begin }) => begin) },
    [
      ...tellStory(incident, history.terms, now),
      ...(doubts.length === 0
        ? []
        : [
            "",
            "Warning: the RPC shows reports that don't lead to the chain's evidence root. Ask another RPC.",
          ]),
    ].join("\n"),
  );
}

function tellOwn(run: Run, own: OwnIncident, beside: string, chain: CliErrorCode | null): void {
  run.out.result({ incident: null, own, chain }, tellOwnStory(own, beside, Date.now() / 1_000).join("\n"));
}
