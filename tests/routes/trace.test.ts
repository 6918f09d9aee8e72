import { createSigner, toHex } from "@tolldns/sdk";
import {
  batchReceipts,
  decodeBody,
  decodeUpdate,
  encodeBody,
  encodeUpdate,
  hashRecords,
  hashStep,
  RouteMap,
  rootOfListProof,
  signReceipts,
  signUpdate,
  traceUpdates,
  verifyReceipts,
  verifyUpdate,
} from "@tolldns/sdk/routes";
import { expect } from "chai";
import fc from "fast-check";
import { digest, entries, entryOf, nameOf } from "./support/model.ts";

const DOMAIN = digest("domain");
const OWNER = createSigner(digest("owner"));
const RECORDS = new Uint8Array();
const refused = (action: () => unknown) => expect(action).to.throw().with.property("code");

const signed = (n: number, version: bigint, generation = 9) =>
  signUpdate(
    { nameHash: nameOf(n), generation, version, expiresAt: 5n, recordsHash: hashRecords(RECORDS) },
    DOMAIN,
    OWNER,
  );

describe("the trace of an epoch", () => {
  it("goes from the root before to the root after, in order of name hash, whatever order updates come in", () => {
    const numbers = fc.uniqueArray(fc.nat(90), { maxLength: 12 });
    fc.assert(
      fc.property(entries(30), numbers, (rows, given) => {
        const map = RouteMap.create(rows);
        const before = toHex(map.root);
        const updates = given.map((n) => signed(n, 1n));
        const backwards = traceUpdates(map.snapshot(), [...updates].reverse(), DOMAIN);
        const { steps, root, list } = traceUpdates(map, updates, DOMAIN);
        expect(backwards.list.root).to.deep.equal(list.root);
        expect(toHex(steps[0]?.before ?? map.root)).to.equal(before);
        steps.forEach((step, i) => {
          expect(step.index).to.equal(i);
          expect(toHex(steps[i + 1]?.before ?? root)).to.equal(toHex(step.after));
          const place = { index: i, size: steps.length };
          expect(rootOfListProof(list.prove(i), hashStep(step), place)).to.deep.equal(list.root);
        });
        expect(toHex(map.root)).to.equal(toHex(root));
        const names = steps.map((step) =>
          updates.find(({ update }) => same(map, update.nameHash, step.updateHash)),
        );
        const hashes = names.map((one) => toHex(one?.update.nameHash ?? new Uint8Array()));
        expect(hashes).to.deep.equal([...hashes].sort());
      }),
      { numRuns: 40 },
    );
  });

  it("takes one update a name, and only one that follows what is there; a refused epoch changes nothing", () => {
    const map = RouteMap.create([{ ...entryOf(1), generation: 9, version: 4n }]);
    const before = toHex(map.root);
    refused(() => traceUpdates(map, [signed(1, 5n), signed(2, 1n), signed(1, 6n)], DOMAIN)).equal(
      "trace-order",
    );
    refused(() => traceUpdates(map, [signed(2, 1n), signed(1, 4n)], DOMAIN)).equal("update-version");
    refused(() => traceUpdates(map, [signed(2, 1n), signed(1, 99n, 8)], DOMAIN)).equal("update-version");
    const cut = { ...signed(2, 1n), signature: new Uint8Array(63) };
    refused(() => traceUpdates(map, [signed(3, 1n), cut], DOMAIN)).equal("bytes-length");
    refused(() => traceUpdates(map, Array(16_385).fill(signed(2, 1n)), DOMAIN)).equal("trace-order");
    expect(toHex(map.root)).to.equal(before);
    traceUpdates(map, [signed(1, 1n, 10), signed(2, 1n)], DOMAIN);
    expect(map.get(nameOf(1))?.generation).to.equal(10);
  });
});

