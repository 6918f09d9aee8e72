import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { toAddress } from "@tolldns/sdk";
import { DELEGATE_TOMBSTONE } from "@tolldns/sdk/names";
import { expect } from "chai";
import { createRpc } from "../../clients/cli/src/wallet/rpc.ts";
import { type CliRig, startCliRig } from "./rig.ts";
import { cleanEnv, ROOT, TOLLDNS } from "./run.ts";

describe("tolldns name", function () {
  this.timeout(120_000);
  let rig: CliRig;
  let alice = "";
  let bob = "";
  before(async () => {
    rig = await startCliRig({ namesTerms: { commitMin: 1, auction: 60, extension: 10 } });
    [alice, bob] = await Promise.all([rig.fund("alice"), rig.fund("bob")]);
  });
  after(() => rig?.close());

  const secrets = () => {
    const folder = join(rig.folder, "names", "registering");
    return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
  };

  it("says what is free and what it costs", async () => {
    const { names } = await rig.ok("alice", "name", "search", "Example.dns", "abc", "bücher");
    expect(
      names.map((row: { name: string; tenure: string; premium: boolean; price: string }) => [
        row.name,
        row.tenure,
        row.premium,
        row.price,
      ]),
    ).to.deep.equal([
      ["example.dns", "free", false, "5000000"],
      ["abc.dns", "free", true, "160000000"],
      ["xn--bcher-kva.dns", "free", false, "5000000"],
    ]);
  });

  it("registers in two steps, and keeps no secret once it is done", async () => {
    const done = await rig.ok("alice", "name", "register", "example.dns", "--years", "2");
    expect(done).to.include({ name: "example.dns", paid: "10000000" });
    expect(secrets()).to.deep.equal([]);
    const shown = await rig.ok("alice", "name", "show", "example");
    expect(shown).to.include({ tenure: "held", holder: alice, generation: 1, expiresAt: done.expiresAt });
    const { names } = await rig.ok("alice", "name", "list");
    expect(names.map((row: { name: string }) => row.name)).to.deep.equal(["example.dns"]);
  });

  it("goes on where it was killed: the secret is on disk, mode 0600, before the promise leaves", async () => {
    const child = spawn(
      TOLLDNS,
      [
        "name",
        "register",
        "resumed.dns",
        "--json",
        "--config",
        join(rig.folder, "config.toml"),
        "--key",
        join(rig.folder, "alice.json"),
      ],
      { cwd: ROOT, env: cleanEnv(), stdio: ["ignore", "pipe", "inherit"] },
    );
    const gone = new Promise((resolve) => child.once("exit", resolve));
    await new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => text.includes('"promised"') && resolve());
    });
    child.kill("SIGKILL");
    await gone;
    expect(secrets()).to.have.length(1);
    expect(statSync(secrets()[0] as string).mode & 0o777).to.equal(0o600);
    expect((await rig.ok("bob", "name", "search", "resumed")).names[0].tenure).to.equal("free");
    expect(await rig.ok("alice", "name", "register", "resumed.dns")).to.include({ paid: "5000000" });
    expect(secrets()).to.deep.equal([]);
  });

  it("refuses a name that another has, one that is sold by auction, and one that is no label", async () => {
    const taken = await rig.refused("bob", "name", "register", "example.dns");
    expect(taken).to.include({ code: "name-taken", exit: 4 });
    expect(taken.message).to.include(alice);
    const premium = await rig.refused("bob", "name", "register", "abcd");
    expect(premium).to.include({ code: "name-premium", exit: 4 });
    expect(premium.hint).to.include("tolldns name auction abcd.dns").and.include("80 IU");
    expect((await rig.refused("bob", "name", "register", "two.labels")).code).to.equal("label-invalid");
    expect((await rig.refused("bob", "name", "register", "x-")).code).to.equal("label-invalid");
  });

  it("refuses what the wallet can't pay before it promises anything", async () => {
    await rig.ok("poor", "wallet", "create");
    await rig.ok("poor", "wallet", "fund", "1");
    const short = await rig.refused("poor", "name", "register", "pennyless");
    expect(short).to.include({ code: "funds-short", exit: 4 });
    expect(short.hint).to.include("tolldns wallet fund");
    expect(secrets()).to.deep.equal([]);
  });

  it("renews any name for anybody", async () => {
    const before = await rig.ok("bob", "name", "show", "example.dns");
    const after = await rig.ok("bob", "name", "renew", "example.dns");
    expect(BigInt(after.expiresAt) - BigInt(before.expiresAt)).to.equal(365n * 86_400n);
  });

  it("hands a name over in two steps, and takes an offer back", async () => {
    expect((await rig.refused("bob", "name", "accept", "example.dns")).code).to.equal("name-foreign");
    await rig.ok("alice", "name", "offer", "example.dns", bob);
    await rig.ok("alice", "name", "retract", "example.dns");
    expect((await rig.refused("bob", "name", "accept", "example.dns")).code).to.equal("name-foreign");
    await rig.ok("alice", "name", "offer", "example.dns", bob);
    await rig.ok("bob", "name", "accept", "example.dns");
    expect((await rig.ok("bob", "name", "show", "example.dns")).holder).to.equal(bob);
    expect((await rig.refused("alice", "name", "offer", "example.dns", bob)).code).to.equal("name-foreign");
  });

  it("sends a name in one step only when told twice", async () => {
    expect(await rig.refused("bob", "name", "transfer", "example.dns", alice)).to.include({
      code: "usage",
      exit: 2,
    });
    await rig.ok("bob", "name", "transfer", "example.dns", alice, "--yes");
    expect((await rig.ok("bob", "name", "show", "example.dns")).holder).to.equal(alice);
  });

  it("appoints and dismisses who may sign records", async () => {
    await rig.ok("alice", "name", "delegate", "example.dns", bob, "--days", "30");
    const { delegates } = await rig.ok("alice", "name", "show", "example.dns");
    expect(delegates).to.have.length(1);
    expect(delegates[0]).to.include({ delegate: bob, acts: true });
    await rig.ok("alice", "name", "dismiss", "example.dns", bob);
    const after = await rig.ok("alice", "name", "show", "example.dns");
    expect(after.delegates.filter((row: { acts: boolean }) => row.acts)).to.deep.equal([]);
  });

  it("auctions a premium name: the loser gets the bid back, the leader can't, nobody settles early", async () => {
    await rig.ok("alice", "name", "auction", "abc", "160");
    const { auction } = await rig.ok("bob", "name", "auction", "abc");
    expect(auction).to.include({
      state: "open",
      highest: "160000000",
      highestBidder: alice,
      least: "168000000",
    });
    expect((await rig.refused("bob", "name", "bid", "abc", "161")).code).to.equal("program-bid-too-low");
    await rig.ok("bob", "name", "bid", "abc", "168");
    expect((await rig.refused("bob", "name", "withdraw", "abc")).code).to.equal("program-highest-bidder");
    await rig.ok("alice", "name", "withdraw", "abc");
    expect((await rig.refused("alice", "name", "settle", "abc")).code).to.equal("program-auction-open");
  });

  it("issues a passport and sets its hint", async () => {
    expect((await rig.ok("alice", "name", "passport")).passport).to.equal(null);
    await rig.ok("alice", "name", "passport", "--issue");
    await rig.ok("alice", "name", "hint", "relay", "wss://relay.example.org/a1");
    const { hint } = await rig.ok("alice", "name", "passport");
    expect(hint).to.deep.equal({
      kind: "relay",
      bytes: Buffer.from("wss://relay.example.org/a1").toString("hex"),
    });
    await rig.ok("alice", "name", "hint", "none");
    expect((await rig.ok("alice", "name", "passport")).hint.kind).to.equal("none");
  });

  it("sends a delegation's rent back to who paid it, eight days after its end and by anybody's hand", async () => {
    const reclaim = ["name", "reclaim", "example.dns", bob];
    expect((await rig.refused("bob", ...reclaim)).code).to.equal("program-delegate-kept");
    await rig.chain.clock.advanceTime(DELEGATE_TOMBSTONE + 1);
    const lamports = async () => (await createRpc(rig.chain.rpcUrl).readAccount(toAddress(alice)))?.lamports;
    const before = (await lamports()) as number;
    const done = await rig.ok("bob", ...reclaim);
    expect(done).to.include({ name: "example.dns", delegate: bob, payer: alice });
    expect(await lamports()).to.equal(before + Number(done.lamports));
    expect((await rig.ok("alice", "name", "show", "example.dns")).delegates).to.deep.equal([]);
    expect((await rig.refused("bob", ...reclaim)).code).to.equal("delegate-missing");
  });
});
