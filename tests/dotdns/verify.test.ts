/** `tolldns verify` on saved evidence, without a chain or a feed: each link of the chain of evidence, and the one that is broken. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBase64Url, toHex } from "@tolldns/sdk";
import { decodeEvidence, encodeEvidence } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { tolldns } from "../cli/run.ts";
import { createRegistry, DOMAIN } from "./support/registry.ts";

interface Shown {
  readonly ok: boolean;
  readonly verdict: string;
  readonly records: string[];
  readonly steps: { readonly step: string; readonly ok: boolean | null; readonly detail: string }[];
}

describe("tolldns verify, offline", () => {
  let folder: string;
  const registry = createRegistry();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-verify-"));
    registry.publish("example", { zone: "@ 300 A 192.0.2.1\nwww 300 CNAME @" });
    registry.publish("lapsed", { zone: "@ 300 A 192.0.2.2", expiresAt: Date.now() / 1000 - 10 });
    registry.finalize();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const root = () => toHex(registry.last().root);
  const saved = (evidence: Uint8Array) => {
    const file = join(folder, `${Math.random()}.json`);
    writeFileSync(file, JSON.stringify({ evidence: toBase64Url(evidence), domain: toBase64Url(DOMAIN) }));
    return file;
  };
  const verify = async (name: string, evidence: Uint8Array, trusted = root(), ...more: string[]) => {
    const given = ["verify", name, "--evidence", saved(evidence), "--root", trusted, "--json", ...more];
    const { code, stdout } = await tolldns(given);
    return { code, shown: JSON.parse(stdout) as Shown };
  };
  const failed = ({ steps }: Shown) => steps.filter(({ ok }) => ok === false).map(({ step }) => step);

  it("shows every step of evidence that holds, and its records", async () => {
    const { code, shown } = await verify("Example.dns", registry.last().evidence("example"));
    expect([code, shown.ok, shown.verdict]).to.deep.equal([0, true, "present"]);
    expect(shown.steps.map(({ step }) => step)).to.deep.equal([
      "evidence",
      "name",
      "records",
      "update",
      "path",
      "signature",
      "term",
      "root",
    ]);
    expect(shown.steps.every(({ ok }) => ok === true)).to.equal(true);
    expect(shown.records).to.have.length(2);
  });

  it("prints it for people too", async () => {
    const file = saved(registry.last().evidence("example"));
    const { code, stdout } = await tolldns(["verify", "example", "--evidence", file, "--root", root()]);
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /^example\.dns is proven: its owner signed these records, and they are final\.\n/,
    );
    expect(stdout).to.match(/\n {2}ok {3}Signature {2}Ed25519 by \w+\n/);
    expect(stdout).to.match(/\n {2}@ 300 IN A 192\.0\.2\.1\n/);
  });

  it("shows a proof of absence", async () => {
    const { code, shown } = await verify("nobody", registry.last().evidence("nobody"));
    expect([code, shown.verdict]).to.deep.equal([0, "absent"]);
    expect(shown.steps.map(({ step }) => step)).to.deep.equal(["evidence", "name", "path", "root"]);
  });

  it("says which step fails, with status 1, and checks nothing after it", async () => {
    const genuine = registry.last().evidence("example");
    const { route, ...rest } = decodeEvidence(genuine);
    if (route === undefined) throw new Error("published above");
    const forged = encodeEvidence({ ...rest, route: { ...route, signature: new Uint8Array(64).fill(3) } });
    const cases: [string, Uint8Array, string, string[]][] = [
      ["example", genuine.slice(0, 50), root(), ["evidence"]],
      ["other", genuine, root(), ["name"]],
      ["example", forged, root(), ["signature"]],
      ["example", genuine, "00".repeat(32), ["root"]],
      ["lapsed", registry.last().evidence("lapsed"), root(), ["term"]],
    ];
    for (const [name, evidence, trusted, steps] of cases) {
      const { code, shown } = await verify(name, evidence, trusted);
      expect([code, failed(shown)], steps.join()).to.deep.equal([1, steps]);
      expect(shown.verdict).to.equal(steps[0] === "term" ? "expired" : "unproven");
    }
  });

  it("takes a change of a record for evidence that leads to another root", async () => {
    const changed = Uint8Array.from(registry.last().evidence("example"));
    const at = changed.lastIndexOf(0xc0);
    changed[at] = 0xc1;
    const { code, shown } = await verify("example", changed);
    expect([code, failed(shown)]).to.deep.equal([1, ["signature", "root"]]);
  });

  it("takes a feed's bare bytes where the domain is named, and says what is missing", async () => {
    const file = join(folder, "bare");
    writeFileSync(file, registry.last().evidence("example"));
    const given = ["verify", "example", "--evidence", file, "--json"];
    expect((await tolldns([...given, "--root", root(), "--domain", toHex(DOMAIN)])).code).to.equal(0);
    const without = await tolldns([...given, "--root", root()]);
    expect([without.code, without.stderr.includes("--domain")]).to.deep.equal([2, true]);
    const rootless = await tolldns(given);
    expect([rootless.code, rootless.stderr.includes("--root")]).to.deep.equal([2, true]);
    const other = await tolldns([...given, "--root", root(), "--domain", "11".repeat(32)]);
    expect(other.code, "of another cluster it leads elsewhere").to.equal(1);
  });
});
