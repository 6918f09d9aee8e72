import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type FixtureInternet, startFixtureInternet } from "@tolldns/cli/fixture-internet";
import { expect } from "chai";
import { cleanEnv, dig, ROOT, TOLLDNS, temporaryFolder, tolldns } from "./run.ts";

interface Ready {
  readonly event: string;
  readonly authority: string | null;
  readonly addresses: Readonly<Record<string, { readonly port: number }>>;
  readonly workers: readonly { readonly pid: number; readonly metrics: { readonly port: number } }[];
}

const QUERIES = 40;

describe("tolldns gateway --workers 2", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const first = randomInt(20_000, 29_000);
  const [dns, dot, doh, metrics] = [first, first + 1, first + 2, first + 3];
  let internet: FixtureInternet;
  let child: ChildProcess;
  let exited: Promise<unknown[]>;
  let ready: Ready;

  before(async () => {
    internet = await startFixtureInternet();
    const ports = ["--udp-port", dns, "--dot-port", dot, "--doh-port", doh, "--metrics-port", metrics];
    const upstream = `udp://${internet.resolver.host}:${internet.resolver.port}`;
    const args = ["gateway", "--json", "--no-charge", "--workers", "2", "--upstreams", upstream, ...ports];
    child = spawn(TOLLDNS, [...args.map(String), "--log-level", "error"], {
      cwd: ROOT,
      env: { ...cleanEnv(), TOLLDNS_DATA: join(folder.path, "state") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    exited = once(child, "exit");
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    ready = await new Promise<Ready>((resolve, reject) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).once("line", (line) =>
        resolve(JSON.parse(line)),
      );
      void exited.then(([code]) => reject(new Error(`ended with ${code}: ${errors}`)));
    });
  });
  after(async () => {
    child?.kill("SIGKILL");
    await internet?.close();
    folder.remove();
  });

  const queriesOf = async (port: number): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const lines = text.split("\n").filter((line) => /^tolldns_queries_total[ {]/.test(line));
    expect(lines, text.slice(0, 2_000)).to.not.deep.equal([]);
    return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  };

  it("says the shared ports once, and who the workers are", () => {
    expect(ready.event).to.equal("ready");
    expect(ready.addresses.udp?.port).to.equal(dns);
    expect(ready.addresses.doh?.port).to.equal(doh);
    expect(ready.addresses).to.not.have.property("metrics");
    expect(new Set(ready.workers.map(({ pid }) => pid)).size).to.equal(2);
    expect(ready.workers.map(({ metrics }) => metrics.port)).to.deep.equal([metrics, metrics + 1]);
  });

  it("answers in both processes, and their metrics add up to what was asked", async () => {
    for (let i = 0; i < QUERIES; i++) {
      // A socket of its own each time, as dig's is: the kernel gives it to either process.
      expect(await dig(dns, i % 2 === 0 ? "+notcp" : "+tcp", "example.org")).to.include("status: NOERROR");
    }
    const counts = await Promise.all(ready.workers.map(({ metrics }) => queriesOf(metrics.port)));
    expect(counts.reduce((sum, one) => sum + one, 0)).to.equal(QUERIES);
    for (const count of counts) expect(count, String(counts)).to.be.above(0);
  });

  it("starts a worker again that was killed, and goes on answering", async () => {
    const [, second] = ready.workers;
    process.kill(second?.pid as number, "SIGKILL");
    const deadline = Date.now() + 20_000;
    for (;;) {
      const count = await queriesOf(metrics + 1).catch(() => null);
      if (count === 0) break;
      expect(Date.now(), "the worker came back").to.be.below(deadline);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (let i = 0; i < 10; i++) expect(await dig(dns, "example.org")).to.include("status: NOERROR");
  });

  it("ends with 0 on SIGTERM, its workers with it", async () => {
    child.kill("SIGTERM");
    expect((await exited)[0]).to.equal(0);
    for (const { pid } of ready.workers) expect(() => process.kill(pid, 0)).to.throw("ESRCH");
  });

  it("refuses ports that are yet to be found, and a count out of range", async () => {
    const found = await tolldns(["gateway", "--no-charge", "--workers", "2", "--udp-port", "0"]);
    expect(found.code).to.equal(2);
    expect(found.stderr).to.include("udp_port");
    expect((await tolldns(["gateway", "--no-charge", "--workers", "0"])).code).to.equal(2);
  });

  it("fails when a worker can't start, and says why", async () => {
    const args = ["gateway", "--no-charge", "--workers", "2", "--data", folder.path];
    const ports = ["--udp-port", dns, "--dot-port", dot, "--doh-port", doh].map(String);
    const failed = await tolldns([...args, ...ports, "--upstreams", "nonsense://192.0.2.1"]);
    expect(failed.code).to.equal(1);
    expect(failed.stderr).to.include("nonsense").and.to.include("worker 0 did not start");
  });
});
