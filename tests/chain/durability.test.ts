import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Keypair } from "@solana/web3.js";
import { startChain } from "@tolldns/chain";
import { expect } from "chai";
import { killAgainAndAgain } from "./killing.ts";

describe("what is acknowledged survives", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-chain-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (more = {}): ReturnType<typeof startChain> =>
    startChain({ dataDir: folder, clock: { kind: "virtual" }, snapshotEvery: 8, finalizedLag: 4, ...more });
  const logs = (): string[] =>
    readdirSync(join(folder, "log"))
      .filter((name) => name.endsWith(".log"))
      .sort();
  const balance = async (url: string, key: string): Promise<number> => {
    const response = await fetch(url, {
      method: "POST",
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "getBalance",
        params: [key, { commitment: "processed" }],
      }),
    });
    return ((await response.json()) as { result: { value: number } }).result.value;
  };

  it("kill -9 at random moments", async function () {
    this.timeout(60_000);
    const seed = Number(process.env.SEED ?? 20261121);
    console.log(`      seed ${seed}`);
    const { acknowledged, lost, balance: has, expected } = await killAgainAndAgain(folder, seed, 8);
    console.log(`      ${acknowledged} acknowledged`);
    expect(lost).to.deep.equal([]);
    expect(acknowledged).to.be.greaterThan(10);
    expect(has).to.equal(expected);
  });

  it("a restart, with identity, history and clock", async () => {
    const first = await start();
    const key = Keypair.generate().publicKey.toBase58();
    const signature = await first.airdrop(key, 7_000_000n);
    await first.clock.advance(20);
    await first.clock.advanceTime(3600);
    const { genesisHash, identity } = first;
    const status = first.status();
    await first.close();
    const second = await start();
    expect([second.genesisHash, second.identity]).to.deep.equal([genesisHash, identity]);
    expect(second.status()).to.deep.equal(status);
    expect(await balance(second.rpcUrl, key)).to.equal(7_000_000);
    const { Connection } = await import("@solana/web3.js");
    const shown = await new Connection(second.rpcUrl, "confirmed").getTransaction(signature);
    expect(shown?.meta?.postBalances[1]).to.equal(7_000_000);
    await second.close();
  });

  it("a torn last record is cut, and what went before stays", async () => {
    const first = await start({ snapshotEvery: 1000 });
    const key = Keypair.generate().publicKey.toBase58();
    await first.airdrop(key, 7_000_000n);
    await first.close();
    const path = join(folder, "log", logs().at(-1) as string);
    const whole = statSync(path).size;
    for (const tear of [
      (): void => appendFileSync(path, Buffer.from([200, 0, 0, 0, 1, 2, 3])),
      (): void => appendFileSync(path, Buffer.alloc(64, 0xff)),
      (): void => appendFileSync(path, Buffer.alloc(4096)),
    ]) {
      tear();
      const again = await start({ snapshotEvery: 1000 });
      expect(await balance(again.rpcUrl, key)).to.equal(7_000_000);
      expect(statSync(path).size).to.equal(whole);
      await again.close();
    }
    truncateSync(path, whole - 1);
    const cut = await start({ snapshotEvery: 1000 });
    expect(await balance(cut.rpcUrl, key)).to.equal(0);
    await cut.close();
  });

  it("snapshots shorten the log and lose nothing", async () => {
    const chain = await start();
    const key = Keypair.generate().publicKey.toBase58();
    for (let i = 0; i < 40; i++) {
      await chain.airdrop(key, 1_000_000n);
      await chain.clock.advance(1);
    }
    await chain.close();
    const names = readdirSync(join(folder, "log"));
    expect(names.filter((name) => name.endsWith(".snapshot")).length).to.be.within(1, 4);
    expect(names).not.to.include("00000000.log");
    const again = await start();
    expect(await balance(again.rpcUrl, key)).to.equal(40_000_000);
    expect(again.status().transactions).to.equal(40);
    await again.close();
  });

  it("a rollback and a forgotten transaction stay so after a restart", async () => {
    const chain = await start({ finalizedLag: 32 });
    const [a, b, c] = Array.from({ length: 3 }, () => Keypair.generate().publicKey.toBase58()) as [
      string,
      string,
      string,
    ];
    await chain.clock.advance(40);
    await chain.airdrop(a, 1_000_000n);
    await chain.clock.advance(2);
    await chain.airdrop(b, 1_000_000n);
    const gone = await chain.airdrop(c, 1_000_000n);
    await chain.clock.advance(2);
    for (let i = 0; i < 20; i++) await chain.clock.advance(1);
    await chain.faults.forget(gone);
    await chain.airdrop(b, 500_000n);
    await chain.faults.rollback(1);
    const status = chain.status();
    await chain.close();
    const again = await start({ finalizedLag: 32 });
    expect(again.status()).to.deep.equal(status);
    expect(await balance(again.rpcUrl, a)).to.equal(1_000_000);
    expect(await balance(again.rpcUrl, b)).to.equal(1_000_000);
    expect(await balance(again.rpcUrl, c)).to.equal(0);
    await again.close();
  });

  it("the same transaction can't land twice across a restart", async () => {
    const chain = await start();
    const key = Keypair.generate().publicKey.toBase58();
    const signature = await chain.airdrop(key, 1_000_000n);
    const { Connection } = await import("@solana/web3.js");
    await chain.clock.advance(20);
    const raw = await fetch(chain.rpcUrl, {
      method: "POST",
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "getTransaction",
        params: [signature, "base64"],
      }),
    });
    const bytes = ((await raw.json()) as { result: { transaction: [string] } }).result.transaction[0];
    await chain.close();
    const again = await start();
    const connection = new Connection(again.rpcUrl, "processed");
    await connection.sendRawTransaction(Buffer.from(bytes, "base64"), { skipPreflight: true });
    expect(await balance(again.rpcUrl, key)).to.equal(1_000_000);
    await again.close();
  });

  it("a second process is kept out of the folder", async () => {
    const chain = await start();
    const second = await start().then(
      () => "",
      (error: unknown) => String(error),
    );
    expect(second).to.include("another process has this chain open");
    await chain.close();
  });

  it("a damaged snapshot is refused, not guessed at", async () => {
    const chain = await start();
    await chain.close();
    const name = readdirSync(join(folder, "log")).find((one) => one.endsWith(".snapshot")) as string;
    const path = join(folder, "log", name);
    const bytes = readFileSync(path);
    bytes[5000] = (bytes[5000] as number) ^ 1;
    writeFileSync(path, bytes);
    const error = await start().then(
      () => null,
      (reason: unknown) => reason as { code?: string },
    );
    expect(error?.code).to.equal("chain-damaged");
  });

  it("secrets are for the owner's eyes only", async () => {
    const chain = await start();
    await chain.close();
    expect(statSync(join(folder, "birth.json")).mode & 0o777).to.equal(0o600);
  });
});
