/** What an end knows about final roots: how old each may be, and what confirms it. */
import { createVirtualEdgeClock, type VirtualEdgeClock } from "@tolldns/edge";
import type { FinalRoots } from "@tolldns/routes";
import { expect } from "chai";
import fc from "fast-check";
import { judgeEvidence } from "../../clients/routes/src/judge.ts";
import { createRootBook, type RootBook } from "../../clients/routes/src/roots.ts";
import { createRegistry, DOMAIN } from "./support/registry.ts";

const START = 1_790_000_000;
const root = (epoch: number) => new Uint8Array(32).fill(epoch);

describe("the book of final roots", () => {
  let clock: VirtualEdgeClock;
  let asked: number;
  let says: () => FinalRoots | Promise<FinalRoots>;
  const view = (epoch: number, finalAt = 0, earlier: number[] = []): FinalRoots => ({
    domain: DOMAIN,
    epoch: BigInt(epoch),
    root: root(epoch),
    finalAt,
    epochSeconds: 600,
    earlier: earlier.map((one) => ({ epoch: BigInt(one), root: root(one) })),
  });
  const open = (): RootBook =>
    createRootBook({
      domain: DOMAIN,
      clock,
      timeoutMs: 1_000,
      read: async () => {
        asked++;
        return says();
      },
    });
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "none",
      (error: { code: string }) => error.code,
    );
  beforeEach(() => {
    clock = createVirtualEdgeClock(START);
    asked = 0;
    says = () => view(5, START - 100, [3, 4]);
  });

  it("counts from the moment the chain was asked", async () => {
    const book = open();
    expect([book.newest(), book.checkedAgo()]).to.deep.equal([null, Number.POSITIVE_INFINITY]);
    await book.refresh();
    clock.advance(7_000);
    expect([book.newest(), book.checkedAgo(), book.age(5n)]).to.deep.equal([5n, 7, 7]);
  });

  it("knows of the root before the newest until when it was the newest, of older ones nothing", async () => {
    const book = open();
    await book.refresh();
    expect(book.age(4n)).to.equal(100);
    expect(book.age(3n)).to.equal(Number.POSITIVE_INFINITY);
    expect(book.age(9n)).to.equal(Number.POSITIVE_INFINITY);
  });

  it("remembers longer what it saw as the newest itself", async () => {
    const book = open();
    await book.refresh();
    clock.advance(50_000);
    says = () => view(7, START + 40, [5, 6]);
    await book.refresh();
    clock.advance(10_000);
    expect([book.age(7n), book.age(6n), book.age(5n)]).to.deep.equal([10, 20, 60]);
  });

  it("takes a node that lags for no confirmation", async () => {
    const book = open();
    await book.refresh();
    clock.advance(5_000);
    says = () => view(4, START - 500, [3]);
    expect(await book.refresh()).to.equal(false);
    expect([book.newest(), book.checkedAgo()]).to.deep.equal([5n, 5]);
  });

  it("asks once for all who wait, and for unseen epochs once a second", async () => {
    const book = open();
    await Promise.all([book.refresh(), book.refresh(), book.rootOf(5n)]);
    expect(asked).to.equal(1);
    for (let epoch = 100n; epoch < 150n; epoch++)
      expect(await codeOf(book.rootOf(epoch))).to.equal("root-not-final");
    expect(asked).to.equal(1);
    clock.advance(1_001);
    await codeOf(book.rootOf(100n));
    expect(asked).to.equal(2);
  });

  it("tells unseen roots apart: not final, too old, not to be confirmed, and no chain at all", async () => {
    const book = open();
    await book.refresh();
    expect(await codeOf(book.rootOf(6n))).to.equal("root-not-final");
    expect(await codeOf(book.rootOf(2n))).to.equal("root-old");
    expect(await book.rootOf(4n)).to.deep.equal(root(4));
    says = () => Promise.reject(new Error("refused"));
    clock.advance(2_000);
    expect(await codeOf(book.rootOf(6n))).to.equal("root-unconfirmed");
    expect(await codeOf(open().rootOf(6n))).to.equal("roots-unreadable");
    says = () => ({ ...view(5), domain: new Uint8Array(32) });
    expect(await codeOf(open().rootOf(6n))).to.equal("roots-foreign");
  });

  it("gives up on a chain that stalls", async () => {
    const book = createRootBook({
      domain: DOMAIN,
      clock,
      timeoutMs: 1_000,
      read: (signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const looking = book.refresh();
    clock.advance(1_001);
    expect(await looking).to.equal(false);
  });

  it("lets no jump of the calendar make roots younger or older while it runs", async () => {
    const book = open();
    await book.refresh();
    clock.advance(10_000);
    clock.setWall(START - 1_000_000);
    expect(book.age(5n)).to.equal(10);
    clock.setWall(START + 1_000_000);
    expect(book.age(5n)).to.equal(10);
  });

  it("counts the time of a restart by the calendar, and a save from the future as none", async () => {
    const book = open();
    await book.refresh();
    const saved = book.save();
    clock.setWall(START + 500);
    const later = open();
    later.load(saved);
    expect([later.newest(), later.age(5n)]).to.deep.equal([5n, 500]);
    clock.setWall(START - 500);
    const earlier = open();
    earlier.load(saved);
    expect(earlier.newest()).to.equal(null);
    const damaged = open();
    damaged.load({ ...saved, checkedAt: null as never });
    expect(damaged.newest()).to.equal(null);
    const foreign = open();
    foreign.load({ ...saved, domain: "AAAA" });
    expect(foreign.newest()).to.equal(null);
  });

  it("holds no more roots than it needs", async () => {
    const book = open();
    for (let epoch = 6; epoch < 200; epoch++) {
      says = () => view(epoch, START, [epoch - 1]);
      await book.refresh();
    }
    expect(book.save().roots).to.have.length(64);
    expect(await book.rootOf(199n)).to.deep.equal(root(199));
  });
});

describe("evidence with one thing changed", () => {
  const registry = createRegistry();
  registry.publish("example", { zone: "@ 300 A 192.0.2.1\nwww 300 CNAME @" });
  registry.fill(50);
  const { evidence } = registry.finalize();
  const present = evidence("example");
  const absent = evidence("nobody");
  const label = (text: string) =>
    Uint8Array.from([text.length, ...Buffer.from(text), 3, 0x64, 0x6e, 0x73, 0]);
  const judge = async (bytes: Uint8Array, name: string) => {
    const clock = createVirtualEdgeClock(START);
    const book = createRootBook({
      domain: DOMAIN,
      clock,
      timeoutMs: 1_000,
      read: async () => registry.roots(),
    });
    return judgeEvidence(bytes, label(name), book, DOMAIN, null);
  };

  it("is taken as it is", async () => {
    expect((await judge(present, "example")).route?.version).to.equal(1n);
    expect((await judge(absent, "nobody")).route).to.equal(null);
  });

  it("is refused whichever bit it was", async () => {
    const cases = fc.constantFrom([present, "example"] as const, [absent, "nobody"] as const);
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), fc.integer({ min: 0, max: 7 }), async ([bytes, name], at, bit) => {
        const changed = Uint8Array.from(bytes);
        const place = at % changed.length;
        changed[place] = (changed[place] as number) ^ (1 << bit);
        const taken = await judge(changed, name).then(
          () => true,
          () => false,
        );
        expect(taken, `bit ${bit} of byte ${place}`).to.equal(false);
      }),
      { seed: 20_261_121, numRuns: 400 },
    );
  });

  it("is refused cut, extended and for any other name", async () => {
    for (let length = 0; length < present.length; length += 7)
      expect(await judge(present.slice(0, length), "example").catch(() => "refused")).to.equal("refused");
    const longer = Uint8Array.from([...present, 0]);
    expect(await judge(longer, "example").catch(() => "refused")).to.equal("refused");
    for (const name of ["exampl", "examples", "filler-1", "nobody"])
      expect(await judge(present, name).catch(() => "refused")).to.equal("refused");
    expect(await judge(absent, "example").catch(() => "refused")).to.equal("refused");
  });
});
