import { X509Certificate } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { createUpstream, createVirtualClock, questionFor, TYPE } from "@tolldns/dns";
import { type GatewayError, type GatewayOptions, startGateway } from "@tolldns/gateway";
import { expect } from "chai";
import { type AcmeCertificate, openAcmeCertificate } from "../../clients/gateway/src/acme/certificate.ts";
import { openChallenges } from "../../clients/gateway/src/acme/challenges.ts";
import { createLog } from "../../clients/gateway/src/observe/log.ts";
import { temporaryFolder } from "./support/booths.ts";
import { read } from "./support/gateways.ts";
import { LIFE, type Pebble, preparePebble } from "./support/pebble.ts";
import { alwaysA, startUpstream } from "./support/upstream.ts";

const NAME = "dns.example.org";
const MINUTE = 60_000;

type Acme = Extract<NonNullable<GatewayOptions["certificate"]>, { kind: "acme" }>;

describe("a gateway that gets its certificate by ACME", function () {
  this.timeout(60_000);
  let base: ReturnType<typeof temporaryFolder>;
  let pebble: Pebble;
  let folders = 0;
  let events: string[] = [];
  let offset = 0;
  let clock = createVirtualClock();
  let open: AcmeCertificate[] = [];
  const now = () => Date.now() / 1000 + offset;

  before(async function () {
    this.timeout(660_000);
    base = temporaryFolder();
    pebble = await preparePebble(base.path);
  });

  after(async () => {
    await pebble?.close();
    base?.remove();
  });

  beforeEach(async () => {
    events = [];
    offset = 0;
    clock = createVirtualClock();
    await pebble.start();
  });

  afterEach(async () => {
    for (const one of open) one.close();
    open = [];
    await pebble.stop();
  });

  const options = (changes: Partial<Acme> = {}): Acme => ({
    kind: "acme",
    directory: pebble.directory,
    folder: join(base.path, `acme-${folders++}`),
    names: [NAME],
    email: "operator@example.org",
    ca: pebble.ca,
    challengePort: pebble.challengePort,
    ...changes,
  });
  const write = (line: string) => void events.push((JSON.parse(line) as { event: string }).event);
  const obtain = async (given: Acme) => {
    const log = createLog({ write }, () => Date.now() / 1000);
    const certificate = await openAcmeCertificate({ options: given, host: "127.0.0.1", now, clock, log });
    open.push(certificate);
    return certificate;
  };
  const serial = (certificate: AcmeCertificate) => new X509Certificate(certificate.pair.cert).serialNumber;
  /** Lets a look at the certificate fall due, and waits for what it says. */
  const look = async (event: string, ms = MINUTE) => {
    const before = events.length;
    clock.advance(ms);
    await until(() => events.slice(before).includes(event));
  };

  it("obtains one and serves DoH and DoT with it to clients that trust the authority", async () => {
    const upstream = await startUpstream(alwaysA("192.0.2.7"));
    const names = [NAME, "DNS2.example.org"];
    const given = options({ names });
    const gateway = await startGateway({
      listen: { dot: 0, doh: 0 },
      certificate: given,
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
      log: { write },
    });
    try {
      const ca = await pebble.root();
      for (const protocol of ["doh", "dot"] as const)
        for (const serverName of [NAME, "dns2.example.org"]) {
          const { host: address, port } = gateway.addresses[protocol] as { host: string; port: number };
          const client = createUpstream({ protocol, address, port, serverName, ca, timeoutMs: 3_000 });
          const said = read(await client.ask(questionFor("a.example", TYPE.A)));
          client.close();
          expect(said).to.include({ rcode: 0, answers: 1 });
        }
      expect(events).to.include("certificate-obtained");
      for (const file of readdirSync(given.folder))
        expect(statSync(join(given.folder, file)).mode & 0o777, file).to.equal(0o600);
      expect(readdirSync(given.folder)).to.have.length(2);
    } finally {
      await gateway.close();
      await upstream.close();
    }
  });

  it("uses the kept certificate after a restart, with the authority away", async () => {
    const given = options();
    const first = await obtain(given);
    await pebble.stop();
    const second = await obtain(given);
    expect(second.pair).to.deep.equal(first.pair);
    expect(events).to.deep.equal(["certificate-obtained"]);
  });

  it("orders another when a name is added", async () => {
    const given = options();
    const first = await obtain(given);
    first.close();
    const second = await obtain({ ...given, names: [NAME, "more.example.org"] });
    expect(serial(second)).to.not.equal(serial(first));
    expect(new X509Certificate(second.pair.cert).checkHost("more.example.org")).to.equal("more.example.org");
  });

  it("renews when a third of the life is left, not before, and swaps it in", async () => {
    const certificate = await obtain(options());
    const first = serial(certificate);
    const swapped: string[] = [];
    certificate.subscribe(({ cert }) => swapped.push(new X509Certificate(cert).serialNumber));
    // A renewal that shouldn't be would be done within this second.
    offset = (LIFE * 2) / 3 - 120;
    clock.advance(MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(events).to.deep.equal(["certificate-obtained"]);
    offset = (LIFE * 2) / 3 + 1;
    await look("certificate-renewed");
    expect(serial(certificate)).to.not.equal(first);
    expect(swapped).to.deep.equal([serial(certificate)]);
  });

  it("keeps serving while the authority is away, tries ever more rarely, and renews when it is back", async () => {
    const certificate = await obtain(options());
    const first = serial(certificate);
    offset = LIFE - 86_400;
    await pebble.stop();
    await look("certificate-not-renewed");
    expect(serial(certificate)).to.equal(first);
    // The pause is one of the clock handed in, not of the looks.
    const tries = events.length;
    clock.advance(MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(events).to.have.length(tries);
    offset += 61;
    await look("certificate-not-renewed");
    await pebble.start();
    offset += 121;
    await look("certificate-renewed");
    expect(serial(certificate)).to.not.equal(first);
  });

  it("says so in the log and waits when there is no certificate yet and the authority is away", async () => {
    await pebble.stop();
    const opening = obtain(options());
    await until(() => events.includes("certificate-awaited"));
    await pebble.start();
    clock.advance(MINUTE);
    await opening;
    expect(events).to.deep.equal(["certificate-awaited", "certificate-obtained"]);
  });

  it("lets one of two processes order and the other take what it kept", async () => {
    const given = options();
    const both = Promise.all([obtain(given), obtain(given)]);
    await until(() => events.includes("certificate-awaited") && events.includes("certificate-obtained"));
    clock.advance(5_000);
    const [one, other] = await both;
    expect(serial(one)).to.equal(serial(other));
  });

  it("doesn't trust a directory the machine's authorities don't vouch for", async () => {
    const given = options();
    const first = await obtain(given);
    // Else both look, and the one fails for the other's hold on the challenge port.
    first.close();
    offset = LIFE - 86_400;
    const { ca: _, ...untrusting } = given;
    const certificate = await obtain(untrusting);
    await until(() => events.includes("certificate-not-renewed"));
    expect(events).not.to.include("certificate-renewed");
    expect(certificate.pair).to.deep.equal(first.pair);
  });

  it("answers challenges it was given and nothing else on the challenge port", async () => {
    const challenges = await openChallenges("127.0.0.1", pebble.challengePort);
    try {
      challenges.set("token", "token.thumb");
      const at = (path: string, method = "GET") => ask(pebble.challengePort, path, method);
      expect(await at("/.well-known/acme-challenge/token")).to.deep.equal([200, "token.thumb"]);
      expect(await at("/.well-known/acme-challenge/other")).to.deep.equal([404, ""]);
      expect(await at("/.well-known/acme-challenge/token", "POST")).to.deep.equal([404, ""]);
      expect(await at("/dns-query")).to.deep.equal([404, ""]);
    } finally {
      challenges.close();
    }
  });

  const NONSENSE: readonly (readonly [string, Partial<Acme>])[] = [
    ["no names", { names: [] }],
    ["an address for a name", { names: ["192.0.2.1"] }],
    ["a wildcard", { names: ["*.example.org"] }],
    ["a name with a space", { names: ["dns example.org"] }],
    ["a directory over http", { directory: "http://127.0.0.1/dir" }],
    ["a directory that is no address", { directory: "letsencrypt" }],
    ["an empty folder", { folder: "" }],
    ["an email that is none", { email: "operator" }],
    ["a ca that is no PEM", { ca: "trust me" }],
    ["a challenge port of 0", { challengePort: 0 }],
    ["a challenge port above 65535", { challengePort: 65_536 }],
  ];
  for (const [what, changes] of NONSENSE)
    it(`refuses ${what}`, async () => {
      const error = await refusalOf({ listen: { doh: 0 }, certificate: options(changes) });
      expect(error).to.include({ code: "acme-options", number: 5016 });
      expect(error.hint).to.include("docs/guides/gateway.md");
    });

  it("refuses a challenge port at an address that isn't the machine's", async () => {
    const error = await refusalOf({ listen: { host: "192.0.2.1", doh: 0 }, certificate: options() });
    expect(error).to.include({ code: "acme-port", number: 5017 });
  });

  it("waits while another program has the challenge port", async () => {
    const other = createServer().listen(pebble.challengePort, "127.0.0.1");
    const opening = obtain(options());
    await until(() => events.includes("certificate-awaited"));
    await new Promise((resolve) => other.close(resolve));
    clock.advance(5_000);
    await opening;
    expect(events).to.deep.equal(["certificate-awaited", "certificate-obtained"]);
  });
});

async function refusalOf(options: GatewayOptions): Promise<GatewayError> {
  try {
    await (await startGateway({ ...options, upstreams: [{ kind: "udp", host: "192.0.2.53" }] })).close();
  } catch (error) {
    return error as GatewayError;
  }
  throw new Error("it started");
}

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("it did not happen within 20 s");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function ask(port: number, path: string, method: string): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method }, (response) => {
      let body = "";
      response.on("data", (part: Buffer) => {
        body += part.toString();
      });
      response.on("end", () => resolve([response.statusCode ?? 0, body]));
    });
    sent.on("error", reject);
    sent.end();
  });
}
