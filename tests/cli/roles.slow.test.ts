import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type FixtureInternet, startFixtureInternet } from "@tolldns/cli/fixture-internet";
import { expect } from "chai";
import { cleanEnv, dig, ROOT, TOLLDNS, temporaryFolder, tolldns } from "./run.ts";

/** A role as a process of its own, and the first line of JSON it says. */
interface Role {
  readonly child: ChildProcess;
  // biome-ignore lint/suspicious/noExplicitAny: each role tells something else; the tests look at what they need.
  readonly ready: any;
  end(): Promise<number | null>;
}

describe("each role alone, configured by one file", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const roles: Role[] = [];
  let internet: FixtureInternet;
  const port = () => randomInt(20_000, 30_000);
  const [rpcPort, dnsPort, dotPort, dohPort, edgePort] = [port(), port(), port(), port(), port()];
  const config = join(folder.path, "config.toml");

  before(async () => {
    internet = await startFixtureInternet();
    writeFileSync(
      config,
      `data = "state"
[chain]
rpc = "http://127.0.0.1:${rpcPort}"
[wallet]
key = "wallet.json"
[gateway]
udp_port = ${dnsPort}
dot_port = ${dotPort}
doh_port = ${dohPort}
names = ["localhost", "127.0.0.1"]
operator = "operator.json"
tick_price = 0.00005
credit_seconds = 2
upstreams = ["udp://${internet.resolver.host}:${internet.resolver.port}"]
log_level = "error"
[edge]
listen = ["127.0.0.1:${edgePort}"]
gateways = ["https://127.0.0.1:${dohPort}"]
gateway_ca = "state/certificates/ca.pem"
lane_reserve = "0.25"
[keeper]
payer = "keeper.json"
interval_seconds = 1
max_age_seconds = 1
lamports_per_unit = 1000000000000
[embedded]
rpc_port = ${rpcPort}
slot_ms = 50
`,
    );
  });
  after(async () => {
    await Promise.all(roles.map((role) => role.end()));
    await internet.close();
    folder.remove();
  });

  async function start(...args: string[]): Promise<Role> {
    const child = spawn(TOLLDNS, [...args, "--json", "--config", config], {
      cwd: ROOT,
      env: cleanEnv(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const ready = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", (line) => resolve(JSON.parse(line)));
      void exited.then((code) => reject(new Error(`${args.join(" ")} ended with ${code}: ${errors}`)));
    });
    const role = {
      child,
      ready,
      end() {
        child.kill("SIGTERM");
        return exited;
      },
    };
    roles.push(role);
    return role;
  }
  const told = async (...args: string[]) => {
    const { code, stdout, stderr } = await tolldns([...args, "--json", "--config", config]);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };

  it("runs the chain with the programs deployed", async () => {
    const { ready } = await start("chain");
    expect(ready).to.include({ event: "ready", rpc: `http://127.0.0.1:${rpcPort}` });
  });

  it("makes, funds and fills wallets", async () => {
    const { address } = await told("wallet", "create");
    expect(await told("wallet", "address")).to.include({ address });
    expect(await told("wallet", "fund", "12.5")).to.include({ tokens: "12500000" });
    expect(await told("wallet", "deposit", "10")).to.include({ tokens: "2500000", free: "10000000" });
    for (const key of ["operator.json", "keeper.json"]) {
      await told("wallet", "create", "--key", join(folder.path, key));
      await told("wallet", "fund", "0.000001", "--key", join(folder.path, key));
    }
  });

  it("refuses to move more than there is, with what there is", async () => {
    const { code, stderr } = await tolldns(["wallet", "deposit", "3", "--config", config]);
    expect(code).to.equal(4);
    expect(stderr).to.include("the wallet has 2.5 IU, less than 3");
    expect((await tolldns(["wallet", "withdraw", "11", "--config", config])).code).to.equal(4);
    expect((await tolldns(["wallet", "deposit", "1e3", "--config", config])).code).to.equal(2);
  });

  it("refuses a gateway without a ledger, opens one, and opens it only once", async () => {
    const { code, stderr } = await tolldns(["gateway", "--config", config]);
    expect(code).to.equal(4);
    expect(stderr).to.include("tolldns gateway open-ledger");
    const opened = await told("gateway", "open-ledger", "--rows", "120");
    expect(opened).to.include({ rows: 120, changed: true });
    expect(await told("gateway", "open-ledger", "--rows", "120")).to.deep.equal({
      ...opened,
      changed: false,
    });
  });

  it("runs gateway, keeper and edge, resolves through them, and settles what was paid", async () => {
    const gateway = await start("gateway");
    writeFileSync(join(folder.path, "state/certificates/ca.pem"), gateway.ready.authority);
    await start("keeper");
    const edge = await start("edge");
    expect(edge.ready.addresses[0]).to.deep.equal({ host: "127.0.0.1", port: edgePort });
    for (const name of ["example.org", "library.test", "example.org"])
      expect(await dig(edgePort, name)).to.include("status: NOERROR");
    const { spent, cache } = await told("edge", "status");
    expect(spent.total).to.equal("100");
    expect(cache).to.include({ hits: 1, misses: 2 });
    for (let tries = 0; tries < 60; tries++) {
      const { lanes } = await told("wallet", "lanes");
      if (lanes[0].settled === "100") break;
      await sleep(250);
    }
    const { lanes } = await told("wallet", "lanes");
    expect(lanes[0]).to.include({ settled: "100", reserve: "250000" });
  });

  it("starts the edge again while the chain is out of reach, and goes on paying", async () => {
    const [chain] = roles;
    const edge = roles.at(-1);
    expect(await edge?.end()).to.equal(0);
    expect(await chain?.end()).to.equal(0);
    await start("edge");
    expect(await dig(edgePort, "example.net")).to.include("status: NOERROR");
    expect((await told("edge", "status")).queries.paid).to.equal(1);
    await start("chain");
  });

  it("stops paying by command, and pays again", async () => {
    await told("edge", "stop");
    expect((await told("edge", "status")).stopped).to.equal(true);
    expect(await dig(edgePort, "weather.test")).to.include("status: SERVFAIL");
    await told("edge", "resume");
    expect((await told("edge", "status")).stopped).to.equal(false);
  });

  it("ends each role with 0 on SIGTERM", async () => {
    for (const role of roles.toReversed()) expect(await role.end()).to.equal(0);
  });
});
