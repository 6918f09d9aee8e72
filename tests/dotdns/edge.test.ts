/** What an edge answers about `.dns`, from evidence that it verified itself. */
import { TYPE } from "@tolldns/dns";
import { expect } from "chai";
import { ask, type RoutesStand, startRoutesStand } from "./support/stand.ts";

const ZONE = `@ 300 A 192.0.2.1
@ 300 TXT "hello"
www 600 CNAME @
ftp 600 CNAME www
deep.er 60 A 192.0.2.2
*.wild 120 A 192.0.2.3
out 300 CNAME www.example.org.
loop 300 CNAME pool
pool 300 CNAME loop
other 300 CNAME plain.second.dns.
`;

describe("an edge asked about .dns", () => {
  let stand: RoutesStand;
  beforeEach(async () => {
    stand = await startRoutesStand();
    stand.registry.publish("example", { zone: ZONE });
    stand.registry.publish("second", { zone: "plain 300 A 192.0.2.9" });
    stand.registry.finalize();
  });
  afterEach(() => stand.close());

  const viaGateway = async () => {
    const gateway = await stand.gateway([await stand.feed()]);
    return stand.edge({ gateways: [gateway], feeds: [await stand.feed()] });
  };

  it("answers by a gateway's evidence, and keeps it for the next question", async () => {
    const feed = await stand.feed();
    const gateway = await stand.gateway([feed]);
    const edge = await stand.edge({ gateways: [gateway] });
    expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.1"]);
    expect((await ask(edge, "example.dns", TYPE.TXT)).answers).to.deep.equal(["example.dns 16 hello"]);
    expect(feed.asked).to.deep.equal(["example.dns"]);
    expect(gateway.status().queries, "the second question was the edge's to answer").to.equal(1);
    expect(edge.status().routes).to.include({ epoch: 1n, names: 1, answered: 2, refused: 0 });
  });

  it("makes sub-names, wildcards and CNAMEs of the record set itself", async () => {
    const edge = await viaGateway();
    expect((await ask(edge, "www.example.dns")).answers).to.deep.equal([
      "www.example.dns 5 example.dns",
      "example.dns 1 192.0.2.1",
    ]);
    expect((await ask(edge, "WWW.Example.DNS")).answers).to.have.length(2);
    expect((await ask(edge, "ftp.example.dns")).answers).to.have.length(3);
    expect((await ask(edge, "deep.er.example.dns")).answers).to.deep.equal([
      "deep.er.example.dns 1 192.0.2.2",
    ]);
    expect((await ask(edge, "any.thing.wild.example.dns")).answers).to.deep.equal([
      "any.thing.wild.example.dns 1 192.0.2.3",
    ]);
    const empty = await ask(edge, "er.example.dns");
    expect([empty.rcode, empty.answers.length]).to.deep.equal(["NOERROR", 0]);
    expect((await ask(edge, "nothing.example.dns")).rcode).to.equal("NXDOMAIN");
    const loop = await ask(edge, "loop.example.dns");
    expect([loop.rcode, loop.ede]).to.deep.equal(["SERVFAIL", "0 tolldns: the name's CNAMEs go round"]);
  });

  it("follows a CNAME to another .dns name, and to an ordinary one through its gateways", async () => {
    const edge = await viaGateway();
    expect((await ask(edge, "other.example.dns")).answers).to.deep.equal([
      "other.example.dns 5 plain.second.dns",
      "plain.second.dns 1 192.0.2.9",
    ]);
    expect((await ask(edge, "out.example.dns")).answers).to.deep.equal([
      "out.example.dns 5 www.example.org",
      "www.example.org 1 198.51.100.7",
    ]);
  });

  it("says NXDOMAIN of a name that is proven not to be there, for an epoch at most", async () => {
    const edge = await viaGateway();
    const absent = await ask(edge, "nobody.dns");
    expect(absent.rcode).to.equal("NXDOMAIN");
    expect(absent.soaTtl).to.be.within(1, 300);
    expect((await ask(edge, "_no_label.dns")).rcode).to.equal("NXDOMAIN");
    const apex = await ask(edge, "dns");
    expect([apex.rcode, apex.answers.length]).to.deep.equal(["NOERROR", 0]);
  });

  it("falls silent about a name once its route has expired, and about one taken away", async () => {
    stand.registry.publish("short", { zone: "@ 86400 A 192.0.2.1", expiresAt: Date.now() / 1000 + 100 });
    stand.registry.publish("second", { zone: "" });
    stand.registry.finalize();
    const edge = await viaGateway();
    const [ttl] = (await ask(edge, "short.dns")).ttls;
    expect(ttl, "no record outlives the route").to.be.within(1, 100);
    expect((await ask(edge, "plain.second.dns")).rcode).to.equal("NXDOMAIN");
    stand.clock.seconds += 101;
    const lapsed = await ask(edge, "short.dns");
    expect([lapsed.rcode, lapsed.ede]).to.deep.equal(["NXDOMAIN", "0 tolldns: the route has expired"]);
  });

  it("follows the owner to a newer route once its root is final", async () => {
    const edge = await viaGateway();
    await ask(edge, "example.dns");
    stand.registry.publish("example", { zone: "@ 300 A 192.0.2.77" });
    expect((await ask(edge, "example.dns")).answers, "not final yet").to.deep.equal([
      "example.dns 1 192.0.2.1",
    ]);
    stand.registry.finalize();
    stand.clock.seconds += 11;
    expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.77"]);
  });

  it("never says that DNSSEC vouches for it, and never asks public resolvers", async () => {
    const edge = await viaGateway();
    expect((await ask(edge, "example.dns")).isAuthentic).to.equal(false);
    await ask(edge, "nobody.dns");
    await ask(edge, "a.b.c.nobody.dns");
    expect(stand.upstreamNames.filter((name) => /(^|\.)dns$/.test(name))).to.deep.equal([]);
  });

  it("gives no private address of a public name to programs here", async () => {
    stand.registry.publish("home", { zone: "@ 300 A 192.168.1.1" });
    stand.registry.finalize();
    const edge = await viaGateway();
    const refused = await ask(edge, "home.dns");
    expect([refused.rcode, refused.answers.length]).to.deep.equal(["SERVFAIL", 0]);
  });

  it("answers SERVFAIL and says why where no feed is configured, asking nobody", async () => {
    const gateway = await stand.gateway([]);
    const edge = await stand.edge({ gateways: [gateway], changes: { routes: undefined } });
    const off = await ask(edge, "example.dns");
    expect(off.rcode).to.equal("SERVFAIL");
    expect(off.ede).to.match(/^21 tolldns: routes-off: /);
  });
});
