import { isEdgeError } from "@tolldns/edge";
import { decodeAcknowledgement, encodeAcknowledgement, type TollMessage } from "@tolldns/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { K, openRig, PRICE, type Rig, until } from "./support/booth-link.ts";
import { seed } from "./support/seed.ts";

/** What a message promises, in micro-IU; ticks promise nothing. */
function promiseOf(message: TollMessage): bigint | null {
  return message.type === "voucher" || message.type === "open" ? message.cumulative : null;
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (isEdgeError(error) ? error.code : String(error)),
  );

describe("paying a gateway", () => {
  let rig: Rig;
  afterEach(async () => {
    await rig?.close();
  });
  const vouchers = () => rig.link.sent.filter((message) => message.type === "voucher");
  const openings = () => rig.link.sent.filter((message) => message.type === "open");
  const ticks = () => rig.link.sent.filter((message) => message.type === "tick");
  /** A tick sent again after a refusal is the same money. */
  const units = () => new Set(ticks().map((tick) => tick.type === "tick" && tick.index)).size;

  it("opens one session, spends one tick a query and sends vouchers well before k", async () => {
    rig = await openRig();
    for (let i = 0; i < 40; i++) await rig.query(`n${i}.example`);
    await until(() => rig.lane().promised >= 36n * PRICE, "the last voucher");
    expect(openings()).to.have.length(1);
    expect(ticks().map((tick) => tick.type === "tick" && tick.index)).to.deep.equal(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
    expect(rig.stand.booth.counters.paid).to.equal(40);
    expect(vouchers().length).to.be.within(5, 10);
    expect(rig.book.windows.total()).to.equal(40n * PRICE);
    const promises = rig.link.sent.map(promiseOf).filter((amount) => amount !== null);
    expect(promises).to.deep.equal(promises.toSorted((a, b) => Number(a - b)));
    expect((promises.at(-1) ?? 0n) <= 40n * PRICE).to.equal(true);
  });

  it("sends a voucher after half of t when few queries come", async () => {
    rig = await openRig();
    await rig.query("once.example");
    expect(vouchers()).to.have.length(0);
    rig.pass(29);
    expect(vouchers()).to.have.length(0);
    rig.pass(1.1);
    await until(() => vouchers().length === 1, "the voucher of time");
    await until(() => rig.lane().promised === PRICE, "its amount");
  });

  it("serves a burst far wider than k by sending vouchers as answers come", async () => {
    rig = await openRig();
    await Promise.all(Array.from({ length: 60 }, (_, i) => rig.query(`burst${i}.example`)));
    expect(rig.stand.booth.counters.paid).to.equal(60);
    expect(rig.book.windows.total()).to.equal(60n * PRICE);
  });

  it("has every promise on disk before it leaves, and never sends one above what the disk counts as spent", async () => {
    rig = await openRig();
    let seen = 0;
    rig.link.before = (message) => {
      const promised = promiseOf(message);
      return (async () => {
        const { book, close } = await rig.disk();
        const lane = book.lanes()[0];
        if (lane === undefined) throw new Error("no lane on disk");
        if (promised !== null) {
          seen++;
          expect(lane.promised >= promised, `promise of ${promised}, disk ${lane.promised}`).to.equal(true);
        }
        if (message.type === "tick")
          expect(book.windows.total() >= BigInt(message.index) * PRICE).to.equal(true);
        await close();
        return undefined;
      })();
    };
    for (let i = 0; i < 30; i++) await rig.query(`d${i}.example`);
    await until(() => rig.lane().promised >= 24n * PRICE, "vouchers");
    expect(seen).to.be.above(4);
  });

  it("goes on with its session after a clean restart, with the next tick and exact spending", async () => {
    rig = await openRig();
    for (let i = 0; i < 11; i++) await rig.query(`a${i}.example`);
    await rig.restart();
    expect(rig.book.windows.total()).to.equal(11n * PRICE);
    for (let i = 0; i < 3; i++) await rig.query(`b${i}.example`);
    expect(openings()).to.have.length(1);
    expect(rig.stand.booth.counters.units).to.equal(14);
    expect(rig.book.windows.total()).to.equal(14n * PRICE);
  });

  it("goes on after a crash without signing lower, and counts what the crash hid", async () => {
    rig = await openRig();
    for (let i = 0; i < 11; i++) await rig.query(`a${i}.example`);
    const before = rig.lane().promised;
    await rig.crash();
    const counted = rig.book.windows.total();
    expect(counted >= 11n * PRICE, `counted ${counted}`).to.equal(true);
    for (let i = 0; i < 20; i++) await rig.query(`b${i}.example`);
    expect(openings()).to.have.length(1);
    expect(rig.stand.booth.counters.units).to.equal(31);
    expect(rig.book.windows.total() >= counted, "nothing was taken back").to.equal(true);
    expect(rig.book.windows.total() >= 31n * PRICE, "nothing was forgotten").to.equal(true);
    expect(rig.lane().promised > before).to.equal(true);
  });

  it("opens a new session that covers what was consumed when the gateway has forgotten the old one", async () => {
    rig = await openRig();
    for (let i = 0; i < 11; i++) await rig.query(`a${i}.example`);
    await rig.stand.booth.close();
    rig.link.booth = rig.stand.another();
    for (let i = 0; i < 5; i++) await rig.query(`b${i}.example`);
    // The first offer is refused because it doesn't cover the ticks since the last voucher; the second does.
    expect(openings().length).to.equal(3);
    expect(rig.link.booth.counters.paid).to.equal(5);
    expect(rig.book.windows.total()).to.equal(16n * PRICE);
  });

  it("renews its session when the chain of ticks is used up, without a gap", async () => {
    rig = await openRig({}, 100n * PRICE);
    for (let i = 0; i < 60; i++) await rig.query(`a${i}.example`);
    expect(rig.stand.booth.counters.paid).to.equal(60);
    // The lane holds a hundred units: the next session's chain is as long as what is left.
    await rig.crash();
    for (let i = 0; i < 40; i++) await rig.query(`b${i}.example`);
    expect(await codeOf(rig.query("c.example"))).to.equal("lane-spent");
    expect(rig.lane().promised <= 100n * PRICE).to.equal(true);
  });

  it("stops exactly at the limit per hour, and goes on when the hour is over", async () => {
    rig = await openRig({ perHour: 12n * PRICE });
    for (let i = 0; i < 12; i++) await rig.query(`a${i}.example`);
    expect(await codeOf(rig.query("b.example"))).to.equal("limit-hour");
    expect(await codeOf(rig.query("c.example"))).to.equal("limit-hour");
    expect(units()).to.equal(12);
    rig.pass(3_660);
    await rig.query("d.example");
    expect(units()).to.equal(13);
  });

  it("lets a restart forget no spending", async () => {
    rig = await openRig({ perHour: 12n * PRICE });
    for (let i = 0; i < 12; i++) await rig.query(`a${i}.example`);
    await rig.crash();
    expect(await codeOf(rig.query("b.example"))).to.equal("limit-hour");
    rig.clock.setWall(rig.clock.wall() - 100_000);
    await rig.crash();
    expect(await codeOf(rig.query("c.example"))).to.equal("limit-hour");
  });

  it("reveals and signs nothing after an emergency stop, not even what was waiting", async () => {
    rig = await openRig();
    for (let i = 0; i < 6; i++) await rig.query(`a${i}.example`);
    await until(() => rig.lane().promised > 0n, "a voucher");
    const waiting = Array.from({ length: 30 }, (_, i) => codeOf(rig.query(`w${i}.example`)));
    const stopping = rig.book.stop();
    const sent = rig.link.sent.length;
    await stopping;
    const outcomes = await Promise.all(waiting);
    rig.pass(120);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rig.link.sent.length, "messages after the stop").to.equal(sent);
    expect(outcomes.filter((code) => code !== null && code !== "stopped")).to.deep.equal([]);
    await rig.crash();
    expect(rig.book.stopped(), "after a restart").to.equal(true);
    expect(await codeOf(rig.query("later.example"))).to.equal("stopped");
    expect(rig.link.sent.length).to.equal(sent);
  });

  it("never promises twice, lower, or beyond a limit, wherever it crashes", async function () {
    this.timeout(60_000);
    const action = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant("query" as const), count: fc.integer({ min: 1, max: 9 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("pass" as const), count: fc.integer({ min: 1, max: 1500 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("crash" as const), count: fc.integer({ min: 0, max: 9 }) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), count: fc.constant(0) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 14 }), async (actions) => {
        const perHour = 25n * PRICE;
        const own = await openRig({ perHour });
        rig = own;
        let best = 0n;
        own.link.before = (message) => {
          const amount = promiseOf(message);
          if (amount !== null) {
            if (amount < best) throw new Error(`promised ${amount} after ${best}`);
            best = amount;
          }
          return undefined;
        };
        try {
          for (const step of actions) {
            if (step.do === "pass") own.pass(step.count);
            else if (step.do === "forget") own.link.booth = own.stand.another();
            else if (step.do === "query")
              for (let i = 0; i < step.count; i++) await codeOf(own.query(`q${i}.example`));
            else {
              // The crash comes while queries are under way.
              const left = Array.from({ length: step.count }, (_, i) => codeOf(own.query(`c${i}.example`)));
              await Promise.resolve();
              await own.crash();
              await Promise.all(left);
            }
            const sent = best;
            const { book, close } = await own.disk();
            const lane = book.lanes()[0];
            await close();
            if (lane === undefined || lane.promised < sent)
              throw new Error(`disk has ${lane?.promised}, sent ${sent}`);
            if (book.windows.total() < sent)
              throw new Error(`disk counts ${book.windows.total()}, sent ${sent}`);
            if (own.book.windows.hour() > perHour)
              throw new Error(`counted ${own.book.windows.hour()} in an hour`);
            if (own.lane().promised > own.lane().authorised)
              throw new Error("promised beyond what was allowed");
          }
        } finally {
          await own.close();
        }
      }),
      { seed, numRuns: 25 },
    );
    rig = undefined as unknown as Rig;
  });
});

