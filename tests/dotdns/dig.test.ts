/** dig and kdig, real clients, through an edge and at a gateway. */
import { expect } from "chai";
import { dig, run } from "../cli/run.ts";
import { type RoutesStand, startRoutesStand } from "./support/stand.ts";

describe("dig and kdig asked about .dns", () => {
  let stand: RoutesStand;
  let edgePort: number;
  let gatewayPort: number;
  const large = Array.from({ length: 14 }, (_, i) => `@ 300 TXT "${i} ${"x".repeat(200)}"`).join("\n");
  before(async () => {
    stand = await startRoutesStand();
    stand.registry.publish("example", {
      zone: `@ 300 A 192.0.2.1
@ 300 AAAA 2001:db8::1
@ 300 MX 10 mail
mail 300 A 192.0.2.25
www 300 CNAME @
*.any 60 A 192.0.2.9
`,
    });
    stand.registry.publish("large", { zone: large });
    stand.registry.finalize();
    const gateway = await stand.gateway([await stand.feed()]);
    const edge = await stand.edge({ gateways: [gateway], feeds: [await stand.feed()] });
    edgePort = edge.addresses[0]?.port as number;
    gatewayPort = gateway.addresses.udp?.port as number;
  });
  after(() => stand.close());

  it("prints records of every kind as any DNS answer", async () => {
    const short = async (...args: string[]) => (await dig(edgePort, "+short", ...args)).trim().split("\n");
    expect(await short("example.dns")).to.deep.equal(["192.0.2.1"]);
    expect(await short("example.dns", "AAAA")).to.deep.equal(["2001:db8::1"]);
    expect(await short("example.dns", "MX")).to.deep.equal(["10 mail.example.dns."]);
    expect(await short("www.example.dns")).to.deep.equal(["example.dns.", "192.0.2.1"]);
    expect(await short("x.any.example.dns")).to.deep.equal(["192.0.2.9"]);
  });

  it("says NXDOMAIN with an SOA, whose serial is the epoch", async () => {
    const text = await dig(edgePort, "nobody.dns");
    expect(text).to.match(/status: NXDOMAIN/);
    expect(text).to.match(/^dns\.\s+\d+\s+IN\s+SOA\s+dns\. \. 1 /m);
    expect(text, "DNSSEC vouches for none of it").not.to.match(/flags:[^;]*\bad\b/);
  });

  it("goes to TCP for an answer that fits no datagram", async () => {
    const cut = await dig(edgePort, "large.dns", "TXT", "+ignore");
    expect(cut).to.match(/flags:[^;]*\btc\b/);
    const whole = await dig(edgePort, "large.dns", "TXT");
    expect(whole).to.match(/Truncated, retrying in TCP mode/);
    expect(whole.match(/\tTXT\t/g)).to.have.length(14);
  });

  it("gets evidence by an EDNS option of its own, from a gateway", async () => {
    const text = await dig(gatewayPort, "+tcp", "+ednsopt=65313", "www.example.dns");
    const evidence = Buffer.from(stand.registry.last().evidence("example")).toString("hex").slice(0, 24);
    const spaced = (evidence.match(/../g) as string[]).join(" ");
    expect(text).to.include(`OPT=65313: ${spaced}`);
  });

  it("answers kdig over TLS", async () => {
    const gateway = await stand.gateway([await stand.feed()]);
    const port = String(gateway.addresses.dot?.port);
    const { stdout } = await run("kdig", ["@127.0.0.1", "-p", port, "+tls", "+short", "example.dns"]);
    expect(stdout.trim()).to.equal("192.0.2.1");
  });

  it("shows dig why there is no answer", async () => {
    const feed = await stand.feed();
    feed.isGone = true;
    const edge = await stand.edge({ feeds: [feed] });
    const text = await dig(edge.addresses[0]?.port as number, "example.dns");
    expect(text).to.match(/status: SERVFAIL/);
    expect(text).to.match(/EDE: 22 \(No Reachable Authority\): \(tolldns: routes-unreachable/);
  });
});
