/** Gateways and feeds that lie, keep back, or replay: the edge takes none of it, says who it was and goes on to another. */
import { copyBytes, writeU64 } from "@tolldns/sdk";
import { decodeEvidence, encodeEvidence } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { control } from "../edge/support/stand.ts";
import { createRegistry, signerOf } from "./support/registry.ts";
import { ask, type RoutesStand, startRoutesStand } from "./support/stand.ts";

/** Evidence with some of its route's fields changed, everything else as it was. */
function changed(evidence: Uint8Array, change: (route: Uint8Array) => void): Uint8Array {
  const bytes = copyBytes(evidence);
  const { route } = decodeEvidence(bytes);
  if (route === undefined) throw new Error("evidence of presence is needed");
  const tail = bytes.subarray(bytes.length - route.records.length);
  change(tail);
  return bytes;
}

describe("an edge before gateways that lie about .dns", () => {
  let stand: RoutesStand;
  beforeEach(async () => {
    // A liar that is slow to lie would be overtaken, and its lie not heard.
    stand = await startRoutesStand(10);
    stand.registry.publish("example", { zone: "@ 300 A 192.0.2.1" });
    stand.registry.publish("second", { zone: "@ 300 A 192.0.2.2" });
    stand.registry.finalize();
  });
  afterEach(() => stand.close());

  const genuine = () => stand.registry.last().evidence("example");

  /** Evidence for a map of the liar's own, in which the name is the liar's. */
  function forged(epoch: bigint): Uint8Array {
    const own = createRegistry();
    own.publish("example", { zone: "@ 300 A 203.0.113.66", signer: signerOf(66), version: 9n });
    const bytes = own.finalize().evidence("example");
    writeU64(bytes, 1, epoch, "epoch");
    return bytes;
  }

  /** The genuine proof with a route of another's beside it. */
  function signedByAnother(): Uint8Array {
    const own = createRegistry();
    own.publish("example", { zone: "@ 300 A 203.0.113.66", signer: signerOf(66) });
    const { route } = decodeEvidence(own.finalize().evidence("example"));
    if (route === undefined) throw new Error("published just now");
    return encodeEvidence({ ...decodeEvidence(genuine()), route });
  }

  const LIES: readonly (readonly [what: string, code: string, claim: () => Uint8Array | null])[] = [
    [
      "other records",
      "evidence-root",
      () => changed(genuine(), (records) => records.fill(66, records.length - 4)),
    ],
    ["another name's proof", "evidence-name", () => stand.registry.last().evidence("second")],
    ["a root of its own for a final epoch", "evidence-root", () => forged(1n)],
    ["another's signature over other records", "evidence-root", signedByAnother],
    [
      "a signature that is none",
      "evidence-signature",
      () => {
        const { route, ...rest } = decodeEvidence(genuine());
        if (route === undefined) throw new Error("published");
        return encodeEvidence({ ...rest, route: { ...route, signature: new Uint8Array(64).fill(1) } });
      },
    ],
    ["bytes that are no evidence", "evidence-form", () => new Uint8Array(40).fill(255)],
    [
      "absence of a name that is there",
      "evidence-root",
      () => createRegistry().finalize().evidence("example"),
    ],
    ["an answer without its proof", "proof-withheld", () => null],
  ];

  for (const [what, code, claim] of LIES)
    it(`refuses ${what}, reports the gateway and asks another`, async () => {
      const liar = await stand.liar(() => claim());
      const honest = await stand.gateway([await stand.feed()]);
      const edge = await stand.edge({ gateways: [liar, honest] });
      expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.1"]);
      const status = edge.status();
      expect(status.gateways[0]).to.include({ lies: 1 });
      expect(status.gateways[0]?.lie).to.match(new RegExp(`^${code}: `));
      expect(status.gateways[1]).to.include({ lies: 0, lie: null });
      expect(status.routes?.refusals[0]).to.include({ from: liar.url, code, isLie: true });
      expect(status.reasons.join()).to.include(`${liar.url} lied about a .dns name: ${code}`);
      expect(stand.log.filter(({ event }) => event === "route-refused")).to.have.length(1);
      expect(JSON.stringify(stand.log), "a log holds no name that was asked for").not.to.include("example");
      await ask(edge, "second.dns");
      expect(liar.asked, "it isn't asked about .dns again for a while").to.have.length(1);
    });

  it("shows a lie at the control endpoint", async () => {
    const liar = await stand.liar(() => forged(1n));
    const edge = await stand.edge({ gateways: [liar], feeds: [await stand.feed()] });
    expect((await ask(edge, "example.dns")).answers).to.have.length(1);
    const { body } = await control(edge, "GET", "/status");
    expect((body.gateways as { lies: number }[])[0]?.lies).to.equal(1);
    expect(body.routes).to.include({ lies: 1 });
  });

  it("refuses a root that is not final on the chain, and accuses nobody of more than being ahead", async () => {
    const liar = await stand.liar(() => forged(2n));
    const edge = await stand.edge({ gateways: [liar] });
    const refused = await ask(edge, "example.dns");
    expect([refused.rcode, refused.ede.slice(0, 27)]).to.deep.equal([
      "SERVFAIL",
      "24 tolldns: root-not-final:",
    ]);
    expect(edge.status().routes).to.include({ refused: 1, lies: 0 });
  });

  it("refuses an old root once a newer one has been final for longer than the grace, and asks another", async () => {
    const old = genuine();
    const liar = await stand.liar(() => old);
    stand.registry.publish("example", { zone: "@ 300 A 192.0.2.11" });
    stand.registry.finalize(Date.now() / 1000 - 3_600);
    const honest = await stand.gateway([await stand.feed()]);
    const edge = await stand.edge({ gateways: [liar, honest] });
    expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.11"]);
    expect(liar.asked, "the one with the old root was asked first").to.have.length(1);
    const alone = await stand.edge({ gateways: [liar] });
    const refused = await ask(alone, "example.dns");
    expect([refused.rcode, refused.ede.slice(0, 21)]).to.deep.equal(["SERVFAIL", "24 tolldns: root-old:"]);
    expect(alone.status().routes?.refusals[0]).to.include({ code: "root-old", isLie: false });
  });

  it("refuses an older version replayed after a newer one", async () => {
    const old = genuine();
    let claim = old;
    const gateway = await stand.liar(() => claim);
    stand.registry.publish("example", { zone: "@ 300 A 192.0.2.11" });
    claim = stand.registry.finalize().evidence("example");
    const edge = await stand.edge({ gateways: [gateway] });
    expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.11"]);
    stand.registry.finalize();
    stand.clock.seconds += 11;
    claim = old;
    const kept = await ask(edge, "example.dns");
    expect(kept.answers, "the newer one is kept").to.deep.equal(["example.dns 1 192.0.2.11"]);
    expect(edge.status().gateways[0]?.lie).to.match(/^route-older: /);
  });

  it("takes the root before the last where nobody has the newest yet and it is only just final", async () => {
    const feed = await stand.feed();
    const last = stand.registry.last();
    feed.say = (name) => last.evidence(name);
    stand.registry.finalize();
    const edge = await stand.edge({ feeds: [feed] });
    expect((await ask(edge, "example.dns")).answers).to.deep.equal(["example.dns 1 192.0.2.1"]);
  });

  it("goes on to another feed when one lies, and leaves that one for last", async () => {
    const liar = await stand.feed(() => forged(1n));
    const honest = await stand.feed();
    const edge = await stand.edge({ feeds: [liar, honest] });
    expect((await ask(edge, "example.dns")).answers).to.have.length(1);
    expect((await ask(edge, "second.dns")).answers).to.have.length(1);
    expect([liar.asked.length, honest.asked.length]).to.deep.equal([1, 2]);
    const status = edge.status().routes?.feeds.find(({ url }) => url === liar.url);
    expect(status).to.include({ lies: 1, usable: false });
  });

  it("takes no feed's word for a gateway either: a gateway with a lying feed answers SERVFAIL", async () => {
    const liar = await stand.feed(() => forged(1n));
    const gateway = await stand.gateway([liar]);
    const refused = await ask(gateway, "example.dns");
    expect([refused.rcode, refused.ede.slice(0, 26)]).to.deep.equal([
      "SERVFAIL",
      "24 tolldns: evidence-root:",
    ]);
    expect(gateway.status().routes).to.include({ lies: 1 });
  });
});
