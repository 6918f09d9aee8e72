import { join } from "node:path";
import { DnsError, questionFor, RCODE, readMessage, TYPE } from "@tolldns/dns";
import { openPayingPath, type PathGateway, type PathTransport, type PayingPath } from "@tolldns/edge";
import { formatAddress } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { expect } from "chai";
import { PRICE, type Stand, type StandGateway, startStand } from "./support/stand.ts";

/** Long enough for a slow machine; nothing waits for it. */
const PATIENCE = 20_000;

/** What the stand's gateway has; a gateway with UDP is taken to have TCP on the same port, as RFC 7766 asks, and this one hasn't. */
const SERVED = ["udp", "dot", "doh"] as const;

describe("the paying path that verifiers ask gateways by", function () {
  this.timeout(60_000);
  let stand: Stand;
  let target: StandGateway;
  let path: PayingPath;
  let gateway: PathGateway;
  let count = 0;
  const fresh = () => questionFor(`p${count++}.example.com`, TYPE.A);
  const ask = (transport: PathTransport, ms = PATIENCE) =>
    gateway.ask(transport, fresh(), AbortSignal.timeout(ms));
  const optionsOf = (name: string) => {
    const { wallet, limits } = stand.edgeOptions([]);
    return {
      stateDir: join(stand.folder, name),
      ...(wallet === undefined ? {} : { wallet }),
      ...(limits === undefined ? {} : { limits }),
      log: (line: (typeof stand.log)[number]) => stand.log.push(line),
    };
  };

  before(async () => {
    stand = await startStand();
    target = await stand.addGateway();
    path = await openPayingPath(optionsOf("verifier"));
    gateway = await path.open({ url: target.url, ca: target.ca });
  });
  after(async () => {
    await path?.close();
    await stand?.close();
  });

  it("asks over every transport in one session, and pays for each answer", async () => {
    expect(gateway.transports).to.have.members(["udp", "tcp", "dot", "doh"]);
    const paid = target.gateway.status().paid;
    for (const transport of SERVED) {
      const reply = await ask(transport);
      if (reply.kind !== "answer") expect.fail(`${transport}: ${reply.kind}`);
      expect(readMessage(reply.message).rcode, transport).to.equal(RCODE.NOERROR);
    }
    expect(target.gateway.status().paid - paid).to.equal(SERVED.length);
    expect(path.spent()).to.equal(BigInt(SERVED.length) * PRICE);
    expect(stand.log.filter(({ event }) => event === "session-opened")).to.have.length(1);
    expect(await target.lanes()).to.have.length(1);
  });

  it("pays while many probes are under way at once, beyond what the gateway lends", async () => {
    const before = path.spent();
    const replies = await Promise.all(
      Array.from({ length: 80 }, (_, i) => ask(SERVED[i % SERVED.length] as PathTransport)),
    );
    expect(replies.filter(({ kind }) => kind === "answer")).to.have.length(80);
    expect(path.spent() - before >= 80n * PRICE).to.equal(true);
  });

  it("fails over a transport that the gateway should have and hasn't", async () => {
    const error = await ask("tcp").catch((cause: unknown) => cause);
    expect(error, String(error)).to.be.instanceOf(DnsError);
  });

  it("shows a toll of the caller's making, and tells the error it is refused with", async () => {
    const spent = path.spent();
    for (const transport of SERVED) {
      const none = await gateway.present(transport, fresh(), null, AbortSignal.timeout(PATIENCE));
      expect(none, transport).to.deep.equal({ kind: "refused", error: "payment-required" });
      const noise = await gateway.present(
        transport,
        fresh(),
        Uint8Array.of(9, 9, 9),
        AbortSignal.timeout(PATIENCE),
      );
      expect(noise, transport).to.deep.equal({ kind: "refused", error: "toll-malformed" });
    }
    expect(path.spent()).to.equal(spent);
  });

  it("is opened once for one gateway", async () => {
    expect(await path.open({ url: target.url, ca: target.ca })).to.equal(gateway);
  });

  it("takes up its lane and session after a restart, and counts what was spent", async () => {
    const spent = path.spent();
    await path.close();
    path = await openPayingPath(optionsOf("verifier"));
    gateway = await path.open({ url: target.url, ca: target.ca });
    expect(path.spent()).to.equal(spent);
    expect((await ask("dot")).kind).to.equal("answer");
    expect(await target.lanes()).to.have.length(1);
    expect(stand.log.some(({ event }) => event === "session-resumed")).to.equal(true);
  });

  it("lets nobody else use its folder at the same time", async () => {
    const error = await openPayingPath(optionsOf("verifier")).catch((cause: unknown) => cause);
    expect(error).to.include({ code: "journal-locked" });
  });

  it("says that it could not ask where its own money or limits forbid it", async () => {
    const poor = await openPayingPath({
      ...optionsOf("poor"),
      wallet: {
        rpcUrl: stand.chain.rpcUrl,
        deployment: stand.deployment,
        owner: ownerOf(createSignerNode(new Uint8Array(32).fill(7))),
      },
    });
    const cheap = await openPayingPath({ ...optionsOf("cheap"), limits: { priceCeiling: PRICE - 1n } });
    for (const [who, why] of [
      [poor, "balance-empty"],
      [cheap, "price-ceiling"],
    ] as const) {
      const one = await who.open({ url: target.url, ca: target.ca });
      const reply = await one.ask("dot", fresh(), AbortSignal.timeout(PATIENCE));
      expect(reply.kind).to.equal("unasked");
      if (reply.kind === "unasked") expect(reply.why).to.include(why);
      await who.close();
    }
  });

  it("says that it could not ask while its lane is still being opened", async () => {
    const other = await stand.addGateway();
    const one = await path.open({ url: other.url, ca: other.ca });
    const hasty = await one.ask("dot", fresh(), AbortSignal.timeout(5));
    expect(hasty).to.deep.equal({ kind: "unasked", why: "its lane was still being opened on chain" });
    expect((await one.ask("dot", fresh(), AbortSignal.timeout(PATIENCE))).kind).to.equal("answer");
  });

  it("fails with a DnsError where the terms can't be read, and tries again next time", async () => {
    const gone = { url: "https://127.0.0.1:1", ca: target.ca };
    for (let tries = 0; tries < 2; tries++) {
      const error = await path.open(gone).catch((cause: unknown) => cause);
      expect(error, String(error)).to.be.instanceOf(DnsError);
    }
  });

  it("tells a gateway that went away as one that does not answer, however often it is asked", async () => {
    const second = await stand.addGateway();
    const one = await path.open({ url: second.url, ca: second.ca });
    const probe = () => one.ask("doh", fresh(), AbortSignal.timeout(PATIENCE));
    expect((await probe()).kind).to.equal("answer");
    await second.close();
    // More than it would lend: sessions and vouchers fail too, and no pause after them may turn a probe into none.
    for (let tries = 0; tries < 40; tries++) {
      const error = await probe().then(
        ({ kind }) => kind,
        (cause: unknown) => cause,
      );
      expect(error, String(error)).to.be.instanceOf(DnsError);
    }
    expect((await ask("doh")).kind).to.equal("answer");
  });
});

function ownerOf(signer: ReturnType<typeof createSignerNode>) {
  expect(formatAddress(signer.publicKey)).to.have.length.greaterThan(30);
  return { publicKey: signer.publicKey, sign: async (message: Uint8Array) => signer.sign(message) };
}
