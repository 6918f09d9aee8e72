import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { FAULT_KINDS } from "../fixtures/faults.ts";
import type { Scenario } from "./scenario.ts";

const FOLDER = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** A file that is no scenario: says where, and what was wanted. */
export class ScenarioError extends Error {
  constructor(where: string, wanted: string) {
    super(`${where}: ${wanted}`);
    this.name = "ScenarioError";
  }
}

/** All scenarios in order of name, or those named in the order given. @throws ScenarioError */
export function readScenarios(names: readonly string[] = []): Scenario[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .sort();
  const all = files.map((file) => readScenario(readFileSync(FOLDER + file, "utf8"), basename(file, ".json")));
  for (const name of names)
    if (!all.some((one) => one.name === name))
      throw new ScenarioError(name, `no such scenario; there are ${all.map((one) => one.name).join(", ")}`);
  return names.length === 0 ? all : names.flatMap((name) => all.filter((one) => one.name === name));
}

/** Reads one strictly: unknown fields, wrong types and values out of range are refused. @throws ScenarioError */
export function readScenario(text: string, name: string): Scenario {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ScenarioError(name, "JSON");
  }
  const fields = SCENARIO(json, name) as Omit<Scenario, "name">;
  const order = fields.phases.map(({ phase }) => phase);
  if (order[0] !== "calm" || order.at(-1) !== "healed" || !order.includes("fault"))
    throw new ScenarioError(`${name}.phases`, "calm first, healed last, a fault between");
  return { name, ...fields };
}

type Check = (value: unknown, where: string) => unknown;

const text: Check = (value, where) => {
  if (typeof value !== "string" || value.length === 0) throw new ScenarioError(where, "a text");
  return value;
};
const matching =
  (pattern: RegExp, wanted: string): Check =>
  (value, where) => {
    if (typeof value !== "string" || !pattern.test(value)) throw new ScenarioError(where, wanted);
    return value;
  };
const oneOf = (values: readonly string[]): Check =>
  matching(new RegExp(`^(${values.join("|")})$`), `one of ${values.join(", ")}`);
const number =
  (least: number, most: number, whole = false): Check =>
  (value, where) => {
    if (
      typeof value !== "number" ||
      !(value >= least && value <= most) ||
      (whole && !Number.isInteger(value))
    )
      throw new ScenarioError(where, `a${whole ? " whole" : ""} number from ${least} to ${most}`);
    return value;
  };
const flag: Check = (value, where) => {
  if (typeof value !== "boolean") throw new ScenarioError(where, "true or false");
  return value;
};
const list =
  (check: Check, least = 0): Check =>
  (value, where) => {
    if (!Array.isArray(value) || value.length < least)
      throw new ScenarioError(where, `a list of at least ${least}`);
    return value.map((one, i) => check(one, `${where}[${i}]`));
  };
const object =
  (needed: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value, where) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new ScenarioError(where, "an object");
    for (const key of Object.keys(needed))
      if (!(key in value)) throw new ScenarioError(`${where}.${key}`, "missing");
    const checks = { ...needed, ...optional };
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => {
        if (!Object.hasOwn(checks, key)) throw new ScenarioError(`${where}.${key}`, "no such field");
        return [key, (checks[key] as Check)(one, `${where}.${key}`)];
      }),
    );
  };

const SUBJECT = matching(
  /^(backend|gateway|verifier):(\*|[a-z0-9]+)$|^chain$/,
  "a subject such as backend:a",
);
const BACKEND = matching(/^backend:(\*|[a-z0-9]+)$/, "backend:NAME or backend:*");
const PLACE = matching(/^place:[a-z0-9]+$/, "place:NAME");
const STATES = ["HEALTHY", "DEGRADED", "DISABLED", "RECOVERING"];

const ON_SUBJECT = object({ do: text, what: SUBJECT });
const NOTHING_MORE = object({ do: text });
const ACTIONS: Readonly<Record<string, Check>> = {
  kill: ON_SUBJECT,
  start: ON_SUBJECT,
  freeze: ON_SUBJECT,
  thaw: ON_SUBJECT,
  fault: object(
    { do: text, what: BACKEND, kind: oneOf(FAULT_KINDS) },
    { share: number(0, 1), ms: number(1, 10_000, true), from: matching(/^[a-z0-9]+$/, "a place") },
  ),
  clear: object({ do: text, what: BACKEND }),
  cut: object({ do: text, what: PLACE }),
  join: object({ do: text, what: PLACE }),
  "rpc-down": NOTHING_MORE,
  "rpc-up": NOTHING_MORE,
  collude: object({ do: text, what: BACKEND, verifiers: number(1, 16, true) }),
  honest: NOTHING_MORE,
};
const ACTION: Check = (value, where) => {
  const name = (value as { do?: unknown } | null)?.do;
  if (typeof name !== "string" || !Object.hasOwn(ACTIONS, name))
    throw new ScenarioError(`${where}.do`, `one of ${Object.keys(ACTIONS).join(", ")}`);
  return (ACTIONS[name] as Check)(value, where);
};

const SCENARIO = object(
  {
    about: text,
    phases: list(
      object({ phase: oneOf(["calm", "fault", "healed"]), seconds: number(1, 300), do: list(ACTION) }),
      3,
    ),
    expect: object(
      { successBps: number(0, 10_000, true) },
      {
        of: oneOf(["all", "popular"]),
        leaves: SUBJECT,
        own: flag,
        transitions: list(object({ target: BACKEND, to: oneOf(STATES) })),
      },
    ),
  },
  { needs: list(oneOf(["namespaces", "verifiers"])) },
);
