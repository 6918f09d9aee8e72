/** Gateways that take ticks and answer nothing: for a while, because something is broken, or for good, because they are thieves. */
import { expect } from "chai";
import { K, openRig, PRICE, type Rig } from "./support/booth-link.ts";

const isOk = (promise: Promise<unknown>) =>
  promise.then(
    () => true,
    () => false,
  );

describe("a gateway that takes ticks and is silent", () => {
  let rig: Rig;
  afterEach(() => rig.close());

  /** It takes each tick, and what `answers` says decides whether anything comes back. */
  const behave = (answers: () => boolean) => {
    rig.link.before = (message, bytes) => {
      if (message.type !== "tick" || answers()) return undefined;
      const name = Uint8Array.of(1, 120, 0, 0, 1, 0, 1);
      rig.link.booth.spend(bytes, 0, bytes.length, name, 0, name.length, 1);
      return Promise.reject(new Error("no answer"));
    };
  };
  const ask = async (count: number) => {
    const all = await Promise.all(Array.from({ length: count }, (_, i) => isOk(rig.query(`n${i}.example`))));
    return all.filter((ok) => ok).length;
  };
  /** Questions, a burst every `every` seconds. */
  const askFor = async (seconds: number, every: number, burst: number) => {
    for (let t = 0; t < seconds; t += every) {
      await ask(burst);
      rig.pass(every);
    }
  };
  /** Seconds of questions one after the other until twenty in a row are answered. */
  const recovery = async () => {
    let row = 0;
    for (let t = 0; t < 7_200; t++) {
      row = (await isOk(rig.query(`r${t}.example`))) ? row + 1 : 0;
      if (row === 20) return t - 19;
      rig.pass(1);
    }
    return Number.POSITIVE_INFINITY;
  };
  const ticks = () => new Set(rig.link.sent.flatMap((one) => (one.type === "tick" ? [one.index] : []))).size;

  for (const [before, seconds] of [
    [0, 15],
    [3, 60],
    [400, 15],
    [400, 900],
    [1_000, 7_200],
  ] as const)
    it(`is in full use again within ${Math.min(600, Math.max(30, seconds))} s after ${seconds} s of silence and ${before} answers`, async function () {
      this.timeout(60_000);
      rig = await openRig({ perHour: 1_000_000n, perDay: 1_000_000n });
      for (let i = 0; i < before; i++) await rig.query(`a${i}.example`);
      let broken = true;
      behave(() => !broken);
      await askFor(seconds, seconds > 1_000 ? 30 : 1, K * 3);
      broken = false;
      // A pause is about as long as what went before it, and never longer than ten minutes.
      expect(await recovery()).to.be.at.most(Math.min(600, Math.max(30, seconds)) + 2);
      expect(await ask(60), "a burst, all at once").to.equal(60);
    });

  it("is in use again though it lost its sessions meanwhile", async () => {
    rig = await openRig();
    for (let i = 0; i < 20; i++) await rig.query(`a${i}.example`);
    let broken = true;
    behave(() => !broken);
    await askFor(20, 1, K * 3);
    rig.link.booth = rig.stand.another();
    broken = false;
    expect(await recovery()).to.be.at.most(32);
  });

  it("is asked one question at a time after a pause, and a few more once that is answered", async () => {
    rig = await openRig();
    behave(() => false);
    await askFor(3, 1, K * 3);
    expect(rig.payer.resting()).to.equal("takes ticks and does not answer");
    rig.pass(30);
    const before = ticks();
    await ask(K * 3);
    expect(ticks() - before).to.equal(1);
    expect(rig.payer.resting()).to.equal("takes ticks and does not answer");
  });

  it("gets less than two hundred units a day for nothing", async function () {
    this.timeout(60_000);
    rig = await openRig({ perHour: 1_000_000n, perDay: 1_000_000n });
    behave(() => false);
    await askFor(86_400, 20, K);
    expect(rig.lane().promised < 200n * PRICE, `promised ${rig.lane().promised}`).to.equal(true);
  });

  for (const feigned of [1, 8, 70])
    it(`gets a few units a pause, and one for four it answers, when it answers ${feigned} after each`, async function () {
      this.timeout(60_000);
      rig = await openRig({ perHour: 1_000_000n, perDay: 1_000_000n });
      let answered = 0;
      let left = 0;
      behave(() => {
        if (left === 0) return false;
        left--;
        return true;
      });
      let pauses = 0;
      let until = 0;
      for (let t = 0; t < 3_600; t += 10) {
        answered += await ask(K * 2);
        const rests = rig.payer.restingUntil();
        if (rests > until) {
          pauses++;
          left = feigned;
          until = rests;
        }
        rig.pass(10);
      }
      // What was answered last may not be promised yet: that is owed, not saved.
      await rig.payer.close();
      const stolen = Number(rig.lane().promised / PRICE) - answered;
      const opened = rig.link.sent.filter(({ type }) => type === "open").length;
      const told = `${pauses} pauses, ${answered} answered, ${opened} openings, ${rig.payer.resting()}`;
      expect(pauses, told).to.be.above(4);
      expect(stolen, told).to.be.above(0);
      expect(stolen, told).to.be.at.most(K + 5 * pauses + answered / 4);
    });
});
