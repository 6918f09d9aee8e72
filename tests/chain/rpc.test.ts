import { zstdDecompressSync } from "node:zlib";
import {
  createAssociatedTokenAccountInstruction,
  createMint,
  getAssociatedTokenAddressSync,
} from "@solana/spl-token";
import {
  ComputeBudgetProgram,
  Keypair,
  type PublicKey,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
} from "@solana/web3.js";
import { expect } from "chai";
import { type Rig, rpc, startRig } from "./rig.ts";

const METHODS = `getAccountInfo getBalance getBlock getBlockHeight getBlockProduction getBlockTime getBlocks
  getBlocksWithLimit getClusterNodes getEpochInfo getEpochSchedule getFeeForMessage getFirstAvailableBlock getGenesisHash
  getHealth getHighestSnapshotSlot getIdentity getInflationGovernor getInflationRate getInflationReward getLargestAccounts
  getLatestBlockhash getLeaderSchedule getMaxRetransmitSlot getMaxShredInsertSlot getMinimumBalanceForRentExemption
  getMultipleAccounts getProgramAccounts getRecentPerformanceSamples getRecentPrioritizationFees getSignatureStatuses
  getSignaturesForAddress getSlot getSlotLeader getSlotLeaders getStakeMinimumDelegation getSupply getTokenAccountBalance
  getTokenAccountsByDelegate getTokenAccountsByOwner getTokenLargestAccounts getTokenSupply getTransaction
  getTransactionCount getVersion getVoteAccounts isBlockhashValid minimumLedgerSlot requestAirdrop sendTransaction
  simulateTransaction`.split(/\s+/);

