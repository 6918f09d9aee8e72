import { toBase64Url, toHex } from "@tolldns/sdk";
import { hashName } from "@tolldns/sdk/names";
import { decodeBody, type Evidence, encodeEvidence } from "@tolldns/sdk/routes";
import { fail } from "../errors.ts";
import { hasRecords } from "../gate.ts";
import type { FeedAnswer, FeedRequest, Route } from "../http/server.ts";
import type { FeedNode } from "../node.ts";
import { readLabel, readU64, writeNumber } from "../submission.ts";
import { writeEpoch, writeRecord } from "../write.ts";

const BYTES_TYPE = "application/octet-stream";
/** Bytes of evidence remembered. */
const CACHE_BYTES = 32 << 20;
const ROOTS_AT_ONCE = 100;

/** Evidence for names, and roots. */
export function routeApi(node: FeedNode): Route[] {
  const { book, store, domain } = node;
  const cache = new Map<string, Uint8Array>();
  let cached = 0;

  async function evidenceOf(label: string, epoch: bigint): Promise<Uint8Array> {
    const key = `${epoch} ${label}`;
    const held = cache.get(key);
    if (held !== undefined) return held;
    const map = book.at(epoch);
    if (map === null) throw fail("epoch-gone", { epoch: String(epoch) });
    const nameHash = hashName(label);
    const entry = map.get(nameHash);
    const proof = map.prove(nameHash);
    let evidence: Evidence = { epoch, proof };
    if (entry !== undefined) {
      const rows = await store.updates.find([entry.updateHash]);
      const body = rows.map((row) => decodeBody(row.body, domain)).find(hasRecords);
      if (body === undefined)
        throw fail("not-ready", {
          reason: "its owner posted this route on chain, and nobody showed its records",
        });
      const { generation, version, expiresAt } = body.update;
      const { signer, signature, records } = body;
      evidence = { epoch, proof, route: { generation, version, expiresAt, signer, signature, records } };
    }
    const bytes = encodeEvidence(evidence);
    while (cached + bytes.length > CACHE_BYTES) {
      const [oldest] = cache as Iterable<[string, Uint8Array]>;
      if (oldest === undefined) break;
      cache.delete(oldest[0]);
      cached -= oldest[1].length;
    }
    // Another request may have made it meanwhile.
    if (!cache.has(key)) {
      cache.set(key, bytes);
      cached += bytes.length;
    }
    return bytes;
  }

  async function route({ params, query, accept, etag }: FeedRequest): Promise<FeedAnswer> {
    const label = readLabel((params[0] ?? "").toLowerCase());
    const asked = query.get("epoch");
    if (asked === null && book.final === 0n) throw fail("not-ready", { reason: "no root is final yet" });
    const epoch = asked === null ? book.final : readU64(asked, "epoch");
    const map = book.at(epoch);
    if (map === null || epoch === 0n) throw fail("epoch-gone", { epoch: String(epoch) });
    const root = map.root;
    const tag = `"${epoch}-${toHex(root).slice(0, 16)}"`;
    const headers = {
      etag: tag,
      vary: "accept",
      "cache-control": asked === null ? "public, max-age=2" : "public, max-age=86400, immutable",
    };
    if (etag === tag) return { status: 304, headers };
    const evidence = await evidenceOf(label, epoch);
    if (accept.includes(BYTES_TYPE))
      return { headers: { ...headers, "content-type": BYTES_TYPE }, bytes: evidence };
    return {
      headers,
      json: {
        name: `${label}.dns`,
        epoch: writeNumber(epoch),
        root: toBase64Url(root),
        evidence: toBase64Url(evidence),
      },
    };
  }

  async function roots({ query }: FeedRequest): Promise<FeedAnswer> {
    const asked = query.get("from");
    const from = asked === null ? null : readU64(asked, "from");
    const records = await store.epochs.list(from, ROOTS_AT_ONCE);
    const rows = records.map(writeRecord);
    const epoch = node.state()?.epoch;
    const isListed = records.some((record) => record.epoch === epoch?.number);
    if (epoch != null && !isListed && (from === null || from >= epoch.number))
      rows.unshift(writeEpoch(epoch));
    return { headers: { "cache-control": "public, max-age=1" }, json: rows.slice(0, ROOTS_AT_ONCE) };
  }

  return [
    { method: "GET", path: /^\/v1\/routes\/([^/]+)$/, handle: route },
    { method: "GET", path: /^\/v1\/roots$/, handle: roots },
    {
      method: "GET",
      path: /^\/v1\/events$/,
      handle: () => ({ take: (response) => node.events.open(response) }),
    },
  ];
}
