/// <reference lib="dom" />
import { formatAddress } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import { formatData, formatName, typeName } from "@tolldns/sdk/zone";
import { h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DnsSnapshot } from "../../snapshot.ts";
import { money, shorten } from "../format.ts";
import { panel } from "../panels.ts";
import { row, table } from "../table.ts";
import type { Checked } from "./check.ts";
import { Drawing } from "./drawing.ts";
import { type Found, lookUp } from "./lookup.ts";

const day = (seconds: bigint | number): string =>
  new Date(Number(seconds) * 1_000).toISOString().slice(0, 10);

/** Search, what is found, and its proof. */
export function Names({ apiKey, dns }: { apiKey: string; dns: DnsSnapshot }): JSX.Element {
  const [wanted, setWanted] = useState(nameInAddress);
  const [found, setFound] = useState<Found | null>(null);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);

  const search = async (text: string) => {
    if (text.trim() === "") return;
    setBusy(true);
    setFailure("");
    try {
      const result = await lookUp(apiKey, dns, text);
      setFound(result);
      const path = `/names/${result.label}.dns`;
      if (location.pathname !== path) history.pushState(null, "", path);
    } catch (error) {
      setFound(null);
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  useEffect(() => {
    if (wanted !== "") void search(wanted);
    const back = () => {
      setWanted(nameInAddress());
      void search(nameInAddress());
    };
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const choose = (name: string) => {
    setWanted(name);
    void search(name);
  };

  return h(
    "div",
    { class: "names" },
    h(
      "form",
      {
        class: "search",
        role: "search",
        onSubmit: ((event: SubmitEvent) => {
          event.preventDefault();
          void search(wanted);
        }) as never,
      },
      h("label", { for: "name" }, "A name under .dns"),
      h("input", {
        id: "name",
        name: "name",
        value: wanted,
        placeholder: "hello.dns",
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: false,
        onInput: (event: Event) => setWanted((event.target as HTMLInputElement).value),
      }),
      h("button", { type: "submit", disabled: busy }, busy ? "Checking…" : "Look up and prove"),
    ),
    dns.own.length === 0
      ? null
      : h(
          "p",
          { class: "own" },
          "Yours: ",
          dns.own.map(({ name }) =>
            h("button", { key: name, type: "button", class: "chip good", onClick: () => choose(name) }, name),
          ),
        ),
    h("p", { role: "alert", class: failure === "" ? "none" : "failure" }, failure),
    found === null ? null : h(Result, { key: found.label, found }),
  );
}

function nameInAddress(): string {
  return /^\/names\/(.+)$/.exec(location.pathname)?.[1] ?? "";
}

function Result({ found }: { found: Found }): JSX.Element {
  const { proof } = found;
  const checked = "checked" in proof ? proof.checked : null;
  return h(
    "div",
    { class: "grid" },
    h(
      "div",
      { class: "column" },
      owner(found),
      checked === null ? null : records(found, checked),
      past(found),
    ),
    h("div", { class: "column" }, h(Proof, { found })),
  );
}

function owner({ label, tenure, premium, price, name, holder }: Found): JSX.Element {
  const facts: [string, string, string?][] =
    tenure === "free" || name === null
      ? [
          ["State", "free"],
          [premium ? "At least, by auction" : "Price a year", money(price)],
        ]
      : [
          ["State", tenure === "held" ? "registered" : "lapsed, can be renewed"],
          ["Until", day(name.expiresAt)],
          ["Since", day(name.registeredAt)],
          ["Owner", holder ?? "unknown", "mono"],
          ["Its token", formatAddress(name.mint), "mono"],
          ...(name.posted === undefined
            ? []
            : ([["Posted on chain", `version ${name.posted.version}`]] as [string, string][])),
          ...(name.offer === undefined
            ? []
            : ([["Offered to", formatAddress(name.offer.to), "mono"]] as [string, string, string][])),
        ];
  return panel(
    "owner",
    `${label}.dns`,
    h(
      "dl",
      { class: "rows" },
      facts.map(([title, value, kind]) =>
        h(
          "div",
          { key: title },
          h("dt", null, title),
          h("dd", { class: kind ?? "", "data-fact": title }, value),
        ),
      ),
    ),
  );
}

function records({ label }: Found, { status, records, version, epoch }: Checked): JSX.Element {
  const origin = wireName(label);
  const rows = records.map((record) => [
    formatName(record.owner, origin),
    typeName(record.type),
    formatData(record.type, record.data),
    `${record.ttl} s`,
  ]);
  return panel(
    "records",
    "Records",
    status === "refused"
      ? h("p", { class: "failure" }, "None that could be proven.")
      : rows.length === 0
        ? h(
            "p",
            { class: "quiet" },
            status === "absent"
              ? "None: the map of all routes has no entry of this name."
              : "None: the owner published an empty set.",
          )
        : table(
            ["Owner", "Type", "Data", "TTL"],
            rows.map((cells) =>
              row(
                cells.join(" "),
                ...cells.map((text, i) => h("td", { key: i, class: i === 2 ? "mono data" : "mono" }, text)),
              ),
            ),
            { class: "zone" },
          ),
    status === "present"
      ? h(
          "p",
          { class: "quiet" },
          `Version ${version}, as of epoch ${epoch}. `,
          h("code", null, `tolldns verify ${label}.dns`),
          " shows the same.",
        )
      : null,
  );
}

function past({ history }: Found): JSX.Element {
  return panel(
    "history",
    "History",
    history.length === 0
      ? h("p", { class: "quiet" }, "Nothing happened to it yet.")
      : h(
          "ul",
          { class: "past" },
          history.map(({ signature, at, what }) =>
            h(
              "li",
              { key: signature },
              h("span", { class: "who" }, what),
              h(
                "span",
                { class: "what" },
                at === null ? "" : `${day(at)} `,
                h("a", { href: `/tx/${signature}`, class: "mono" }, shorten(signature, 6)),
              ),
            ),
          ),
        ),
  );
}

function Proof({ found }: { found: Found }): JSX.Element {
  const { proof, label } = found;
  if ("why" in proof) return panel("proof", "Proof", h("p", { class: "quiet" }, `${proof.why}.`));
  const { checked, feed } = proof;
  const verdict = { present: "Proven", absent: "Proven absent", refused: "Does not hold" }[checked.status];
  return panel(
    "proof",
    "Proof",
    h(
      "p",
      { class: "verdict", role: "status" },
      h("span", { class: `chip ${checked.status === "refused" ? "bad" : "good"}` }, verdict),
      ` checked in this browser; it came from ${feed}.`,
    ),
    h(Drawing, { checked, label }),
    h(
      "ol",
      { class: "checks" },
      checked.steps.map(({ title, detail, state }) =>
        h(
          "li",
          { key: title, class: state },
          h("span", {
            class: "mark",
            "aria-label": { ok: "holds", bad: "fails", skipped: "not looked at" }[state],
            role: "img",
          }),
          h("span", { class: "who" }, title),
          h("span", { class: "what" }, detail),
        ),
      ),
    ),
    checked.refusal === null ? null : h("p", { class: "failure" }, checked.refusal),
  );
}
