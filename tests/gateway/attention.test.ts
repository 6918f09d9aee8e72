import { createVirtualClock, type VirtualClock } from "@tolldns/dns";
import { expect } from "chai";
import { startResolver } from "./support/resolvers.ts";
import { ask, load, type Opened, open, until } from "./support/stand-in.ts";
import { alwaysA, type FixtureUpstream, startUpstream } from "./support/upstream.ts";

const tick = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a gateway that stands still", function () {
  this.timeout(60_000);
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** Backends on real sockets, a gateway by the test's clock. */
  async function start(): Promise<{ clock: VirtualClock; made: Opened; backends: FixtureUpstream[] }> {
    const clock = createVirtualClock(1_000);
    const backends = [await startUpstream(alwaysA("192.0.2.1")), await startUpstream(alwaysA("192.0.2.1"))];
    const upstreams = backends.map(({ port }) => ({ kind: "udp" as const, host: "127.0.0.1", port }));
    const made = open({ upstreams, clock });
    closing.push(...backends.map(({ close }) => close), made.close);
    return { clock, made, backends };
  }
  /** Asks one after the other, 5 ms apart by the clock. */
  async function warm(made: Opened, clock: VirtualClock, count = 40) {
    for (let i = 0; i < count; i++) {
      expect((await ask(made)).rcode).to.equal(0);
      clock.advance(5);
      await tick();
    }
  }

  it("for two seconds with answers waiting puts nobody out, measures no two seconds and asks nobody else", async () => {
    const { clock, made, backends } = await start();
    const answer = alwaysA("192.0.2.1");
    const late = (ms: number) => {
      clock.stall(ms);
      clock.advance(0);
    };
    const known = new Set<string>();
    let isLate = false;
    for (const one of backends)
      one.behave((query, via) => {
        // It stands still once the answer to a user lies in its socket, and its timers run before it reads that.
        if (isLate && !known.has(query.name) && query.type === "A") setImmediate(late, 2_000);
        known.add(query.name);
        return answer(query, via);
      });
    await warm(made, clock);
    const before = made.upstreams();
    const { hedged, trials } = made.router();
    isLate = true;
    for (let i = 0; i < 20; i++) expect((await ask(made)).rcode, `question ${i}`).to.equal(0);
    expect(made.log.filter(({ kind }) => kind === "eject")).to.deep.equal([]);
    expect(made.router().hedged - hedged, "one that took two turns of the loop").to.be.at.most(1);
    // Each tick that is late sends the trials that are due, and those stand still, too.
    expect(made.router().trials - trials).to.be.above(0);
    for (const [i, { latencyMs, failed }] of made.upstreams().entries()) {
      expect(failed).to.equal(before[i]?.failed);
      expect(latencyMs).to.be.below(100);
    }
  });

  it("for a tenth of a second in each turn of its loop blames nobody", async () => {
    const { clock, made } = await start();
    await warm(made, clock);
    const { hedged } = made.router();
    let isBusy = true;
    const turn = () => {
      clock.stall(100);
      clock.advance(0);
      if (isBusy) setImmediate(turn);
    };
    turn();
    for (let i = 0; i < 60; i++) expect((await ask(made)).rcode).to.equal(0);
    isBusy = false;
    expect(made.log.filter(({ kind }) => kind === "eject")).to.deep.equal([]);
    expect(made.router().hedged - hedged, "within the budget").to.be.at.most(16);
    for (const { success } of made.upstreams()) expect(success).to.be.above(0.99);
  });

  it("and is well again leaves a backend that is silent within its patience", async () => {
    const { clock, made, backends } = await start();
    await warm(made, clock);
    clock.stall(2_000);
    clock.advance(0);
    await tick();
    const first = backends.find(({ port }) => made.router().choice?.endsWith(`:${port}`)) as FixtureUpstream;
    first.behave(() => undefined);
    const from = clock.now();
    const asked = Array.from({ length: 5 }, () => ask(made));
    let answeredAt = 0;
    void Promise.all(asked).then(() => {
      answeredAt = clock.now();
    });
    for (let i = 0; i < 200 && made.router().ejections === 0; i++) {
      clock.advance(10);
      // Sockets are real: what was sent arrives, and is answered, meanwhile.
      for (let turn = 0; turn < 20; turn++) await tick();
    }
    const left = made.log.find(({ kind }) => kind === "eject");
    expect(left?.subject).to.contain(`:${first.port}`);
    expect(left?.why).to.match(/was silent for 300 ms/);
    expect(clock.now() - from).to.be.within(300, 400);
    expect((await Promise.all(asked)).map(({ rcode }) => rcode)).to.deep.equal([0, 0, 0, 0, 0]);
    expect(answeredAt - from, "by another, long before").to.be.at.most(120);
  });

  it("for two seconds of the machine's own blames no resolver that answered in the meantime", async () => {
    const resolvers = await Promise.all([startResolver("knot"), startResolver("unbound")]);
    closing.push(...resolvers.map(({ close }) => close));
    const made = open({
      upstreams: resolvers.map(({ port }) => ({ kind: "udp", host: "127.0.0.1", port })),
    });
    closing.push(made.close);
    await load(made, (said) => said.length >= 60, { everyMs: 5 });
    await until(() => made.upstreams().every(({ latencyMs }) => latencyMs > 0), "both are known");
    const { ejections, switches, hedged } = made.router();
    for (let i = 0; i < 3; i++) {
      const asked = Array.from({ length: 20 }, () => ask(made));
      // What is sent in this turn has left, and is answered while nobody here can read it.
      await tick();
      await tick();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
      expect((await Promise.all(asked)).every(({ rcode }) => rcode === 0)).to.equal(true);
    }
    expect(made.router()).to.include({ ejections, switches });
    expect(made.router().hedged - hedged).to.be.at.most(6);
    for (const { latencyMs } of made.upstreams()) expect(latencyMs).to.be.below(250);
  });
});
