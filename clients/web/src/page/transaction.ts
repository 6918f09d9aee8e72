/// <reference lib="dom" />
import { h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { count, time } from "./format.ts";
import { ask } from "./live.ts";

/** The parts of `getTransaction` that are shown. */
interface Told {
  readonly slot: number;
  readonly blockTime: number | null;
  readonly version?: number | "legacy";
  readonly meta: {
    readonly fee: number;
    readonly err: unknown;
    readonly computeUnitsConsumed?: number;
    readonly logMessages?: readonly string[] | null;
  } | null;
  readonly transaction: {
    readonly signatures: readonly string[];
    readonly message: {
      readonly accountKeys: readonly string[];
      readonly instructions: readonly {
        readonly programIdIndex: number;
        readonly accounts: readonly number[];
        readonly data: string;
      }[];
    };
  };
}

/** A page of one transaction, as the RPC tells it. */
export function Transaction({ apiKey, signature }: { apiKey: string; signature: string }): JSX.Element {
  const [told, setTold] = useState<Told | null | undefined>(undefined);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    ask<{ transaction: Told | null }>(apiKey, `/api/transaction/${signature}`).then(
      ({ transaction }) => setTold(transaction),
      (error: Error) => setFailure(error.message),
    );
  }, [signature]);
  return h(
    "main",
    { class: "transaction" },
    h("p", null, h("a", { href: "/" }, "← Dashboard")),
    h("h1", null, "Transaction"),
    h("p", { class: "mono signature" }, signature),
    failure !== ""
      ? h("p", { role: "alert" }, `${failure}.`)
      : told === undefined
        ? h("p", null, "Asking the RPC…")
        : told === null
          ? h("p", { role: "alert" }, "The RPC does not know this transaction.")
          : show(told),
  );
}

function show({ slot, blockTime, version, meta, transaction }: Told): (JSX.Element | null)[] {
  const { accountKeys, instructions } = transaction.message;
  const facts: [string, string][] = [
    [
      "Result",
      meta === null ? "unknown" : meta.err === null ? "succeeded" : `failed: ${JSON.stringify(meta.err)}`,
    ],
    ["Slot", count(slot)],
    [
      "Time",
      blockTime === null
        ? "unknown"
        : `${new Date(blockTime * 1_000).toLocaleDateString("en-GB")} ${time(blockTime)}`,
    ],
    ["Fee", meta === null ? "unknown" : `${count(meta.fee)} lamports`],
    [
      "Compute units",
      meta?.computeUnitsConsumed === undefined ? "unknown" : count(meta.computeUnitsConsumed),
    ],
    ["Version", String(version ?? "legacy")],
    ["Fee payer", accountKeys[0] ?? ""],
  ];
  return [
    h(
      "dl",
      { class: "panel facts wide" },
      facts.map(([name, value]) =>
        h(
          "div",
          { key: name },
          h("dt", null, name),
          h("dd", { class: name === "Fee payer" ? "mono" : "" }, value),
        ),
      ),
    ),
    h(
      "section",
      { class: "panel" },
      h("h2", null, "Instructions"),
      h(
        "ol",
        null,
        instructions.map((one, index) =>
          h(
            "li",
            { key: index },
            h("div", { class: "mono" }, accountKeys[one.programIdIndex] ?? "?"),
            h(
              "div",
              { class: "quiet" },
              `${one.accounts.length} accounts, ${one.data.length} base58 characters of data`,
            ),
          ),
        ),
      ),
    ),
    h(
      "section",
      { class: "panel" },
      h("h2", null, "Logs"),
      h("pre", { tabIndex: 0 }, (meta?.logMessages ?? ["The RPC keeps no logs of it."]).join("\n")),
    ),
    h(
      "section",
      { class: "panel" },
      h("h2", null, "Accounts"),
      h(
        "ol",
        { class: "mono" },
        accountKeys.map((key) => h("li", { key }, key)),
      ),
    ),
  ];
}
