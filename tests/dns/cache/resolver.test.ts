import {
  createCache,
  createResolver,
  createVirtualClock,
  DnsError,
  EDE,
  encodeOption,
  nameToText,
  OPTION,
  type Question,
  RCODE,
  type ResolverOptions,
  TYPE,
} from "@tolldns/dns";
import { expect } from "chai";
import { a, answerTo, decode, edeOf, queryFor } from "../support/messages.ts";

const out = new Uint8Array(70_000);

/** A resolver whose upstream waits to be told what to answer. */
function setUp(options: Partial<ResolverOptions> = {}) {
  const clock = createVirtualClock();
  const cache = createCache({ bytes: 1_000_000, clock });
  const asked: {
    question: Question;
    give: (message?: Uint8Array) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const resolver = createResolver({
    cache,
    clock,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const usual = () => answerTo(question, { answers: [a(nameToText(question.name))] });
        asked.push({ question, give: (message) => resolve(message ?? usual()), fail: reject });
      }),
    ...options,
  });
  const send = (name: string, more: Parameters<typeof queryFor>[2] = {}, type: number = TYPE.A) => {
    const answer = resolver.answer(queryFor(name, type, more), out, 0);
    return typeof answer === "number" ? decode(out.slice(0, answer)) : answer.then(decode);
  };
  return { clock, cache, asked, resolver, send };
}

const timeout = () => new DnsError("exchange-timeout", "nobody answered");

