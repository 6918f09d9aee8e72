/// <reference lib="dom" />
import { h, type JSX } from "preact";
import type { DnsSnapshot, EpochSnapshot } from "../../snapshot.ts";
import { count, share, shorten, time } from "../format.ts";
import { panel } from "../panels.ts";
import { cell, figure, row, table } from "../table.ts";
import { Life } from "./life.ts";
import { STATES, tone, weigh } from "./words.ts";

/** The epoch under way, those before it, and who votes. */
export function Epochs({ dns }: { dns: DnsSnapshot }): JSX.Element {
  const [current, ...before] = dns.epochs;
  return h(
    "div",
    { class: "epochs" },
    current === undefined
      ? panel(
          "life",
          "Epochs",
          h(
            "p",
            { class: "quiet" },
            "No epoch was ever frozen. A quorum keeper begins the first when there is stake.",
          ),
        )
      : h(Life, { epoch: current, now: dns.now }),
    h(
      "div",
      { class: "grid" },
      h("div", { class: "column" }, witnesses(dns, current)),
      h("div", { class: "column" }, earlier(before, dns)),
    ),
  );
}

function witnesses({ witnesses: rows }: DnsSnapshot, current: EpochSnapshot | undefined): JSX.Element {
  const total = rows.reduce((sum, { weight }) => sum + BigInt(weight), 0n);
  return panel(
    "witnesses",
    "Witnesses",
    rows.length === 0
      ? h("p", { class: "quiet" }, "No operator has staked yet.")
      : h(
          "ul",
          null,
          rows.map(({ operator, weight, jailed, witness, endpoint }) => {
            const part = total === 0n ? 0 : Number((BigInt(weight) * 1_000n) / total) / 1_000;
            const seats = current?.seats.filter((seat) => seat.witness === witness).length ?? 0;
            return h(
              "li",
              { key: operator },
              h("span", {
                class: `dot ${jailed || witness === null ? "bad" : "good"}`,
                role: "img",
                "aria-label": jailed ? "jailed" : witness === null ? "without a key" : "may vote",
              }),
              h("span", { class: "who mono", title: operator }, shorten(operator, 6)),
              h(
                "span",
                { class: "what" },
                [
                  jailed ? "jailed" : "",
                  seats > 0 ? `seat in epoch ${current?.number}` : "",
                  `${weigh(weight)} staked`,
                  `${Math.round(part * 100)} %`,
                ]
                  .filter((text) => text !== "")
                  .join(" · "),
              ),
              endpoint === null ? null : h("span", { class: "where mono" }, endpoint),
              h("meter", {
                min: 0,
                max: 1,
                value: part,
                "aria-label": `${Math.round(part * 100)} % of all weight`,
              }),
            );
          }),
        ),
    h("p", { class: "quiet" }, "Weight is stake times its tier. Seats are drawn by it, anew each epoch."),
  );
}

function earlier(epochs: readonly EpochSnapshot[], { final }: DnsSnapshot): JSX.Element {
  return panel(
    "earlier",
    "Earlier epochs",
    epochs.length === 0
      ? h("p", { class: "quiet" }, "None yet.")
      : table(
          ["Epoch", "End", "Updates", "Votes", "At"],
          epochs.map((epoch) =>
            row(
              epoch.number,
              figure(epoch.number),
              cell(
                h(
                  "span",
                  { class: `chip ${tone(epoch)}`, title: epoch.challenge ?? "" },
                  STATES[epoch.state],
                ),
              ),
              figure(epoch.attested === null ? "–" : count(epoch.attested.updates)),
              figure(share(Number(BigInt(epoch.voted) / 1_000n), Number(BigInt(epoch.weight) / 1_000n))),
              figure(epoch.endedAt === null ? "–" : time(epoch.endedAt)),
            ),
          ),
        ),
    final === null
      ? null
      : h(
          "p",
          { class: "quiet" },
          `Clients trust epoch ${final.epoch}, root `,
          h("code", null, final.root.slice(0, 16)),
          "…",
        ),
  );
}
