import { isTollError, toBase64Url, toHex } from "@tolldns/sdk";
import { decodeBody } from "@tolldns/sdk/routes";
import { fail } from "../errors.ts";
import { hasRecords } from "../gate.ts";
import type { FeedAnswer, FeedRequest, Route } from "../http/server.ts";
import type { FeedNode } from "../node.ts";
import { BODIES_AT_ONCE } from "../peers/peers.ts";
import { bytesOf } from "../reconcile.ts";
import {
  readHash,
  readObject,
  readSubmission,
  readU64,
  writeNumber,
  writeSubmission,
} from "../submission.ts";

const UPDATE_BYTES = 16_384;
const GOSSIP_BYTES = 4 << 20;
const PENDING_AT_ONCE = 4_000;
const NO_STORE = { "cache-control": "no-store" };

/** Updates coming in and going out, and what feeds ask one another. */
export function updateApi(node: FeedNode): Route[] {
  const { store, book, gate, pool, domain } = node;

  async function submit(request: FeedRequest): Promise<FeedAnswer> {
    gate.screen(request.from);
    const submission = readSubmission(await request.json(UPDATE_BYTES));
    const updateHash = await gate.accept(submission, { kind: "owner", address: request.from });
    return { status: 202, headers: NO_STORE, json: { updateHash: toBase64Url(updateHash) } };
  }

  /** Many updates of another feed; each is let in or not by itself. */
  async function gossip(request: FeedRequest): Promise<FeedAnswer> {
    gate.screen(request.from);
    const { updates } = readObject(await request.json(GOSSIP_BYTES));
    if (!Array.isArray(updates) || updates.length > BODIES_AT_ONCE)
      throw fail("request-form", { reason: "updates" });
    const results = await Promise.allSettled(
      updates.map(async (update) =>
        gate.accept(readSubmission(update), { kind: "push", address: request.from }),
      ),
    );
    const refused = results.flatMap((result) =>
      result.status === "rejected" ? [isTollError(result.reason) ? result.reason.code : "unexpected"] : [],
    );
    return { status: 202, headers: NO_STORE, json: { taken: results.length - refused.length, refused } };
  }

  async function state({ params }: FeedRequest): Promise<FeedAnswer> {
    const hash = readHash(params[0], "updateHash");
    const rows = await store.updates.find([hash]);
    const row = rows.find((one) => hasRecords(decodeBody(one.body, domain))) ?? rows[0];
    if (row === undefined) throw fail("not-found", { what: "no update of this hash" });
    const update = writeSubmission({ label: row.label, ...decodeBody(row.body, domain) });
    if (row.done === null) return { headers: NO_STORE, json: { state: "pending", update } };
    const epoch = writeNumber(row.done);
    return {
      headers: { "cache-control": "public, max-age=60" },
      json: { state: row.final ? "final" : "superseded", epoch, update },
    };
  }

  async function bodies({ query }: FeedRequest): Promise<FeedAnswer> {
    const hashes = (query.get("hashes") ?? "").split(",").filter((text) => text !== "");
    if (hashes.length === 0 || hashes.length > BODIES_AT_ONCE)
      throw fail("request-form", { reason: `hashes: 1 to ${BODIES_AT_ONCE}` });
    const rows = await store.updates.find(hashes.map((text) => readHash(text, "hashes")));
    return {
      headers: NO_STORE,
      json: rows.map(({ label, updateHash, authHash, body }) => ({
        name: `${label}.dns`,
        updateHash: toBase64Url(updateHash),
        authHash: toBase64Url(authHash),
        body: toBase64Url(body),
      })),
    };
  }

  function pending({ query }: FeedRequest): FeedAnswer {
    const limit = Math.min(PENDING_AT_ONCE, Number(readU64(query.get("limit") ?? "1000", "limit")));
    const after = Number(readU64(query.get("after") ?? "0", "after"));
    // A page goes by how many came before it: what is removed meanwhile is final, and asked for by its root.
    const hashes: string[] = [];
    let at = 0;
    for (const { updateHash } of pool.all()) {
      if (at++ < after) continue;
      if (hashes.length === limit) break;
      hashes.push(toBase64Url(updateHash));
    }
    const next = hashes.length < limit ? "" : String(after + hashes.length);
    return { headers: NO_STORE, json: { hashes, next } };
  }

  function reconcile({ query }: FeedRequest): FeedAnswer {
    const prefix = (query.get("prefix") ?? "").toLowerCase();
    const bits = Number(readU64(query.get("bits") ?? String(prefix.length * 4), "bits"));
    if (!/^[0-9a-f]{0,64}$/.test(prefix) || bits !== prefix.length * 4)
      throw fail("request-form", { reason: "prefix: hex digits, four bits each" });
    const wanted = query.get("root");
    let map = book.map;
    if (wanted !== null) {
      const root = toHex(readHash(wanted, "root"));
      const held = book.epochs().map((epoch) => book.at(epoch));
      const found = held.find((one) => one !== null && toHex(one.root) === root);
      if (found == null) throw fail("epoch-gone", { epoch: `with root ${root.slice(0, 16)}` });
      map = found;
    }
    const view = map.view(bytesOf(prefix), bits);
    const below =
      "children" in view
        ? { children: view.children.map(toBase64Url) }
        : {
            leaves: view.leaves.map(({ nameHash, generation, version, updateHash }) => ({
              nameHash: toBase64Url(nameHash),
              generation,
              version: writeNumber(version),
              updateHash: toBase64Url(updateHash),
            })),
          };
    return { headers: NO_STORE, json: { hash: toBase64Url(view.hash), count: view.count, ...below } };
  }

  return [
    { method: "POST", path: /^\/v1\/updates$/, handle: submit },
    { method: "GET", path: /^\/v1\/updates\/([^/]+)$/, handle: state },
    { method: "POST", path: /^\/v1\/gossip$/, handle: gossip },
    { method: "GET", path: /^\/v1\/bodies$/, handle: bodies },
    { method: "GET", path: /^\/v1\/pending$/, handle: pending },
    { method: "GET", path: /^\/v1\/reconcile$/, handle: reconcile },
  ];
}