describe("the resolver", () => {
  it("answers a hit without a promise", async () => {
    const { asked, send } = setUp();
    const first = send("a.example");
    expect(first).to.be.instanceOf(Promise);
    asked[0]?.give();
    expect((await first).answers).to.have.length(1);
    expect(send("A.example")).to.not.be.instanceOf(Promise);
    expect(asked).to.have.length(1);
  });

  it("asks upstream once for all who wait, and answers each with its own id and case", async () => {
    const { asked, send } = setUp();
    const waiting = [
      send("a.example", { id: 1 }),
      send("A.EXAMPLE", { id: 2 }),
      send("a.Example", { id: 3 }),
    ];
    expect(asked).to.have.length(1);
    asked[0]?.give();
    const messages = await Promise.all(waiting);
    expect(messages.map((message) => message.id)).to.deep.equal([1, 2, 3]);
    expect(messages[1]?.questions?.[0]?.name).to.equal("A.EXAMPLE");
  });

  it("asks again in the background before a popular answer ends", async () => {
    const { asked, clock, send } = setUp();
    const first = send("a.example");
    asked[0]?.give();
    await first;
    clock.advance(280_000);
    expect(send("a.example")).to.not.be.instanceOf(Promise);
    expect(asked).to.have.length(2);
    asked[1]?.give();
    await Promise.resolve();
    clock.advance(100_000);
    expect(send("a.example")).to.not.be.instanceOf(Promise);
  });

  it("gives a stale answer when upstream is silent for 1.8 seconds", async () => {
    const { asked, clock, send } = setUp();
    const first = send("a.example");
    asked[0]?.give();
    await first;
    clock.advance(400_000);
    const late = send("a.example");
    clock.advance(1700);
    clock.advance(200);
    expect(edeOf(await late)).to.equal(EDE.STALE_ANSWER);
  });

  it("gives a stale answer at once while nobody can be asked, asks behind it, and asks all again when somebody can", async () => {
    let isDown = false;
    const { asked, clock, send } = setUp({ isDown: () => isDown });
    for (const name of ["a.example", "b.example"]) {
      const first = send(name);
      asked.at(-1)?.give();
      await first;
    }
    clock.advance(400_000);
    isDown = true;
    clock.advance(100);
    const stale = send("a.example");
    expect(stale).to.not.be.instanceOf(Promise);
    expect(edeOf(await stale)).to.equal(EDE.STALE_ANSWER);
    expect(asked, "one question behind it").to.have.length(3);
    send("a.example");
    expect(asked, "and no other").to.have.length(3);
    asked[2]?.fail(timeout());
    await new Promise((resolve) => setImmediate(resolve));
    send("a.example");
    expect(asked, "not before five seconds").to.have.length(3);
    isDown = false;
    clock.advance(100);
    const fresh = send("a.example");
    expect(asked).to.have.length(4);
    asked[3]?.give();
    expect(edeOf(await fresh)).to.equal(-1);
  });

  it("lets those wait who have nothing stale, though nobody can be asked", async () => {
    const { asked, send } = setUp({ isDown: () => true });
    const answer = send("a.example");
    expect(answer).to.be.instanceOf(Promise);
    asked[0]?.give();
    expect((await answer).answers).to.have.length(1);
  });

  it("gives a stale answer when upstream fails, and then leaves upstream alone for 30 seconds", async () => {
    const { asked, clock, send } = setUp();
    const first = send("a.example");
    asked[0]?.give();
    await first;
    clock.advance(400_000);
    const failed = send("a.example");
    asked[1]?.fail(timeout());
    expect(edeOf(await failed)).to.equal(EDE.STALE_ANSWER);
    expect(edeOf(await send("a.example"))).to.equal(EDE.STALE_ANSWER);
    expect(asked).to.have.length(2);
    clock.advance(31_000);
    void send("a.example");
    expect(asked).to.have.length(3);
  });

  it("takes SERVFAIL from upstream for a failure that a stale answer hides", async () => {
    const { asked, clock, send } = setUp();
    const first = send("a.example");
    asked[0]?.give();
    await first;
    clock.advance(400_000);
    const failed = send("a.example");
    const question = asked[1]?.question as Question;
    asked[1]?.give(answerTo(question, {}, RCODE.SERVFAIL));
    expect(edeOf(await failed)).to.equal(EDE.STALE_ANSWER);
  });

  it("answers SERVFAIL with the reason when there is nothing stale, and remembers it for five seconds", async () => {
    const { asked, clock, send } = setUp();
    const failed = send("a.example");
    asked[0]?.fail(timeout());
    const message = await failed;
    expect(message.rcode).to.equal("SERVFAIL");
    expect(edeOf(message)).to.equal(EDE.NO_REACHABLE_AUTHORITY);
    expect(edeOf(await send("a.example"))).to.equal(EDE.NO_REACHABLE_AUTHORITY);
    expect(asked).to.have.length(1);
    clock.advance(6000);
    void send("a.example");
    expect(asked).to.have.length(2);
  });

  it("tells the extended error that the upstream's failure carries", async () => {
    const { asked, send } = setUp();
    const failed = send("a.example");
    asked[0]?.fail(
      new DnsError("resolution-failed", "no quorum", { ede: { code: EDE.FORGED_ANSWER, text: "2 of 3" } }),
    );
    expect(edeOf(await failed)).to.equal(EDE.FORGED_ANSWER);
  });

  it("turns an answer that can't be decoded into SERVFAIL with extended error 24", async () => {
    const { asked, send } = setUp();
    const failed = send("a.example");
    const broken = answerTo(asked[0]?.question as Question, { answers: [a("a.example")] });
    asked[0]?.give(broken.subarray(0, broken.length - 3));
    const message = await failed;
    expect(message.rcode).to.equal("SERVFAIL");
    expect(edeOf(message)).to.equal(EDE.INVALID_DATA);
  });

  it("passes an upstream's refusal on without keeping it", async () => {
    const { asked, send } = setUp();
    const refused = send("a.example");
    asked[0]?.give(answerTo(asked[0].question, {}, RCODE.REFUSED));
    expect((await refused).rcode).to.equal("REFUSED");
    void send("a.example");
    expect(asked).to.have.length(2);
  });

  it("does not take more questions than it may have under way", async () => {
    const { asked, resolver, send } = setUp({ maxFlights: 2 });
    void send("a.example");
    void send("b.example");
    const third = await send("c.example");
    expect(third.rcode).to.equal("SERVFAIL");
    expect(edeOf(third)).to.equal(EDE.NOT_READY);
    expect(asked).to.have.length(2);
    expect(resolver.stats().refusedBusy).to.equal(1);
  });

  it("does not let more clients wait than it may", async () => {
    const { send } = setUp({ maxWaiting: 3 });
    for (let i = 0; i < 3; i++) void send("a.example");
    expect((await send("a.example")).rcode).to.equal("SERVFAIL");
  });

  it("answers ANY, transfers and other classes by itself", async () => {
    const { asked, send } = setUp();
    expect((await send("a.example", {}, TYPE.ANY)).answers?.[0]?.type).to.equal("HINFO");
    expect((await send("a.example", {}, TYPE.AXFR)).rcode).to.equal("NOTIMP");
    expect(asked).to.have.length(0);
  });

  it("neither sends nor heeds a client's subnet unless told to", async () => {
    const options = encodeOption(OPTION.SUBNET, Uint8Array.of(0, 1, 24, 0, 192, 0, 2));
    const { asked, send } = setUp();
    void send("a.example", { options });
    void send("a.example");
    expect(asked).to.have.length(1);
    expect(asked[0]?.question.subnet).to.equal(undefined);
  });

  it("keeps answers to different subnets apart when it sends them on", async () => {
    const { asked, send } = setUp({ forwardSubnet: true });
    const from = (third: number) =>
      send("a.example", { options: encodeOption(OPTION.SUBNET, Uint8Array.of(0, 1, 24, 0, 192, 0, third)) });
    const one = from(1);
    const two = from(2);
    void send("a.example");
    expect(asked.map(({ question }) => question.subnet?.[6])).to.deep.equal([1, 2, undefined]);
    asked[0]?.give();
    asked[1]?.give();
    expect((await one).answers).to.have.length(1);
    expect((await two).answers).to.have.length(1);
    expect(from(1)).to.not.be.instanceOf(Promise);
    expect(from(3)).to.be.instanceOf(Promise);
  });
});
