import { createReadStream } from "node:fs";
import { toBase64Url } from "@tolldns/sdk";
import { RECEIPT_LENGTH } from "@tolldns/sdk/routes";
import { fail } from "../errors.ts";
import type { EpochFiles } from "../files.ts";
import type { FeedAnswer, FeedRequest, Route } from "../http/server.ts";
import type { FeedNode } from "../node.ts";
import type { Proposal } from "../store/votes.ts";
import { readHash, readU64, writeNumber } from "../submission.ts";
import { readProposal, readVote } from "../votes.ts";
import { writeProposal, writeStatement } from "../write.ts";

const VOTE_BYTES = 4_096;
/** The longest trace in base64url, and what goes with it. */
const PROPOSAL_BYTES = 3 << 20;
const PROPOSALS_AT_ONCE = 2;
const NO_STORE = { "cache-control": "no-store" };

/** Files and receipts of epochs; votes and proposals on their way. */
export function epochApi(node: FeedNode, files: EpochFiles): Route[] {
  const { store, hall } = node;

  async function car({ params, etag }: FeedRequest): Promise<FeedAnswer> {
    const epoch = readU64(params[0], "epoch");
    const found = await files.find(epoch);
    if (found === null) throw fail("epoch-gone", { epoch: String(epoch) });
    const headers = {
      etag: `"${found.cid}"`,
      "cache-control": "public, max-age=31536000, immutable",
      "content-type": "application/vnd.ipld.car; version=1",
    };
    if (etag === headers.etag) return { status: 304, headers };
    return {
      headers: { ...headers, "content-length": String(found.size) },
      stream: createReadStream(found.path),
    };
  }

  async function receipts({ params, query }: FeedRequest): Promise<FeedAnswer> {
    const epoch = readU64(params[0], "epoch");
    const batches = await store.votes.batches(epoch);
    const isBrief = query.has("claims");
    return {
      headers: { "cache-control": "public, max-age=10" },
      json: {
        epoch: writeNumber(epoch),
        batches: batches.map(({ witness, signature, count, root, receipts: each }) => ({
          witness: toBase64Url(witness),
          count,
          root: toBase64Url(root),
          signature: toBase64Url(signature),
          ...(each === null || isBrief ? {} : { receipts: split(each) }),
        })),
      },
    };
  }

  async function votes({ query }: FeedRequest): Promise<FeedAnswer> {
    const epoch = readU64(query.get("epoch"), "epoch");
    const heard = await store.votes.heard(epoch);
    const statements = new Map(heard.map((vote) => [toBase64Url(vote.digest), writeStatement(vote)]));
    return {
      headers: NO_STORE,
      json: {
        epoch: writeNumber(epoch),
        statements: [...statements.values()],
        votes: heard.map(({ witness, digest, signature }) => ({
          witness: toBase64Url(witness),
          digest: toBase64Url(digest),
          signature: toBase64Url(signature),
        })),
      },
    };
  }

  async function proposals({ query }: FeedRequest): Promise<FeedAnswer> {
    const epoch = readU64(query.get("epoch"), "epoch");
    const asked = query.get("digest");
    const digests =
      asked === null
        ? (await store.votes.heads(epoch)).map(({ digest }) => digest).slice(0, PROPOSALS_AT_ONCE)
        : [readHash(asked, "digest")];
    const some: Proposal[] = [];
    for (const digest of digests) {
      const proposal = await store.votes.proposal(epoch, digest);
      if (proposal !== null) some.push(proposal);
    }
    return { headers: NO_STORE, json: some.map(writeProposal) };
  }

  return [
    { method: "GET", path: /^\/v1\/epochs\/(\d{1,20})\.car$/, handle: car },
    { method: "GET", path: /^\/v1\/receipts\/(\d{1,20})$/, handle: receipts },
    { method: "GET", path: /^\/v1\/votes$/, handle: votes },
    { method: "GET", path: /^\/v1\/proposals$/, handle: proposals },
    {
      method: "POST",
      path: /^\/v1\/votes$/,
      handle: async (request) => {
        await hall.hearVote(readVote(await request.json(VOTE_BYTES)));
        return { status: 202, headers: NO_STORE, json: {} };
      },
    },
    {
      method: "POST",
      path: /^\/v1\/proposals$/,
      handle: async (request) => {
        await hall.hearProposal(readProposal(await request.json(PROPOSAL_BYTES)));
        return { status: 202, headers: NO_STORE, json: {} };
      },
    },
  ];
}

function split(receipts: Uint8Array): string[] {
  return Array.from({ length: receipts.length / RECEIPT_LENGTH }, (_, i) =>
    toBase64Url(receipts.subarray(i * RECEIPT_LENGTH, (i + 1) * RECEIPT_LENGTH)),
  );
}
