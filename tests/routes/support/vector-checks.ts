import { createSigner, fromHex, toHex } from "@tolldns/sdk";
import {
  batchReceipts,
  createAnswerer,
  createList,
  decodeMapProof,
  decodeReceipt,
  decodeStep,
  decodeUpdate,
  encodeMapProof,
  encodeReceipt,
  encodeStep,
  encodeUpdate,
  hashAuth,
  hashDomain,
  hashEntry,
  hashLeaf,
  hashRecords,
  hashStep,
  hashUpdate,
  type NamedEntry,
  parseRecords,
  RouteMap,
  receiptSigningBytes,
  rootOfListProof,
  rootOfMapProof,
  rootsOfMapProof,
  sha256,
  signUpdate,
  traceUpdates,
  updateSigningBytes,
  verifyEvidence,
  verifyUpdate,
} from "@tolldns/sdk/routes";
import { refusal, same } from "../../sdk/support/checks.ts";
import type { Case } from "../../sdk/support/vectors.ts";

// Runs in Node and in browsers: no chai, no files. A check throws when a case does not hold.

/** What each group of tests/vectors/routes.json promises. */
export const ROUTE_VECTOR_CHECKS: Readonly<Record<string, (row: Case) => void>> = {
  "routes.domains": (row) =>
    same(toHex(hashDomain(fromHex(row.genesis_hash), fromHex(row.config))), row.domain),
  "routes.records": (row) => {
    const records = fromHex(row.records);
    same(toHex(hashRecords(records)), row.hash);
    same(parseRecords(records, fromHex(row.zone)).length, row.count);
  },
  "routes.bad_records": (row) =>
    same(
      refusal(() => parseRecords(fromHex(row.records), fromHex(row.zone))),
      row.error,
    ),
  "routes.updates": (row) => {
    const domain = fromHex(row.domain);
    const entry = entryOf(row);
    const update = {
      ...entry,
      expiresAt: BigInt(row.expires_at),
      recordsHash: hashRecords(fromHex(row.records)),
    };
    same(toHex(update.recordsHash), row.records_hash);
    same(toHex(encodeUpdate(update, domain)), row.update);
    same(toHex(encodeUpdate(decodeUpdate(fromHex(row.update), domain), domain)), row.update);
    same(toHex(hashUpdate(update, domain)), row.update_hash);
    same(toHex(updateSigningBytes(fromHex(row.update_hash))), row.signing_bytes);
    const signed = signUpdate(update, domain, createSigner(fromHex(row.seed)));
    same(toHex(signed.signer), row.signer);
    same(toHex(signed.signature), row.signature);
    same(verifyUpdate(signed, domain), true);
    same(verifyUpdate(signed, fromHex(row.signer)), false);
    same(toHex(hashAuth(signed.signer, signed.signature)), row.auth_hash);
    same(toHex(hashEntry(entry.nameHash, entry)), row.leaf);
  },
  "routes.maps": (row) => {
    const map = RouteMap.create(row.entries.map(entryOf));
    same(toHex(map.root), row.root);
    for (const told of row.proofs) {
      const nameHash = fromHex(told.name_hash);
      const before = told.before === null ? undefined : entryOf(told.before);
      same(toHex(map.prove(nameHash)), told.proof);
      const proof = decodeMapProof(fromHex(told.proof));
      same(toHex(encodeMapProof(proof)), told.proof);
      same(hex(rootOfMapProof(proof, nameHash, before)), row.root);
      const roots = rootsOfMapProof(proof, nameHash, before, entryOf(told.after));
      same(hex(roots?.before), row.root);
      same(hex(roots?.after), told.root_after);
      const next = map.snapshot();
      next.set(nameHash, entryOf(told.after));
      same(toHex(next.root), told.root_after);
    }
    same(toHex(map.root), row.root);
  },
  "routes.bad_proofs": (row) =>
    same(
      refusal(() => decodeMapProof(fromHex(row.proof))),
      row.error,
    ),
  "routes.lists": (row) => {
    const leaves: Uint8Array[] = row.entries.map((text: string) => hashLeaf(sha256, fromHex(text)));
    const list = createList(leaves);
    same(toHex(list.root), row.root);
    for (const { index, proof } of row.proofs) {
      same(toHex(list.prove(index)), proof);
      const leaf = leaves[index] as Uint8Array;
      same(hex(rootOfListProof(fromHex(proof), leaf, { index, size: leaves.length })), row.root);
    }
  },
  "routes.traces": (row) => {
    const domain = fromHex(row.domain);
    const map = RouteMap.create(row.entries.map(entryOf));
    same(toHex(map.root), row.before);
    const updates = row.updates.map((told: Record<string, string>) => ({
      update: decodeUpdate(fromHex(told.update as string), domain),
      signer: fromHex(told.signer as string),
      signature: fromHex(told.signature as string),
    }));
    const { steps, root, list } = traceUpdates(map, updates, domain);
    same(steps.map((step) => toHex(encodeStep(step))).join(), row.steps.join());
    same(steps.map((_, i) => toHex(list.prove(i))).join(), row.proofs.join());
    same(toHex(root), row.root);
    same(toHex(list.root), row.updates_root);
    row.steps.forEach((text: string, index: number) => {
      const leaf = hashStep(decodeStep(fromHex(text)));
      const place = { index, size: row.steps.length };
      same(hex(rootOfListProof(fromHex(row.proofs[index]), leaf, place)), row.updates_root);
    });
  },
  "routes.receipts": (row) => {
    const epoch = BigInt(row.epoch);
    const batch = batchReceipts(
      row.seen.map((seen: Record<string, string>) => ({
        epoch,
        updateHash: fromHex(seen.update_hash as string),
        seenAt: BigInt(seen.seen_at as string),
      })),
    );
    same(batch.receipts.map(toHex).join(), row.receipts.join());
    for (const text of row.receipts) same(toHex(encodeReceipt(decodeReceipt(fromHex(text)))), text);
    same(toHex(batch.list.root), row.root);
    const [domain, witness] = [fromHex(row.domain), fromHex(row.witness)];
    const claim = { domain, witness, epoch, count: batch.list.size, root: batch.list.root };
    same(toHex(receiptSigningBytes(claim)), row.signing_bytes);
  },
  "routes.evidence": (row) => {
    let status: string | undefined;
    const error = refusal(() => {
      const trust = {
        name: fromHex(row.zone),
        domain: fromHex(row.domain),
        epoch: BigInt(row.epoch),
        root: fromHex(row.root),
        now: BigInt(row.now),
      };
      ({ status } = verifyEvidence(fromHex(row.evidence), trust));
    });
    same(status ?? error, row.status ?? row.error);
  },
  "routes.answers": (row) => {
    const zone = fromHex(row.zone);
    const answer = createAnswerer(parseRecords(fromHex(row.records), zone), zone);
    const { outcome, records, target } = answer(fromHex(row.question), row.type);
    same(outcome, row.outcome);
    const told = records.map(({ owner, type, ttl, data }) => [toHex(owner), type, ttl, toHex(data)]);
    same(JSON.stringify(told), JSON.stringify(row.answer));
    same(target === undefined ? null : toHex(target), row.target);
  },
};

function entryOf(row: Case): NamedEntry {
  return {
    nameHash: fromHex(row.name_hash),
    generation: row.generation,
    version: BigInt(row.version),
    updateHash: fromHex(row.update_hash),
  };
}

const hex = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "nothing" : toHex(bytes));
