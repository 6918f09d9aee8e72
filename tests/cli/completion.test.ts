import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS } from "@tolldns/cli";
import { expect } from "chai";
import { run, temporaryFolder, tolldns } from "./run.ts";

describe("shell completion", () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  async function complete(line: string): Promise<string[]> {
    const { stdout: script } = await tolldns(["completion", "bash"]);
    const file = join(folder.path, "completion.bash");
    writeFileSync(file, script);
    const words = line.split(" ");
    const ask = `source ${file}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _tolldns; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await run("bash", ["-c", ask]);
    expect(stderr).to.equal("");
    return stdout.split("\n").filter((word) => word !== "");
  }

  it("offers the commands in bash", async () => {
    expect(await complete("tolldns ")).to.include.members(COMMANDS.map(({ name }) => name));
    expect(await complete("tolldns wal")).to.deep.equal(["wallet"]);
  });

  it("offers sub-commands, flags of where one is, and choices in bash", async () => {
    expect(await complete("tolldns wallet wi")).to.deep.equal(["withdraw"]);
    expect(await complete("tolldns name rec")).to.have.members(["reclaim", "records"]);
    expect(await complete("tolldns edge run --per-")).to.have.members([
      "--per-query",
      "--per-hour",
      "--per-day",
    ]);
    expect(await complete("tolldns edge --out-of-money ")).to.have.members(["fail", "free"]);
    expect(await complete("tolldns completion ")).to.have.members(["bash", "zsh", "fish"]);
  });

  it("writes scripts that bash can parse, and names every command for zsh and fish", async () => {
    const { stdout: bash } = await tolldns(["completion", "bash"]);
    const file = join(folder.path, "syntax.bash");
    writeFileSync(file, bash);
    expect((await run("bash", ["-n", file])).stderr).to.equal("");
    for (const shell of ["zsh", "fish"]) {
      const { code, stdout } = await tolldns(["completion", shell]);
      expect(code).to.equal(0);
      for (const { name } of COMMANDS) expect(stdout).to.include(name);
    }
  });

  it("refuses another shell", async () => {
    expect((await tolldns(["completion", "csh"])).code).to.equal(2);
  });
});
