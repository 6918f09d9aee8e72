import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { busyStake, DAY, ONE, PARTIES, TERMS } from "../../programs/stake/world.ts";
import { attack, code, refuse } from "./attack.ts";
import { owned } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, carol, slasher, stranger } = PARTIES;

describe("stake: deadlines, to the second", () => {
  for (const off of [-1, 0, 1]) {
    const when = off < 0 ? "a second before" : off === 0 ? "at" : "a second after";
    attack(FILE, "deadline", `${off < 0 ? "refuses" : "pays"} a withdrawal ${when} its time`, () => {
      const world = busyStake();
      world.must(world.exitOf(alice, carol, ONE), [carol]);
      world.pass(TERMS.exitDelay + off);
      const out = world.withdrawOf(alice, carol, 0);
      if (off < 0) refuse(world, out, [carol], code("ExitNotReady"));
      else world.must(out, [carol]);
    });
    attack(FILE, "deadline", `${off < 0 ? "refuses" : "takes"} a request ${when} the lock's end`, () => {
      const world = busyStake();
      world.must(world.stakeOf(alice, carol, ONE, 1), [carol]);
      world.pass(30 * DAY + off);
      const exit = world.exitOf(alice, carol, ONE);
      if (off < 0) refuse(world, exit, [carol], code("StakeLocked"));
      else world.must(exit, [carol]);
    });
    attack(
      FILE,
      "deadline",
      `${off < 0 ? "refuses" : "takes"} a rise of commission ${when} a day is over`,
      () => {
        const world = busyStake();
        world.pass(DAY + off);
        const rise = stake.setCommission({ ...owned(world), commissionBps: 501 });
        if (off < 0) refuse(world, rise, [alice], code("CommissionTooFast"));
        else world.must(rise, [alice]);
      },
    );
    attack(FILE, "deadline", `${off < 0 ? "refuses" : "lets go"} the jailed ${when} the jail's end`, () => {
      const world = busyStake();
      world.must(world.slashOf(alice, "omission", world.tokens(stranger)), [slasher]);
      world.pass(100);
      world.must(world.slashOf(alice, "omission", world.tokens(stranger)), [slasher]);
      world.pass(TERMS.exitDelay + off);
      const out = stake.unjail(owned(world));
      if (off < 0) refuse(world, out, [alice], code("JailNotOver"));
      else world.must(out, [alice]);
    });
  }

  attack(FILE, "deadline", "never shortens a lock, and lets no tier fall", () => {
    const world = busyStake();
    world.must(world.stakeOf(alice, carol, ONE, 2), [carol]);
    const until = world.position(alice, carol).lockedUntil;
    for (const tier of [0, 1])
      refuse(world, world.stakeOf(alice, carol, ONE, tier), [carol], code("TierLower"));
    world.pass(DAY);
    world.must(world.stakeOf(alice, carol, ONE, 2), [carol]);
    expect(world.position(alice, carol).lockedUntil).equal(until + BigInt(DAY));
    world.must(world.stakeOf(alice, carol, ONE, 3), [carol]);
    expect(world.position(alice, carol)).include({ tier: 3, weightBps: 20_000 });
  });
});
