/// <reference lib="dom" />
import { h, type JSX } from "preact";
import type { PolicySnapshot, ReportSnapshot, TransitionSnapshot } from "../../policy-snapshot.ts";
import { weigh } from "../epochs/words.ts";
import { share, shorten, time } from "../format.ts";
import { panel } from "../panels.ts";
import { cell, figure, row, table } from "../table.ts";

/** What a change of state stands on: the window, each seat's report, the root of them, the transaction. */
export function Evidence({
  policy,
  chosen,
}: {
  policy: PolicySnapshot;
  chosen: TransitionSnapshot | null;
}): JSX.Element {
  if (chosen === null)
    return panel(
      "evidence",
      "Evidence",
      h(
        "p",
        { class: "quiet" },
        policy.transitions.length === 0
          ? "Nothing changed yet, so there is nothing to show."
          : "Choose a change, on the timeline or in the table.",
      ),
    );
  const name = policy.targets.find(({ id }) => id === chosen.target)?.name ?? chosen.target;
  const facts: [string, JSX.Element | string][] = [
    ["Target", name],
    ["Change", `${chosen.from} to ${chosen.to}, by a ${chosen.verdict} window`],
    ["Window", `${time(chosen.begin)} to ${time(chosen.at)}, roster ${chosen.roster}`],
    ["Evidence root", h("code", null, chosen.evidenceRoot)],
    [
      "Transaction",
      chosen.signature === null
        ? "not known here"
        : h("a", { href: `/tx/${chosen.signature}` }, shorten(chosen.signature, 12)),
    ],
  ];
  return panel(
    "evidence",
    "Evidence",
    h(
      "dl",
      { class: "rows" },
      facts.map(([title, value]) =>
        h("div", { key: title }, h("dt", null, title), h("dd", { "data-fact": title }, value)),
      ),
    ),
    chosen.reports === null
      ? h("p", { class: "quiet" }, "The chain no longer has the round; verifiers keep its probes for longer.")
      : reportTable(chosen.reports, policy),
    h(
      "p",
      { class: "quiet" },
      "In words, with what the gateway did about it: ",
      h("code", null, command(chosen, name)),
    ),
  );
}

const command = ({ at }: TransitionSnapshot, name: string): string =>
  `tolldns policy explain '${name}' --at ${new Date(at * 1_000).toISOString().replace(".000", "")}`;

function reportTable(reports: readonly ReportSnapshot[], { terms, seats }: PolicySnapshot): JSX.Element {
  const all = seats.filter(({ struck }) => !struck).reduce((sum, { weight }) => sum + BigInt(weight), 0n);
  const heard = reports.reduce((sum, { weight, struck }) => (struck ? sum : sum + BigInt(weight)), 0n);
  return h(
    "div",
    { class: "scroll" },
    table(
      ["Verifier", "Region", "Network", "Weight", "Probes", "Says"],
      reports.map((report) =>
        row(
          report.seat,
          h("td", { class: "mono", title: report.operator }, shorten(report.operator, 5)),
          figure(String(report.region)),
          figure(`AS${report.asn}`),
          figure(weigh(report.weight)),
          figure(`${report.ok} of ${report.total}`),
          cell(report.struck ? "struck" : report.says),
        ),
      ),
      {
        class: "reports",
        caption: `${reports.length} verifiers reported${all === 0n ? "" : `, ${share(Number(heard / 1_000n), Number(all / 1_000n))} of the weight`}; ${terms.quorumBps / 100} % of it must agree, of at least ${terms.operators} operators, ${terms.regions} regions and ${terms.networks} networks.`,
      },
    ),
  );
}
