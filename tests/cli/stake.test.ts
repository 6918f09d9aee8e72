import { statSync } from "node:fs";
import { PROGRAMS } from "@tolldns/migrations";
import { expect } from "chai";
import { type CliRig, startCliRig } from "./rig.ts";
import { tolldns } from "./run.ts";

describe("tolldns stake", function () {
  this.timeout(180_000);
  let rig: CliRig;
  let owner = "";
  let other = "";
  before(async () => {
    rig = await startCliRig({ programs: PROGRAMS });
    for (const wallet of ["owner", "other"]) {
      const { address } = await rig.ok(wallet, "wallet", "create");
      if (wallet === "owner") owner = address;
      else other = address;
      await rig.ok(wallet, "stake", "fund", "300000");
    }
  });
  after(() => rig?.close());

  async function initWitness(file: string): Promise<{ witness: string }> {
    const { code, stdout, stderr } = await tolldns(["witness", "init", "--json", "--witness-key", file]);
    expect(code, stderr).to.equal(0);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    return JSON.parse(stdout);
  }

  it("says what to do for who is no operator", async () => {
    expect(await rig.ok("owner", "stake")).to.deep.equal({ operator: null });
    const refused = await rig.refused("owner", "stake", "add", "10");
    expect(refused).to.include({ code: "operator-missing", exit: 4 });
    expect(refused.hint).to.include("tolldns stake operator register");
  });

  it("registers an operator, its stake and its witness, and tells what it weighs", async () => {
    expect((await rig.refused("owner", "stake", "operator", "register", "--commission", "51")).code).to.equal(
      "usage",
    );
    await rig.ok("owner", "stake", "operator", "register", "--commission", "5");
    await rig.ok("owner", "stake", "add", "200000");
    const { witness } = await initWitness(`${rig.folder}/w.json`);
    const added = await rig.ok(
      "owner",
      "stake",
      "node",
      "add",
      "--role",
      "witness",
      "--hot-key",
      witness,
      "--endpoint",
      "http://127.0.0.1:9",
    );
    expect(added).to.include({ number: 0, role: "witness" });
    const status = await rig.ok("owner", "stake", "status");
    expect(status).to.include({
      operator: owner,
      commissionBps: 500,
      jailed: false,
      pool: "200000000000000",
      witness,
      listed: null,
    });
    expect(BigInt(status.weight) >= 200_000_000_000_000n).to.equal(true);
    expect(status.nodes).to.deep.equal([
      { number: 0, role: "witness", hotKey: witness, endpoint: "http://127.0.0.1:9", region: 0, asn: 0 },
    ]);
  });

  it("brings it into the tree, by anyone's hand", async () => {
    await rig.ok("other", "stake", "sync", "--operator", owner);
    const { listed, weight } = await rig.ok("owner", "stake", "status");
    expect(listed).to.deep.equal({ index: 0, weight });
  });

  it("lets others stake with it", async () => {
    await rig.ok("other", "stake", "add", "1000.5", "--operator", owner);
    const { position, pool } = await rig.ok("other", "stake", "status", "--operator", owner);
    expect(position).to.include({ worth: "1000500000000", tier: 0 });
    expect(pool).to.equal("201000500000000");
    expect((await rig.refused("other", "stake", "add", "900000", "--operator", owner)).code).to.equal(
      "funds-short",
    );
  });

  it("moves a machine, gives it another key, and takes it away", async () => {
    const { witness } = await initWitness(`${rig.folder}/w2.json`);
    await rig.ok("owner", "stake", "node", "rotate", "--role", "witness", "--hot-key", witness);
    await rig.ok(
      "owner",
      "stake",
      "node",
      "set",
      "--role",
      "witness",
      "--endpoint",
      "https://w.example.org",
      "--asn",
      "64500",
    );
    const { nodes } = await rig.ok("owner", "stake");
    expect(nodes[0]).to.include({
      hotKey: witness,
      endpoint: "https://w.example.org",
      asn: 64_500,
      region: 0,
    });
    await rig.ok("owner", "stake", "node", "add", "--role", "gateway", "--hot-key", other);
    expect((await rig.refused("owner", "stake", "node", "set", "--endpoint", "x")).code).to.equal("usage");
    await rig.ok("owner", "stake", "node", "remove", "--role", "gateway");
    expect((await rig.ok("owner", "stake")).nodes).to.have.length(1);
  });

  it("begins an exit with a clock of its own, pays nothing before, and takes it back", async () => {
    const exit = await rig.ok("other", "stake", "exit", "all", "--operator", owner);
    expect(exit).to.include({ number: 0, worth: "1000500000000" });
    const early = await rig.ok("other", "stake", "withdraw", "--operator", owner);
    expect(early.withdrawn).to.deep.equal([]);
    expect(early.waiting).to.have.length(1);
    await rig.ok("other", "stake", "cancel", "0", "--operator", owner);
    const { exits, position } = await rig.ok("other", "stake", "status", "--operator", owner);
    expect(exits).to.deep.equal([]);
    expect(position.worth).to.equal("1000500000000");
  });

  it("ends an operator only when told twice", async () => {
    expect((await rig.refused("owner", "stake", "operator", "retire")).code).to.equal("usage");
    await rig.ok("owner", "stake", "operator", "retire", "--yes");
    expect(await rig.ok("owner", "stake")).to.include({ retired: true, weight: "0" });
  });
});
