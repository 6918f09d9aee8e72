import { expect } from "chai";
import { type Fault, type Faulty, startFaulty } from "./support/faulty.ts";
import { ADDRESS, DEAD_ZONE, type Resolver, startResolver } from "./support/resolvers.ts";
import { ask, load, type Opened, open, pause, until } from "./support/stand-in.ts";

/** Short enough for a test to see one come back. */
const QUICK = { dwell: 1, ramp: 1 };

/** Three backends: Unbound and Knot DNS, each before a fixture that can spoil what it says, and Unbound again. */
describe("a gateway whose backends fail", function () {
  this.timeout(120_000);
  let resolvers: Resolver[] = [];
  let backends: Faulty[] = [];
  let opened: Opened | undefined;

  before(async () => {
    resolvers = await Promise.all([startResolver("unbound"), startResolver("knot")]);
    for (const i of [0, 1, 0]) backends.push(await startFaulty(resolvers[i] as Resolver));
  });

  afterEach(async () => {
    for (const one of backends) one.fail("none");
    await opened?.close();
    opened = undefined;
  });

  after(async () => {
    await Promise.all(backends.map((one) => one.close()));
    await Promise.all(resolvers.map((one) => one.close()));
    backends = [];
    resolvers = [];
  });

  const upstreams = (count = 3) =>
    backends.slice(0, count).map(({ port }) => ({ kind: "udp" as const, host: "127.0.0.1", port }));

  /** Opens, asks until all is known, and tells who is asked first. */
  async function settled(more: Partial<Parameters<typeof open>[0]> = {}) {
    const made = open({ upstreams: upstreams(), ...more });
    opened = made;
    await load(made, (said) => said.length >= 40, { everyMs: 5 });
    const first = backends.find(({ port }) => made.router().choice?.endsWith(`:${port}`)) as Faulty;
    const name = `udp://127.0.0.1:${first.port}`;
    const left = () => made.upstreams().find((one) => one.name === name);
    return { made, first, name, left };
  }

  const cases: readonly [Fault, RegExp][] = [
    ["lose", /was silent for \d+ ms|answers \d+ % of questions well where others/],
    [
      "slow",
      /was silent for \d+ ms|answers \d+ % of questions well where others|takes \d+ ms where others take/,
    ],
    ["servfail", /answered SERVFAIL where others answer|answers \d+ % of questions well where others/],
    ["refuse", /answered REFUSED where others answer|answers \d+ % of questions well where others/],
    [
      "garbage",
      /was silent|can't be read|answered another question|answers \d+ % of questions well where others/,
    ],
    ["cut", /cut over TCP too|answers \d+ % of questions well where others/],
  ];
  for (const [fault, why] of cases)
    it(`loses no question while one of them has the fault "${fault}", and leaves it by itself`, async () => {
      const { made, first, name, left } = await settled();
      first.fail(fault);
      const said = await load(made, () => left()?.standing === "out");
      const more = await load(made, (all) => all.length >= 50);
      expect([...said, ...more].map(({ rcode, address }) => `${rcode} ${address}`)).to.satisfy(
        (all: string[]) => all.every((one) => one === `0 ${ADDRESS}`),
      );
      const eject = made.log.find(({ kind, subject }) => kind === "eject" && subject === name);
      expect(eject).to.include({ from: "in", to: "out" });
      expect(eject?.why).to.match(why);
      const next = made.log.find(({ kind, from }) => kind === "switch" && from === name);
      expect(next?.why).to.contain(`${name} is left for ${next?.to}: it `);
    });

  it("loses no question when one is killed, and takes it back by a ramp when it runs again", async () => {
    const own = await startResolver("knot");
    const made = open({
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: own.port }, ...upstreams(2)],
      router: QUICK,
    });
    opened = made;
    const standing = () => made.upstreams()[0]?.standing;
    try {
      await load(made, (said) => said.length >= 40);
      await own.kill();
      const said = await load(made, () => standing() === "out");
      await own.start();
      said.push(...(await load(made, () => standing() === "in")));
      expect(said.filter(({ rcode }) => rcode !== 0)).to.deep.equal([]);
      const story = made.log.filter(
        ({ subject, kind }) => subject.endsWith(`:${own.port}`) && kind !== "switch",
      );
      expect(story.map(({ kind, to }) => `${kind} ${to}`)).to.deep.equal([
        "eject out",
        "return back",
        "ramp in",
      ]);
      expect(story[0]?.why).to.match(
        / is out: it (refused the connection|was silent|answers \d+ % of questions well)/,
      );
    } finally {
      await own.close();
    }
  });

  it("loses no question when one freezes, nor when it thaws", async () => {
    const own = await startResolver("knot");
    const made = open({
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: own.port }, ...upstreams(1)],
      router: QUICK,
    });
    opened = made;
    const frozen = () => made.upstreams()[0]?.standing;
    try {
      await load(made, (said) => said.length >= 40);
      own.freeze();
      const said = await load(made, () => frozen() === "out");
      own.thaw();
      said.push(...(await load(made, () => frozen() === "in")));
      expect(said.filter(({ rcode }) => rcode !== 0)).to.deep.equal([]);
      expect(frozen()).to.equal("in");
    } finally {
      await own.close();
    }
  });

  it("notices without any question that one has died", async () => {
    const { made, first, left } = await settled({ router: { canary: { intervalMs: 200 } } });
    first.fail("lose");
    await until(() => left()?.standing === "out", "a trial question finds it dead");
    expect(made.router().choice).not.to.match(new RegExp(`:${first.port}$`));
    expect((await ask(made)).address).to.equal(ADDRESS);
  });

  it("puts nobody out for a zone that nobody can resolve", async () => {
    const { made } = await settled();
    const said = await Promise.all(Array.from({ length: 60 }, () => ask(made, DEAD_ZONE)));
    expect(said.every(({ rcode }) => rcode === 2 || rcode === 5)).to.equal(true);
    await pause(1_200);
    expect(made.router().ejections).to.equal(0);
    expect(made.upstreams().every(({ success }) => success > 0.9)).to.equal(true);
    expect((await ask(made)).address).to.equal(ADDRESS);
  });

  it("finds one that lies by what the others say, puts it out and has its answers forgotten", async () => {
    const { made, first, left } = await settled({ router: { canary: { intervalMs: 100 } } });
    first.fail("lie");
    await load(made, () => left()?.standing === "out");
    expect(left()?.because).to.match(/was contradicted by others \d+ times in a row/);
    expect(made.forgotten()).to.equal(1);
    const said = await load(made, (all) => all.length >= 30);
    expect(said.every(({ address }) => address === ADDRESS)).to.equal(true);
    first.fail("none");
    await until(() => left()?.standing === "back", "it agrees again and comes back");
  });

  it("gives no wrong answer at all where two operators must agree", async () => {
    const { made, first } = await settled({ confirm: { ask: 2, agree: 2 } });
    for (const liar of [first, ...backends.filter((one) => one !== first)]) {
      liar.fail("lie");
      const said = await load(made, (all) => all.length >= 60, { everyMs: 5 });
      expect(said.filter(({ address, rcode }) => rcode === 0 && address !== ADDRESS)).to.deep.equal([]);
      expect(said.filter(({ rcode }) => rcode === 0).length).to.be.above(50);
      liar.fail("none");
    }
    expect(made.router().confirmed).to.be.at.least(180);
    expect(made.router().disputes).to.be.above(0);
  });

  it("asks a third operator while one of two that must agree is silent", async () => {
    const { made, first, left } = await settled({ confirm: { ask: 2, agree: 2 } });
    first.fail("lose");
    const said = await load(made, () => left()?.standing === "out");
    expect(said.filter(({ rcode, address }) => rcode !== 0 || address !== ADDRESS)).to.deep.equal([]);
  });

  it("confirms only a share of questions where told so", async () => {
    const { made } = await settled({ confirm: { ask: 2, agree: 2, share: 0.25 } });
    const before = made.router().confirmed;
    await Promise.all(Array.from({ length: 200 }, () => ask(made)));
    expect(made.router().confirmed - before).to.be.within(20, 90);
  });

  it("takes two upstreams of one operator for one opinion", async () => {
    const [a, b, c] = upstreams() as [object, object, object];
    const made = open({
      upstreams: [
        { ...a, operator: "one" },
        { ...b, operator: "one" },
        { ...c, operator: "two" },
      ] as never,
      confirm: { ask: 2, agree: 2 },
    });
    opened = made;
    backends[0]?.fail("lie");
    backends[1]?.fail("lie");
    const said = await ask(made);
    expect([said.rcode, said.text, said.address]).to.deep.equal([-1, "resolution-failed", ""]);
    const same = () =>
      open({
        upstreams: [a, b].map((one) => ({ ...one, operator: "one" })) as never,
        confirm: { ask: 2, agree: 2 },
      });
    expect(same).to.throw("confirm");
  });

  it("asks at most a tenth more questions than there are, for speed", async () => {
    const { made, first } = await settled({ router: { canary: { intervalMs: 10_000 } } });
    first.fail("slow", 0.3);
    const before = { hedged: made.router().hedged };
    const said = await load(made, (all) => all.length >= 300, { everyMs: 4 });
    expect(said.every(({ rcode }) => rcode === 0)).to.equal(true);
    expect(made.router().hedged - before.hedged).to.be.at.most(said.length / 10 + 10);
  });

  it("switches no more than once in a dwell while one comes and goes", async () => {
    const { made, first } = await settled({ router: { dwell: 2, ramp: 2 } });
    const start = performance.now();
    let isDown = false;
    const flapping = setInterval(() => {
      isDown = !isDown;
      first.fail(isDown ? "lose" : "none");
    }, 400);
    const said = await load(made, () => performance.now() - start > 6_000);
    clearInterval(flapping);
    expect(said.filter(({ rcode }) => rcode !== 0)).to.deep.equal([]);
    const switches = made.log.filter(({ kind }) => kind === "switch" || kind === "fallback");
    expect(switches.length).to.be.within(1, 4);
  });

  it("spends no more of a quota than it has, and asks the others instead", async () => {
    const [a, b] = upstreams(2) as [object, object];
    const asked = backends[0]?.asked() ?? 0;
    const made = open({
      upstreams: [{ ...a, quota: { perDay: 25 } }, b] as never,
    });
    opened = made;
    const said = await load(made, (all) => all.length >= 100, { everyMs: 2 });
    expect(said.every(({ address }) => address === ADDRESS)).to.equal(true);
    expect((backends[0]?.asked() ?? 0) - asked).to.be.at.most(25);
    expect(made.upstreams()[0]?.quotaLeft).to.be.within(0, 25);
  });
});
