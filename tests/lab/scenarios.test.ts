import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { readScenario, readScenarios, ScenarioError } from "./scenario/read.ts";
import { BACKENDS, CENTRALS, GATEWAYS, REGION_OF } from "./world/plan.ts";
import { VERIFIERS } from "./world/verifiers.ts";

const whole = {
  about: "x",
  phases: [
    { phase: "calm", seconds: 1, do: [] },
    { phase: "fault", seconds: 1, do: [{ do: "kill", what: "backend:a" }] },
    { phase: "healed", seconds: 1, do: [{ do: "start", what: "backend:a" }] },
  ],
  expect: { successBps: 9_990 },
};
const read = (change: object) => () => readScenario(JSON.stringify({ ...whole, ...change }), "trial");
const fault = (action: object) => [
  whole.phases[0],
  { phase: "fault", seconds: 1, do: [action] },
  whole.phases[2],
];

describe("scenarios of the outage lab", () => {
  it("are read, each under its file's name", () => {
    const files = readdirSync(new URL("./scenarios/", import.meta.url)).length;
    expect(readScenarios().map(({ name }) => name)).to.have.lengthOf(files);
    expect(readScenarios(["kill"])[0]).to.include({ name: "kill" });
  });

  it("name only what the lab has", () => {
    const known = new Set([
      ...[...BACKENDS, ...CENTRALS].map(({ name }) => `backend:${name}`),
      ...GATEWAYS.map(({ name }) => `gateway:${name}`),
      ...VERIFIERS.flatMap(({ name }) => [`verifier:${name}`, `place:${name}`]),
      ...Object.values(REGION_OF).map((place) => `place:${place}`),
      ...[
        "backend:*",
        "backend:preferred",
        "gateway:preferred",
        "chain",
        "verifier:*",
        "place:chain",
        "place:preferred",
      ],
    ]);
    for (const { name, phases, expect: expected } of readScenarios()) {
      const subjects = phases.flatMap((phase) =>
        phase.do.flatMap((action) => ("what" in action ? [action.what] : [])),
      );
      if (expected.leaves !== undefined) subjects.push(expected.leaves);
      subjects.push(...(expected.transitions ?? []).map(({ target }) => target));
      for (const subject of subjects) expect(known, `${name}: ${subject}`).to.include(subject);
    }
  });

  it("mend what they break", () => {
    const undone: Record<string, string> = {
      start: "kill",
      thaw: "freeze",
      clear: "fault",
      join: "cut",
      "rpc-up": "rpc-down",
      honest: "collude",
    };
    for (const { name, phases } of readScenarios()) {
      const broken = new Set<string>();
      for (const action of phases.flatMap((phase) => phase.do)) {
        const what = "what" in action && action.do !== "collude" ? action.what : "";
        const undoes = undone[action.do];
        if (undoes === undefined) broken.add(`${action.do} ${what}`);
        else broken.delete(`${undoes} ${what}`);
      }
      expect([...broken], name).to.deep.equal([]);
    }
  });

  it("are documented field by field, in the page that tells of them", () => {
    const page = readFileSync(new URL("../../docs/reference/outages.md", import.meta.url), "utf8");
    for (const { name } of readScenarios()) expect(page, "docs/reference/outages.md").to.include(name);
  });

  it("are refused with the place of what is wrong", () => {
    const wrong: readonly [string, () => unknown][] = [
      ["trial.more: no such field", read({ more: 1 })],
      ["trial.about: missing", () => readScenario(JSON.stringify({ ...whole, about: undefined }), "trial")],
      ["trial.phases: calm first", read({ phases: [...whole.phases].reverse() })],
      [
        "trial.phases[0].seconds: a number",
        read({ phases: [{ ...whole.phases[0], seconds: 0 }, ...whole.phases.slice(1)] }),
      ],
      ["trial.phases[1].do[0].do: one of", read({ phases: fault({ do: "explode" }) })],
      ["trial.phases[1].do[0].do: one of", read({ phases: fault({ do: "constructor" }) })],
      ["trial.phases[1].do[0].what: a subject", read({ phases: fault({ do: "kill", what: "the moon" }) })],
      [
        "trial.phases[1].do[0].kind: one of",
        read({ phases: fault({ do: "fault", what: "backend:a", kind: "melt" }) }),
      ],
      [
        "trial.phases[1].do[0].share: a number",
        read({ phases: fault({ do: "fault", what: "backend:a", kind: "lose", share: 2 }) }),
      ],
      ["trial.expect.successBps: a whole number", read({ expect: { successBps: 99.9 } })],
      [
        "trial.expect.__proto__: no such field",
        () =>
          readScenario(
            JSON.stringify(whole).replace('{"successBps"', '{"__proto__":1,"successBps"'),
            "trial",
          ),
      ],
      ["trial: JSON", () => readScenario("{", "trial")],
    ];
    for (const [text, attempt] of wrong) expect(attempt, text).to.throw(ScenarioError, text);
  });
});
