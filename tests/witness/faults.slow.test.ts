import type { RunningQuorumKeeper, RunningWitness } from "@tolldns/keepers";
import { toHex } from "@tolldns/sdk";
import { postRoute } from "@tolldns/sdk/names";
import type { Epoch } from "@tolldns/sdk/quorum";
import { hashRecords, type Step } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { signRoute } from "../epochs/support/owners.ts";
import { sendAll } from "../epochs/support/send.ts";
import { type LabelledBody, type Lie, type Rogue, startRogue } from "./support/rogue.ts";
import { openWorld, type World } from "./support/world.ts";

// Each rogue outweighs all after it, so that it alone is two thirds, until it is slashed and jailed for it.
const ROGUES = ["twice", "step", "signature", "authority", "end", "omits"] as const;
const ONE = 1_000_000_000_000n;
const STAKES = Object.fromEntries([...ROGUES].reverse().map((name, i) => [name, ONE * 4n ** BigInt(i + 1)]));

describe("one honest witness among members with two thirds of the weight", function () {
  this.timeout(240_000);
  let world: World;
  let rogue: Rogue;
  let ada: RunningWitness;
  let keeper: RunningQuorumKeeper;

  before(async () => {
    world = await openWorld({
      members: [...ROGUES, "ada"],
      labels: ["apple", "berry"],
      stakes: STAKES,
      terms: { length: 25, window: 12 },
    });
    rogue = await startRogue(world.network.domain);
    ada = await world.witness("ada", {
      peers: [rogue.url],
      policy: { followChain: false, intervalSeconds: 0.5 },
      // Its own seat never proposes here: what is tried is how it takes what others propose.
      voting: { patience: 1_000, pause: 0.3, omissionMargin: 1 },
    });
    const places = Object.fromEntries(ROGUES.map((name) => [name, rogue.url]));
    await world.place({ ...places, ada: ada.url });
    keeper = await world.keeper();
  });
  after(async () => {
    await world.end();
    await rogue.close();
  });

  const voting = (after: bigint) =>
    world.until("an epoch to vote in", async () => {
      const epoch = await world.epoch();
      return epoch !== null && epoch.number > after && epoch.status === "voting" ? epoch : null;
    });
  let last = 0n;
  async function next(): Promise<Epoch> {
    const epoch = await voting(last);
    last = epoch.number;
    return epoch;
  }
  const ended = (number: bigint) =>
    world.until(`epoch ${number} to end`, async () => {
      const epoch = await world.epoch(number);
      return epoch !== null && ["final", "rejected", "stalled"].includes(epoch.status) ? epoch : null;
    });
  const slashed = (name: string) =>
    world.until(`${name} to be slashed`, async () => (await world.network.slashed()).includes(name));

  function bodyOf(index: number, version: bigint, owner = world.names[index]?.owner): LabelledBody {
    const name = world.names[index] as World["names"][number];
    const signed = signRoute(
      { ...name, owner: owner ?? name.owner },
      version,
      "10.0.0.1",
      world.network.domain,
    );
    const { records, signer, signature } = signed.submitted;
    return { label: name.label, update: signed.update, records, signer, signature };
  }

  async function rejects(
    name: (typeof ROGUES)[number],
    kind: string,
    updates: readonly LabelledBody[],
    lie: Lie = {},
  ) {
    const epoch = await next();
    const before = ada.status().challenges;
    await rogue.propose(world.key(name), epoch, ada.url, updates, lie);
    const over = await ended(epoch.number);
    expect([over.status, over.challenge?.kind]).to.deep.equal(["rejected", kind]);
    expect(ada.status().challenges).to.equal(before + 1);
    await slashed(name);
    expect(await world.network.slashed()).not.to.include("ada");
  }

  it("proves that a member voted for two roots, and the member is slashed", async () => {
    const epoch = await next();
    // Nobody else is there to prove it.
    await keeper.close();
    await rogue.vote(world.key("twice"), epoch, ada.url, new Uint8Array(32).fill(1));
    await rogue.vote(world.key("twice"), epoch, ada.url, new Uint8Array(32).fill(2));
    await slashed("twice");
    expect(ada.status().equivocations).to.equal(1);
    keeper = await world.keeper();
  });

  it("challenges a step that leads elsewhere than its update", async () => {
    const lie = new Uint8Array(32).fill(9);
    const steps = (honest: Step[]) => honest.map((step) => ({ ...step, after: lie }));
    await rejects("step", "step", [bodyOf(0, 1n)], { steps, root: lie });
  });

  it("challenges a signature that its signer never made", async () => {
    const body = bodyOf(0, 1n);
    const signature = body.signature.slice();
    signature[3] = (signature[3] as number) ^ 1;
    await rejects("signature", "signature", [{ ...body, signature }]);
  });

  it("challenges an update by somebody else than the owner", async () => {
    await rejects("authority", "authority", [bodyOf(0, 1n, world.names[1]?.owner)]);
  });

  it("challenges a root that its trace does not end at", async () => {
    await rejects("end", "order", [bodyOf(0, 1n)], { root: new Uint8Array(32).fill(7) });
  });

  it("challenges a root that leaves out what an owner posted on chain", async () => {
    const { label, owner, expiresAt } = world.names[1] as World["names"][number];
    const { update, signature, records } = bodyOf(1, 1n);
    const posting = {
      deployment: world.network.names,
      label,
      holder: owner.publicKey,
      generation: update.generation,
      version: 1n,
      expiresAt,
      recordsHash: hashRecords(records),
      domain: world.network.domain,
      signature,
    };
    await sendAll(world.network.connection, [{ signers: [owner], instructions: [postRoute(posting)] }]);
    const running = await world.epoch();
    // What was frozen before the post is not bound to it.
    last = running?.number ?? last;
    await rejects("omits", "omission", [bodyOf(0, 1n)]);
  });

  it("is left with all its stake, and nothing false was ever final", async () => {
    expect((await world.network.slashed()).sort()).to.deep.equal([...ROGUES].sort());
    expect(toHex((await world.config()).final?.root ?? new Uint8Array(32))).to.equal("0".repeat(64));
  });
});
