import {
  createSeed,
  createSigner,
  deriveBalance,
  deriveConfig,
  deriveLedger,
  expiryDayAfter,
  formatAddress,
  type SignedVoucher,
  type Signer,
  signVoucher,
} from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import { transactionSize } from "@tolldns/sdk/transaction";
import { expect } from "chai";
import { someone } from "./support/instructions.ts";
import {
  createWallet,
  createWorld,
  dataOf,
  giveTokens,
  run,
  send,
  tokensOf,
  type World,
} from "./support/world.ts";

const IU = 1_000_000n;

function vouchersOf(count: number, expiryDay = (i: number) => 20_800 + (i % 3)): SignedVoucher[] {
  return Array.from({ length: count }, (_, lane) => ({
    ledger: someone(1),
    lane,
    generation: 1,
    expiryDay: expiryDay(lane),
    cumulative: 5n,
    signature: new Uint8Array(64),
  }));
}

describe("packing settlements", () => {
  it("puts 13 vouchers into a legacy or v0 transaction, compute budget included, and 52 into a v1 one", () => {
    const fee = { unitLimit: 1_000_000, unitPrice: 1_000n };
    for (const version of ["legacy", 0] as const) {
      expect(escrow.vouchersPerTransaction(version)).to.equal(13);
      expect(escrow.vouchersPerTransaction(version, fee)).to.equal(13);
    }
    expect(escrow.vouchersPerTransaction(1)).to.equal(52);
    expect(escrow.vouchersPerTransaction(1, fee)).to.equal(52);
  });

  it("fills transactions as far as their size allows and no further", () => {
    const base = {
      deployment: { escrow: someone(9) },
      ledger: someone(1),
      payer: someone(2),
      blockhash: someone(3),
    };
    const size = (version: "legacy" | 0 | 1, count: number, fee = {}) =>
      transactionSize(escrow.buildSettleTransaction({ ...base, vouchers: vouchersOf(count), version, fee }));
    expect(size("legacy", 13)).to.equal(1_172);
    expect(size("legacy", 13, { unitLimit: 1, unitPrice: 1n })).to.equal(1_224);
    expect(size(0, 13, { unitLimit: 1, unitPrice: 1n })).to.equal(1_226);
    expect(size("legacy", 14)).to.be.above(1_232);
    expect(size(1, 52, { unitPrice: 1n })).to.equal(4_078);
    expect(size(1, 53, { unitPrice: 1n })).to.be.above(4_096);
  });

  it("cuts a run of vouchers into batches in order, each within its count and 255 days", () => {
    const sizes = (list: SignedVoucher[][]) => list.map((batch) => batch.length);
    expect(sizes(escrow.packVouchers(vouchersOf(30), "legacy"))).to.deep.equal([13, 13, 4]);
    expect(sizes(escrow.packVouchers(vouchersOf(105), 1))).to.deep.equal([52, 52, 1]);
    expect(escrow.packVouchers([], 1)).to.deep.equal([]);
    const days = [0, 255, 256, 1, 600];
    const apart = escrow.packVouchers(
      vouchersOf(5, (i) => days[i] as number),
      1,
    );
    expect(apart.map((batch) => batch.map(({ expiryDay }) => expiryDay))).to.deep.equal([
      [0, 255],
      [256, 1],
      [600],
    ]);
    expect(escrow.packVouchers(vouchersOf(99), 1).flat()).to.deep.equal(vouchersOf(99));
  });

  it("asks for no more compute units than a transaction may have", () => {
    expect(escrow.settleUnits(52)).to.equal(5_000 + 52 * 14_500);
    expect(escrow.settleUnits(1_000)).to.equal(1_400_000);
  });
});

