import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keypairIdentity, ProgramError, publicKey } from "@metaplex-foundation/umi";
import { createUmi } from "@metaplex-foundation/umi-bundle-defaults";
import { Connection } from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import { addressesOf, migrate, mintIndexUnits } from "@tolldns/migrations";
import {
  createSeed,
  createSigner,
  type Deployment,
  deriveLedger,
  expiryDayAfter,
  formatAddress,
  signVoucher,
} from "@tolldns/sdk";
import { buildSettleTransaction } from "@tolldns/sdk/escrow";
import * as tolldns from "@tolldns/sdk/umi";
import { expect } from "chai";
import { closeSocket } from "../chain/rig.ts";

const IU = 1_000_000n;

describe("Umi on the embedded chain", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "tolldns-umi-"));
  const connections: Connection[] = [];
  let chain: Chain;
  let deployment: Deployment;

  before(async () => {
    chain = await startChain({ clock: { kind: "virtual", autoAdvance: true } });
    deployment = addressesOf(await migrate({ rpcUrl: chain.rpcUrl, folder }));
  });

  after(async () => {
    for (const connection of connections) await closeSocket(connection);
    await chain?.close();
    rmSync(folder, { recursive: true });
  });

  /** A Umi instance as its users make it, with a funded wallet. */
  async function connect() {
    const connection = new Connection(chain.rpcUrl, { commitment: "confirmed", wsEndpoint: chain.wsUrl });
    connections.push(connection);
    const plain = createUmi(connection);
    const seed = createSeed();
    const umi = tolldns.withTolldns(
      plain.use(keypairIdentity(plain.eddsa.createKeypairFromSeed(seed))),
      deployment,
    );
    await chain.airdrop(umi.identity.publicKey, 10_000_000_000n);
    const tokens = await mintIndexUnits({
      rpcUrl: chain.rpcUrl,
      folder,
      owner: umi.identity.publicKey,
      amount: 10n * IU,
    });
    return { umi, tokens };
  }

  it("deposits, opens a lane, settles, closes and withdraws, reading every account back", async () => {
    const operator = await connect();
    const payer = await connect();
    const { address: ledger } = deriveLedger(
      deployment.escrow,
      deployment.genesisHash,
      operator.umi.identity.publicKey,
      0,
    );
    await tolldns
      .openLedger(operator.umi, { index: 0, payout: operator.tokens, minReserve: 1n })
      .add(tolldns.extendLedger(operator.umi, { ledger, rows: 4 }))
      .sendAndConfirm(operator.umi);
    expect(await tolldns.fetchLedgerHeader(payer.umi, ledger)).to.deep.include({
      index: 0,
      rows: 4,
      openLanes: 0,
    });

    const session = createSigner(createSeed());
    const { umi, tokens } = payer;
    await tolldns
      .deposit(umi, { source: tokens, amount: 9n * IU })
      .add(tolldns.openLane(umi, { ledger, lane: 2, sessionKey: session.publicKey, reserve: 4n * IU }))
      .sendAndConfirm(umi);
    expect(await tolldns.fetchBalance(umi, umi.identity.publicKey)).to.deep.include({
      free: 5n * IU,
      openLanes: 1,
    });
    const lane = await tolldns.fetchLane(umi, ledger, 2);
    expect(lane).to.deep.include({
      state: "open",
      generation: 1,
      reserve: 4n * IU,
      sessionKey: session.publicKey,
    });

    const expiryDay = expiryDayAfter(chain.clock.unixTime(), 7);
    const voucher = signVoucher(
      { ledger, lane: 2, generation: 1, expiryDay, cumulative: 1_234_567n },
      session,
    );
    const blockhash = formatAddress(new Uint8Array(32));
    const { instructions } = buildSettleTransaction({
      deployment,
      ledger,
      vouchers: [voucher],
      payer: umi.identity.publicKey,
      blockhash,
      version: "legacy",
    });
    await tolldns.toTransactionBuilder(instructions[0] as (typeof instructions)[0], []).sendAndConfirm(umi);
    expect((await tolldns.fetchLane(umi, ledger, 2))?.settled).to.equal(1_234_567n);

    await tolldns
      .closeLane(operator.umi, { ledger, lane: 2, generation: 1, owner: umi.identity.publicKey })
      .sendAndConfirm(operator.umi);
    const free = 9n * IU - 1_234_567n;
    expect(await tolldns.fetchBalance(umi, umi.identity.publicKey)).to.deep.include({ free, openLanes: 0 });
    await tolldns
      .withdraw(umi, { destination: tokens, amount: free })
      .add(tolldns.closeBalance(umi, {}))
      .sendAndConfirm(umi);
    expect(await tolldns.fetchBalance(umi, umi.identity.publicKey)).to.equal(undefined);
  });

  it("explains a refusal with the program's message and what to do", async () => {
    const { umi, tokens } = await connect();
    await tolldns.deposit(umi, { source: tokens, amount: 1n }).sendAndConfirm(umi);
    const error = await tolldns
      .withdraw(umi, { destination: tokens, amount: 2n })
      .sendAndConfirm(umi)
      .then(
        () => undefined,
        (refused: unknown) => refused,
      );
    expect(error).to.be.instanceOf(ProgramError);
    expect((error as Error).message)
      .to.contain("there is not that much")
      .and.to.contain("Deposit first");
  });

  it("answers undefined for accounts, ledgers and rows that are not there", async () => {
    const { umi } = await connect();
    const nobody = publicKey(new Uint8Array(32).fill(7));
    expect(await tolldns.fetchBalance(umi, nobody)).to.equal(undefined);
    expect(await tolldns.fetchLedgerHeader(umi, nobody)).to.equal(undefined);
    expect(await tolldns.fetchLane(umi, nobody, 0)).to.equal(undefined);
    expect(
      await tolldns.fetchConfig({ ...umi, tolldns: { ...deployment, escrow: nobody as never } }),
    ).to.equal(undefined);
    expect((await tolldns.fetchConfig(umi))?.paused).to.equal(false);
  });
});
