import { createVirtualClock, questionFor, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import { randomFrom, seed } from "../edge/support/seed.ts";
import { type Opened, open } from "./support/stand-in.ts";
import { type FixtureUpstream, startUpstream } from "./support/upstream.ts";

/** Answers of zones whose owner has some backends told something else: `anything.z1.example` the second, `anything.from5.example` all from the sixth on. */
const honest = "192.0.2.1";
const other = "192.0.2.66";

describe("a gateway at which only the owner of hostile zones asks", function () {
  this.timeout(60_000);
  const fixtures: FixtureUpstream[] = [];
  let opened: Opened | undefined;
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
    await Promise.all(fixtures.splice(0).map((one) => one.close()));
  });

  /** Asks for half a minute what `pick` says, by who is out just then, and tells how many were out at most, and how often one was put out. */
  async function attack(
    operators: readonly string[],
    pick: (isOut: readonly boolean[], turn: number) => string,
    canary: { readonly names?: readonly string[]; readonly compare?: boolean } = {},
  ): Promise<{ readonly most: number; readonly ejections: number; readonly out: ReadonlySet<string> }> {
    for (const i of operators.keys())
      fixtures.push(
        await startUpstream(({ name, type }) => {
          const from = Number(/\.from(\d+)\./.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
          const data = name.endsWith(`.z${i}.example`) || i >= from ? other : honest;
          return type === "A" ? { answers: [{ type: "A", name, ttl: 60, data }] } : { answers: [] };
        }),
      );
    const clock = createVirtualClock(1_000);
    const made = open({
      upstreams: fixtures.map(({ port }, i) => ({
        kind: "udp",
        host: "127.0.0.1",
        port,
        operator: operators[i] as string,
      })),
      router: { canary },
      clock,
    });
    opened = made;
    let most = 0;
    const out = new Set<string>();
    for (let turn = 0; turn < 3_000; turn++) {
      const isOut = made.upstreams().map(({ standing }) => standing === "out");
      const now = new Set(operators.filter((_, i) => isOut[i]));
      most = Math.max(most, now.size);
      for (const one of now) out.add(one);
      if (turn % 11 === 0)
        void made.ask(questionFor(`n${turn}.${pick(isOut, turn)}.example`, TYPE.A)).catch(() => {});
      clock.advance(10);
      for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(made.log.every(({ kind, why }) => kind !== "eject" || /contradicted/.test(why))).to.equal(true);
    return { most, ejections: made.router().ejections, out };
  }

  const random = randomFrom(seed);
  const ways: Readonly<Record<string, (isOut: readonly boolean[], turn: number) => string>> = {
    "by turns": (_, turn) => `z${Math.floor(turn / 11) % 2}`,
    "the second once the first is out": (isOut) => (isOut[0] ? "z1" : "z0"),
    "whoever is still in": (isOut) => `z${Math.max(0, isOut.indexOf(false))}`,
    "at random": (isOut) => `z${Math.floor(random() * isOut.length)}`,
  };
  for (const [way, pick] of Object.entries(ways)) {
    it(`has no two of three operators out at a time, asking ${way}`, async () => {
      const { most } = await attack(["a", "b", "c"], pick);
      expect(most).to.be.at.most(1);
    });

    it(`has no three of five operators out at a time, asking ${way}`, async () => {
      const { most } = await attack(["a", "b", "c", "d", "e"], pick);
      expect(most).to.be.at.most(2);
    });
  }

  it("can have one of three put out, which is the price of comparing recent names", async () => {
    const { most, ejections } = await attack(["a", "b", "c"], () => "z0");
    expect(most).to.equal(1);
    expect(ejections).to.be.above(0);
  });

  it("has no majority of operators outvoted by one who runs many backends", async () => {
    const { out } = await attack(["a", "a", "a", "a", "b", "c", "d", "e"], () => "from5");
    expect([...out].sort()).to.deep.equal(["a", "b"]);
  });

  it("puts nobody out where recent names are not compared", async () => {
    const { ejections } = await attack(["a", "b", "c"], () => "z0", {
      names: ["fixed.example"],
      compare: false,
    });
    expect(ejections).to.equal(0);
  });
});
