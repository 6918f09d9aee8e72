import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Listener, listenDot, listenHttps, listenTcp, listenUdp } from "@tolldns/dns";
import { expect } from "chai";
import { run } from "../support/processes.ts";
import { countingResolver, testCertificate } from "../support/servers.ts";

/** Independent clients (BIND's dig, Knot's kdig, curl, dnsperf) against each listener and the cache behind them. */
describe("other people's clients", () => {
  let listeners: { udp: Listener; tcp: Listener; dot: Listener; https: Listener };
  let caFile: string;
  let dir: string;

  before(async () => {
    const made = await testCertificate();
    const { certificate } = made;
    caFile = made.caFile;
    const { handler } = countingResolver();
    const udp = await listenUdp({ port: 0, handler, receiveBuffer: 4 << 20 });
    const tcp = await listenTcp({ port: udp.port, handler });
    const dot = await listenDot({ port: 0, handler, certificate });
    const https = await listenHttps({ port: 0, handler, certificate });
    listeners = { udp, tcp, dot, https };
    dir = await mkdtemp(join(tmpdir(), "tolldns-interop-"));
    await writeFile(
      join(dir, "queries"),
      Array.from({ length: 50 }, (_, i) => `name${i}.example A\n`).join(""),
    );
  });

  after(async () => {
    await Promise.all(Object.values(listeners).map((listener) => listener.close()));
    await rm(dir, { recursive: true, force: true });
  });

  const dig = (...args: string[]) => run("dig", ["@127.0.0.1", "-p", String(listeners.udp.port), ...args]);
  const kdig = (port: number, ...args: string[]) =>
    run("kdig", ["@127.0.0.1", "-p", String(port), `+tls-ca=${caFile}`, "+tls-hostname=localhost", ...args]);

  it("dig reads answers over UDP and TCP without a warning", async () => {
    for (const transport of ["+notcp", "+tcp"]) {
      const { code, stdout } = await dig("a.example", "A", "+dnssec", transport);
      expect(code).to.equal(0);
      expect(stdout)
        .to.match(/status: NOERROR/)
        .and.match(/a\.example\.\s+\d+\s+IN\s+A\s+192\.0\.2\.1/);
      expect(stdout).to.match(/flags: do; udp: 1232/);
      expect(stdout).to.not.match(/WARNING|malformed/i);
    }
  });

  it("dig understands ANY (RFC 8482), a refused class and an unknown EDNS version", async () => {
    expect((await dig("a.example", "ANY", "+notcp")).stdout).to.match(/HINFO\s+"RFC8482" ""/);
    expect((await dig("a.example", "CH", "TXT")).stdout).to.match(/status: REFUSED/);
    expect((await dig("a.example", "+edns=5", "+noednsnegotiation")).stdout).to.match(/status: BADVERS/);
  });

  it("kdig reads padded answers over DoT and DoH, by GET and by POST", async () => {
    const { dot, https } = listeners;
    for (const [port, ...args] of [
      [dot.port, "+tls"],
      [https.port, "+https"],
      [https.port, "+https", "+https-get"],
    ] as const) {
      const { code, stdout } = await kdig(port, ...args, "+padding=128", "b.example");
      expect(code, stdout).to.equal(0);
      expect(stdout)
        .to.match(/status: NOERROR/)
        .and.match(/PADDING: \d+ B/);
      expect(stdout)
        .to.match(/b\.example\.\s+\d+\s+IN\s+A\s+192\.0\.2\.1/)
        .and.match(/Received 468 B/);
    }
  });

  it("kdig refuses our certificate under another name", async () => {
    const { stdout, stderr } = await run("kdig", [
      "@127.0.0.1",
      "-p",
      String(listeners.dot.port),
      "+tls",
      `+tls-ca=${caFile}`,
      "+tls-hostname=elsewhere.example",
      "b.example",
    ]);
    expect(stdout + stderr).to.not.match(/status: NOERROR/);
  });

  it("curl resolves through us with --doh-url, and fetches a route over HTTP/2 and HTTP/1.1", async () => {
    const { https } = listeners;
    const url = `https://localhost:${https.port}`;
    // The name leads to 192.0.2.1, which is nowhere: curl must have resolved it to fail by connecting.
    const resolved = await run("curl", [
      "-v",
      "--max-time",
      "2",
      "--doh-url",
      `${url}/dns-query`,
      "--cacert",
      caFile,
      "http://through-doh.example/",
    ]);
    expect(resolved.stderr).to.match(/192\.0\.2\.1/);
    for (const version of ["--http2", "--http1.1"]) {
      const { stdout } = await run("curl", [
        "-s",
        version,
        "--cacert",
        caFile,
        "-w",
        "%{http_code} %{http_version}",
        `${url}/none`,
      ]);
      expect(stdout).to.match(version === "--http2" ? /404 2$/ : /404 1\.1$/);
    }
  });

  for (const mode of ["udp", "tcp", "dot", "doh"] as const)
    it(`dnsperf loses nothing over ${mode}`, async () => {
      const port = { ...listeners, doh: listeners.https }[mode].port;
      const { stdout } = await run("dnsperf", [
        "-m",
        mode,
        "-s",
        "127.0.0.1",
        "-p",
        String(port),
        "-d",
        join(dir, "queries"),
        "-n",
        "40",
        "-c",
        "4",
        "-q",
        "40",
        ...(mode === "doh" ? ["-O", "doh-uri=https://localhost/dns-query"] : []),
      ]);
      expect(stdout).to.match(/Queries completed:\s+2000 \(100\.00%\)/);
      expect(stdout).to.match(/Response codes:\s+NOERROR 2000 \(100\.00%\)/);
    });
});