describe("updates", () => {
  it("count on one cluster only", () => {
    const one = signed(1, 1n);
    expect(verifyUpdate(one, DOMAIN)).to.equal(true);
    expect(verifyUpdate(one, digest("another domain"))).to.equal(false);
    refused(() => decodeUpdate(encodeUpdate(one.update, DOMAIN), digest("another domain"))).equal(
      "update-domain",
    );
    refused(() => decodeUpdate(encodeUpdate(one.update, DOMAIN).subarray(1), DOMAIN)).equal("update-form");
  });

  it("are signed in every field", () => {
    const one = signed(1, 1n);
    for (const change of [
      { nameHash: nameOf(2) },
      { generation: 10 },
      { version: 2n },
      { expiresAt: 6n },
      { recordsHash: digest("others") },
    ])
      expect(verifyUpdate({ ...one, update: { ...one.update, ...change } }, DOMAIN)).to.equal(false);
    expect(verifyUpdate({ ...one, signer: createSigner(digest("stranger")).publicKey }, DOMAIN)).to.equal(
      false,
    );
  });

  it("begin at version 1", () => {
    refused(() => signed(1, 0n)).equal("update-version");
    const zero = encodeUpdate(signed(1, 1n).update, DOMAIN);
    zero[17 + 32 + 36] = 0;
    refused(() => decodeUpdate(zero, DOMAIN)).equal("update-version");
  });

  it("travel whole, with signer, signature and records", () => {
    const records = Uint8Array.of(1, 2, 3);
    const one = { ...signed(1, 7n), records };
    expect(decodeBody(encodeBody(one, DOMAIN), DOMAIN)).to.deep.equal(one);
    refused(() => decodeBody(encodeBody(one, DOMAIN).subarray(0, 228), DOMAIN)).equal("update-form");
  });
});

describe("receipts", () => {
  const WITNESS = createSigner(digest("witness"));
  const seen = (n: number, at: number) => ({
    epoch: 3n,
    updateHash: digest("u", String(n)),
    seenAt: BigInt(at),
  });

  it("make one batch whatever their order and however often they come, told to the minute", () => {
    const rows = fc.array(fc.tuple(fc.nat(6), fc.integer({ min: 60_000, max: 60_240 })), { maxLength: 20 });
    fc.assert(
      fc.property(rows, (given) => {
        const receipts = given.map(([n, at]) => seen(n, at));
        const batch = batchReceipts(receipts);
        const again = batchReceipts([...receipts, ...receipts].reverse());
        expect(again.list.root).to.deep.equal(batch.list.root);
        const each = new Set(given.map(([n, at]) => `${n} ${Math.floor(at / 60)}`));
        expect(batch.receipts).to.have.length(each.size);
        for (const bytes of batch.receipts) expect(Buffer.from(bytes).readBigUInt64LE(40) % 60n).to.equal(0n);
      }),
    );
  });

  it("are signed for one cluster, witness, epoch and count", () => {
    const batch = batchReceipts([seen(1, 60), seen(2, 60)]);
    const signature = signReceipts(batch, { domain: DOMAIN, epoch: 3n }, WITNESS);
    const { size: count, root } = batch.list;
    const claim = { domain: DOMAIN, witness: WITNESS.publicKey, epoch: 3n, count, root };
    expect(verifyReceipts(claim, signature)).to.equal(true);
    for (const change of [
      { domain: digest("x") },
      { witness: OWNER.publicKey },
      { epoch: 4n },
      { count: 3 },
      { root: digest("y") },
    ])
      expect(verifyReceipts({ ...claim, ...change }, signature)).to.equal(false);
    refused(() => signReceipts(batchReceipts([]), { domain: DOMAIN, epoch: 3n }, WITNESS)).equal(
      "list-index",
    );
  });
});

function same(map: RouteMap, nameHash: Uint8Array, updateHash: Uint8Array): boolean {
  return toHex(map.get(nameHash)?.updateHash ?? new Uint8Array()) === toHex(updateHash);
}
