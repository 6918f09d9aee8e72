/// <reference lib="dom" />
import { h, type JSX, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Snapshot } from "../snapshot.ts";
import { Epochs } from "./epochs/page.ts";
import { Flow } from "./flow.ts";
import { follow, keepKey, type LiveState, readKey } from "./live.ts";
import { Names } from "./names/page.ts";
import { Nav } from "./nav.ts";
import { Health, Limits, Queries, Settlements } from "./panels.ts";
import { Policy } from "./policy/page.ts";
import { Banner, Stop } from "./stop.ts";
import { Transaction } from "./transaction.ts";

/** Rates shown: one a second for a minute. */
const MINUTE = 60;

function App({ apiKey }: { apiKey: string }): JSX.Element {
  const signature = /^\/tx\/(.+)$/.exec(location.pathname)?.[1];
  if (signature !== undefined) return h(Transaction, { apiKey, signature });
  return h(Dashboard, { apiKey });
}

function Dashboard({ apiKey }: { apiKey: string }): JSX.Element {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [state, setState] = useState<LiveState>("waiting");
  const [samples, setSamples] = useState<readonly { at: number; total: number }[]>([]);
  useEffect(
    () =>
      follow(
        apiKey,
        (next) => {
          setSnapshot(next);
          setSamples((all) => [
            ...all.filter(({ at }) => at > next.at - MINUTE - 2),
            { at: next.at, total: next.queries.total },
          ]);
        },
        setState,
      ),
    [],
  );
  if (state === "refused") return h(KeyForm, {});
  if (snapshot === null)
    return h(
      "p",
      { class: "wait" },
      state === "lost" ? "The dashboard doesn't answer. Is `tolldns up` running?" : "Connecting…",
    );
  const live = state === "live";
  const at = pageOf(location.pathname);
  return h(
    "main",
    null,
    h(
      "header",
      null,
      h("h1", null, "TollDNS"),
      h(
        "span",
        { class: `chip ${snapshot.network.kind === "real" ? "good" : "busy"}` },
        snapshot.network.kind === "real" ? "real names" : "fixture internet",
      ),
      h(
        "span",
        { class: `chip ${live ? "good" : "bad"}`, id: "live" },
        live ? `live · slot ${snapshot.chain.slot ?? "–"}` : "connection lost",
      ),
      h(Nav, { at }),
      h(Stop, { apiKey, on: snapshot.payments.on }),
    ),
    h(Banner, { snapshot }),
    body(at, snapshot, { apiKey, live, rates: ratesOf(samples) }),
    h("footer", null, `Chain at ${snapshot.chain.rpc}. `, snapshot.payments.reasons.join(" ")),
  );
}

type Page = "/" | "/names" | "/epochs" | "/policy";

const pageOf = (path: string): Page =>
  (["/names", "/epochs", "/policy"] as const).find((page) => path.startsWith(page)) ?? "/";

function body(
  at: Page,
  snapshot: Snapshot,
  { apiKey, live, rates }: { apiKey: string; live: boolean; rates: readonly number[] },
): JSX.Element {
  const { dns, policy } = snapshot;
  const missing = (text: string) => h("p", { class: "panel quiet" }, text);
  if (at === "/") return h(Money, { snapshot, live, rates });
  if (at === "/policy")
    return policy === null
      ? missing(
          "The policy program is not on this chain, or not yet: after a first start it follows within a minute.",
        )
      : h(Policy, { policy });
  if (dns === null) return missing("The programs of .dns are not on this chain.");
  return at === "/names" ? h(Names, { apiKey, dns }) : h(Epochs, { dns });
}

function Money({
  snapshot,
  live,
  rates,
}: {
  snapshot: Snapshot;
  live: boolean;
  rates: readonly number[];
}): JSX.Element {
  return h(
    "div",
    null,
    h(Flow, { snapshot, live }),
    h(
      "div",
      { class: "grid" },
      h("div", { class: "column" }, h(Queries, { snapshot, rates })),
      h(
        "div",
        { class: "column" },
        h(Settlements, { snapshot }),
        h(Limits, { snapshot }),
        h(Health, { snapshot }),
      ),
    ),
  );
}

/** Queries a second, second by second, from totals at uneven times. */
function ratesOf(samples: readonly { at: number; total: number }[]): number[] {
  const last = samples.at(-1);
  if (last === undefined) return [];
  return Array.from({ length: MINUTE }, (_, index) => {
    const end = last.at - (MINUTE - 1 - index);
    return Math.max(0, totalAt(samples, end) - totalAt(samples, end - 1));
  });
}

function totalAt(samples: readonly { at: number; total: number }[], at: number): number {
  const after = samples.findIndex((sample) => sample.at >= at);
  if (after <= 0) return samples[after === 0 ? 0 : samples.length - 1]?.total ?? 0;
  const [a, b] = [samples[after - 1], samples[after]];
  if (a === undefined || b === undefined || b.at === a.at) return b?.total ?? 0;
  return a.total + ((b.total - a.total) * (at - a.at)) / (b.at - a.at);
}

/** For whoever opens the bare address. */
function KeyForm(): JSX.Element {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem("key") as HTMLInputElement;
    keepKey(field.value.trim().replace(/^.*#/, ""));
    location.reload();
  };
  return h(
    "main",
    { class: "key" },
    h("h1", null, "TollDNS"),
    h(
      "p",
      null,
      "This page can stop payments, so it needs the key at the end of the address that `tolldns up` shows.",
    ),
    h(
      "form",
      { onSubmit: submit as never },
      h(
        "label",
        null,
        "Key or whole address ",
        h("input", { name: "key", autocomplete: "off", required: true }),
      ),
      " ",
      h("button", { type: "submit" }, "Open"),
    ),
  );
}

const key = readKey();
const app = document.getElementById("app");
if (app !== null) {
  app.textContent = "";
  render(key === null ? h(KeyForm, {}) : h(App, { apiKey: key }), app);
}
