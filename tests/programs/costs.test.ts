import { readFileSync } from "node:fs";
import { expect } from "chai";
import { PACKET } from "./costs/cost.ts";
import {
  measureOpening,
  mostVouchers,
  SIGNATURE_FEE,
  settleMany,
  type WideWorld,
  wideWorld,
} from "./costs/measure.ts";
import { costsPage } from "./costs/table.ts";
import { closeLane, closeLedger, extendLedger, requestClose } from "./world/sdk.ts";
import { GRACE, NOON, openedWorld, PARTIES, SESSIONS } from "./world/world.ts";

const PACKET_V1 = 4_096;
const MOST_UNITS = 1_400_000;

describe("what the escrow program costs", () => {
  let wide: WideWorld;
  before(() => {
    wide = wideWorld(128, 60);
  });

  it("settles 13 unrelated payers in one packet and no 14th fits", () => {
    const outcome = settleMany(wide, 13, { cumulative: 10n });
    expect(outcome.error).equal(undefined);
    expect(outcome.size).at.most(PACKET);
    for (let lane = 0; lane < 13; lane++) expect(wide.world.readLane(lane).settled).equal(10n);
    expect(mostVouchers(wide)).equal(13);
  });

  it("settles 13 unrelated payers with a compute unit price and limit in the same packet", () => {
    const outcome = settleMany(wide, 13, { cumulative: 20n, price: 1_000n, limit: 200_000 });
    expect(outcome.error).equal(undefined);
    expect(outcome.size).at.most(PACKET);
  });

  it("settles 52 unrelated payers in one v1 transaction and no 53rd fits", () => {
    const outcome = settleMany(wide, 52, { cumulative: 30n, version: 1 });
    expect(outcome.error).equal(undefined);
    expect(outcome.size).at.most(PACKET_V1);
    expect(outcome.units).at.most(MOST_UNITS);
    for (let lane = 0; lane < 52; lane++) expect(wide.world.readLane(lane).settled).equal(30n);
    expect(mostVouchers(wide, { version: 1 })).equal(52);
  });

  it("takes at most 14 500 compute units a voucher, the whole transaction counted", () => {
    expect(settleMany(wide, 13, { cumulative: 40n }).units / 13).at.most(14_500);
    expect(settleMany(wide, 52, { cumulative: 50n, version: 1 }).units / 52).at.most(14_500);
  });

  it("takes at most 200 compute units for a covered voucher", () => {
    settleMany(wide, 13, { cumulative: 60n });
    const one = settleMany(wide, 1, { cumulative: 60n }).units;
    const thirteen = settleMany(wide, 13, { cumulative: 60n }).units;
    expect((thirteen - one) / 12).at.most(200);
    expect(thirteen / 13).at.most(200);
  });

  it("takes exactly as much in a ledger of 20 000 lanes as in one of 128", () => {
    const small = settleMany(wideWorld(128, 13), 13);
    const large = settleMany(wideWorld(20_000, 13), 13);
    expect(large.error).equal(undefined);
    expect(large.units).equal(small.units);
    const last = settleMany(wideWorld(20_000, 13, 20_000 - 13), 13);
    expect(last.error).equal(undefined);
    expect(last.units / 13).at.most(14_500);
  });

  it("deposits and opens a lane for at most 8 000 compute units", () => {
    // Finding the Balance's address takes some 325 units a bump below 255; all but one wallet in 128 stay below.
    for (const bump of [255, 254, 253, 252, 251, 250, 249]) {
      const { back } = measureOpening(bump);
      expect(back.units, `bump ${bump}`).at.most(8_000);
      expect(back.size).at.most(PACKET);
    }
  });

  it("creates a wallet's Balance in the same transaction for at most 8 000 compute units in seven cases of eight", () => {
    for (const bump of [255, 254, 253]) {
      const { fresh } = measureOpening(bump);
      expect(fresh.units, `bump ${bump}`).at.most(8_000);
      expect(fresh.size).at.most(PACKET);
    }
  });

  it("asks at most 400 lamports of base fee a payer at 13 a transaction", () => {
    const { machine } = wide.world;
    const before = machine.lamports(machine.payer.publicKey);
    settleMany(wide, 13, { cumulative: 70n });
    const fee = before - machine.lamports(machine.payer.publicKey);
    expect(fee).equal(SIGNATURE_FEE);
    expect(Number(fee) / 13).at.most(400);
  });

  it("takes at most 700 000 lamports of rent a lane and returns all of it", () => {
    const world = openedWorld();
    const { machine, deployment, ledger } = world;
    const { operator, alice } = PARTIES;
    const owned = { deployment, operator: operator.publicKey, ledger };
    const bare = machine.lamports(operator.publicKey);
    const held = machine.lamports(ledger);
    world.must(extendLedger({ ...owned, rows: 100 }), [operator]);
    const paid = bare - machine.lamports(operator.publicKey);
    expect(paid).equal(machine.lamports(ledger) - held);
    expect(Number(paid) / 100).at.most(700_000);

    world.deposit(alice, 1_000_000n);
    const walletBefore = machine.lamports(alice.publicKey);
    world.openLane(alice, 107, SESSIONS.alice);
    const lane = { deployment, ledger, lane: 107, generation: 1, owner: alice.publicKey };
    world.must(requestClose(lane), [alice]);
    machine.setTime(NOON + BigInt(GRACE));
    world.must(closeLane({ ...lane, closer: PARTIES.stranger.publicKey }), [PARTIES.stranger]);
    expect(machine.lamports(alice.publicKey)).equal(walletBefore);

    const before = machine.lamports(operator.publicKey);
    const inside = machine.lamports(ledger);
    world.must(closeLedger(owned), [operator]);
    expect(machine.lamports(operator.publicKey) - before).equal(inside - machine.rent(0));
    expect(machine.data(ledger)).length(0);
  });

  it("matches the committed table", () => {
    const page = readFileSync(new URL("../../docs/reference/costs.md", import.meta.url), "utf8");
    expect(costsPage()).equal(page);
  });
});
