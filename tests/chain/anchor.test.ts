import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import anchor from "@coral-xyz/anchor";
import { getAssociatedTokenAddressSync } from "@solana/spl-token";
import { Keypair, PublicKey } from "@solana/web3.js";
import { type Deployment, migrate, mintIndexUnits } from "@tolldns/migrations";
import { expect } from "chai";
import { once, type Rig, startRig } from "./rig.ts";

const idl = JSON.parse(
  readFileSync(new URL("../../programs/artifacts/escrow.json", import.meta.url), "utf8"),
) as anchor.Idl;

describe("an Anchor program client", () => {
  let rig: Rig;
  let deployment: Deployment;
  let folder: string;
  let provider: anchor.AnchorProvider;
  let program: anchor.Program;

  before(async () => {
    rig = await startRig();
    folder = mkdtempSync(join(tmpdir(), "tolldns-anchor-"));
    deployment = await migrate({ rpcUrl: rig.chain.rpcUrl, folder });
    await mintIndexUnits({
      rpcUrl: rig.chain.rpcUrl,
      folder,
      owner: rig.payer.publicKey,
      amount: 5_000_000n,
    });
    provider = new anchor.AnchorProvider(rig.connection, new anchor.Wallet(rig.payer), {
      commitment: "confirmed",
    });
    program = new anchor.Program(idl, provider);
  });
  after(async () => {
    await rig.close();
    rmSync(folder, { recursive: true });
  });

  const deposit = (amount: number): anchor.web3.Transaction | Promise<string> => {
    const source = getAssociatedTokenAddressSync(new PublicKey(deployment.mint), rig.payer.publicKey);
    const method = program.methods.deposit;
    if (method === undefined) throw new Error("the IDL has no deposit");
    return method(new anchor.BN(amount))
      .accountsPartial({
        owner: rig.payer.publicKey,
        source,
        tokenProgram: new PublicKey(deployment.tokenProgram),
        vault: new PublicKey(deployment.vault),
      })
      .rpc();
  };

  it("reads accounts by the IDL", async () => {
    const config = await (
      program.account as Record<string, { fetch(key: PublicKey): Promise<Record<string, unknown>> }>
    ).config?.fetch(new PublicKey(deployment.config));
    expect(String(config?.mint)).to.equal(deployment.mint);
    expect(config?.settlementInterval).to.equal(3600);
  });

  it("sends a method, resolves addresses and finds all accounts of a type", async () => {
    await deposit(1_000_000);
    const accounts = (
      program.account as Record<string, { all(): Promise<{ account: Record<string, unknown> }[]> }>
    ).balance;
    const all = await accounts?.all();
    expect(all).to.have.length(1);
    expect(String(all?.[0]?.account.owner)).to.equal(rig.payer.publicKey.toBase58());
    expect(String(all?.[0]?.account.free)).to.equal("1000000");
  });

  it("hears events of the program", async () => {
    let listener = 0;
    const heard = once<Record<string, unknown>>((resolve) => {
      listener = program.addEventListener("balanceChanged", (event: Record<string, unknown>) =>
        resolve(event),
      );
    });
    // The subscription travels over another connection than the transaction.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await deposit(250_000);
    const event = await heard;
    expect(String(event.free)).to.equal("1250000");
    await program.removeEventListener(listener);
  });

  it("reports the program's own error by its number", async () => {
    const failed = await Promise.resolve(deposit(0)).then(
      () => "",
      (error: unknown) => String(error),
    );
    const code = Number(/custom program error: (0x[0-9a-f]+)/.exec(failed)?.[1]);
    expect(idl.errors?.find((error) => error.code === code)?.name).to.equal("AmountZero");
  });

  it("sends many transactions of several signers through the provider", async () => {
    const other = Keypair.generate();
    const move = (lamports: number): anchor.web3.Transaction =>
      new anchor.web3.Transaction().add(
        anchor.web3.SystemProgram.transfer({
          fromPubkey: rig.payer.publicKey,
          toPubkey: other.publicKey,
          lamports,
        }),
      );
    const signatures = await provider.sendAll([{ tx: move(1_000_000) }, { tx: move(2_000_000) }]);
    expect(signatures).to.have.length(2);
    expect(await rig.connection.getBalance(other.publicKey)).to.equal(3_000_000);
  });
});
