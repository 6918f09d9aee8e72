import { setTimeout as sleep } from "node:timers/promises";
import { toHex } from "@tolldns/sdk";
import { shareOf, type TargetAccount } from "@tolldns/sdk/policy";
import type { CommandSpec } from "../../command.ts";
import { findPolicy, readTargets } from "../../policy/program.ts";
import { clockTime } from "../../policy/when.ts";
import { numberOf } from "../name/open.ts";
import { openPolicyProgram } from "./open.ts";
import { targetJson } from "./status.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 1_000;

export const watchCommand: CommandSpec = {
  name: "watch",
  about: "Follow states live: a line a change, until Ctrl-C or as many changes as asked.",
  sections: ["chain"],
  flags: [
    ["--windows", "a line for each window judged too"],
    ["--changes <number>", "end after so many changes of state"],
  ],
  examples: [
    ["tolldns policy watch", "until Ctrl-C"],
    ["tolldns policy watch --changes 1 --json", "until the next change, for scripts"],
  ],
  async action(run) {
    const { rpc, program } = await openPolicyProgram(run);
    const most = numberOf(run, "changes", 0, 0, 1_000_000);
    const seen = new Map<string, TargetAccount>();
    let changes = 0;
    for (let config = program.config; ; ) {
      for (const target of await readTargets(rpc, { ...program, config })) {
        const id = toHex(target.id);
        const before = seen.get(id);
        seen.set(id, target);
        const what = newsOf(before, target);
        if (what === null || (what === "window" && run.flags.windows !== true)) continue;
        if (what === "change") changes++;
        run.out.event({ event: what, ...targetJson(target, config) });
        run.out.say(describe(what, before, target, shareOf(target.standing.runs.clean, config.terms)));
      }
      if (most > 0 && changes >= most) return;
      await sleep(LOOK_MS);
      ({ config } = await findPolicy(rpc, run.settings("chain").policyProgram));
    }
  },
};

type News = "target" | "change" | "window";

function newsOf(before: TargetAccount | undefined, { standing }: TargetAccount): News | null {
  if (before === undefined) return "target";
  if (before.standing.transitions !== standing.transitions) return "change";
  return before.standing.judged === standing.judged ? null : "window";
}

function describe(
  what: News,
  before: TargetAccount | undefined,
  { kind, name, standing }: TargetAccount,
  share: number,
): string {
  const { state, since, judged, verdict, runs } = standing;
  const at = what === "change" ? since : judged;
  const time = at === 0n ? "        " : clockTime(Number(at));
  const ramp = state === "recovering" ? `, ${share / 100} % of its share` : "";
  if (what === "target") return `${time}  ${kind} ${name} is ${state}${ramp}`;
  if (what === "change")
    return `${time}  ${kind} ${name}: ${before?.standing.state} to ${state}${ramp}, by a ${verdict} window`;
  const run = { clean: runs.clean, poor: runs.poor, bad: runs.bad, unknown: 0 }[verdict];
  return `${time}  ${kind} ${name}: window was ${verdict}${run > 1 ? `, ${run} in a row` : ""}; ${state}${ramp}`;
}
