import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection, SYSVAR_SLOT_HASHES_PUBKEY } from "@solana/web3.js";
import { type Chain, type ChainOptions, startChain } from "@tolldns/chain";
import { fromBase58, toHex } from "@tolldns/sdk";
import { expect } from "chai";

/** What a validator's sysvar holds at most. */
const MOST = 512;

interface Entry {
  readonly slot: number;
  /** Hex. */
  readonly hash: string;
}

/** Reads the sysvar as programs do: count u64, then slot u64 and hash of each, newest first. */
async function readHashes(chain: Chain): Promise<Entry[]> {
  const account = await new Connection(chain.rpcUrl).getAccountInfo(SYSVAR_SLOT_HASHES_PUBKEY, "processed");
  if (account === null) throw new Error("no SlotHashes");
  expect(account.data).to.have.length(8 + MOST * 40);
  return Array.from({ length: Number(account.data.readBigUInt64LE(0)) }, (_, index) => ({
    slot: Number(account.data.readBigUInt64LE(8 + index * 40)),
    hash: account.data.subarray(16 + index * 40, 48 + index * 40).toString("hex"),
  }));
}

describe("the SlotHashes sysvar", () => {
  const chains: Chain[] = [];
  const folders: string[] = [];
  async function start(options: ChainOptions): Promise<Chain> {
    const chain = await startChain({ seed: "slot hashes", ...options });
    chains.push(chain);
    return chain;
  }
  function makeFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "tolldns-hashes-"));
    folders.push(folder);
    return folder;
  }
  afterEach(async () => {
    for (const chain of chains.splice(0)) await chain.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it("holds every slot below the present one, newest first, and at most 512", async () => {
    const chain = await start({ clock: { kind: "virtual" } });
    for (const step of [1, 3, 700, 1]) {
      await chain.clock.advance(step);
      const entries = await readHashes(chain);
      const newest = chain.clock.slot("processed") - 1;
      expect(entries.length).to.equal(Math.min(MOST, newest + 1));
      expect(entries.map(({ slot }) => slot)).to.deep.equal(entries.map((_, index) => newest - index));
      expect(new Set(entries.map(({ hash }) => hash)).size).to.equal(entries.length);
    }
  });

  it("holds the hashes that getLatestBlockhash gives out", async () => {
    const chain = await start({ clock: { kind: "virtual" } });
    await chain.clock.advance(5);
    const [newest] = await readHashes(chain);
    const { blockhash } = await new Connection(chain.rpcUrl).getLatestBlockhash("processed");
    expect(newest?.hash).to.equal(toHex(fromBase58(blockhash)));
  });

  it("knows the slots of a clock that jumped by hours", async () => {
    const chain = await start({ clock: { kind: "virtual" } });
    await chain.clock.advanceTime(7_200);
    const entries = await readHashes(chain);
    expect(entries).to.have.length(MOST);
    expect(entries[0]?.slot).to.equal(chain.clock.slot("processed") - 1);
  });

  it("follows the wall clock", async () => {
    const chain = await start({ clock: { kind: "real" }, slotMs: 20 });
    const [before] = await readHashes(chain);
    let after = before;
    for (let look = 0; look < 500 && after?.slot === before?.slot; look++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      [after] = await readHashes(chain);
    }
    expect(after?.slot).to.be.above(before?.slot ?? 0);
  });

  for (const snapshotEvery of [1, 10_000]) {
    it(`is the same after a restart from ${snapshotEvery === 1 ? "a snapshot" : "the log"}`, async () => {
      const dataDir = makeFolder();
      const options = { dataDir, clock: { kind: "virtual" }, snapshotEvery } as const;
      const chain = await start(options);
      await chain.airdrop(chain.identity, 1_000_000n);
      await chain.clock.advance(40);
      await chain.airdrop(chain.identity, 2_000_000n);
      await chain.clock.advance(3);
      const before = await readHashes(chain);
      await chains.pop()?.close();
      expect(await readHashes(await start(options))).to.deep.equal(before);
    });
  }

  it("leaves out the slots a rollback abandoned", async () => {
    const chain = await start({ clock: { kind: "virtual" } });
    await chain.clock.advance(40);
    const end = chain.clock.slot("processed");
    await chain.airdrop(chain.identity, 1_000_000n);
    await chain.faults.rollback(4);
    await chain.clock.advance(2);
    const slots = (await readHashes(chain)).map(({ slot }) => slot);
    expect(slots).to.not.include(end);
    expect(slots[0]).to.equal(chain.clock.slot("processed") - 1);
  });
});
