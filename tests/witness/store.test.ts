import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bindStore, type FeedStore, openFeedStore, type Proposal } from "@tolldns/keepers/feed";
import { isTollError, toHex } from "@tolldns/sdk";
import { encodeBody, hashAuth, hashUpdate } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { DOMAIN, updateOf } from "./support/routes.ts";

const WITNESS = new Uint8Array(32).fill(1);
const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte);
const voteFor = (digest: number, epoch = 7n) => ({
  epoch,
  witness: WITNESS,
  digest: filled(digest),
  signature: filled(digest, 64),
  previousRoot: filled(0),
  root: filled(2),
  updatesRoot: filled(3),
  count: 0,
});

function proposalOf(digest: number, witness = WITNESS): Proposal {
  return { ...voteFor(digest), witness, trace: filled(4, 132) };
}

function rowOf(label: string, version = 1n) {
  const body = updateOf({ label, version });
  return {
    updateHash: hashUpdate(body.update, DOMAIN),
    authHash: hashAuth(body.signer, body.signature),
    nameHash: body.update.nameHash,
    label,
    body: encodeBody(body, DOMAIN),
    seenAt: 100,
  };
}

describe("a witness's store", () => {
  let folder: string;
  let store: FeedStore;
  const path = () => join(folder, "witness.sqlite");
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-witness-"));
    store = await openFeedStore({ path: path() });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  async function reopen(): Promise<void> {
    await store.close();
    store = await openFeedStore({ path: path() });
  }

  it("is nobody else's to read", () => {
    expect(statSync(path()).mode & 0o777).to.equal(0o600);
  });

  it("casts one vote an epoch, and tells that one to whoever would cast another", async () => {
    expect(await store.votes.cast(voteFor(1), 0)).to.deep.equal(voteFor(1));
    expect(await store.votes.cast(voteFor(2), 0)).to.deep.equal(voteFor(1));
    await reopen();
    expect(await store.votes.cast(voteFor(3), 0)).to.deep.equal(voteFor(1));
    expect(await store.votes.own(7n)).to.deep.equal(voteFor(1));
    expect((await store.votes.heard(7n)).length).to.equal(1);
  });

  it("writes no proposal whose vote came too late, since the vote in it is signed", async () => {
    await store.votes.cast(voteFor(1), 0);
    await store.votes.cast(voteFor(2), 0, proposalOf(2));
    expect(await store.votes.heads(7n)).to.deep.equal([]);
    await store.votes.cast(voteFor(5, 8n), 0, { ...proposalOf(5), epoch: 8n });
    expect((await store.votes.heads(8n)).map(({ digest }) => toHex(digest))).to.deep.equal([
      toHex(filled(5)),
    ]);
  });

  it("keeps two votes of one member, which prove that it cheated, and no more", async () => {
    const other = { ...voteFor(1), witness: filled(9) };
    expect(await store.votes.hear(other, 0)).to.equal(true);
    expect(await store.votes.hear(other, 0)).to.equal(false);
    expect(await store.votes.hear({ ...other, digest: filled(2) }, 0)).to.equal(true);
    expect(await store.votes.hear({ ...other, digest: filled(3) }, 0)).to.equal(false);
    expect((await store.votes.heard(7n)).length).to.equal(2);
  });

  it("keeps two proposals of one member and no more", async () => {
    const kept = [];
    for (const digest of [1, 2, 3]) kept.push(await store.votes.propose(proposalOf(digest, filled(9))));
    expect(kept).to.deep.equal([true, true, false]);
    expect(await store.votes.proposal(7n, filled(2))).to.deep.include({ trace: filled(4, 132) });
  });

  it("finds updates by their own hash and by that of their signature", async () => {
    const rows = ["alpha", "beta"].map((label) => rowOf(label));
    await store.updates.add(rows, 3n);
    const [alpha, beta] = rows;
    const found = await store.updates.find([alpha?.updateHash as Uint8Array, beta?.authHash as Uint8Array]);
    expect(found.map(({ label }) => label)).to.deep.equal(["alpha", "beta"]);
    expect((await store.votes.receipts(3n)).length).to.equal(2);
  });

  it("takes in records that come after an update was posted without, and never loses them again", async () => {
    const row = rowOf("alpha");
    const bare = { ...row, body: row.body.slice(0, 229) };
    await store.updates.add([bare], null);
    await store.updates.add([row], null);
    await store.updates.add([bare], null);
    const [found] = await store.updates.find([row.updateHash]);
    expect(found?.body.length).to.equal(row.body.length);
  });

  it("goes on with a final epoch in one commit: leaves, what is final and what is superseded", async () => {
    const [old, now] = [rowOf("alpha", 1n), rowOf("alpha", 2n)];
    await store.updates.add([old, now], null);
    const record = {
      epoch: 4n,
      status: "final" as const,
      previousRoot: filled(0),
      root: filled(1),
      updatesRoot: filled(2),
      count: 1,
      digest: filled(3),
      frozenAt: 10n,
      finalAt: 20n,
      trace: null,
    };
    const leaf = {
      nameHash: now.nameHash,
      generation: 1,
      version: 2n ** 64n - 1n,
      updateHash: now.updateHash,
      label: "alpha",
    };
    await store.epochs.apply({ record, leaves: [leaf], bodies: [], superseded: [old], replace: false });
    await reopen();
    const leaves: unknown[] = [];
    await store.epochs.eachLeaf((one) => leaves.push(one));
    expect(leaves).to.deep.equal([leaf]);
    const states = (await store.updates.find([old.updateHash, now.updateHash])).map(({ done, final }) => [
      done,
      final,
    ]);
    expect(states).to.deep.equal([
      [4n, false],
      [4n, true],
    ]);
    expect(await store.epochs.last()).to.deep.equal(record);
    // What a leaf needs stays, whatever its age.
    expect(await store.updates.prune(1_000n)).to.equal(1);
    expect((await store.updates.find([now.updateHash])).length).to.equal(1);
  });

  it("belongs to one cluster and one witness", async () => {
    await bindStore(store, "witness", WITNESS);
    await bindStore(store, "witness", WITNESS);
    const error = await bindStore(store, "witness", filled(2)).catch((thrown: unknown) => thrown);
    expect(isTollError(error, "store-foreign")).to.equal(true);
  });

  it("killed at any moment holds every vote that was told, and never tells another for its epoch", async function () {
    this.timeout(60_000);
    const child = fileURLToPath(new URL("./votes-child.ts", import.meta.url));
    const told = new Map<string, string>();
    let next = 1n;
    for (let round = 0; round < 6; round++) {
      // Begins again some epochs back, as a process does that does not know how far it had come.
      const process_ = spawn(process.execPath, [child, path(), String(next > 5n ? next - 5n : 1n)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      await new Promise<void>((resolve) => {
        process_.stdout.on("data", (part: Buffer) => {
          text += part.toString();
          if (text.split("\n").length > 8 + round * 3) process_.kill("SIGKILL");
        });
        process_.on("close", () => resolve());
      });
      for (const line of text.split("\n").slice(0, -1)) {
        const [epoch, digest] = line.split(" ") as [string, string];
        expect(told.get(epoch) ?? digest, `epoch ${epoch}`).to.equal(digest);
        told.set(epoch, digest);
        if (BigInt(epoch) >= next) next = BigInt(epoch) + 1n;
      }
    }
    await reopen();
    for (const [epoch, digest] of told)
      expect(toHex((await store.votes.own(BigInt(epoch)))?.digest as Uint8Array)).to.equal(digest);
    expect(told.size).to.be.greaterThan(20);
  });
});
