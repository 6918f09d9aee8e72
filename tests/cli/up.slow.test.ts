import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { cleanEnv, dig, ROOT, run, temporaryFolder, tolldns } from "./run.ts";
import { startUpProcess, type Up } from "./up.ts";

describe("tolldns up", function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  let up: Up;
  after(async () => {
    await up?.end("SIGKILL");
    folder.remove();
  });

  const port = () => up.ready.resolver[0]?.port ?? expect.fail("no resolver");
  const ask = (...names: readonly string[]) => Promise.all(names.map((name) => dig(port(), "+short", name)));
  const wallet = async (...args: string[]) => {
    const { code, stdout, stderr } = await tolldns(["wallet", ...args, "--json", "--data", folder.path]);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };
  const rpc = async (method: string, ...params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(up.ready.rpc, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return ((await response.json()) as { result: never }).result;
  };
  const names = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `n${from + i}.wild.example.com`);

  it("is ready within 30 s of the first start, with a funded wallet", async () => {
    up = await startUpProcess(folder.path);
    expect(up.ready.seconds).to.be.below(30);
    expect(up.ready.network).to.equal("fixture");
    const holdings = await wallet();
    expect(holdings).to.include({ owner: up.ready.wallet, free: "90000000" });
  });

  it("makes a first name final while one looks around, and prints how to dig and verify it", async () => {
    const told = await up.name();
    expect(told.why).to.equal(null);
    expect(told.name).to.equal("hello.dns");
    expect(Number(told.epoch)).to.be.at.least(1);
    expect((await wallet()).tokens).to.equal("10000000");
    const [dug, verified] = await Promise.all(
      told.try.map((command) => run("bash", ["-c", command], { cwd: ROOT, env: cleanEnv() })),
    );
    expect(dug?.stdout, dug?.stderr).to.match(
      /status: NOERROR[\s\S]*hello\.dns\.\s+\d+\s+IN\s+A\s+192\.0\.2\.53/,
    );
    expect(verified?.code, verified?.stderr).to.equal(0);
    expect(verified?.stdout).to.include("hello.dns");
  });

  it("says of a name nobody has that it does not exist, from a proof", async () => {
    expect(await dig(port(), "nobody-has-this.dns")).to.include("status: NXDOMAIN");
    const { code } = await tolldns(["verify", "nobody-has-this.dns", "--data", folder.path]);
    expect(code).to.equal(0);
  });

  it("keeps secrets for its user alone", () => {
    for (const file of [
      "wallet.json",
      "operator.json",
      "keeper.json",
      "dashboard.key",
      "running.json",
      "deployment/faucet.json",
    ])
      expect(statSync(join(folder.path, file)).mode & 0o077, file).to.equal(0);
  });

  it("prints three commands that work when pasted", async () => {
    const outputs = [];
    for (const command of up.ready.try) {
      const { code, stdout, stderr } = await run("bash", ["-c", command], { cwd: ROOT, env: cleanEnv() });
      expect(code, `${command}: ${stderr}`).to.equal(0);
      outputs.push(stdout);
    }
    expect(outputs[0]).to.match(/status: NOERROR[\s\S]*www\.example\.com\.\s+\d+\s+IN\s+CNAME/);
    expect(outputs[1]).to.include("Welcome.");
    expect(outputs[2]).to.include(up.ready.wallet);
  });

  it("answers over DoT and DoH with the certificate it says to trust", async () => {
    const { dot, doh } = up.ready.encrypted;
    const overTls = await run("kdig", [
      "@127.0.0.1",
      "-p",
      String(dot.port),
      `+tls-ca=${up.ready.ca}`,
      "+tls-host=localhost",
      "+short",
      "example.org",
    ]);
    expect(overTls.stdout, overTls.stderr).to.equal("203.0.113.10\n");
    const overHttps = await run("kdig", [
      "@127.0.0.1",
      "-p",
      String(doh.port),
      "+https",
      `+tls-ca=${up.ready.ca}`,
      "+tls-host=localhost",
      "+short",
      "library.test",
    ]);
    expect(overHttps.stdout, overHttps.stderr).to.equal("192.0.2.40\n");
  });

  it("counts what was asked, paid, promised and settled, and the sums agree with the chain", async () => {
    const before = up.counters();
    await ask(...names(0, 40));
    await ask(...names(0, 10));
    const after = await up.until(
      "50 more queries",
      ({ queries }) => queries.total >= before.queries.total + 50,
    );
    expect(after.queries.hits - before.queries.hits).to.be.at.least(10);
    expect(after.queries.paid - before.queries.paid).to.be.at.least(40);
    expect(BigInt(after.flow.tolls) - BigInt(before.flow.tolls)).to.equal(
      20n * BigInt(after.queries.paid - before.queries.paid),
    );
    const settled = await up.until(
      "settlement of every toll",
      ({ flow }) => flow.settlements > 0 && flow.settled === flow.tolls,
    );
    expect(settled.flow.vouchers).to.be.greaterThan(0);
    expect(settled.flow.promised).to.equal(settled.flow.settled);
    const { lanes } = await wallet("lanes");
    expect(lanes).to.have.length(1);
    expect(lanes[0]).to.include({ settled: settled.flow.settled, reserve: "500000", state: "open" });
  });

  it("refuses a second one on the same folder and says where the first is", async () => {
    const { code, stderr } = await tolldns(["up", "--data", folder.path]);
    expect(code).to.equal(3);
    expect(stderr).to.include(`process ${up.ready.pid}`).and.include(up.ready.dashboard);
  });

  it("ends within 2 s of Ctrl-C and frees its ports", async () => {
    const { code, seconds, errors } = await up.end("SIGINT");
    expect(code, errors).to.equal(0);
    expect(errors).to.equal("");
    expect(seconds).to.be.below(2);
    expect(await isOpen(port())).to.equal(false);
    expect((await tolldns(["edge", "status", "--data", folder.path])).code).to.equal(3);
  });

  it("finds wallet, lanes, tolls, cache, chain and addresses where they were", async () => {
    const first = up;
    const before = first.counters();
    up = await startUpProcess(folder.path);
    const { resolver, encrypted, dashboard, rpc: url, wallet: owner } = up.ready;
    expect({ resolver, encrypted, dashboard, url, owner }).to.deep.equal({
      resolver: first.ready.resolver,
      encrypted: first.ready.encrypted,
      dashboard: first.ready.dashboard,
      url: first.ready.rpc,
      owner: first.ready.wallet,
    });
    const now = await up.until("counters", () => true);
    expect(now.flow.tolls).to.equal(before.flow.tolls);
    expect(now.flow.settled).to.equal(before.flow.settled);
    // Verifiers pay into the same ledger, and what they promised may have been settled since.
    expect(now.flow.settlements).to.be.at.least(before.flow.settlements);
    const { lanes } = await wallet("lanes");
    expect(lanes[0]).to.include({ settled: before.flow.settled, generation: 1 });
    const { lanes: again } = await wallet("lanes");
    expect(again).to.deep.equal(lanes);
    await ask("n1.wild.example.com");
    const asked = await up.until("the query", ({ queries }) => queries.total > 0);
    expect(asked.queries.hits, "an answer cached before the restart").to.equal(1);
    expect(asked.queries.paid).to.equal(0);
  });

  it("loses nothing that was acknowledged when it is killed in the middle of queries", async () => {
    const asking = ask(...names(100, 60));
    const before = await up.until("a voucher", ({ flow }) => flow.vouchers > 0);
    await up.end("SIGKILL");
    await asking;
    up = await startUpProcess(folder.path);
    const now = await up.until("counters", () => true);
    expect(BigInt(now.flow.tolls) >= BigInt(before.flow.tolls), "tolls").to.equal(true);
    expect(BigInt(now.flow.promised) >= BigInt(before.flow.promised), "vouchers").to.equal(true);
    expect(BigInt(now.flow.settled) >= BigInt(before.flow.settled), "settlements").to.equal(true);
    expect(await ask("www.example.org")).to.deep.equal(["example.org.\n203.0.113.10\n"]);
    const settled = await up.until(
      "settlement of what was promised before the kill",
      ({ flow }) => BigInt(flow.settled) >= BigInt(before.flow.promised),
    );
    expect(BigInt(settled.flow.settled) <= BigInt(settled.flow.tolls)).to.equal(true);
  });

  it("resolves without paying after a stop, where the user chose that", async () => {
    await up.end("SIGINT");
    up = await startUpProcess(folder.path, ["--out-of-money", "free"]);
    const { flow } = await up.until("counters", () => true);
    expect((await tolldns(["edge", "stop", "--data", folder.path])).code).to.equal(0);
    expect(await ask("free.wild.example.com")).to.deep.equal(["192.0.2.99\n"]);
    const after = await up.until("the stop", ({ payments, queries }) => !payments && queries.total > 0);
    expect(after.flow.tolls).to.equal(flow.tolls);
    expect((await tolldns(["edge", "resume", "--data", folder.path])).code).to.equal(0);
  });

  it("gives the money back: close, withdraw, and every unit is accounted for", async () => {
    const { signature } = await wallet("withdraw", "9.5");
    expect(
      await rpc("getTransaction", signature, {
        encoding: "json",
        commitment: "confirmed",
        maxSupportedTransactionVersion: 0,
      }),
    ).to.have.nested.property("meta.err", null);
    const closing = await wallet("close");
    expect(closing.lanes[0].outcome).to.match(/close requested/);
    const { tokens, free } = await wallet("balance");
    const { lanes } = await wallet("lanes");
    const held = lanes.reduce((sum: bigint, { reserve }: { reserve: string }) => sum + BigInt(reserve), 0n);
    expect(lanes[0].state).to.equal("closing");
    expect(BigInt(tokens) + BigInt(free) + held).to.equal(100_000_000n);
    const { history } = await wallet("history");
    expect(history[0].what.join()).to.match(/closing/);
  });
});

describe("two tolldns up in the same second", function () {
  this.timeout(300_000);
  const folders = [temporaryFolder(), temporaryFolder()];
  let ups: readonly Up[] = [];
  after(async () => {
    await Promise.all(ups.map((up) => up.end("SIGKILL")));
    for (const folder of folders) folder.remove();
  });

  it("both start whole: no port is chosen by both, and names and verifiers come up in each", async () => {
    ups = await Promise.all(folders.map(({ path }) => startUpProcess(path)));
    const chosen = folders.flatMap(({ path }) =>
      Object.values(JSON.parse(readFileSync(join(path, "ports.json"), "utf8")) as Record<string, number>),
    );
    expect(new Set(chosen).size, chosen.join()).to.equal(chosen.length);
    const told = await Promise.all(ups.flatMap((up) => [up.name(), up.policy()]));
    expect(told.map(({ why }) => why)).to.deep.equal([null, null, null, null]);
  });
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
