import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeProposal, writeVote } from "@tolldns/keepers/feed";
import { concatBytes, type Signer, toBase64Url, toHex } from "@tolldns/sdk";
import { type Epoch, hashOutcome, signVote } from "@tolldns/sdk/quorum";
import {
  createList,
  encodeBody,
  encodeStep,
  hashAuth,
  hashStep,
  hashUpdate,
  RouteMap,
  type Step,
  traceUpdates,
  type UpdateBody,
} from "@tolldns/sdk/routes";

export type LabelledBody = UpdateBody & { readonly label: string };

/** A member that lies: it shows the bodies of what it proposes, and says whatever it is told to. A fixture that speaks the feeds' protocol. */
export interface Rogue {
  readonly url: string;
  /** Posts a proposal over these updates, with what the lie changes of it, to a feed. Resolves to its digest. */
  propose(
    key: Signer,
    epoch: Epoch,
    to: string,
    updates: readonly LabelledBody[],
    lie?: Lie,
  ): Promise<Uint8Array>;
  /** Posts a bare vote. */
  vote(key: Signer, epoch: Epoch, to: string, root: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface Lie {
  readonly steps?: (steps: Step[]) => Step[];
  readonly root?: Uint8Array;
}

export async function startRogue(domain: Uint8Array): Promise<Rogue> {
  const shown = new Map<string, LabelledBody>();
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://rogue");
    if (url.pathname !== "/v1/bodies") {
      response.writeHead(404, { "content-type": "application/json" });
      response.end("{}");
      return;
    }
    const rows = (url.searchParams.get("hashes") ?? "").split(",").flatMap((hash) => {
      const body = shown.get(hash);
      return body === undefined
        ? []
        : [{ name: `${body.label}.dns`, body: toBase64Url(encodeBody(body, domain)) }];
    });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(rows));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  async function post(to: string, path: string, body: unknown): Promise<void> {
    const answer = await fetch(to + path, { method: "POST", body: JSON.stringify(body) });
    if (answer.status !== 202) throw new Error(`${path} ${answer.status} ${await answer.text()}`);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    propose: async (key, epoch, to, updates, lie = {}) => {
      for (const body of updates) {
        shown.set(toBase64Url(hashAuth(body.signer, body.signature)), body);
        shown.set(toBase64Url(hashUpdate(body.update, domain)), body);
      }
      const map = RouteMap.create();
      if (toHex(map.root) !== toHex(epoch.previousRoot)) throw new Error("rogues lie over an empty map");
      const trace = traceUpdates(map, updates, domain);
      const steps = lie.steps?.([...trace.steps]) ?? trace.steps;
      const outcome = {
        previousRoot: epoch.previousRoot,
        root: lie.root ?? trace.root,
        updatesRoot: createList(steps.map((step) => hashStep(step))).root,
        count: steps.length,
      };
      const digest = hashOutcome(outcome, domain, epoch.number);
      const vote = { epoch: epoch.number, witness: key.publicKey, digest, signature: signVote(key, digest) };
      await post(
        to,
        "/v1/proposals",
        writeProposal({ ...outcome, ...vote, trace: concatBytes(...steps.map(encodeStep)) }),
      );
      return digest;
    },
    vote: async (key, epoch, to, root) => {
      const outcome = { previousRoot: epoch.previousRoot, root, updatesRoot: root, count: 1 };
      const digest = hashOutcome(outcome, domain, epoch.number);
      const vote = { epoch: epoch.number, witness: key.publicKey, digest, signature: signVote(key, digest) };
      await post(to, "/v1/votes", writeVote({ ...outcome, ...vote }));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
