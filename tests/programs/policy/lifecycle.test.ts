import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import { BACKEND, PARTIES } from "./deployed.ts";
import { openPolicy, TERMS } from "./world.ts";

describe("a target", () => {
  it("is reported, disabled by a quorum, recovers by a ramp, and is closed with all rent returned", () => {
    const world = openPolicy();
    const before = world.machine.lamports(PARTIES.keeper.publicKey);
    const roster = world.begin();
    expect(roster.seats.map(({ regionOrdinal, networkOrdinal }) => [regionOrdinal, networkOrdinal])).eql([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
    const id = world.register();
    expect(world.target(id)).include({ kind: "backend", name: BACKEND });
    let begin = world.firstWindow();
    const states: string[] = [];
    const walk = (windows: number, oks: readonly number[]) => {
      for (let i = 0; i < windows; i++, begin += BigInt(TERMS.window)) {
        world.window(id, begin, oks);
        states.push(world.target(id).standing.state);
      }
    };
    walk(5, [0, 0, 0, 0, 20]);
    expect(states.splice(0)).eql(["healthy", "degraded", "degraded", "degraded", "disabled"]);
    walk(10, [20, 20, 20, 20, 0]);
    expect(states.filter((state, i) => state !== states[i - 1])).eql(["disabled", "recovering", "healthy"]);
    expect(world.target(id).standing.transitions).equal(4n);
    world.pass(policy.TARGET_IDLE);
    const { deployment } = world;
    const payer = PARTIES.keeper.publicKey;
    world.must(policy.closeTarget({ deployment, id, payer }));
    expect(world.machine.account(world.targetAddress(id))).equal(undefined);
    expect(world.config.targets).equal(0n);
    world.must(world.openRosterOf(), [PARTIES.keeper]);
    world.pass(TERMS.enrol + TERMS.window + TERMS.report + TERMS.evidence);
    world.must(policy.closeRoster({ deployment, number: 1n, payer }));
    const rent = world.machine.lamports(world.rosterAddress(2n));
    expect(world.machine.lamports(payer) + rent).equal(before);
  });
});
