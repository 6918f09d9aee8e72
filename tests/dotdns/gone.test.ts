/** What is left of .dns when gateways, feeds or the chain go away, and after a restart. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ask, type RoutesStand, startRoutesStand } from "./support/stand.ts";

describe("an edge with .dns, when others go away", () => {
  let stand: RoutesStand;
  beforeEach(async () => {
    stand = await startRoutesStand();
    stand.registry.publish("example", { zone: "@ 86400 A 192.0.2.1" });
    stand.registry.publish("second", { zone: "@ 300 A 192.0.2.2" });
    stand.registry.finalize();
  });
  afterEach(() => stand.close());

  it("answers with every gateway gone, as long as there is a feed and an RPC", async () => {
    const gateway = await stand.gateway([await stand.feed()]);
    const edge = await stand.edge({ gateways: [gateway], feeds: [await stand.feed()] });
    await gateway.close();
    expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.1"]);
  });

  it("answers through a gateway with every feed of its own gone", async () => {
    const own = await stand.feed();
    const gateway = await stand.gateway([await stand.feed()]);
    const edge = await stand.edge({ gateways: [gateway], feeds: [own] });
    own.isGone = true;
    expect((await ask(edge, "example.dns")).answers).to.have.length(1);
  });

  it("says so when gateways and feeds are gone, and asks no public resolver", async () => {
    const feed = await stand.feed();
    const gateway = await stand.gateway([feed]);
    const edge = await stand.edge({ gateways: [gateway], feeds: [feed] });
    feed.isGone = true;
    for (const at of [gateway, edge]) {
      const none = await ask(at, "example.dns");
      expect([none.rcode, none.ede.slice(0, 32)]).to.deep.equal([
        "SERVFAIL",
        "22 tolldns: routes-unreachable: ",
      ]);
    }
    expect(edge.status().gateways[0], "a gateway without feeds tells no lie").to.include({ lies: 0 });
    expect(stand.upstreamNames).to.deep.equal([]);
    feed.isGone = false;
    stand.clock.seconds += 70;
    expect((await ask(edge, "example.dns")).answers, "and comes back by itself").to.have.length(1);
  });

  it("falls back from a feed that stalls to the next without waiting for it", async () => {
    const stalled = await stand.feed(() => new Promise(() => {}));
    const feed = await stand.feed();
    const edge = await stand.edge({ feeds: [stalled, feed] });
    expect((await ask(edge, "example.dns")).answers).to.have.length(1);
    expect(stalled.asked).to.have.length(1);
  });

  it("asks a feed again whose kept connection was cut while the question was on its way", async () => {
    const feed = await stand.feed();
    const seen = new WeakSet<object>();
    feed.handle = ({ socket }) => {
      if (!seen.has(socket)) {
        seen.add(socket);
        return false;
      }
      socket.destroy();
      return true;
    };
    const edge = await stand.edge({ feeds: [feed] });
    for (const name of ["example.dns", "second.dns", "nobody.dns"])
      expect((await ask(edge, name)).ede, name).to.equal("");
    expect(edge.status().routes?.feeds[0]).to.include({ answers: 3, failures: 0 });
  });

  it("asks a chain that stalls once for all questions, and answers them from what it verified", async () => {
    const edge = await stand.edge({ feeds: [await stand.feed()], policy: { chainTimeoutMs: 60_000 } });
    await ask(edge, "example.dns");
    stand.chain.stalls = true;
    stand.clock.seconds += 20;
    for (let i = 0; i < 3; i++) expect((await ask(edge, "example.dns")).answers).to.have.length(1);
    expect(stand.chain.asked, "one look is under way").to.equal(2);
  });

  it("goes on from cached roots with the RPC gone, within the bound, and fails honestly beyond it", async () => {
    const feed = await stand.feed();
    const edge = await stand.edge({ feeds: [feed], policy: { maxStaleSeconds: 100 } });
    await ask(edge, "example.dns");
    stand.chain.isGone = true;
    stand.clock.seconds += 60;
    const stale = await ask(edge, "example.dns");
    expect(stale.answers).to.deep.equal(["example.dns 1 192.0.2.1"]);
    expect(stale.ttls[0], "not for long").to.be.at.most(30);
    expect(
      (await ask(edge, "second.dns")).answers,
      "a root seen before vouches for other names too",
    ).to.have.length(1);
    stand.clock.seconds += 60;
    const over = await ask(edge, "example.dns");
    expect([over.rcode, over.ede.slice(0, 23)]).to.deep.equal(["SERVFAIL", "22 tolldns: roots-stale"]);
    stand.chain.isGone = false;
    stand.clock.seconds += 2;
    expect((await ask(edge, "example.dns")).answers).to.have.length(1);
  });

  it("takes no root that it hasn't seen while the RPC is gone, and asks a feed for one that it has", async () => {
    const feed = await stand.feed();
    const gateway = await stand.liar((name) => stand.registry.last().evidence(name));
    const direct = await stand.edge({ feeds: [feed] });
    const paid = await stand.edge({ gateways: [gateway] });
    for (const edge of [direct, paid]) await ask(edge, "example.dns");
    stand.chain.isGone = true;
    stand.registry.publish("second", { zone: "@ 300 A 192.0.2.22" });
    stand.registry.finalize();
    stand.clock.seconds += 2;
    const unseen = await ask(paid, "second.dns");
    expect([unseen.rcode, unseen.ede.slice(0, 28)]).to.deep.equal([
      "SERVFAIL",
      "22 tolldns: root-unconfirmed",
    ]);
    expect((await ask(paid, "example.dns")).answers, "what is verified goes on").to.have.length(1);
    expect((await ask(direct, "second.dns")).answers).to.deep.equal(["second.dns 1 192.0.2.2"]);
  });

  it("answers nothing before the chain has said anything", async () => {
    const feed = await stand.feed();
    stand.chain.isGone = true;
    const edge = await stand.edge({ feeds: [feed] });
    const none = await ask(edge, "example.dns");
    expect([none.rcode, none.ede.slice(0, 28)]).to.deep.equal(["SERVFAIL", "22 tolldns: roots-unreadable"]);
  });

  it("refuses a chain of another cluster", async () => {
    const feed = await stand.feed();
    const say = stand.chain.says;
    stand.chain.says = () => ({ ...say(), domain: new Uint8Array(32) });
    const edge = await stand.edge({ feeds: [feed] });
    expect((await ask(edge, "example.dns")).ede).to.match(/^22 tolldns: roots-foreign/);
  });

  it("keeps verified evidence and roots over a restart, for no one else to read", async () => {
    const feed = await stand.feed();
    const edge = await stand.edge({ feeds: [feed] });
    const { tokenFile } = edge.control as { tokenFile: string };
    const stateDir = join(tokenFile, "..");
    await ask(edge, "example.dns");
    await edge.close();
    const file = join(stateDir, "routes.json");
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(JSON.parse(readFileSync(file, "utf8")).evidence).to.have.length(1);
    feed.isGone = true;
    stand.chain.isGone = true;
    const again = await stand.edge({ feeds: [feed], changes: { stateDir } });
    expect((await ask(again, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.1"]);
    await again.close();
    stand.clock.seconds += 4_000;
    const late = await stand.edge({ feeds: [feed], changes: { stateDir } });
    expect((await ask(late, "example.dns")).rcode, "but not for ever").to.equal("SERVFAIL");
  });

  it("judges what a file holds again: one that was tampered with answers nothing", async () => {
    const feed = await stand.feed();
    const edge = await stand.edge({ feeds: [feed] });
    const stateDir = join((edge.control as { tokenFile: string }).tokenFile, "..");
    await ask(edge, "example.dns");
    await edge.close();
    const file = join(stateDir, "routes.json");
    const saved = JSON.parse(readFileSync(file, "utf8"));
    const bytes = Buffer.from(saved.evidence[0].evidence, "base64url");
    bytes[bytes.length - 1] = 66;
    saved.evidence[0].evidence = bytes.toString("base64url");
    writeFileSync(file, JSON.stringify(saved));
    feed.isGone = true;
    const again = await stand.edge({ feeds: [feed], changes: { stateDir } });
    expect((await ask(again, "example.dns")).rcode).to.equal("SERVFAIL");
  });

  it("asks the chain once for many questions, however many epochs a liar makes up", async () => {
    let epoch = 100n;
    const genuine = stand.registry.last();
    const feed = await stand.feed((name) => {
      const bytes = Uint8Array.from(genuine.evidence(name));
      new DataView(bytes.buffer).setBigUint64(1, epoch++, true);
      return bytes;
    });
    const edge = await stand.edge({ feeds: [feed] });
    const names = Array.from({ length: 20 }, (_, i) => `name-${i}.dns`);
    await Promise.all(names.map((name) => ask(edge, name)));
    expect(stand.chain.asked).to.be.below(8);
  });
});
