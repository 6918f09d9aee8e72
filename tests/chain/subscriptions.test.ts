import {
  Keypair,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
  type TransactionInstruction,
} from "@solana/web3.js";
import { toBase58 } from "@tolldns/sdk";
import { expect } from "chai";
import { once, type Rig, startRig } from "./rig.ts";

interface Note {
  method: string;
  params: { result: { context?: { slot: number }; value: unknown }; subscription: number };
}

/** A bare WebSocket client that keeps what it is told. */
class Ear {
  readonly notes: Note[] = [];
  private readonly socket: WebSocket;
  private readonly answers = new Map<
    number,
    (answer: { result?: unknown; error?: { code: number } }) => void
  >();
  private next = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.onmessage = (message) => {
      const value = JSON.parse(String(message.data)) as Note & { id?: number };
      if (value.id === undefined) this.notes.push(value);
      else this.answers.get(value.id)?.(value as never);
    };
  }

  static async open(url: string): Promise<Ear> {
    const socket = new WebSocket(url);
    await once<unknown>((resolve) => {
      socket.onopen = resolve;
    });
    return new Ear(socket);
  }

  ask(method: string, ...params: unknown[]): Promise<{ result?: unknown; error?: { code: number } }> {
    const id = ++this.next;
    this.socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    return once((resolve) => this.answers.set(id, resolve));
  }

  /** Everything of a kind that has been heard when the server has answered once more. */
  async heard(method: string): Promise<Note["params"]["result"][]> {
    await this.ask("getHealth");
    return this.notes.filter((note) => note.method === method).map((note) => note.params.result);
  }

  close(): void {
    this.socket.close();
  }
}

