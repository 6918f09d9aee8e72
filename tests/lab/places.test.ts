import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { run } from "../dns/support/processes.ts";
import { openNamespaces, sweepNamespaces } from "./places/namespaces.ts";
import { openPlaces } from "./places/open.ts";
import { startProgram } from "./processes/child.ts";

/** A process number nobody has: above the kernel's greatest. */
const GONE = 4_194_305;
const hasNamespaces = spawnSync("unshare", ["-n", "true"]).status === 0;

describe("places of the outage lab", function () {
  this.timeout(30_000);

  it("are plain processes where asked for, each with addresses of its own", async () => {
    const places = await openPlaces(true);
    const [a, b] = [await places.place("a"), await places.place("b")];
    expect(places.kind).to.equal("processes");
    expect(a.address(1)).to.match(/^127\.\d+\.\d+\.1$/);
    expect(a.prefix).to.not.equal(b.prefix);
    expect(a.inside("dig", ["x"])).to.deep.equal(["dig", ["x"]]);
    await places.close();
  });

  describe("as namespaces", () => {
    before(function () {
      if (hasNamespaces) return;
      console.log("    no namespaces here: the lab runs as plain processes, and says so");
      this.skip();
    });

    const ping = (
      from: { inside(c: string, a: string[]): readonly [string, readonly string[]] },
      to: string,
    ) => {
      // Nobody listens there: a refusal comes back over the line, silence only from a line that is cut.
      const script = `require("net").connect(9,"${to}").on("error",(e)=>console.log(e.code));setTimeout(()=>process.exit(),1500)`;
      const [command, args] = from.inside(process.execPath, ["-e", script]);
      return run(command, args).then(({ stdout }) => stdout.trim());
    };

    it("reach each other until a line is cut", async () => {
      const places = await openNamespaces();
      try {
        const [a, b] = [await places.place("a"), await places.place("b")];
        expect(await ping(a, b.address(1))).to.equal("ECONNREFUSED");
        await b.line?.cut();
        expect(await ping(a, b.address(1))).to.not.equal("ECONNREFUSED");
        await b.line?.join();
        expect(await ping(a, b.address(1))).to.equal("ECONNREFUSED");
      } finally {
        await places.close();
      }
      const { stdout } = await run("ip", ["netns", "list"]);
      expect(stdout).to.not.include(`tolldns-lab-${process.pid}-`);
    });

    it("are swept away when the lab that made them is gone, and only then", async () => {
      const [dead, alive] = [`tolldns-lab-${GONE}-x`, `tolldns-lab-${process.pid}-x`];
      for (const name of [dead, alive]) await run("ip", ["netns", "add", name]);
      await sweepNamespaces();
      const { stdout } = await run("ip", ["netns", "list"]);
      await run("ip", ["netns", "del", alive]);
      expect(stdout).to.not.include(dead);
      expect(stdout).to.include(alive);
    });
  });

  it("take their processes along when the lab is killed", async () => {
    const script = `
      import { readFileSync } from "node:fs";
      import { startProgram } from "${new URL("./processes/child.ts", import.meta.url)}";
      const place = { name: "p", address: (n) => "127.0.0." + n, prefix: "127.0.0.", inside: (c, a) => [c, a], line: null };
      const child = startProgram(place, "sleeper", "sleep", ["300"]);
      const command = () => readFileSync("/proc/" + child.pid + "/cmdline", "utf8");
      while (!command().startsWith("sleep")) await new Promise((resolve) => setTimeout(resolve, 20));
      child.freeze();
      console.log(child.pid);
      setTimeout(() => process.kill(process.pid, "SIGKILL"), 200);
    `;
    const { stdout } = await run(process.execPath, [
      "--input-type=module-typescript",
      "--no-warnings",
      "-e",
      script,
    ]);
    const pid = Number(stdout.trim());
    expect(pid).to.be.greaterThan(1);
    for (let tries = 0; tries < 100 && isAlive(pid); tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive(pid)).to.equal(false);
  });

  it("end their processes when asked, frozen ones too", async () => {
    const places = await openPlaces(true);
    const child = startProgram(await places.place("a"), "sleeper", "sleep", ["300"]);
    child.freeze();
    await child.end();
    expect(child.isRunning()).to.equal(false);
  });
});

/** Zombies are dead. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
