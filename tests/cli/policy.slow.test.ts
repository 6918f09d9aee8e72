import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { decodeEvidenceFile, encodeEvidenceFile } from "../../keepers/src/verifier/car.ts";
import { cleanEnv, TOLLDNS, temporaryFolder, tolldns } from "./run.ts";
import { startUpProcess, type Up } from "./up.ts";

/** What `--json` tells of a target. */
interface Told {
  readonly event: string;
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly last: { readonly begin: string; readonly verdict: string } | null;
}

describe("policy on one machine", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  let up: Up;
  let dead = "";
  let told: readonly Told[] = [];
  after(async () => {
    await up?.end("SIGKILL");
    folder.remove();
  });

  const ask = async (...args: string[]) => {
    const { code, stdout, stderr } = await tolldns([...args, "--json", "--data", folder.path]);
    const lines =
      stdout.trim() === ""
        ? []
        : stdout
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line));
    return { code, lines, last: lines.at(-1), error: stderr === "" ? null : JSON.parse(stderr).error };
  };
  const say = async (...args: string[]) => (await tolldns([...args, "--data", folder.path])).stdout;
  const stateOf = (name: string) => told.findLast((one) => one.name === name)?.state;

  /** Follows states until they are as wanted. */
  async function watchUntil(enough: () => boolean): Promise<void> {
    const child = spawn(TOLLDNS, ["policy", "watch", "--windows", "--json", "--data", folder.path], {
      env: cleanEnv(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      told = [...told, JSON.parse(line)];
      if (enough()) break;
    }
    child.kill("SIGKILL");
  }

  /** Seconds: short, so that states change while a test waits. */
  const WINDOW = ["--policy-window", "15"];

  it("runs three verifiers of different operators, regions and networks after the first screen", async () => {
    up = await startUpProcess(folder.path, WINDOW);
    const started = await up.policy();
    expect(started).to.include({ why: null, verifiers: 3, targets: 3 });
    dead = `udp://127.0.0.1:${await freePort()}`;
    expect((await ask("policy", "register", dead)).last).to.include({ changed: true, name: dead });
  });

  it("judges gateway and backends clean, and a backend that isn't there bad, until its state changes", async () => {
    // On a busy machine a window may end with too few probes: then nobody says anything of it.
    const isClean = (name: string) => told.some((one) => one.name === name && one.last?.verdict === "clean");
    const others = () =>
      new Set(told.flatMap(({ name, state }) => (state === undefined || name === dead ? [] : [name])));
    await watchUntil(
      () =>
        told.some(({ event, name }) => event === "change" && name === dead) && [...others()].every(isClean),
    );
    const { last: status } = await ask("policy");
    expect(status.roster.seats).to.have.length(3);
    for (const field of ["operator", "region", "asn"])
      expect(
        new Set(status.roster.seats.map((seat: Record<string, unknown>) => seat[field])).size,
        field,
      ).to.equal(3);
    expect(stateOf(dead)).to.equal("degraded");
    expect(others().size).to.equal(3);
    for (const name of others()) expect(stateOf(name), name).to.equal("healthy");
  });

  it("explains it: the quorum, who saw what, the transaction, and where to do it again", async () => {
    const { last, code, error } = await ask("policy", "explain", dead);
    expect(code, JSON.stringify(error)).to.equal(0);
    expect(last.unproven).to.deep.equal([]);
    const change = last.incident.steps.find(({ kind }: { kind: string }) => kind === "change");
    expect(change.quorum).to.deep.include({ weightBps: 10_000, operators: 3, regions: [1, 2, 3] });
    expect(change.change).to.include({ from: "healthy", to: "degraded" });
    expect(change.change.signature).to.match(/^[1-9A-HJ-NP-Za-km-z]{80,90}$/);
    const heard = last.incident.steps.flatMap((step: { heard?: unknown[] }) => step.heard ?? []);
    expect(heard, "what verifiers say over HTTP").to.have.length.greaterThan(0);
    const story = await say("policy", "explain");
    expect(story).to.match(
      new RegExp(`^The backend ${dead} was degraded(, at worst disabled,)? from .* UTC on; `),
    );
    expect(story).to.include("Agreed: 100 % of the weight, 3 operators, 3 regions, 3 networks");
    expect(story).to.match(/saw 0 of \d+ good/);
  });

  it("makes the verdicts again from a verifier's file, by the commands that the story ends with", async () => {
    const story = await say("policy", "explain");
    const [command = ""] = /tolldns verifier replay \S+ --chain/.exec(story) ?? [];
    const [, , , url = ""] = command.split(" ");
    const { code, last, lines, error } = await ask("verifier", "replay", url, "--chain");
    expect(code, JSON.stringify(error)).to.equal(0);
    expect(last).to.include({ event: "replayed", ok: true, chain: "equal", good: 0, name: dead });
    expect(lines.filter(({ event }) => event === "probe")).to.have.length(last.total);
    for (const probe of lines.slice(0, -1)) expect(probe.outcome).to.not.equal("ok");
  });

  it("tells the first difference of a file that was changed, and exits with 1", async () => {
    const clean = told.findLast(({ name, last }) => name.startsWith("https://") && last?.verdict === "clean");
    const { id, last } = clean ?? expect.fail("no clean window of the gateway");
    const { endpoint } = (
      await ask("verifier", "status", "--verifier-key", join(folder.path, "verifier-1.json"))
    ).last.node;
    const file = join(folder.path, "window.car");
    const bytes = Buffer.from(
      await (await fetch(`${endpoint}/v1/reports/${id}/${last?.begin}.car`)).arrayBuffer(),
    );
    writeFileSync(file, bytes);
    const whole = await ask("verifier", "replay", file, "--bad");
    expect(whole.code, JSON.stringify(whole.error)).to.equal(0);
    expect(whole.last).to.include({ kind: "gateway", good: whole.last.total });
    // A byte in the middle is of some answer: its block no longer has its hash.
    const changed = Uint8Array.from(readFileSync(file));
    const middle = Math.floor(changed.length / 2);
    changed[middle] = (changed[middle] as number) ^ 1;
    writeFileSync(file, changed);
    const { code, error } = await ask("verifier", "replay", file);
    expect([1, 2]).to.include(code);
    expect(["replay-differs", "evidence-invalid"]).to.include(error.code);
  });

  describe("attests", () => {
    const file = () => join(folder.path, "attestation.car");
    const attest = (target: string, ...more: string[]) => {
      const ports = JSON.parse(readFileSync(join(folder.path, "ports.json"), "utf8"));
      const key = ["--verifier-key", join(folder.path, "verifier-1.json")];
      const reference = ["--reference", `udp://127.0.0.1:${ports["fixture resolver 2"]}`];
      return ask("verifier", "attest", target, ...key, ...reference, "--out", file(), ...more);
    };

    it("a gateway that it pays, beside the verifier that has the same key; the file replays", async () => {
      const gateway = told.find(({ name }) => name?.startsWith("https://"))?.name ?? "";
      const ca = join(folder.path, "certificates", "gateway", "ca.pem");
      const { code, last, error } = await attest(gateway, "--gateway-ca", ca);
      expect(code, JSON.stringify(error)).to.equal(0);
      expect(last).to.include({ target: gateway, file: file() });
      expect(last.failed).to.deep.equal([]);
      expect(last.passed).to.equal(last.asked).and.be.above(5);
      expect(last.probes.ok).to.equal(last.probes.total).and.be.above(last.asked);
      const again = await ask("verifier", "replay", file());
      expect(again.code, JSON.stringify(again.error)).to.equal(0);
      expect(again.last).to.include({ ok: true, attestation: true, kind: "gateway", name: gateway });
      expect(again.last).to.include({ good: last.probes.ok, total: last.probes.total, set: last.set });
    });

    it("a backend without a wallet, one that isn't there too, and what failed can be replayed", async () => {
      const { code, last, error } = await attest(dead, "--key", join(folder.path, "none.json"));
      expect(code, JSON.stringify(error)).to.equal(0);
      expect(last.passed).to.equal(0);
      expect(last.failed).to.have.length(last.asked).and.not.be.empty;
      const again = await ask("verifier", "replay", file(), "--bad");
      expect(again.last).to.include({ ok: true, attestation: true, name: dead, good: 0 });
    });

    it("what nobody can change afterwards: another challenge passed, and the replay tells it", async () => {
      const evidence = decodeEvidenceFile(Uint8Array.from(readFileSync(file())));
      const report = Uint8Array.from(evidence.report);
      // The last field: a bit a challenge.
      report[report.length - 32] = (report[report.length - 32] as number) ^ 1;
      writeFileSync(file(), encodeEvidenceFile({ ...evidence, report }));
      const { code, error } = await ask("verifier", "replay", file());
      expect({ code, error: error.code }).to.deep.equal({ code: 1, error: "replay-differs" });
      expect(error.message).to.include("signature");
    });

    it("nothing with a key that no node has, and says what to do", async () => {
      const key = join(folder.path, "stranger.json");
      expect((await ask("verifier", "init", "--verifier-key", key)).code).to.equal(0);
      const { code, error } = await attest(dead, "--verifier-key", key);
      expect(code).to.equal(4);
      expect(error).to.include({ code: "verifier-missing" });
      expect(error.hint).to.include("tolldns stake node add --role verifier");
    });
  });

  it("keeps decision logs that nobody changed", async () => {
    const { code, last } = await ask("policy", "log", "--check");
    expect(code).to.equal(0);
    expect(last.logs.map(({ ok }: { ok: boolean }) => ok)).to.deep.equal([true, true]);
  });

  it("goes on after kill -9: states, changes and logs are where they were, and windows are judged again", async () => {
    await up.end("SIGKILL");
    up = await startUpProcess(folder.path, WINDOW);
    expect((await up.policy()).why).to.equal(null);
    expect((await ask("policy", "log", "--check")).code).to.equal(0);
    const { last: before } = await ask("policy");
    const judged = ({ targets }: { targets: readonly Told[] }) =>
      Number(targets.find(({ name }) => name === dead)?.last?.begin);
    told = [];
    await watchUntil(() =>
      told.some(({ name, last }) => name === dead && Number(last?.begin) > judged(before)),
    );
    expect((await ask("policy", "explain", dead)).last.incident.target.name).to.equal(dead);
  });
});

/** A port of loopback where nothing listens. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
