import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createCertificate,
  createVirtualClock,
  type DnsError,
  ensureDevelopmentCertificate,
  watchCertificate,
} from "@tolldns/dns";
import { expect } from "chai";

const DAY = 86_400_000;

describe("certificates", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "tolldns-certificate-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it("for development are made once, name hosts and addresses, and are for their owner's eyes", async () => {
    const names = ["localhost", "gateway.example", "127.0.0.1", "::1"];
    const first = await ensureDevelopmentCertificate(dir, names);
    const again = await ensureDevelopmentCertificate(dir, names);
    expect(again.pair).to.deep.equal(first.pair);
    const leaf = new X509Certificate(first.pair.cert);
    expect(leaf.checkHost("gateway.example")).to.equal("gateway.example");
    expect(leaf.checkIP("::1")).to.equal("::1");
    expect(leaf.verify(new X509Certificate(first.ca).publicKey)).to.equal(true);
    for (const file of ["ca.pem", "ca-key.pem", "cert.pem", "key.pem"])
      expect((await stat(join(dir, file))).mode & 0o777, file).to.equal(0o600);
  });

  it("for development are renewed under the same authority when they end soon or lack a name", async () => {
    const now = Date.now();
    const first = await ensureDevelopmentCertificate(dir, ["localhost"], now);
    const wider = await ensureDevelopmentCertificate(dir, ["localhost", "more.example"], now);
    expect(wider.ca).to.equal(first.ca);
    expect(wider.pair.cert).to.not.equal(first.pair.cert);
    const later = await ensureDevelopmentCertificate(dir, ["localhost", "more.example"], now + 370 * DAY);
    expect(later.ca).to.equal(first.ca);
    expect(Date.parse(new X509Certificate(later.pair.cert).validTo)).to.be.above(now + 700 * DAY);
  });

  it("whose key belongs to another are refused, and the old one stays", async () => {
    const one = await ensureDevelopmentCertificate(join(dir, "one"), ["localhost"]);
    const other = await ensureDevelopmentCertificate(join(dir, "other"), ["localhost"]);
    const certificate = createCertificate(one.pair);
    let changes = 0;
    certificate.subscribe(() => changes++);
    const mixed = { cert: other.pair.cert, key: one.pair.key };
    expect(() => certificate.replace(mixed))
      .to.throw()
      .with.property("code", "certificate-invalid");
    expect(() => createCertificate({ cert: "nothing", key: "nothing" }))
      .to.throw()
      .with.property("code", "certificate-invalid");
    expect(certificate.pair).to.deep.equal(one.pair);
    certificate.replace(other.pair);
    expect(certificate.pair).to.deep.equal(other.pair);
    expect(changes).to.equal(1);
  });

  it("in files are followed when they change, and a broken change is told and not taken", async () => {
    const one = await ensureDevelopmentCertificate(join(dir, "one"), ["localhost"]);
    const other = await ensureDevelopmentCertificate(join(dir, "other"), ["localhost"]);
    const certFile = join(dir, "live.pem");
    const keyFile = join(dir, "live-key.pem");
    const put = async (pair: { cert: string; key: string }) => {
      await writeFile(certFile, pair.cert, { mode: 0o600 });
      await writeFile(keyFile, pair.key, { mode: 0o600 });
    };
    await put(one.pair);
    const clock = createVirtualClock();
    const errors: DnsError[] = [];
    const certificate = await watchCertificate({
      certFile,
      keyFile,
      clock,
      onError: (error) => errors.push(error),
    });
    const seen: string[] = [];
    certificate.subscribe((pair) => seen.push(pair.cert));
    const look = async (done: () => boolean) => {
      clock.advance(60_000);
      for (let i = 0; i < 200 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    await put({ cert: "broken", key: one.pair.key });
    await look(() => errors.length > 0);
    expect(errors[0]?.code).to.equal("certificate-invalid");
    expect(certificate.pair).to.deep.equal(one.pair);
    await put(other.pair);
    await look(() => seen.length > 0);
    expect(seen).to.deep.equal([other.pair.cert]);
    expect(certificate.pair.cert).to.equal(other.pair.cert);
    certificate.close();
  });
});
