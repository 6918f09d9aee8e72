/// <reference lib="dom" />
import { h, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Snapshot } from "../snapshot.ts";
import { ask } from "./live.ts";

/** Milliseconds in which the second press must come. */
const ARMED_FOR = 6_000;

/** The emergency stop: one press arms it, a second ends payments. */
export function Stop({ apiKey, on }: { apiKey: string; on: boolean }): JSX.Element {
  const [state, setState] = useState<"idle" | "armed" | "working">("idle");
  const [failure, setFailure] = useState("");
  useEffect(() => {
    if (state !== "armed") return;
    const timer = setTimeout(() => setState("idle"), ARMED_FOR);
    return () => clearTimeout(timer);
  }, [state]);

  const press = async () => {
    if (state === "idle") return setState("armed");
    setState("working");
    setFailure("");
    try {
      await ask<Snapshot>(apiKey, "/api/stop", "POST");
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setState("idle");
  };
  const label = !on
    ? "Payments ended"
    : { idle: "Emergency stop", armed: "Press again to end payments", working: "Stopping…" }[state];
  return h(
    "div",
    { class: "stop" },
    h(
      "button",
      {
        type: "button",
        id: "stop",
        class: state,
        disabled: !on || state === "working",
        onClick: press,
        onKeyDown: (event: KeyboardEvent) => event.key === "Escape" && setState("idle"),
      },
      label,
    ),
    h("p", { role: "alert" }, failure),
  );
}

export function Banner({ snapshot }: { snapshot: Snapshot }): JSX.Element {
  const { payments } = snapshot;
  return h(
    "div",
    { role: "status", class: payments.on ? "banner none" : "banner" },
    payments.on
      ? null
      : [
          h("strong", { key: "what" }, "Payments ended. "),
          payments.revoked
            ? "The session keys are revoked on chain. "
            : "The session keys are being revoked on chain. ",
          payments.outOfMoney === "fail"
            ? "Queries that would cost money now fail; cached ones are answered. "
            : "Queries now go to the free upstreams. ",
          "To pay again: ",
          h("code", { key: "how" }, "npx tolldns edge resume"),
        ],
  );
}
