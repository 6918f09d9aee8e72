import { COMMANDS, type CommandSpec, flagOf, TABLE } from "@tolldns/cli";
import { expect } from "chai";
import { run, TOLLDNS, tolldns } from "./run.ts";

/** Every command with the words that lead to it. */
function walk(
  specs: readonly CommandSpec[],
  path: readonly string[] = [],
): { path: readonly string[]; spec: CommandSpec }[] {
  return specs.flatMap((spec) => {
    const here = [...path, spec.name];
    return [{ path: here, spec }, ...walk(spec.commands ?? [], here)];
  });
}

describe("tolldns --help", () => {
  it("lists every role and the exit codes", async () => {
    const { code, stdout } = await tolldns(["--help"]);
    expect(code).to.equal(0);
    for (const role of [
      "up",
      "gateway",
      "edge",
      "keeper",
      "witness",
      "verifier",
      "policy",
      "stake",
      "wallet",
      "name",
      "verify",
      "epoch",
      "chain",
      "init",
      "completion",
    ])
      expect(stdout).to.match(new RegExp(`^  ${role}\\b`, "m"));
    expect(stdout).to.include("Exit codes: 0 done · 1 failed · 2 wrong use");
  });

  for (const { path, spec } of walk(COMMANDS)) {
    it(`explains ${path.join(" ")} with examples, its settings and the flags of every command`, async () => {
      const { code, stdout, stderr } = await tolldns([...path, "--help"]);
      expect(code, stderr).to.equal(0);
      expect(stdout).to.include(spec.about.split(" ").slice(0, 4).join(" "));
      expect(stdout).to.match(/^Examples:\n {2}\S/m);
      for (const section of spec.sections ?? [])
        for (const key of Object.keys(TABLE[section])) expect(stdout).to.include(flagOf(key));
      for (const flag of ["--json", "--config", "--data", "--help"]) expect(stdout).to.include(flag);
    });
  }

  it("names only commands in its examples that exist", () => {
    const known = new Set(walk(COMMANDS).map(({ path }) => path.join(" ")));
    for (const { spec } of walk(COMMANDS))
      for (const [example] of spec.examples)
        for (const [, words = ""] of example.matchAll(
          /tolldns ([a-z][a-z -]*?)(?= -|$| [^a-z]|\)| >| &&| \|)/g,
        )) {
          const [role = "", sub = ""] = words.split(" ");
          expect(known.has(role) || role === "", example).to.equal(true);
          const hasSubs = COMMANDS.find(({ name }) => name === role)?.commands !== undefined;
          if (hasSubs && /^[a-z]/.test(sub)) expect(known.has(`${role} ${sub}`), example).to.equal(true);
        }
  });
});

describe("tolldns, used wrongly", () => {
  const cases: [string, string[], RegExp][] = [
    [
      "refuses an unknown command and names the nearest",
      ["walet"],
      /unknown command 'walet'\n.*Did you mean wallet\?/,
    ],
    [
      "refuses an unknown flag and names the nearest",
      ["up", "--dns-prot", "1"],
      /unknown option '--dns-prot'\n.*--dns-port.*tolldns up --help/,
    ],
    [
      "refuses a missing argument",
      ["wallet", "deposit"],
      /missing required argument 'amount'\n.*tolldns wallet deposit --help/,
    ],
    [
      "refuses a value of the wrong kind with what is wanted",
      ["up", "--dns-port", "99999"],
      /--dns-port must be a port from 0 \(a free one\) to 65535, not "99999"\n/,
    ],
  ];
  for (const [name, args, expected] of cases) {
    it(name, async () => {
      const { code, stdout, stderr } = await tolldns(args);
      expect(stderr).to.match(expected);
      expect(stderr.trimEnd().split("\n"), "one line what, one line what to do").to.have.length(2);
      expect(stdout).to.equal("");
      expect(code).to.equal(2);
    });
  }

  it("writes errors as JSON with --json", async () => {
    const { code, stderr } = await tolldns(["wallet", "address", "--json", "--key", "/nonexistent/key"]);
    const { error } = JSON.parse(stderr) as { error: Record<string, unknown> };
    expect(error).to.include({ code: "wallet-missing", number: 8020 });
    expect(error.hint).to.include("tolldns wallet create");
    expect(code).to.equal(2);
  });

  it("exits with 3 when nothing runs that could be asked", async () => {
    const { code, stderr } = await tolldns(["edge", "stop", "--data", "/nonexistent"]);
    expect(code).to.equal(3);
    expect(stderr).to.match(/no edge runs/);
  });
});

describe("the launcher", () => {
  it("runs under the project's Node whatever PATH has", async () => {
    const { code, stdout } = await run(TOLLDNS, ["--version"], { env: { PATH: "/usr/bin:/bin" } });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });
});
