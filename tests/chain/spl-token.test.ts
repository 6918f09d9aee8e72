import {
  AccountState,
  AuthorityType,
  approve,
  burn,
  closeAccount,
  createMint,
  createSyncNativeInstruction,
  createTransferCheckedInstruction,
  freezeAccount,
  getAccount,
  getMint,
  getOrCreateAssociatedTokenAccount,
  mintTo,
  NATIVE_MINT,
  revoke,
  setAuthority,
  TOKEN_2022_PROGRAM_ID,
  TOKEN_PROGRAM_ID,
  thawAccount,
  transfer,
} from "@solana/spl-token";
import {
  Keypair,
  type PublicKey,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
} from "@solana/web3.js";
import { expect } from "chai";
import { type Rig, startRig } from "./rig.ts";

for (const [name, program] of [
  ["SPL Token", TOKEN_PROGRAM_ID],
  ["Token-2022", TOKEN_2022_PROGRAM_ID],
] as const) {
  describe(`the public examples of spl-token with ${name}`, () => {
    let rig: Rig;
    let mint: PublicKey;
    const authority = Keypair.generate();
    const alice = Keypair.generate();
    const bob = Keypair.generate();

    before(async () => {
      rig = await startRig();
      const { connection, payer } = rig;
      mint = await createMint(
        connection,
        payer,
        authority.publicKey,
        authority.publicKey,
        6,
        undefined,
        undefined,
        program,
      );
    });
    after(() => rig.close());

    const accountOf = async (owner: PublicKey): Promise<PublicKey> =>
      (
        await getOrCreateAssociatedTokenAccount(
          rig.connection,
          rig.payer,
          mint,
          owner,
          false,
          undefined,
          undefined,
          program,
        )
      ).address;
    const amountOf = async (account: PublicKey): Promise<bigint> =>
      (await getAccount(rig.connection, account, undefined, program)).amount;

    it("creates a mint and associated accounts, mints and transfers", async () => {
      const { connection, payer } = rig;
      expect((await getMint(connection, mint, undefined, program)).decimals).to.equal(6);
      const from = await accountOf(alice.publicKey);
      const to = await accountOf(bob.publicKey);
      await mintTo(connection, payer, mint, from, authority, 1_000_000n, [], undefined, program);
      await transfer(connection, payer, from, to, alice, 400_000n, [], undefined, program);
      expect(await amountOf(from)).to.equal(600_000n);
      expect(await amountOf(to)).to.equal(400_000n);
      const supply = await connection.getTokenSupply(mint);
      expect(supply.value.uiAmountString).to.equal("1");
      const balance = await connection.getTokenAccountBalance(to);
      expect(balance.value).to.deep.equal({
        amount: "400000",
        decimals: 6,
        uiAmount: 0.4,
        uiAmountString: "0.4",
      });
      const largest = await connection.getTokenLargestAccounts(mint);
      expect(largest.value.map((row) => row.amount)).to.deep.equal(["600000", "400000"]);
    });

    it("finds token accounts by owner, raw and parsed", async () => {
      const { connection } = rig;
      const account = await accountOf(bob.publicKey);
      const raw = await connection.getTokenAccountsByOwner(bob.publicKey, { mint });
      expect(raw.value.map((row) => row.pubkey.toBase58())).to.deep.equal([account.toBase58()]);
      const parsed = await connection.getParsedTokenAccountsByOwner(bob.publicKey, { programId: program });
      expect(parsed.value[0]?.account.data.parsed.info.tokenAmount.amount).to.equal("400000");
      const info = await connection.getParsedAccountInfo(mint);
      const data = info.value?.data as {
        program: string;
        parsed: { type: string; info: { supply: string } };
      };
      expect(data.parsed.type).to.equal("mint");
      expect(data.parsed.info.supply).to.equal("1000000");
    });

    it("lets a delegate spend what was approved, until revoked", async () => {
      const { connection, payer } = rig;
      const delegate = Keypair.generate();
      const from = await accountOf(alice.publicKey);
      const to = await accountOf(bob.publicKey);
      await approve(connection, payer, from, delegate.publicKey, alice, 100_000n, [], undefined, program);
      await transfer(connection, payer, from, to, delegate, 60_000n, [], undefined, program);
      expect((await getAccount(connection, from, undefined, program)).delegatedAmount).to.equal(40_000n);
      const by = await connection.getTokenAccountsByOwner(alice.publicKey, { mint });
      expect(by.value).to.have.length(1);
      await revoke(connection, payer, from, alice, [], undefined, program);
      const spent = transfer(connection, payer, from, to, delegate, 1n, [], undefined, program);
      expect(await spent.then(() => "", String)).to.include("custom program error: 0x4");
    });

    it("shows token balances before and after in the transaction", async () => {
      const { connection, payer } = rig;
      const from = await accountOf(alice.publicKey);
      const to = await accountOf(bob.publicKey);
      const move = createTransferCheckedInstruction(from, mint, to, alice.publicKey, 10_000n, 6, [], program);
      const signature = await sendAndConfirmTransaction(connection, new Transaction().add(move), [
        payer,
        alice,
      ]);
      const shown = await connection.getParsedTransaction(signature, { maxSupportedTransactionVersion: 0 });
      const ofBob = (
        rows: readonly { owner?: string; uiTokenAmount: { amount: string } }[] | null | undefined,
      ): string | undefined =>
        rows?.find((row) => row.owner === bob.publicKey.toBase58())?.uiTokenAmount.amount;
      const before = BigInt(ofBob(shown?.meta?.preTokenBalances) ?? "0");
      expect(BigInt(ofBob(shown?.meta?.postTokenBalances) ?? "0")).to.equal(before + 10_000n);
      const instructions = shown?.transaction.message.instructions as unknown as {
        parsed: { type: string };
      }[];
      expect(instructions[0]?.parsed.type).to.equal("transferChecked");
    });

    it("freezes, thaws, burns, closes and hands over authority", async () => {
      const { connection, payer } = rig;
      const account = await accountOf(alice.publicKey);
      await freezeAccount(connection, payer, account, mint, authority, [], undefined, program);
      expect((await getAccount(connection, account, undefined, program)).isFrozen).to.equal(true);
      expect(AccountState.Frozen).to.equal(2);
      await thawAccount(connection, payer, account, mint, authority, [], undefined, program);
      await burn(connection, payer, account, mint, alice, await amountOf(account), [], undefined, program);
      await closeAccount(connection, payer, account, payer.publicKey, alice, [], undefined, program);
      expect(await connection.getAccountInfo(account)).to.equal(null);
      await setAuthority(
        connection,
        payer,
        mint,
        authority,
        AuthorityType.MintTokens,
        null,
        [],
        undefined,
        program,
      );
      expect((await getMint(connection, mint, undefined, program)).mintAuthority).to.equal(null);
    });
  });
}

describe("wrapped SOL", () => {
  it("is a token account of the native mint", async () => {
    const rig = await startRig();
    const { connection, payer } = rig;
    const account = (await getOrCreateAssociatedTokenAccount(connection, payer, NATIVE_MINT, payer.publicKey))
      .address;
    const fund = SystemProgram.transfer({
      fromPubkey: payer.publicKey,
      toPubkey: account,
      lamports: 1_500_000_000,
    });
    await sendAndConfirmTransaction(
      connection,
      new Transaction().add(fund, createSyncNativeInstruction(account)),
      [payer],
    );
    expect((await getAccount(connection, account)).amount).to.equal(1_500_000_000n);
    await rig.close();
  });
});
