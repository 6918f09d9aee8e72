import { type EpochRecord, openFeedStore } from "@tolldns/keepers/feed";
import { toAddress } from "@tolldns/sdk";
import { attest, hashOutcome, tally } from "@tolldns/sdk/quorum";
import {
  encodeBody,
  hashAuth,
  hashUpdate,
  RouteMap,
  traceUpdates,
  type UpdateBody,
} from "@tolldns/sdk/routes";
import { expect } from "chai";
import { sendAll } from "../epochs/support/send.ts";
import { updateOf } from "./support/routes.ts";
import { openWorld, type World } from "./support/world.ts";

const NAMES = 10_000;
const CHANGED = 120;

describe("a feed that was away for a week, at 10 000 names", function () {
  this.timeout(180_000);
  let world: World;
  before(async () => {
    // One seat, whose key the test holds: it makes final what it likes.
    world = await openWorld({ members: ["solo"], labels: [], terms: { length: 40, window: 1 } });
    await world.place({ solo: "http://127.0.0.1:9" });
    await world.keeper();
  });
  after(() => world.end());

  it("fetches just what differs from the root on chain, and serves it then", async () => {
    const { domain, quorumText } = world.network;
    const bodies = Array.from({ length: NAMES }, (_, i) => updateOf({ label: `name${i}`, domain }));
    const changes = Array.from({ length: CHANGED }, (_, i) =>
      // Every other one is a name that was not there before.
      updateOf({ label: i % 2 === 0 ? `name${i * 80}` : `new${i}`, version: 2n, domain }),
    );
    const map = RouteMap.create();
    const first = traceUpdates(map, bodies, domain);
    const before: EpochRecord = {
      epoch: 0n,
      status: "final",
      previousRoot: new Uint8Array(32),
      root: first.root,
      updatesRoot: first.list.root,
      count: NAMES,
      digest: new Uint8Array(32),
      frozenAt: 0n,
      finalAt: 0n,
      trace: null,
    };
    await fill("old", before, bodies);
    await fill("new", before, bodies);
    const second = traceUpdates(map, changes, domain);

    // The chain is brought to the later root by one statement of the only member, over an empty map before it.
    const epoch = await world.until("the vote", async () => {
      const now = await world.epoch();
      return now?.status === "voting" ? now : null;
    });
    const outcome = {
      previousRoot: epoch.previousRoot,
      root: second.root,
      updatesRoot: second.list.root,
      count: CHANGED,
    };
    const digest = hashOutcome(outcome, domain, epoch.number);
    const config = await world.config();
    const deployment = {
      quorum: toAddress(quorumText),
      stake: config.stakeProgram,
      names: config.namesProgram,
    };
    const at = { deployment, epoch: epoch.number };
    const witness = world.key("solo");
    await world.give(witness);
    await sendAll(world.network.connection, [
      { signers: [witness], instructions: [attest({ ...at, witness: witness.publicKey, seat: 0, digest })] },
    ]);
    await sendAll(world.network.connection, [
      { signers: [witness], instructions: [tally({ ...at, outcome })] },
    ]);
    const final = await world.until("the root", async () => (await world.config()).final);
    expect(final.epoch).to.equal(epoch.number);

    const { root, updatesRoot, count } = outcome;
    await fill(
      "new",
      { ...before, epoch: epoch.number, previousRoot: first.root, root, updatesRoot, count },
      changes,
    );
    const there = await world.feed("new", { policy: { followChain: false, intervalSeconds: 0.5 } });
    const away = await world.feed("old", {
      peers: [there.url],
      policy: { followChain: false, intervalSeconds: 0.5 },
    });
    await world.until("the map", () => away.status().root === there.status().root);
    const { leaves, bodies: fetched, requests } = away.status().reconciled;
    expect([leaves, fetched]).to.deep.equal([CHANGED, CHANGED]);
    // The top, its 16 children, and at most one range of some forty names for each change.
    expect(requests).to.be.at.most(1 + 16 + CHANGED);
    expect(away.status().names).to.equal(NAMES + CHANGED / 2);
    const answer = await fetch(`${away.url}/v1/routes/new1.dns`);
    expect(answer.status).to.equal(200);
  });

  /** What a feed has on disk after this epoch. */
  async function fill(
    name: string,
    record: EpochRecord,
    bodies: readonly (UpdateBody & { label: string })[],
  ): Promise<void> {
    const { domain } = world.network;
    const store = await openFeedStore({ path: world.path(name) });
    const rows = bodies.map((body) => ({
      updateHash: hashUpdate(body.update, domain),
      authHash: hashAuth(body.signer, body.signature),
      nameHash: body.update.nameHash,
      label: body.label,
      body: encodeBody(body, domain),
      seenAt: 0,
    }));
    const leaves = bodies.map(({ label, update }, i) => ({
      label,
      nameHash: update.nameHash,
      generation: update.generation,
      version: update.version,
      updateHash: rows[i]?.updateHash as Uint8Array,
    }));
    await store.epochs.apply({ record, leaves, bodies: rows, superseded: [], replace: false });
    await store.close();
  }
});
