import { createVirtualClock } from "@tolldns/dns";
import { createAttention } from "@tolldns/policy/attention";
import { createInquiries, newInquiry } from "@tolldns/policy/inquiry";
import { expect } from "chai";
import fc from "fast-check";
import { seed } from "../edge/support/seed.ts";

describe("attention", () => {
  /** With the rounds that the clock runs for it. */
  const open = () => {
    const clock = createVirtualClock(5_000);
    let timers = 0;
    const sockets: (() => void)[] = [];
    const every = (ms: number, run: () => void) => {
      timers++;
      const stop = clock.every(ms, run);
      return () => {
        timers--;
        stop();
      };
    };
    const attention = createAttention({ now: clock.now, every }, (run) => {
      for (const read of sockets.splice(0)) read();
      run();
    });
    /** It comes in while the process stands still, and is read when that has seen to its timers. */
    const stallUntil = (ms: number, read: () => void = () => {}) => {
      clock.stall(ms);
      sockets.push(read);
      clock.advance(0);
    };
    return { clock, attention, stallUntil, timers: () => timers };
  };
  /** Keeps it awake until the function returned is called. */
  const wait = ({ attention }: ReturnType<typeof open>) => {
    let isWaiting = true;
    attention.watch(() => isWaiting).wake();
    return () => {
      isWaiting = false;
    };
  };

  it("is the clock while nothing is under way, and runs no timer then", () => {
    const opened = open();
    const { clock, attention, timers } = opened;
    clock.stall(70_000);
    expect(attention.now()).to.equal(75_000);
    const done = wait(opened);
    expect(timers()).to.equal(1);
    clock.advance(500);
    expect(attention.now()).to.equal(75_500);
    done();
    clock.advance(10);
    expect(timers()).to.equal(0);
    clock.stall(70_000);
    expect(attention.now()).to.equal(145_510);
  });

  it("counts 40 ms of two seconds in which the process stood still, before and after it comes round again", () => {
    const opened = open();
    const { clock, attention } = opened;
    wait(opened);
    clock.advance(1_000);
    clock.stall(2_000);
    expect(attention.now()).to.equal(6_040);
    clock.advance(0);
    expect(attention.now()).to.equal(6_040);
    clock.advance(100);
    expect(attention.now()).to.equal(6_140);
  });

  it("plans by itself, not by the clock", () => {
    const { clock, attention, stallUntil, timers } = open();
    const ran: string[] = [];
    attention.after(100, () => ran.push("late"));
    const cancel = attention.after(100, () => ran.push("cancelled"));
    stallUntil(2_000);
    cancel();
    expect(ran).to.deep.equal([]);
    clock.advance(50);
    expect(ran).to.deep.equal([]);
    clock.advance(20);
    expect(ran).to.deep.equal(["late"]);
    expect(timers()).to.equal(0);
  });

  it("never goes back, and never faster than the clock", () => {
    const step = fc.record({
      kind: fc.constantFrom("advance", "stall", "wake", "done"),
      ms: fc.integer({ min: 0, max: 3_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const opened = open();
        const { clock, attention } = opened;
        let done = () => {};
        let [time, real] = [attention.now(), clock.now()];
        for (const { kind, ms } of steps) {
          if (kind === "advance") clock.advance(ms);
          else if (kind === "stall") clock.stall(ms);
          else if (kind === "wake") done = wait(opened);
          else done();
          const passed = attention.now() - time;
          if (passed < 0 || passed > clock.now() - real) return false;
          [time, real] = [attention.now(), clock.now()];
        }
        return true;
      }),
      { seed, numRuns: 200 },
    );
  });

  describe("by which those asked are judged", () => {
    const ask = () => {
      const { clock, attention, stallUntil, timers } = open();
      const blamed: string[] = [];
      const inquiries = createInquiries<string>(attention, (member, { what }) =>
        blamed.push(`${member} ${what}`),
      );
      return { clock, stallUntil, timers, inquiries, blamed };
    };

    it("finds one silent after its patience and a round, where another answered", () => {
      const { clock, inquiries, blamed, timers } = ask();
      const inquiry = newInquiry<string>();
      inquiries.begin(inquiry, "a", 300, () => true);
      const b = inquiries.begin(inquiry, "b", 300, () => true);
      clock.advance(20);
      inquiries.answered(b);
      inquiries.settle(inquiry);
      clock.advance(279);
      expect(blamed).to.deep.equal([]);
      clock.advance(11);
      expect(blamed).to.deep.equal(["a was silent for 300 ms"]);
      expect(timers(), "nothing is left to look for").to.equal(0);
    });

    it("blames nobody for what came while the process stood still, once or again and again", () => {
      const { stallUntil, inquiries, blamed } = ask();
      for (let i = 0; i < 50; i++) {
        const attempt = inquiries.begin(newInquiry(true), "a", 15, () => true);
        stallUntil(2_000, () => inquiries.answered(attempt));
      }
      // What takes two more turns, as an answer that is cut and asked for again over TCP.
      for (let i = 0; i < 50; i++) {
        const attempt = inquiries.begin(newInquiry(true), "a", 100, () => true);
        stallUntil(2_000);
        stallUntil(2_000, () => inquiries.answered(attempt));
      }
      expect(blamed).to.deep.equal([]);
    });

    it("blames nobody where nobody answers", () => {
      const { clock, inquiries, blamed } = ask();
      const inquiry = newInquiry<string>();
      for (const one of ["a", "b"]) inquiries.begin(inquiry, one, 300, () => true);
      clock.advance(2_000);
      expect(inquiry.attempts.every(({ isOverdue }) => isOverdue)).to.equal(true);
      expect(blamed).to.deep.equal([]);
    });

    it("blames one once, for silence and SERVFAIL together, and for nothing that a good answer makes up for", () => {
      const { clock, inquiries, blamed } = ask();
      const inquiry = newInquiry<string>();
      const [a, b] = ["a", "b"].map((one) => inquiries.begin(inquiry, one, 300, () => true));
      clock.advance(400);
      if (a === undefined || b === undefined) throw new Error("two were asked");
      inquiries.failed(a, "answered SERVFAIL");
      inquiries.answered(b);
      inquiries.settle(inquiry);
      inquiries.settle(inquiry);
      expect(blamed).to.deep.equal(["a answered SERVFAIL"]);
    });
  });
});
