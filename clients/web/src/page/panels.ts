import { h, type JSX } from "preact";
import type { Snapshot } from "../snapshot.ts";
import { count, milliseconds, money, share, shorten } from "./format.ts";
import { cell, figure, row, table } from "./table.ts";

type Child = JSX.Element | string | null | readonly (JSX.Element | string | null)[];

export function panel(id: string, title: string, ...children: Child[]): JSX.Element {
  return h(
    "section",
    { class: `panel ${id}`, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    children as never,
  );
}

/** Counters of queries, a line of the last minute, and the latest questions. */
export function Queries({ snapshot, rates }: { snapshot: Snapshot; rates: readonly number[] }): JSX.Element {
  const { queries, recent } = snapshot;
  const facts: [string, string][] = [
    ["Queries", count(queries.total)],
    ["Cache hits", `${count(queries.hits)} (${share(queries.hits, queries.hits + queries.misses)})`],
    ["Paid", count(queries.paid)],
    ["Failed", count(queries.failed)],
  ];
  return panel(
    "queries",
    "Queries",
    h(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) =>
        h("div", { key: name }, h("dt", null, name), h("dd", { "data-fact": name }, value)),
      ),
    ),
    spark(rates),
    recent.length === 0
      ? h(
          "p",
          { class: "quiet" },
          "Nothing asked yet. Try the first of the three commands that the terminal shows.",
        )
      : table(
          ["Name", "Type", "Answer", "From", "Time"],
          recent.map((query) =>
            row(
              query.id,
              h("td", { class: "name", title: query.name }, query.name),
              cell(query.type),
              h("td", { class: query.rcode === "NOERROR" ? "" : "odd" }, query.rcode),
              cell(query.source),
              figure(milliseconds(query.ms)),
            ),
          ),
          { class: "recent" },
        ),
  );
}

/** Queries a second over the last minute. */
function spark(rates: readonly number[]): JSX.Element {
  const width = 480;
  const height = 56;
  const top = Math.max(1, ...rates);
  const step = width / Math.max(1, rates.length - 1);
  const points = rates.map(
    (rate, index) => `${(index * step).toFixed(1)} ${(height - 2 - (rate / top) * (height - 6)).toFixed(1)}`,
  );
  const line = points.length < 2 ? `M0 ${height - 2}L${width} ${height - 2}` : `M${points.join("L")}`;
  const now = rates.at(-1) ?? 0;
  return h(
    "figure",
    { class: "spark" },
    h(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `${now.toFixed(1)} queries a second now, ${top.toFixed(1)} at most in the last minute`,
      },
      h("path", { class: "area", d: `${line}L${width} ${height}L0 ${height}Z` }),
      h("path", { class: "line", d: line }),
    ),
    h("figcaption", null, `${now.toFixed(1)} a second now · peak ${top.toFixed(1)} in the last minute`),
  );
}

export function Settlements({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const rows = snapshot.settlements;
  return panel(
    "settlements",
    "Settlements",
    rows.length === 0
      ? h(
          "p",
          { class: "quiet" },
          "No voucher has been settled yet. The keeper gathers them and settles after a while.",
        )
      : table(
          ["Transaction", "Amount", "Payers", "State", "Slot"],
          rows.map((one) =>
            row(
              one.signature,
              cell(h("a", { href: `/tx/${one.signature}`, class: "mono" }, shorten(one.signature))),
              figure(money(one.amount)),
              figure(String(one.payers)),
              cell(h("span", { class: `chip ${one.state === "finalized" ? "good" : "busy"}` }, one.state)),
              figure(one.slot === null ? "–" : count(one.slot)),
            ),
          ),
        ),
  );
}

export function Health({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const gateways = snapshot.gateways.map((one) =>
    h(
      "li",
      { key: one.url },
      h("span", {
        class: `dot ${one.usable ? "good" : "bad"}`,
        role: "img",
        "aria-label": one.usable ? "usable" : "not usable",
      }),
      h("span", { class: "who" }, one.url.replace(/^https?:\/\//, "")),
      h("span", { class: "what" }, [
        one.usable ? null : `${one.reason} · `,
        one.price === null ? null : `${money(one.price)} a unit · `,
        one.transport === null ? null : `${one.transport} · `,
        one.latencyMs === null ? "not measured yet" : milliseconds(one.latencyMs),
        one.failures === 0 ? null : ` · ${count(one.failures)} failed`,
      ]),
    ),
  );
  const upstreams = snapshot.upstreams.map((one) =>
    h(
      "li",
      { key: one.name },
      h("span", {
        class: `dot ${one.healthy ? "good" : "bad"}`,
        role: "img",
        "aria-label": one.healthy ? "healthy" : "unhealthy",
      }),
      h("span", { class: "who" }, one.name),
      h(
        "span",
        { class: "what" },
        `${milliseconds(one.latencyMs)} · ${Math.round(one.success * 100)} % answered`,
      ),
    ),
  );
  return panel(
    "health",
    "Health",
    h("h3", null, "Gateways"),
    h("ul", null, gateways),
    h("h3", null, "Their upstreams"),
    h("ul", null, upstreams),
    h("p", { class: "quiet" }, `Names come from ${snapshot.network.note}.`),
  );
}

const LIMIT_NAMES = {
  query: "One query",
  hour: "An hour",
  day: "A day",
  price: "A unit's price",
  lanes: "All lanes",
} as const;

export function Limits({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const rows = snapshot.limits.map(({ name, limit, used }) => {
    const part =
      used === null || BigInt(limit) === 0n ? 0 : Number((BigInt(used) * 1_000n) / BigInt(limit)) / 1_000;
    return h(
      "li",
      { key: name },
      h("span", { class: "who" }, LIMIT_NAMES[name]),
      h(
        "span",
        { class: "what" },
        used === null ? `at most ${money(limit)}` : `${money(used)} of ${money(limit)}`,
      ),
      used === null
        ? null
        : h("meter", {
            min: 0,
            max: 1,
            high: 0.8,
            value: Math.min(1, part),
            "aria-label": `${LIMIT_NAMES[name]}: ${Math.round(part * 100)} % used`,
          }),
    );
  });
  return panel(
    "limits",
    "Spend limits",
    h("ul", null, rows),
    h(
      "p",
      { class: "quiet" },
      `Checked before anything is signed. Beyond them queries ${snapshot.payments.outOfMoney === "fail" ? "fail with a reason" : "go to the free upstreams"}.`,
    ),
  );
}