describe("the JSON-RPC", () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
  });
  after(() => rig.close());
  const ask = (method: string, ...params: unknown[]): ReturnType<typeof rpc> =>
    rpc(rig.chain.rpcUrl, method, params);
  const send = async (body: string): Promise<unknown> =>
    (
      await fetch(rig.chain.rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body })
    ).json();

  it("answers a batch in order and bad requests with their codes", async () => {
    const batch = [
      { jsonrpc: "2.0", id: 7, method: "getHealth" },
      { jsonrpc: "2.0", id: 8, method: "noSuchMethod" },
      { jsonrpc: "2.0", id: 9, method: "getBalance", params: ["nonsense!"] },
    ];
    const answers = (await send(JSON.stringify(batch))) as {
      id: number;
      result?: unknown;
      error?: { code: number };
    }[];
    expect(answers.map((one) => [one.id, one.result ?? one.error?.code])).to.deep.equal([
      [7, "ok"],
      [8, -32601],
      [9, -32602],
    ]);
    expect(await send("{")).to.deep.equal({
      jsonrpc: "2.0",
      id: null,
      error: { code: -32700, message: "Parse error" },
    });
    expect(((await send('{"id":1}')) as { error: { code: number } }).error.code).to.equal(-32600);
    expect((await ask("getBalance", "11111111111111111111111111111112222")).error?.message).to.equal(
      "Invalid param: WrongSize",
    );
    expect((await ask("constructor")).error?.code).to.equal(-32601);
  });

  it("gives account data in every encoding, and slices of it", async () => {
    const clock = "SysvarC1ock11111111111111111111111111111111";
    const data = async (options: Record<string, unknown>): Promise<unknown> =>
      ((await ask("getAccountInfo", clock, options)).result as { value: { data: unknown } }).value.data;
    const [base64] = (await data({ encoding: "base64" })) as [string, string];
    const bytes = Buffer.from(base64, "base64");
    expect(bytes.length).to.equal(40);
    const [zstd] = (await data({ encoding: "base64+zstd" })) as [string, string];
    expect(zstdDecompressSync(Buffer.from(zstd, "base64")).length).to.equal(40);
    expect(await data({ encoding: "base64", dataSlice: { offset: 8, length: 4 } })).to.deep.equal([
      bytes.subarray(8, 12).toString("base64"),
      "base64",
    ]);
    expect(((await data({ encoding: "base58" })) as [string, string])[1]).to.equal("base58");
    expect(await data({})).to.be.a("string");
    expect(((await data({ encoding: "jsonParsed" })) as [string, string])[1]).to.equal("base64");
    const long = await ask("getAccountInfo", "SysvarS1otHashes111111111111111111111111111", {
      encoding: "base58",
    });
    expect(long.error?.message).to.include("less than 128 bytes");
  });

  it("filters program accounts by size and bytes", async () => {
    const { connection, payer } = rig;
    const owner = Keypair.generate().publicKey;
    const made = [Keypair.generate(), Keypair.generate()];
    const rent = await connection.getMinimumBalanceForRentExemption(10);
    for (const [i, account] of made.entries()) {
      const create = SystemProgram.createAccount({
        ...{ fromPubkey: payer.publicKey, newAccountPubkey: account.publicKey, lamports: rent * 2 },
        ...{ space: 10 + i, programId: owner },
      });
      await sendAndConfirmTransaction(connection, new Transaction().add(create), [payer, account]);
    }
    expect(await connection.getProgramAccounts(owner)).to.have.length(2);
    const sized = await connection.getProgramAccounts(owner, { filters: [{ dataSize: 11 }] });
    expect(sized.map((row) => row.pubkey.toBase58())).to.deep.equal([made[1]?.publicKey.toBase58()]);
    expect(
      await connection.getProgramAccounts(owner, { filters: [{ memcmp: { offset: 0, bytes: "2" } }] }),
    ).to.have.length(0);
    expect(
      await connection.getProgramAccounts(owner, { filters: [{ memcmp: { offset: 0, bytes: "1" } }] }),
    ).to.have.length(2);
    const both = await connection.getMultipleAccountsInfo([...made.map((one) => one.publicKey), owner]);
    expect(both.map((one) => one?.data.length ?? null)).to.deep.equal([10, 11, null]);
  });

  it("knows every method that web3.js 1.x calls and a current validator has", async () => {
    const unknown: string[] = [];
    for (const method of METHODS) {
      if ((await ask(method)).error?.code === -32601) unknown.push(method);
    }
    expect(unknown).to.deep.equal([]);
    // Agave 2 took these out.
    for (const method of ["getStakeActivation", "getFeeCalculatorForBlockhash"]) {
      expect((await ask(method)).error?.code).to.equal(-32601);
    }
  });

  it("shows the calls that programs make, in simulations and in blocks", async () => {
    const { connection, payer } = rig;
    const mint = await createMint(connection, payer, payer.publicKey, null, 6);
    const owner = Keypair.generate().publicKey;
    const account = getAssociatedTokenAddressSync(mint, owner);
    const create = createAssociatedTokenAccountInstruction(payer.publicKey, account, owner, mint);
    const { blockhash } = await connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash }).add(
      create,
    );
    transaction.sign(payer);
    const encoded = transaction.serialize().toString("base64");
    const answer = await ask("simulateTransaction", encoded, {
      ...{ encoding: "base64", innerInstructions: true, sigVerify: true, commitment: "confirmed" },
      accounts: { encoding: "jsonParsed", addresses: [account.toBase58()] },
    });
    const { value } = answer.result as {
      value: {
        err: unknown;
        innerInstructions: { instructions: unknown[] }[];
        accounts: { data: { parsed: { info: { owner: string } } } }[];
      };
    };
    expect(value.err).to.equal(null);
    expect(value.innerInstructions[0]?.instructions).to.have.length(4);
    expect(value.accounts[0]?.data.parsed.info.owner).to.equal(owner.toBase58());
    const signature = await sendAndConfirmTransaction(connection, transaction, [payer]);
    const shown = await connection.getParsedTransaction(signature, { maxSupportedTransactionVersion: 0 });
    const calls = shown?.meta?.innerInstructions?.[0]?.instructions as { parsed?: { type: string } }[];
    expect(calls.map((call) => call.parsed?.type))
      .to.include("createAccount")
      .and.to.include("initializeAccount3");
  });

  it("refuses to check signatures of a simulation that are not there", async () => {
    const { connection, payer } = rig;
    const { blockhash } = await connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: payer.publicKey, lamports: 1 }),
    );
    const encoded = transaction
      .serialize({ requireAllSignatures: false, verifySignatures: false })
      .toString("base64");
    const options = { encoding: "base64", commitment: "confirmed" };
    expect((await ask("simulateTransaction", encoded, { ...options, sigVerify: true })).error?.code).to.equal(
      -32003,
    );
    const unchecked = await ask("simulateTransaction", encoded, options);
    expect((unchecked.result as { value: { err: unknown } }).value.err).to.equal(null);
  });

  it("tells what others paid for a place, by account", async () => {
    const { connection, payer } = rig;
    const to = Keypair.generate().publicKey;
    const transaction = new Transaction().add(
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 777 }),
      SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 1_000_000 }),
    );
    const signature = await sendAndConfirmTransaction(connection, transaction, [payer]);
    const slot = (await connection.getSignatureStatus(signature)).value?.slot;
    const of = async (key: PublicKey): Promise<number | undefined> =>
      (await connection.getRecentPrioritizationFees({ lockedWritableAccounts: [key] })).find(
        (row) => row.slot === slot,
      )?.prioritizationFee;
    expect(await of(to)).to.equal(777);
    expect(await of(Keypair.generate().publicKey)).to.equal(0);
  });

  it("refuses a minContextSlot it has not reached", async () => {
    const answer = await ask("getBalance", rig.payer.publicKey.toBase58(), { minContextSlot: 1_000_000 });
    expect(answer.error).to.deep.include({
      code: -32016,
      message: "Minimum context slot has not been reached",
    });
  });

  it("says which blocks it doesn't have", async () => {
    expect((await ask("getBlock", 1_000_000)).error?.code).to.equal(-32004);
    expect((await ask("getBlock", 1)).error?.code).to.equal(-32007);
  });

  it("writes large numbers with all their digits", async () => {
    const response = await fetch(rig.chain.rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getSupply" }),
    });
    expect(await response.text()).to.include('"total":500000000000000000,');
  });

  it("keeps the control methods to chains that were started with them", async () => {
    expect((await ask("tolldns_advance", 1)).error?.code).to.equal(-32601);
    const own = await startRig({ control: true });
    const slot = own.chain.status().slot;
    expect((await rpc(own.chain.rpcUrl, "tolldns_advance", [5])).result).to.equal(slot + 5);
    await own.close();
  });

  it("serves WebSocket on its own port and on the next one, and CORS for browsers", async () => {
    const { rpcUrl, wsUrl } = rig.chain;
    expect(Number(new URL(wsUrl).port)).to.equal(Number(new URL(rpcUrl).port) + 1);
    for (const url of [wsUrl, rpcUrl.replace("http", "ws")]) {
      const socket = new WebSocket(url);
      const answer = new Promise<string>((resolve) => {
        socket.onmessage = (message) => resolve(String(message.data));
      });
      socket.onopen = () => socket.send('{"jsonrpc":"2.0","id":1,"method":"slotSubscribe"}');
      expect(JSON.parse(await answer))
        .to.have.property("result")
        .that.is.a("number");
      socket.close();
    }
    const preflight = await fetch(rpcUrl, { method: "OPTIONS" });
    expect(preflight.headers.get("access-control-allow-origin")).to.equal("*");
  });
});
