import { setTimeout as sleep } from "node:timers/promises";
import { toHex } from "@tolldns/sdk";
import { type PolicyConfig, type PolicyTerms, shareOf, type TargetAccount } from "@tolldns/sdk/policy";
import type { CommandSpec, Run } from "../../command.ts";
import { stateColumn } from "../../policy/colour.ts";
import { followLogs, ownLogs, readLogs } from "../../policy/logs.ts";
import { findPolicy, readTargets } from "../../policy/program.ts";
import { clockTime } from "../../policy/when.ts";
import { numberOf } from "../name/open.ts";
import { describeDecision, nextOf } from "./log.ts";
import { openPolicyProgram } from "./open.ts";
import { targetJson } from "./status.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 1_000;

export const watchCommand: CommandSpec = {
  name: "watch",
  about:
    "Follow live what changes: states on chain, and what the gateway and the edge of the data folder decide, until Ctrl-C or as many changes of state as asked.",
  sections: ["chain"],
  flags: [
    ["--windows", "a line for each window judged too"],
    ["--changes <number>", "end after so many changes of state on chain"],
  ],
  examples: [
    ["tolldns policy watch", "until Ctrl-C"],
    ["tolldns policy watch --changes 1 --json", "until the next change, for scripts"],
  ],
  async action(run) {
    const { rpc, program } = await openPolicyProgram(run);
    const most = numberOf(run, "changes", 0, 0, 1_000_000);
    const named = run.settings("chain").policyProgram;
    const ending = new AbortController();
    const following = followDecisions(run, ending.signal);
    const news = createNews(run);
    let lost: string | null = null;
    try {
      for (let config = program.config; most === 0 || news.changes() < most; await sleep(LOOK_MS)) {
        try {
          if (news.isBegun()) ({ config } = await findPolicy(rpc, named));
          news.tell(await readTargets(rpc, { ...program, config }), config);
          if (lost !== null) tellChain(run, null);
          lost = null;
        } catch (error) {
          // Questions are answered without the chain, and decisions go on: so does this.
          const why = error instanceof Error ? error.message : String(error);
          if (!news.isBegun()) throw error;
          if (lost === null) tellChain(run, why);
          lost = why;
        }
      }
    } finally {
      ending.abort();
      await following;
    }
  },
};

const line = (time: string, what: string): string => `${time}  chain    ${what}`;

/** Shows decisions from now on. */
async function followDecisions(run: Run, signal: AbortSignal): Promise<void> {
  const logs = ownLogs(run.settings("general").data);
  const before = await readLogs(logs);
  await followLogs(
    logs,
    signal,
    (folder) => nextOf(before, folder),
    (decision) => {
      run.out.event({ event: "decision", ...decision });
      run.out.say(describeDecision(decision, Date.now() / 1_000));
    },
  );
}

function tellChain(run: Run, why: string | null): void {
  const now = Date.now() / 1_000;
  run.out.event({ event: "chain", at: now, why });
  run.out.say(
    line(
      clockTime(now),
      why === null
        ? "can be read again"
        : `can't be read: ${why}. States stay as last read; gateway and edge go by what they measure`,
    ),
  );
}

/** Tells what is new about targets since it was last asked to. */
function createNews(run: Run) {
  const seen = new Map<string, TargetAccount>();
  let changes = 0;
  let isBegun = false;
  return {
    changes: () => changes,
    isBegun: () => isBegun,
    tell(targets: readonly TargetAccount[], config: PolicyConfig): void {
      isBegun = true;
      for (const target of targets) {
        const id = toHex(target.id);
        const before = seen.get(id);
        seen.set(id, target);
        const what = newsOf(before, target);
        if (what === null || (what === "window" && run.flags.windows !== true)) continue;
        if (what === "change") changes++;
        run.out.event({ event: what, ...targetJson(target, config) });
        run.out.say(describe(what, before, target, config.terms));
      }
    },
  };
}

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
  terms: PolicyTerms,
): string {
  const { state, since, judged, verdict, runs } = standing;
  // A window is told by its end, as a change is.
  const at = what === "change" ? Number(since) : Number(judged) + terms.window;
  const time = judged === 0n ? "        " : clockTime(at);
  const ramp = state === "recovering" ? `, ${shareOf(runs.clean, terms) / 100} % of its share` : "";
  if (what === "target") return line(time, `${stateColumn(state)}  ${kind} ${name}${ramp}`);
  if (what === "change")
    return line(
      time,
      `${stateColumn(state)}  ${kind} ${name}${ramp}, ${before?.standing.state} before, by a ${verdict} window`,
    );
  const run = { clean: runs.clean, poor: runs.poor, bad: runs.bad, unknown: 0 }[verdict];
  return line(
    time,
    `${stateColumn(state)}  ${kind} ${name}${ramp}; the window that ended was ${verdict}${run > 1 ? `, ${run} in a row` : ""}`,
  );
}
