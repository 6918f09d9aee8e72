import { expect } from "chai";
import { settle } from "./world/sdk.ts";
import { busyWorld, SESSIONS, TODAY } from "./world/world.ts";

describe("escrow", () => {
  it("settles what two lanes promised", () => {
    const t = performance.now();
    const world = busyWorld();
    console.log("made", performance.now() - t);
    const records = [world.record(SESSIONS.alice, 0, 10n), world.record(SESSIONS.bob, 1, 20n)];
    const out = world.must(settle({ deployment: world.deployment, ledger: world.ledger, batch: { baseDay: TODAY, records } }), []);
    console.log(out.units, out.logs);
    expect(world.readLane(0).settled).equal(10n);
    expect(world.readLedger().credited).equal(30n);
  });
});
