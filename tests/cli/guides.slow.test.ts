import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formatAddress } from "@tolldns/sdk";
import { expect } from "chai";
import { cleanEnv, ROOT, run, TOLLDNS, temporaryFolder, tolldns } from "./run.ts";
import { startUpProcess, type Up } from "./up.ts";

/** Lines of a guide's fenced blocks, in order. */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(ROOT, "docs", "guides", page), "utf8");
  return [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block = ""]) => block.trim().split("\n"))
    .filter((line) => /^(tolldns|dig) /.test(line));
}

describe("the guides of name owners, witnesses, keepers and verifiers", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  const running: ChildProcess[] = [];
  let up: Up;
  let second = "";
  before(async () => {
    up = await startUpProcess(folder.path);
    expect((await up.name()).why).to.equal(null);
    second = await addressOf("second.json");
    expect((await ours("wallet", "fund", "2000")).code).to.equal(0);
    expect((await ours("stake", "fund", "200000")).code).to.equal(0);
    const keeper = join(folder.path, "guide-keeper.json");
    expect((await ours("wallet", "create", "--key", keeper)).code).to.equal(0);
    expect((await ours("wallet", "fund", "1", "--key", keeper)).code).to.equal(0);
    // Another operator than the witness guide's.
    await addressOf("verifier-owner.json");
    const owner = join(folder.path, "verifier-owner.json");
    expect((await ours("stake", "fund", "200000", "--key", owner)).code).to.equal(0);
    expect((await up.policy()).why).to.equal(null);
  });
  after(async () => {
    for (const child of running) child.kill("SIGKILL");
    await up?.end("SIGKILL");
    folder.remove();
  });

  const ours = (...args: string[]) => tolldns(args, { TOLLDNS_DATA: folder.path });
  async function addressOf(file: string): Promise<string> {
    const { stdout } = await ours("wallet", "create", "--json", "--key", join(folder.path, file));
    return JSON.parse(stdout).address;
  }

  /** Address of the key that `tolldns verifier init` made; another one before. */
  function verifierKey(): string {
    const file = join(folder.path, "verifier.json");
    if (!existsSync(file)) return second;
    return formatAddress(Uint8Array.from(JSON.parse(readFileSync(file, "utf8"))).subarray(32));
  }

  /** A resolver of this machine's fixture internet. */
  function resolver(): string {
    const ports = JSON.parse(readFileSync(join(folder.path, "ports.json"), "utf8"));
    return `udp://127.0.0.1:${ports["fixture resolver 1"]}`;
  }

  /** What a reader types, with this run's places in those of the example. */
  function here(command: string): string {
    const wallet = command.includes("transfer") ? up.ready.wallet : second;
    return command
      .replaceAll("<wallet>", wallet)
      .replaceAll("<address>", command.includes("--role verifier") ? verifierKey() : second)
      .replaceAll("<new address>", second)
      .replaceAll("example.zone", join(folder.path, "example.zone"))
      .replaceAll("--payer keeper.json", `--payer ${join(folder.path, "guide-keeper.json")}`)
      .replaceAll("--rpc https://rpc.example.org ", "")
      .replaceAll(/--listen 0\.0\.0\.0:879\d/g, "--listen 127.0.0.1:0")
      .replaceAll("--reference udp://127.0.0.1:5335", `--reference ${resolver()}`)
      .replaceAll("-p 5300", `-p ${up.ready.resolver[0]?.port}`)
      .replace(/^tolldns/, TOLLDNS);
  }
  const env = (page = "") => ({
    ...cleanEnv(),
    TOLLDNS_DATA: folder.path,
    ...(page === "verifier.md" ? { TOLLDNS_WALLET_KEY: join(folder.path, "verifier-owner.json") } : {}),
  });

  /** Starts what keeps running, and waits until it says that it is ready. */
  async function start(command: string, page: string): Promise<string> {
    const child = spawn("bash", ["-c", `exec ${here(command)} --json`], {
      cwd: ROOT,
      env: env(page),
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    return new Promise((resolve, reject) => {
      child.stdout.setEncoding("utf8").once("data", resolve);
      child.once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${errors}`)));
    });
  }

  const keepsRunning = /^tolldns (witness --|verifier --|keeper quorum)/;
  for (const page of ["name-owner.md", "witness.md", "keeper.md", "verifier.md"])
    for (const command of commandsOf(page)) {
      it(`${page} works when typed: ${command}`, async () => {
        if (keepsRunning.test(command)) {
          expect(JSON.parse(await start(command, page)).event).to.equal("ready");
          return;
        }
        const options = { cwd: ROOT, env: env(page), timeout: 240_000 };
        const { code, stdout, stderr } = await run("bash", ["-c", here(command)], options);
        expect(code, stderr).to.equal(0);
        expect(stdout.trim()).to.not.equal("");
        if (command.startsWith("dig")) expect(stdout).to.match(/NOERROR[\s\S]*192\.0\.2\.1/);
        if (command.includes("--wait")) expect(stdout).to.match(/Final in epoch \d+/);
      });
    }

  it("can rebuild every root from what was published", async () => {
    const { code, stdout, stderr } = await ours("epoch", "rebuild", "--json");
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).to.include({ equals: true });
  });

  it("still has the commands that matter", () => {
    const all = [
      ...commandsOf("name-owner.md"),
      ...commandsOf("witness.md"),
      ...commandsOf("keeper.md"),
      ...commandsOf("verifier.md"),
    ].join("\n");
    for (const part of [
      "name register",
      "name set",
      "name import",
      "--on-chain",
      "stake add",
      "witness init",
      "stake exit",
      "keeper quorum",
      "verifier init",
      "node add --role verifier",
      "verifier --listen",
      "policy register",
    ])
      expect(all).to.include(part);
  });
});
