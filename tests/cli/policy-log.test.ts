import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openDecisionLog } from "@tolldns/policy/log/log";
import { expect } from "chai";
import { decisionFolder } from "../../clients/cli/src/policy/logs.ts";
import { cleanEnv, TOLLDNS, temporaryFolder, tolldns } from "./run.ts";

const SLOW = "udp://192.0.2.1:53";
const GOOD = "udp://192.0.2.2:53";

describe("tolldns policy log", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const data = folder.path;
  const file = (place: "gateway" | "edge") => join(decisionFolder(data, place), "decisions.jsonl");
  after(() => folder.remove());

  const ask = async (...args: string[]) => {
    const { code, stdout, stderr } = await tolldns(["policy", "log", "--json", "--data", data, ...args]);
    return {
      code,
      lines:
        stdout.trim() === ""
          ? []
          : stdout
              .trim()
              .split("\n")
              .map((line) => JSON.parse(line)),
      error: stderr === "" ? null : JSON.parse(stderr).error,
    };
  };

  it("says what to do where there is no log yet", async () => {
    const { code, error } = await ask();
    expect(code).to.equal(3);
    expect(error).to.include({ code: "log-missing", number: 8052 });
    expect(error.hint).to.include("--folder");
  });

  it("shows the decisions of gateway and edge in the order they were made", async () => {
    const gateway = await openDecisionLog({ folder: decisionFolder(data, "gateway"), where: "gateway" });
    const edge = await openDecisionLog({ folder: decisionFolder(data, "edge"), where: "edge" });
    gateway.append({
      kind: "switch",
      subject: "backends",
      from: SLOW,
      to: GOOD,
      why: `left ${SLOW} for ${GOOD}`,
    });
    await gateway.close();
    await edge.close();
    const { lines } = await ask();
    expect(lines.map(({ where, kind }) => `${where} ${kind}`)).to.have.members([
      "gateway start",
      "edge start",
      "gateway switch",
      "gateway stop",
      "edge stop",
    ]);
    expect(lines.map(({ at }) => at)).to.deep.equal(lines.map(({ at }) => at).toSorted((a, b) => a - b));
    const { stdout } = await tolldns(["policy", "log", "--data", data, "--where", "gateway"]);
    expect(stdout).to.match(
      /^\d\d:\d\d:\d\d {2}gateway {2}start {7}.*\n.* gateway {2}switch {6}left udp:\/\/192\.0\.2\.1:53 for udp:\/\/192\.0\.2\.2:53\n/,
    );
    expect((await ask("--last", "2", "--where", "gateway")).lines.map(({ kind }) => kind)).to.deep.equal([
      "switch",
      "stop",
    ]);
    expect((await ask("--since", "2099-01-01")).lines).to.deep.equal([]);
  });

  it("finds the logs of a gateway's processes, and that of an edge that runs alone", async () => {
    for (const [folder, where] of [
      [`${decisionFolder(data, "gateway")}-1`, "gateway"],
      [join(data, "edge", "decisions"), "edge"],
    ] as const)
      await (await openDecisionLog({ folder, where })).close();
    expect((await ask()).lines).to.have.length(9);
    expect((await ask("--where", "edge")).lines).to.have.length(4);
    rmSync(`${decisionFolder(data, "gateway")}-1`, { recursive: true });
    rmSync(join(data, "edge"), { recursive: true });
  });

  it("follows a log while it is written", async () => {
    const child = spawn(TOLLDNS, ["policy", "log", "--follow", "--last", "0", "--json", "--data", data], {
      env: cleanEnv(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const writer = await openDecisionLog({ folder: decisionFolder(data, "edge"), where: "edge" });
    const seen: string[] = [];
    const lines = createInterface({ input: child.stdout });
    // It may begin to follow before or after the writer's first line; what comes later must be told either way.
    const writing = setInterval(
      () => writer.append({ kind: "eject", subject: SLOW, from: null, to: null, why: "gone" }),
      100,
    );
    for await (const line of lines) {
      seen.push(JSON.parse(line).kind);
      if (seen.at(-1) === "eject") break;
    }
    clearInterval(writing);
    const gone = once(child, "exit");
    child.kill("SIGINT");
    expect((await gone)[0]).to.equal(0);
    await writer.close();
  });

  it("finds every line in its place with --check", async () => {
    const { code, lines } = await ask("--check");
    expect(code).to.equal(0);
    expect(lines[0].logs).to.have.length(2);
    for (const log of lines[0].logs) expect(log).to.include({ ok: true, cut: false, first: 0 });
  });

  it("tells the first line that was changed afterwards, and exits with 1", async () => {
    const good = readFileSync(file("gateway"), "utf8");
    writeFileSync(file("gateway"), good.replace(`left ${SLOW}`, `left ${GOOD}`));
    const { code, error } = await ask("--check");
    expect(code).to.equal(1);
    expect(error).to.include({ code: "log-broken", number: 8053 });
    expect(error.message).to.include(`${file("gateway")}:2: the line is damaged, or was changed`);
    writeFileSync(file("gateway"), good);
  });

  it("tells a line that was taken out", async () => {
    const good = readFileSync(file("gateway"), "utf8");
    writeFileSync(file("gateway"), good.split("\n").toSpliced(1, 1).join("\n"));
    const { error } = await ask("--check", "--folder", decisionFolder(data, "gateway"));
    expect(error.message).to.include("line number 2 after 0: lines are missing or out of order");
    writeFileSync(file("gateway"), good);
  });

  it("takes a last line that was cut for what it is", async () => {
    const good = readFileSync(file("gateway"), "utf8");
    writeFileSync(file("gateway"), `${good}{"n":3,"at":`);
    const { stdout, code } = await tolldns([
      "policy",
      "log",
      "--check",
      "--where",
      "gateway",
      "--data",
      data,
    ]);
    expect(code).to.equal(0);
    expect(stdout).to.include("the last line was cut while it was written");
    writeFileSync(file("gateway"), good);
  });

  it("refuses times and numbers that are none", async () => {
    for (const args of [
      ["--since", "yesterday"],
      ["--since", "25:00"],
      ["--since", "2026-13-45"],
      ["--last", "-1"],
      ["--where", "miner"],
    ]) {
      const { code, error } = await ask(...args);
      expect(code, args.join(" ")).to.equal(2);
      expect(error.code).to.equal("usage");
    }
  });
});
