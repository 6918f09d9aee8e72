import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { cleanEnv, ROOT, run, temporaryFolder } from "./run.ts";
import { startUpProcess, type Up } from "./up.ts";

/** Lines of the fenced blocks of a page, in order. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  return [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.trim().split("\n"));
}

describe("docs/quick-start.md", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  let up: Up;
  before(async () => {
    up = await startUpProcess(folder.path);
    expect((await up.name()).why).to.equal(null);
    expect((await up.policy()).why).to.equal(null);
  });
  after(async () => {
    await up?.end("SIGKILL");
    folder.remove();
  });

  /** What a reader types, with this run's addresses in place of the usual ones. */
  const here = (command: string): string => {
    const { resolver, encrypted } = up.ready;
    return command
      .replaceAll("-p 5300", `-p ${resolver[0]?.port}`)
      .replaceAll(":8443", `:${encrypted.doh.port}`)
      .replaceAll("~/.local/share/tolldns", folder.path)
      .replaceAll("http://welcome.test/", up.ready.try[1]?.split(" ").at(-1) ?? "");
  };
  const commands = commandsOf("quick-start.md").filter((line) => !/^(git|cd|npm) /.test(line));

  for (const command of commands) {
    it(`works when typed: ${command}`, async () => {
      const env = { ...cleanEnv(), TOLLDNS_DATA: folder.path };
      const { code, stdout, stderr } = await run("bash", ["-c", here(command)], {
        cwd: ROOT,
        env,
        timeout: 240_000,
      });
      expect(code, stderr).to.equal(0);
      expect(stdout.trim()).to.not.equal("");
      if (command.startsWith("dig") && command.includes("new."))
        expect(stdout).to.match(/SERVFAIL[\s\S]*EDE: .*stopped/);
      else if (command.includes("dig")) expect(stdout).to.match(/NOERROR|192\.0\.2\.99/);
    });
  }

  it("still has the commands that matter", () => {
    for (const part of [
      "dig @",
      "curl --doh-url",
      "tolldns wallet lanes",
      "tolldns verify hello.dns",
      "name set",
      "policy register",
      "policy log --check",
      "edge stop",
      "wallet withdraw",
    ])
      expect(
        commands.some((line) => line.includes(part)),
        part,
      ).to.equal(true);
  });
});