describe("a gateway that cheats", () => {
  let rig: Rig;
  afterEach(async () => {
    // A voucher on its way is given up when its time is over.
    let closed = false;
    const closing = rig.close().finally(() => {
      closed = true;
    });
    while (!closed) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      rig.clock.advance(5_000);
    }
    await closing;
  });
  const acknowledge = (change: (ack: ReturnType<typeof decodeAcknowledgement>) => object) => {
    rig.link.before = (message, bytes) => {
      if (message.type !== "voucher") return undefined;
      return (async () => {
        const answer = await rig.link.booth.pay(bytes);
        if (!answer.ok) throw new Error(`refused with ${answer.refusal}`);
        const ack = decodeAcknowledgement(answer.acknowledgement);
        return encodeAcknowledgement({ ...ack, ...change(ack) });
      })();
    };
  };
  const pay = async (count = K) => {
    for (let i = 0; i < count; i++) await rig.query(`q${i}.example`);
  };

  it("is left alone when it claims more consumed than was revealed", async () => {
    rig = await openRig();
    acknowledge((ack) => ({ consumed: ack.consumed + 1_000n * PRICE }));
    await codeOf(pay());
    await until(() => rig.payer.resting() !== null, "a rest");
    expect(rig.payer.resting()).to.match(/claims .* consumed/);
    expect(rig.lane().promised <= BigInt(K) * PRICE).to.equal(true);
  });

  it("is left alone when it acknowledges more than was promised", async () => {
    rig = await openRig();
    acknowledge((ack) => ({ acknowledged: ack.acknowledged + 1n }));
    await codeOf(pay());
    await until(() => rig.payer.resting() !== null, "a rest");
    expect(rig.payer.resting()).to.match(/was promised/);
  });

  it("is left alone when it answers for another session", async () => {
    rig = await openRig();
    acknowledge(() => ({ session: new Uint8Array(8).fill(9) }));
    await codeOf(pay());
    await until(() => rig.payer.resting() !== null, "a rest");
    expect(rig.payer.resting()).to.match(/another session/);
  });

  it("gains nothing by replaying an old acknowledgement: no promise rises for it", async () => {
    rig = await openRig();
    await pay(K / 2);
    await until(() => rig.lane().promised > 0n, "a first voucher");
    const old = rig.lane().promised;
    acknowledge(() => ({ acknowledged: old }));
    for (let i = 0; i < 40; i++) await codeOf(rig.query(`r${i}.example`));
    await until(() => rig.payer.resting() !== null, "a rest");
    const answered = BigInt(rig.stand.booth.counters.paid) * PRICE;
    expect(rig.lane().promised <= answered).to.equal(true);
    expect(rig.stand.booth.counters.paid).to.be.below(40);
  });

  it("gets no more than it lends when it withholds acknowledgements", async () => {
    rig = await openRig();
    rig.link.before = (message) => (message.type === "voucher" ? new Promise(() => {}) : undefined);
    const queries = Array.from({ length: 30 }, (_, i) => codeOf(rig.query(`w${i}.example`)));
    await until(
      () => rig.link.sent.filter(({ type }) => type === "tick").length >= K,
      "the credit to be used",
    );
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      if (rig.payer.resting() !== null) break;
      rig.pass(5);
    }
    expect(rig.payer.resting()).to.match(/no acknowledgement/);
    await Promise.all(queries);
    expect(rig.link.sent.filter(({ type }) => type === "tick").length).to.be.at.most(K);
    expect(rig.lane().promised <= BigInt(K) * PRICE).to.equal(true);
  });

  it("is paid for one query, and one more after each longer pause, when it takes ticks and never answers", async () => {
    rig = await openRig();
    rig.link.before = (message) =>
      message.type === "tick" ? Promise.reject(new Error("no answer")) : undefined;
    for (let i = 0; i < 60; i++) {
      await codeOf(rig.query(`s${i}.example`));
      rig.pass(40);
    }
    // Forty minutes hold pauses of 30, 60, 120, 240, 480 and 960 seconds.
    expect(rig.lane().promised <= 8n * PRICE, `promised ${rig.lane().promised}`).to.equal(true);
  });

  it("is paid nothing when it asks for another price than it published, and is read again", async () => {
    rig = await openRig({}, undefined, { tickPrice: PRICE / 2n });
    expect(await codeOf(pay(1))).to.equal("gateway-refused");
    expect(rig.forgotten).to.be.at.least(1);
    expect(rig.lane().promised).to.equal(0n);
    expect(rig.book.windows.total()).to.equal(0n);
  });

  it("is not paid above the ceiling, whatever way it publishes its price", async () => {
    rig = await openRig({ priceCeiling: PRICE - 1n });
    expect(await codeOf(pay(1))).to.equal("price-ceiling");
    expect(rig.link.sent).to.deep.equal([]);
  });

  it("is asked no more than its limits allow when it says that it is asked too much", async () => {
    rig = await openRig();
    const { TollRefused } = await import("../../clients/edge/src/pay/link.ts");
    await pay(2);
    rig.link.before = (message) =>
      message.type === "tick" ? Promise.reject(new TollRefused("rate-limited")) : undefined;
    for (let i = 0; i < 10; i++) await codeOf(rig.query(`l${i}.example`));
    expect(rig.link.sent.filter(({ type }) => type === "tick")).to.have.length(3);
    rig.link.before = () => undefined;
    rig.pass(2);
    await rig.query("again.example");
    expect(rig.book.windows.total(), "the refused tick was not lost").to.equal(3n * PRICE);
  });

  it("is doubted, not believed, when it calls the lane unknown, spent or closing", async () => {
    rig = await openRig();
    const { TollRefused } = await import("../../clients/edge/src/pay/link.ts");
    const saying = ["lane-unknown", "lane-exhausted", "lane-closing"] as const;
    for (const slug of saying) {
      rig.link.before = (message) =>
        message.type === "open" ? Promise.reject(new TollRefused(slug)) : undefined;
      expect(await codeOf(rig.query("x.example"))).to.equal("gateway-refused");
      rig.pass(60);
    }
    expect(rig.doubts).to.deep.equal(saying);
    expect(rig.lane().promised).to.equal(0n);
  });

  it("opens no way to sign more by asking for more at an opening", async () => {
    rig = await openRig();
    await pay(3);
    rig.link.booth = rig.stand.another();
    const { TollRefused } = await import("../../clients/edge/src/pay/link.ts");
    rig.link.before = (message) =>
      message.type === "open"
        ? Promise.reject(new TollRefused("voucher-due", { acknowledged: 0n, consumed: 900_000n }))
        : undefined;
    const before = rig.lane().promised;
    await codeOf(rig.query("x.example"));
    expect(rig.lane().promised).to.equal(before);
    expect(rig.payer.resting()).to.match(/900000/);
  });
});
