import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Chain, startChain } from "@tolldns/chain";
import {
  type MigrateOptions,
  migrate,
  mintIndexUnits,
  type Progress,
  readDeployment,
  readOrMakeKey,
} from "@tolldns/migrations";
import { createSeed, deriveProgramData, formatAddress, isTollError, TOKEN_PROGRAM } from "@tolldns/sdk";
import { decodeConfig } from "@tolldns/sdk/escrow";
import { createSignerNode } from "@tolldns/sdk/node";
import { expect } from "chai";
import { createSeeded, initializeMint, seededAddress } from "../../migrations/src/accounts.ts";
import { connect, readAccount } from "../../migrations/src/rpc.ts";
import { send } from "../../migrations/src/send.ts";

const artifact = new Uint8Array(readFileSync(new URL("../../programs/artifacts/escrow.so", import.meta.url)));

describe("migrations", () => {
  let chain: Chain;
  let folder: string;
  beforeEach(async () => {
    chain = await startChain({ clock: { kind: "virtual", autoAdvance: true } });
    folder = mkdtempSync(join(tmpdir(), "tolldns-migrate-"));
  });
  afterEach(async () => {
    await chain.close();
    rmSync(folder, { recursive: true });
  });

  const run = (more: Partial<MigrateOptions> = {}): ReturnType<typeof migrate> =>
    migrate({ rpcUrl: chain.rpcUrl, folder, ...more });
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "none",
      (error: unknown) => (isTollError(error) ? error.code : String(error)),
    );
  const program = async (id: string): Promise<Uint8Array> => {
    const account = await readAccount(connect(chain.rpcUrl), formatAddress(deriveProgramData(id).address));
    return account?.data.subarray(45) ?? new Uint8Array(0);
  };

  it("deploy, create the Index Unit and initialise, by ordinary transactions", async () => {
    const steps = new Set<string>();
    const deployment = await run({ onProgress: (progress) => steps.add(progress.step) });
    expect([...steps]).to.deep.equal([
      "0001-deploy-escrow",
      "0002-create-index-unit",
      "0003-initialize-escrow",
    ]);
    expect(Buffer.compare(await program(deployment.escrow), artifact)).to.equal(0);
    const config = await readAccount(connect(chain.rpcUrl), deployment.config);
    const decoded = decodeConfig(config?.data ?? new Uint8Array(0));
    expect(formatAddress(decoded.mint)).to.equal(deployment.mint);
    expect(formatAddress(decoded.vault)).to.equal(deployment.vault);
    expect(formatAddress(decoded.genesisHash)).to.equal(chain.genesisHash);
    expect([decoded.settlementInterval, decoded.graceSeconds]).to.deep.equal([3600, 10_800]);
    expect(readDeployment(folder)).to.deep.equal(deployment);
  });

  it("finish in less than five seconds on a chain with real slots", async function () {
    this.timeout(60_000);
    // A machine busy with other suites gets another try.
    this.retries(2);
    const real = await startChain();
    const place = mkdtempSync(join(tmpdir(), "tolldns-real-"));
    const began = performance.now();
    await migrate({ rpcUrl: real.rpcUrl, folder: place });
    const took = performance.now() - began;
    console.log(`      ${Math.round(took)} ms`);
    await real.close();
    rmSync(place, { recursive: true });
    expect(took).to.be.lessThan(5000);
  });

  it("send nothing when there is nothing to do", async () => {
    const first = await run();
    const { transactions } = chain.status();
    const said: Progress[] = [];
    expect(await run({ onProgress: (progress) => said.push(progress) })).to.deep.equal(first);
    expect(chain.status().transactions).to.equal(transactions);
    expect(said.map((progress) => progress.message)).to.deep.equal([
      "the program is up to date",
      "the Index Unit and its accounts are there",
      "the escrow is initialised",
    ]);
  });

  it("go on where they were interrupted, at any transaction", async function () {
    this.timeout(60_000);
    // The chain goes away after so many transactions; the next run must finish the work.
    for (const stop of [0, 1, 140, 273, 275]) {
      const own = await startChain({ clock: { kind: "virtual", autoAdvance: true } });
      const place = mkdtempSync(join(tmpdir(), "tolldns-stop-"));
      const { url, close } = await stoppingAfter(own.rpcUrl, stop);
      const broken = migrate({ rpcUrl: url, folder: place });
      expect(await codeOf(broken), `stopped after ${stop}`).to.equal("migrate-rpc");
      await close();
      const deployment = await migrate({ rpcUrl: own.rpcUrl, folder: place });
      const account = await readAccount(connect(own.rpcUrl), deployment.config);
      expect(decodeConfig(account?.data ?? new Uint8Array(0)).paused).to.equal(false);
      await own.close();
      rmSync(place, { recursive: true });
    }
  });

  it("write again what the cluster loses", async function () {
    this.timeout(60_000);
    const lossy = await startChain({ slotMs: 20, faultSeed: 5 });
    lossy.faults.set({ drop: 0.2 });
    const deployment = await migrate({ rpcUrl: lossy.rpcUrl, folder });
    expect(deployment.escrowSha256).to.have.length(64);
    await lossy.close();
  });

  it("upgrade a program whose bytes differ, and make room for a longer one", async () => {
    const { escrow } = await run();
    const longer = new Uint8Array(artifact.length + 4096);
    longer.set(artifact);
    // Behind the ELF sections bytes don't matter to the loader, but they make it another file.
    longer.fill(1, artifact.length);
    const upgraded = await run({ programBytes: longer });
    expect(upgraded.escrow).to.equal(escrow);
    expect(Buffer.compare((await program(escrow)).subarray(0, longer.length), longer)).to.equal(0);
    const back = await run();
    const code = await program(escrow);
    expect(Buffer.compare(code.subarray(0, artifact.length), artifact)).to.equal(0);
    expect(code.subarray(artifact.length).every((byte) => byte === 0)).to.equal(true);
    expect(back.escrowSha256).not.to.equal(upgraded.escrowSha256);
    await mintIndexUnits({ rpcUrl: chain.rpcUrl, folder, owner: back.authority, amount: 1n });
  });

  it("leave the chain as it is when the bytes are no program", async () => {
    const broken = Uint8Array.from(artifact);
    broken[0] = 0;
    expect(await codeOf(run({ programBytes: broken }))).to.equal("migrate-failed");
    const { escrow } = await run();
    expect(Buffer.compare(await program(escrow), artifact)).to.equal(0);
  });

  it("refuse another authority, another cluster and other terms", async () => {
    await run();
    const other = join(folder, "other.json");
    readOrMakeKey(other);
    await chain.airdrop(formatAddress(readOrMakeKey(other).publicKey), 10_000_000_000n);
    const longer = new Uint8Array([...artifact, 0, 0, 0, 1]);
    expect(await codeOf(run({ authorityFile: other, programBytes: longer }))).to.equal("migrate-authority");
    expect(await codeOf(run({ terms: { settlementInterval: 60, graceSeconds: 200 } }))).to.equal(
      "migrate-config",
    );
    const elsewhere = await startChain({ clock: { kind: "virtual", autoAdvance: true } });
    expect(await codeOf(migrate({ rpcUrl: elsewhere.rpcUrl, folder }))).to.equal("migrate-genesis");
    await elsewhere.close();
  });

  it("take a mint that exists if it has 6 decimals, and have no faucet for it then", async () => {
    const rpc = connect(chain.rpcUrl);
    const payer = createSignerNode(createSeed());
    await chain.airdrop(formatAddress(payer.publicKey), 10_000_000_000n);
    const mintOf = async (decimals: number): Promise<string> => {
      const seed = `mint ${decimals}`;
      const mint = seededAddress(payer.publicKey, seed, TOKEN_PROGRAM);
      await send({ rpc, payer, unitPrice: 1000n }, [
        createSeeded(payer.publicKey, seed, 2_000_000n, 82, TOKEN_PROGRAM),
        initializeMint(TOKEN_PROGRAM, mint, decimals, payer.publicKey),
      ]);
      return formatAddress(mint);
    };
    expect(await codeOf(run({ mint: await mintOf(9) }))).to.equal("migrate-mint");
    const mint = await mintOf(6);
    const deployment = await run({ mint });
    expect([deployment.mint, deployment.faucet]).to.deep.equal([mint, null]);
    const owner = deployment.authority;
    expect(await codeOf(mintIndexUnits({ rpcUrl: chain.rpcUrl, folder, owner, amount: 1n }))).to.equal(
      "migrate-faucet",
    );
  });

  it("keep keys to their owner and refuse files that are none", async () => {
    const deployment = await run();
    for (const name of ["authority.json", "faucet.json"]) {
      expect(statSync(join(folder, name)).mode & 0o777).to.equal(0o600);
    }
    const bad = join(folder, "bad.json");
    writeFileSync(bad, "[1,2,3]");
    expect(await codeOf(run({ authorityFile: bad }))).to.equal("migrate-key");
    const text = JSON.stringify(deployment);
    const secret = JSON.parse(readFileSync(join(folder, "faucet.json"), "utf8")) as number[];
    expect(text).not.to.include(formatAddress(Uint8Array.from(secret.slice(0, 32))));
  });
});

/** A relay that passes on `count` transactions and then breaks off every connection. */
async function stoppingAfter(
  rpcUrl: string,
  count: number,
): Promise<{ url: string; close(): Promise<void> }> {
  const { createServer } = await import("node:http");
  let left = count;
  let broken = false;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      if (body.includes('"sendTransaction"') && left-- === 0) broken = true;
      if (broken) {
        // Not a busy endpoint but one that answers nonsense, so that the migration ends at once.
        response.writeHead(400).end();
        return;
      }
      void fetch(rpcUrl, { method: "POST", body })
        .then((answer) => answer.text())
        .then((text) => response.writeHead(200, { "content-type": "application/json" }).end(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as import("node:net").AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
