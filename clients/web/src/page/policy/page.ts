/// <reference lib="dom" />
import { h, type JSX } from "preact";
import { useState } from "preact/hooks";
import type { DecisionSnapshot, PolicySnapshot, TransitionSnapshot } from "../../policy-snapshot.ts";
import { time } from "../format.ts";
import { panel } from "../panels.ts";
import { cell, figure, table } from "../table.ts";
import { Evidence } from "./evidence.ts";
import { Timeline } from "./timeline.ts";
import { duration, shortName, toneOfDecision } from "./words.ts";

const SPANS = [600, 3_600, 21_600, 86_400] as const;
const key = ({ target, at, to }: TransitionSnapshot) => `${target} ${at} ${to}`;

/** States over time, what each change stands on, and what gateway and edge decided. */
export function Policy({ policy }: { policy: PolicySnapshot }): JSX.Element {
  const [span, setSpan] = useState<number>(SPANS[0]);
  const [chosenKey, setChosen] = useState("");
  const chosen = policy.transitions.find((one) => key(one) === chosenKey) ?? null;
  const choose = (transition: TransitionSnapshot) => setChosen(key(transition));
  return h(
    "div",
    { class: "policy" },
    panel(
      "states",
      "States",
      spans(span, setSpan),
      h("p", { class: "quiet", role: "status" }, latest(policy)),
      policy.targets.length === 0
        ? h("p", { class: "quiet" }, "Nobody registered a target yet.")
        : h(Timeline, { policy, span, chosen, choose }),
    ),
    h(
      "div",
      { class: "grid" },
      h("div", { class: "column" }, changes(policy, chosen, choose)),
      h("div", { class: "column" }, h(Evidence, { policy, chosen })),
    ),
    decisions(policy.decisions),
  );
}

function spans(span: number, set: (span: number) => void): JSX.Element {
  return h(
    "div",
    { class: "spans", role: "group", "aria-label": "Time shown" },
    SPANS.map((one) =>
      h(
        "button",
        { key: one, type: "button", "aria-pressed": one === span, onClick: () => set(one) },
        duration(one),
      ),
    ),
  );
}

function latest({ transitions, targets, trouble, paused, seats, terms }: PolicySnapshot): string {
  const [last] = transitions;
  const target = targets.find(({ id }) => id === last?.target);
  return [
    last === undefined
      ? "No state ever changed."
      : `Latest change: ${target === undefined ? last.target : shortName(target)} went from ${last.from} to ${last.to} at ${time(last.at)}.`,
    `${seats.length} verifiers, windows of ${duration(terms.window)}.`,
    paused ? "Judging is paused: states stay as they are." : "",
    trouble === null ? "" : `What is shown may be old: ${trouble}.`,
  ]
    .filter((text) => text !== "")
    .join(" ");
}

/** The timeline as text: whoever can't see it misses nothing. */
function changes(
  { transitions, targets }: PolicySnapshot,
  chosen: TransitionSnapshot | null,
  choose: (transition: TransitionSnapshot) => void,
): JSX.Element {
  const nameOf = (id: string) => {
    const target = targets.find((one) => one.id === id);
    return target === undefined ? id : shortName(target);
  };
  return panel(
    "changes",
    "Changes",
    transitions.length === 0
      ? h("p", { class: "quiet" }, "None yet.")
      : h(
          "div",
          { class: "scroll" },
          table(
            ["At", "Target", "Change", "Evidence"],
            transitions.map((one) =>
              h(
                "tr",
                { key: key(one), class: one === chosen ? "chosen" : "" },
                figure(time(one.at)),
                h("td", { class: "wrap" }, nameOf(one.target)),
                cell(`${one.from} to ${one.to}`),
                cell(
                  h(
                    "button",
                    {
                      type: "button",
                      class: "show",
                      "aria-pressed": one === chosen,
                      onClick: () => choose(one),
                    },
                    "Show",
                  ),
                ),
              ),
            ),
          ),
        ),
  );
}

function decisions(lines: readonly DecisionSnapshot[]): JSX.Element {
  return panel(
    "decisions",
    "Decisions",
    lines.length === 0
      ? h("p", { class: "quiet" }, "Neither gateway nor edge had anything to decide yet.")
      : h(
          "ol",
          { class: "log", reversed: true },
          lines.map(({ hash, at, where, kind, to, why }) =>
            h(
              "li",
              { key: hash },
              h("span", { class: "number" }, time(at)),
              h("span", { class: `chip ${toneOfDecision({ kind, to })}` }, `${where}: ${kind}`),
              h("span", { class: "why" }, why),
            ),
          ),
        ),
    h(
      "p",
      { class: "quiet" },
      "Each line holds the hash of the one before: ",
      h("code", null, "tolldns policy log --check"),
      " tells whether anything was changed since.",
    ),
  );
}