describe("subscriptions", () => {
  let rig: Rig;
  let ear: Ear;
  beforeEach(async () => {
    // The clock stands still unless a test moves it.
    rig = await startRig({ clock: { kind: "virtual" } });
    ear = await Ear.open(rig.chain.wsUrl);
  });
  afterEach(async () => {
    ear.close();
    await rig.close();
  });

  const send = async (lamports: number, to = Keypair.generate().publicKey): Promise<string> => {
    const { blockhash } = await rig.connection.getLatestBlockhash("processed");
    const transaction = new Transaction({ feePayer: rig.payer.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: rig.payer.publicKey, toPubkey: to, lamports }),
    );
    transaction.sign(rig.payer);
    return rig.connection.sendRawTransaction(transaction.serialize(), { preflightCommitment: "processed" });
  };

  it("tell of an account at each commitment as it is reached", async () => {
    const to = Keypair.generate().publicKey;
    const ids: Record<string, unknown> = {};
    for (const commitment of ["processed", "confirmed", "finalized"]) {
      ids[commitment] = (
        await ear.ask("accountSubscribe", to.toBase58(), { commitment, encoding: "base64" })
      ).result;
    }
    const heard = async (): Promise<(string | undefined)[]> => {
      await ear.heard("accountNotification");
      return ear.notes.map((note) => Object.keys(ids).find((name) => ids[name] === note.params.subscription));
    };
    await send(2_000_000, to);
    expect(await heard()).to.deep.equal(["processed"]);
    await rig.chain.clock.advance(1);
    expect(await heard()).to.deep.equal(["processed", "confirmed"]);
    await rig.chain.clock.advance(31);
    expect(await heard()).to.deep.equal(["processed", "confirmed", "finalized"]);
    const last = ear.notes[2]?.params.result as { value: { lamports: number } } | undefined;
    expect(last?.value.lamports).to.equal(2_000_000);
  });

  it("give each commitment the balance it had in that slot", async () => {
    const to = Keypair.generate().publicKey;
    await ear.ask("accountSubscribe", to.toBase58(), { commitment: "confirmed", encoding: "base64" });
    await send(1_000_000, to);
    await rig.chain.clock.advance(1);
    await send(2_000_000, to);
    await rig.chain.clock.advance(1);
    const notes = (await ear.heard("accountNotification")) as { value: { lamports: number } }[];
    expect(notes.map((note) => note.value.lamports)).to.deep.equal([1_000_000, 3_000_000]);
  });

  it("tell of a program's accounts that pass the filters", async () => {
    await ear.ask("programSubscribe", SystemProgram.programId.toBase58(), {
      commitment: "processed",
      encoding: "base64",
      filters: [{ dataSize: 0 }],
    });
    const to = Keypair.generate().publicKey;
    await send(2_000_000, to);
    const notes = (await ear.heard("programNotification")) as { value: { pubkey: string } }[];
    expect(notes.map((note) => note.value.pubkey)).to.include(to.toBase58());
  });

  it("tell logs of all transactions, or of those that mention an address", async () => {
    const to = Keypair.generate().publicKey;
    await ear.ask("logsSubscribe", { mentions: [to.toBase58()] }, { commitment: "processed" });
    await send(1_000_000);
    const wanted = await send(1_000_000, to);
    const notes = (await ear.heard("logsNotification")) as { value: { signature: string; logs: string[] } }[];
    expect(notes.map((note) => note.value.signature)).to.deep.equal([wanted]);
    expect(notes[0]?.value.logs[0]).to.include("invoke [1]");
    expect((await ear.ask("logsSubscribe", { mentions: ["a", "b"] })).error?.code).to.equal(-32602);
  });

  it("tell of a signature once, after saying that it was received", async () => {
    const { blockhash } = await rig.connection.getLatestBlockhash("processed");
    const transaction = new Transaction({ feePayer: rig.payer.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: rig.payer.publicKey, toPubkey: rig.payer.publicKey, lamports: 1 }),
    );
    transaction.sign(rig.payer);
    const signature = toBase58(new Uint8Array(transaction.signature as Uint8Array));
    await ear.ask("signatureSubscribe", signature, {
      commitment: "confirmed",
      enableReceivedNotification: true,
    });
    await rig.connection.sendRawTransaction(transaction.serialize(), { preflightCommitment: "processed" });
    await rig.chain.clock.advance(1);
    await rig.chain.clock.advance(1);
    const values = (await ear.heard("signatureNotification")).map((note) => note.value);
    expect(values).to.deep.equal(["receivedSignature", { err: null }]);
    const late = await ear.ask("signatureSubscribe", signature, { commitment: "confirmed" });
    expect(late.result).to.be.a("number");
    expect(await ear.heard("signatureNotification")).to.have.length(3);
  });

  it("tell of slots, roots and blocks, until unsubscribed", async () => {
    const slots = (await ear.ask("slotSubscribe")).result;
    await ear.ask("rootSubscribe");
    await ear.ask("blockSubscribe", "all", { commitment: "confirmed", transactionDetails: "signatures" });
    const signature = await send(1_000_000);
    const { slot } = rig.chain.status();
    await rig.chain.clock.advance(1);
    expect(await ear.heard("slotNotification")).to.deep.equal([{ slot: slot + 1, parent: slot, root: 64 }]);
    const [block] = (await ear.heard("blockNotification")) as {
      value: { block: { signatures: string[] } };
    }[];
    expect(block?.value.block.signatures).to.include(signature);
    await rig.chain.clock.advance(32);
    expect((await ear.heard("rootNotification")).at(-1)).to.equal(slot + 1);
    expect((await ear.ask("slotUnsubscribe", slots)).result).to.equal(true);
    expect((await ear.ask("slotUnsubscribe", slots)).error?.code).to.equal(-32602);
    const before = (await ear.heard("slotNotification")).length;
    await rig.chain.clock.advance(1);
    expect((await ear.heard("slotNotification")).length).to.equal(before);
  });

  it("that can't be shown trouble nobody else", async () => {
    // Without an encoding the data is base58, which is refused for more than 128 bytes.
    await ear.ask("programSubscribe", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", {
      commitment: "processed",
    });
    await ear.ask("logsSubscribe", "all", { commitment: "processed" });
    const { createInitializeMint2Instruction, MINT_SIZE, TOKEN_PROGRAM_ID } = await import(
      "@solana/spl-token"
    );
    const { createInitializeAccount3Instruction, ACCOUNT_SIZE } = await import("@solana/spl-token");
    const [mint, account] = [Keypair.generate(), Keypair.generate()];
    const make = (key: Keypair, space: number): TransactionInstruction =>
      SystemProgram.createAccount({
        ...{ fromPubkey: rig.payer.publicKey, newAccountPubkey: key.publicKey, lamports: 10_000_000 },
        ...{ space, programId: TOKEN_PROGRAM_ID },
      });
    const { blockhash } = await rig.connection.getLatestBlockhash("processed");
    const transaction = new Transaction({ feePayer: rig.payer.publicKey, recentBlockhash: blockhash }).add(
      make(mint, MINT_SIZE),
      createInitializeMint2Instruction(mint.publicKey, 6, rig.payer.publicKey, null),
      make(account, ACCOUNT_SIZE),
      createInitializeAccount3Instruction(account.publicKey, mint.publicKey, rig.payer.publicKey),
    );
    transaction.sign(rig.payer, mint, account);
    await rig.connection.sendRawTransaction(transaction.serialize(), { preflightCommitment: "processed" });
    expect(await ear.heard("logsNotification")).to.have.length(1);
  });

  it("work through web3.js", async () => {
    const { connection, payer, chain } = rig;
    const to = Keypair.generate().publicKey;
    let id = 0;
    const changed = once<number>((resolve) => {
      id = connection.onAccountChange(to, (account) => resolve(account.lamports), {
        commitment: "processed",
      });
    });
    let logs = 0;
    const logged = once<string>((resolve) => {
      logs = connection.onLogs(to, (found) => resolve(found.signature), "processed");
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const signature = await send(3_000_000, to);
    expect(await changed).to.equal(3_000_000);
    expect(await logged).to.equal(signature);
    await connection.removeAccountChangeListener(id);
    await connection.removeOnLogsListener(logs);
    const confirmed = sendAndConfirmTransaction(
      connection,
      new Transaction().add(
        SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 1 }),
      ),
      [payer],
      { preflightCommitment: "processed" },
    );
    const timer = setInterval(() => void chain.clock.advance(1), 20);
    await confirmed;
    clearInterval(timer);
  });
});