describe("the escrow in the SVM, by this package alone", () => {
  let world: World;
  let operator: Signer;
  let ledger: Uint8Array;
  const accounts: Record<"treasury" | "namesPool" | "payout", Uint8Array> = {
    treasury: someone(0),
    namesPool: someone(0),
    payout: someone(0),
  };

  before(() => {
    world = createWorld();
    const { deployment, authority, svm } = world;
    svm.airdrop(escrowAddress(authority), 10_000_000_000n as never);
    operator = createWallet(world);
    accounts.treasury = giveTokens(world, createWallet(world).publicKey, 0n);
    accounts.namesPool = giveTokens(world, createWallet(world).publicKey, 0n);
    accounts.payout = giveTokens(world, operator.publicKey, 0n);
    const split = { operatorBps: 8_000, namesBps: 1_000, treasuryBps: 1_000 };
    const terms = { split, settlementInterval: 3_600, graceSeconds: 86_400, guardian: someone(4) };
    run(
      world,
      [authority],
      escrow.initialize({ deployment, authority: authority.publicKey, ...accounts, ...terms }),
    );
    ledger = deriveLedger(deployment.escrow, deployment.genesisHash, operator.publicKey, 0).address;
    const own = { deployment, operator: operator.publicKey, ledger };
    run(
      world,
      [operator],
      escrow.openLedger({ ...own, index: 0, payout: accounts.payout, minReserve: 1n }),
      escrow.extendLedger({ ...own, rows: 60 }),
    );
  });

  /** One payer with an open lane and a session key. */
  function openLanes(first: number, count: number) {
    return Array.from({ length: count }, (_, i) => {
      const owner = createWallet(world);
      const session = createSigner(createSeed());
      const source = giveTokens(world, owner.publicKey, 10n * IU);
      const base = { deployment: world.deployment, owner: owner.publicKey };
      const open = escrow.openLane({
        ...base,
        ledger,
        lane: first + i,
        sessionKey: session.publicKey,
        reserve: 4n * IU,
      });
      const { events } = run(world, [owner], escrow.deposit({ ...base, source, amount: 9n * IU }), open);
      expect(events.map(({ name }) => name)).to.deep.equal(["balanceChanged", "laneChanged"]);
      return { owner, session, lane: first + i };
    });
  }

  function sign(lanes: ReturnType<typeof openLanes>, cumulative: bigint): SignedVoucher[] {
    const expiryDay = expiryDayAfter(world.svm.getClock().unixTimestamp, 7);
    return lanes.map(({ lane, session }) =>
      signVoucher({ ledger, lane, generation: 1, expiryDay, cumulative }, session),
    );
  }

  it("is initialised as asked and read back", () => {
    const config = escrow.decodeConfig(dataOf(world, deriveConfig(world.deployment.escrow).address));
    expect(config).to.deep.include({
      paused: false,
      settlementInterval: 3_600,
      graceSeconds: 86_400,
      ...pick(accounts),
    });
    expect(config.genesisHash).to.deep.equal(world.deployment.genesisHash);
    expect(escrow.decodeLedgerHeader(dataOf(world, ledger))).to.deep.include({
      index: 0,
      rows: 60,
      openLanes: 0,
    });
  });

  for (const [version, count, first] of [
    ["legacy", 13, 0],
    [1, 52, 2],
  ] as const)
    it(`settles ${count} unrelated payers in one ${version === 1 ? "v1" : version} transaction, to the unit`, () => {
      const lanes = version === 1 ? [...openLanes(13, 39), ...opened] : openLanes(first, count);
      if (version !== 1) opened.push(...lanes);
      const before = escrow.decodeLedgerHeader(dataOf(world, ledger)).credited;
      const settledBefore = lanes.reduce(
        (sum, { lane }) => sum + escrow.readLane(dataOf(world, ledger), lane).settled,
        0n,
      );
      const cumulative = version === 1 ? 2_000_001n : 1_000_001n;
      const vouchers = sign(lanes, cumulative);
      const payer = createWallet(world);
      const parts = escrow.buildSettleTransaction({
        deployment: world.deployment,
        ledger,
        vouchers,
        payer: payer.publicKey,
        blockhash: world.svm.latestBlockhash(),
        version,
        fee: { unitLimit: escrow.settleUnits(count) },
      });
      const { bytes, units, events } = send(world, parts, [payer]);
      expect(bytes).to.be.at.most(version === 1 ? 4_096 : 1_232);
      expect(Number(units)).to.be.at.most(escrow.settleUnits(count));
      const amount = cumulative * BigInt(count) - settledBefore;
      expect(events).to.deep.equal([
        { name: "settled", ledger, vouchers: count, amount, credited: before + amount },
      ]);
      for (const { lane } of lanes)
        expect(escrow.readLane(dataOf(world, ledger), lane).settled).to.equal(cumulative);
    });
  const opened: ReturnType<typeof openLanes> = [];

  it("pays the split out and lets everybody leave", () => {
    const { deployment } = world;
    const header = escrow.decodeLedgerHeader(dataOf(world, ledger));
    const due = header.credited - header.distributed;
    const anyone = createWallet(world);
    run(world, [anyone], escrow.distribute({ deployment, ledger, ...accounts }));
    const paid = [accounts.payout, accounts.namesPool, accounts.treasury].map((account) =>
      tokensOf(world, account),
    );
    expect(paid).to.deep.equal([(due * 8n) / 10n, due / 10n, due - (due * 8n) / 10n - due / 10n]);

    const [{ owner, lane }] = opened as [(typeof opened)[0]];
    const base = { deployment, owner: owner.publicKey };
    const named = { ...base, ledger, lane, generation: 1 };
    run(world, [owner], escrow.revokeLane(named), escrow.requestClose(named));
    expect(escrow.readLane(dataOf(world, ledger), lane).state).to.equal("closing");
    run(world, [operator], escrow.closeLane({ ...named, closer: operator.publicKey }));
    const { free, openLanes: left } = escrow.decodeBalance(
      dataOf(world, deriveBalance(deployment.escrow, owner.publicKey).address),
    );
    expect([free, left]).to.deep.equal([9n * IU - 2_000_001n, 0]);
    const home = giveTokens(world, owner.publicKey, 0n);
    run(
      world,
      [owner],
      escrow.withdraw({ ...base, destination: home, amount: free }),
      escrow.closeBalance(base),
    );
    expect(tokensOf(world, home)).to.equal(free);
  });
});

function escrowAddress({ publicKey }: Signer): never {
  return formatAddress(publicKey) as never;
}

function pick({ treasury, namesPool }: { treasury: Uint8Array; namesPool: Uint8Array }) {
  return { treasury, namesPool };
}
