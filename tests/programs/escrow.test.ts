import { decodeEvents } from "@tolldns/sdk/escrow";
import { expect } from "chai";
import { distribute, settle } from "./world/sdk.ts";
import { busyWorld, PARTIES, RESERVE, SESSIONS, TODAY } from "./world/world.ts";

describe("the escrow's log", () => {
  it("tells what was settled and distributed, as the SDK reads it", () => {
    const world = busyWorld();
    const { deployment, ledger, payout, namesPool, treasury } = world;
    const records = [world.record(SESSIONS.alice, 0, 10n), world.record(SESSIONS.bob, 1, 20n)];
    const settled = world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
    const [first] = decodeEvents(settled.logs, deployment.escrow);
    expect(first).include({ name: "settled", vouchers: 2, amount: 30n, credited: 30n });

    const paid = world.must(distribute({ deployment, ledger, payout, namesPool, treasury }), []);
    const [second] = decodeEvents(paid.logs, deployment.escrow);
    expect(second).include({ name: "distributed", operator: 24n, names: 3n, treasury: 3n });
  });

  it("tells a balance and a lane after each change, as the SDK reads it", () => {
    const world = busyWorld();
    const { alice } = PARTIES;
    const deposited = world.deposit(alice, 7n);
    const [balance] = decodeEvents(deposited.logs, world.deployment.escrow);
    expect(balance).include({ name: "balanceChanged", free: 4n * RESERVE + 7n });
    const opened = world.openLane(alice, 3, SESSIONS.alice);
    const [lane] = decodeEvents(opened.logs, world.deployment.escrow);
    expect(lane).include({ name: "laneChanged", lane: 3, generation: 1, reserve: RESERVE, settled: 0n });
  });
});
