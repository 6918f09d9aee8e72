import type { CommandSpec } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findLogs, readLogs, readLogsIfAny } from "../../policy/logs.ts";
import { readTargets } from "../../policy/program.ts";
import { tellStory } from "../../policy/story.ts";
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
    const { data } = run.settings("general");
    const folder = flags.folder as string | undefined;
    const decisions = await (folder === undefined
      ? readLogsIfAny(data)
      : readLogs(findLogs(data, folder, undefined)));
    const [{ rpc, program }, { chooseTarget, findIncident }] = await Promise.all([
      openPolicyProgram(run),
      import("../../policy/find.ts"),
    ]);
    const [targets, now] = await Promise.all([readTargets(rpc, program), chainTime(rpc)]);
    const candidates = args[0] === undefined ? targets : [chooseTarget(targets, args[0])];
    const parts = { rpc, program, targets, decisions, now: Number(now) };
    const { incident, history } = await findIncident(parts, candidates, at);
    // Of windows that were judged all reports are read; others may have got one in between.
    const doubts = history.windows.filter(({ begin }) => history.rounds.get(begin)?.isProven === false);
    run.out.result(
      { incident, terms: history.terms, unproven: doubts.map(({ begin }) => begin) },
      [
        ...tellStory(incident, history.terms, Number(now)),
        ...(doubts.length === 0
          ? []
          : [
              "",
              "Warning: the RPC shows reports that don't lead to the chain's evidence root. Ask another RPC.",
            ]),
      ].join("\n"),
    );
  },
};
