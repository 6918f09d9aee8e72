import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type FixtureInternet, startFixtureInternet } from "@tolldns/cli/fixture-internet";
import { expect } from "chai";
import { dig, run, temporaryFolder } from "./run.ts";

describe("the fixture internet", () => {
  let internet: FixtureInternet;
  before(async () => {
    internet = await startFixtureInternet();
  });
  after(() => internet.close());

  const resolve = (...args: string[]) => dig(internet.resolver.port, ...args);
  const ask = async (address: string, ...args: string[]) => {
    const { host, port } = internet.servers.get(address) ?? expect.fail(`no server ${address}`);
    return (await run("dig", [`@${host}`, "-p", String(port), "+time=3", "+tries=1", "+norecurse", ...args]))
      .stdout;
  };
  const rootAddress = () => internet.rootHints[0]?.split(" ")[1] ?? expect.fail("no root");

  it("refers from the root to a top-level domain with glue, without claiming authority", async () => {
    const answer = await ask(rootAddress(), "www.example.com", "A");
    expect(answer).to.match(/flags: qr;/);
    expect(answer).to.match(/^com\.\s+\d+\s+IN\s+NS\s+a\.tld-fixture\.test\./m);
    expect(answer).to.match(/^a\.tld-fixture\.test\.\s+\d+\s+IN\s+A\s+127\./m);
    expect(answer).to.include("ANSWER: 0");
  });

  it("resolves an alias across zones", async () => {
    const answer = await resolve("cdn.example.com", "AAAA", "+short");
    expect(answer.trim().split("\n")).to.deep.equal(["edge.example.net.", "2001:db8:1::80"]);
  });

  it("resolves every type that a site has", async () => {
    expect(await resolve("example.com", "MX", "+short")).to.include("10 mail.example.com.");
    expect(await resolve("example.com", "TXT", "+short")).to.include("fixture internet");
    expect(await resolve("_imap._tcp.example.com", "SRV", "+short")).to.include("0 1 993 mail.example.com.");
    expect(await resolve("example.com", "CAA", "+short")).to.include("issue");
    expect(await resolve("any.wild.example.com", "A", "+short")).to.equal("192.0.2.99\n");
    expect(await resolve("EXAMPLE.com", "ANY")).to.match(/SOA[\s\S]*AAAA/);
  });

  it("says NXDOMAIN with the zone's SOA, and no data with it too", async () => {
    const absent = await resolve("nobody.example.com", "A");
    expect(absent).to.include("status: NXDOMAIN");
    expect(absent).to.match(/^example\.com\.\s+60\s+IN\s+SOA/m);
    const noData = await resolve("api.example.com", "AAAA");
    expect(noData).to.include("status: NOERROR");
    expect(noData).to.match(/ANSWER: 0, AUTHORITY: 1/);
    expect(await resolve("x.nosuchdomain", "A")).to.include("status: NXDOMAIN");
  });

  it("truncates what a datagram can't hold and serves it over TCP", async () => {
    expect(await resolve("long.example.com", "TXT", "+ignore", "+noedns")).to.match(/flags: qr tc/);
    const answer = await resolve("long.example.com", "TXT");
    expect(answer).to.include("(TCP)");
    expect(answer.match(/part \d of 8/g)).to.have.length(8);
  });

  it("drops what is no question and stays up", async () => {
    const socket = createSocket("udp4");
    for (const junk of [[], [1], Array(12).fill(255), [...Array(12).fill(0), 192, 12]])
      socket.send(Uint8Array.from(junk), internet.resolver.port, "127.0.0.1");
    expect(await resolve("example.org", "A", "+short")).to.equal("203.0.113.10\n");
    socket.close();
  });

  it("lets Unbound recurse from its root", async function () {
    expect(
      internet.standardPorts,
      "delegations need port 53: run as root or lower net.ipv4.ip_unprivileged_port_start",
    ).to.equal(true);
    this.timeout(20_000);
    const folder = temporaryFolder();
    // Below the ephemeral range, so that nobody takes it in between.
    const port = randomInt(20_000, 30_000);
    const hints = internet.rootHints.map((hint) => {
      const [name, address] = hint.split(" ");
      return `. 3600 NS ${name}\n${name} 3600 A ${address}\n`;
    });
    writeFileSync(join(folder.path, "hints"), hints.join(""));
    writeFileSync(
      join(folder.path, "conf"),
      `server:\n interface: 127.0.0.1@${port}\n username: ""\n chroot: ""\n directory: "${folder.path}"\n pidfile: ""\n use-syslog: no\n do-daemonize: no\n do-not-query-localhost: no\n root-hints: "${folder.path}/hints"\n module-config: "iterator"\n local-zone: "test." nodefault\nremote-control:\n control-enable: no\n`,
    );
    const unbound = spawn("unbound", ["-d", "-c", join(folder.path, "conf")], { stdio: "ignore" });
    try {
      let answer = "";
      for (let tries = 0; tries < 50 && !answer.startsWith('"'); tries++) {
        answer = await dig(port, "+short", "+time=1", "oslo.weather.test", "TXT");
        if (!answer.startsWith('"')) await new Promise((done) => setTimeout(done, 100));
      }
      expect(answer).to.equal('"-2 degrees, snow"\n');
      expect(await dig(port, "+short", "cdn.example.com", "A")).to.equal(
        "edge.example.net.\n198.51.100.80\n",
      );
    } finally {
      const gone = new Promise((done) => unbound.once("exit", done));
      unbound.kill();
      await gone;
      folder.remove();
    }
  });
});
