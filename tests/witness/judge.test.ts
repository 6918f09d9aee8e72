import {
  digestOf,
  type EpochState,
  type NameState,
  type Registry,
  type Submission,
} from "@tolldns/keepers/feed";
import { type Case, judge, type Verdict } from "@tolldns/keepers/witness";
import { toHex } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import {
  createList,
  emptyHash,
  hashStep,
  hashUpdate,
  RouteMap,
  type Step,
  traceUpdates,
} from "@tolldns/sdk/routes";
import { expect } from "chai";
import { DOMAIN, entryOfUpdate, signerOf, updateOf } from "./support/routes.ts";

const FROZEN_AT = 2_000_000_000n;
const FROZEN_SLOT = 1_000n;
const ALICE = signerOf(1);
const MALLORY = signerOf(66);

/** A name as the chain tells it, Alice's since long. */
function nameOf(label: string, changes: Partial<NameState> = {}): NameState {
  const { nameHash } = updateOf({ label }).update;
  return {
    label,
    nameHash,
    generation: 1,
    registeredAt: 1n,
    expiresAt: 4_000_000_000n,
    authority: ALICE.publicKey,
    authoritySlot: 5n,
    previous: emptyHash(),
    previousSlot: 0n,
    posted: null,
    ...changes,
  };
}

interface Draft {
  readonly updates: readonly Submission[];
  readonly names?: readonly NameState[];
  readonly posted?: readonly NameState[];
  readonly held?: readonly Submission[];
  readonly before?: readonly Submission[];
  /** What the proposer commits to instead of the honest steps. */
  readonly steps?: (steps: Step[]) => Step[];
  readonly root?: (root: Uint8Array) => Uint8Array;
  readonly count?: number;
}

function caseOf(draft: Draft): Case {
  const map = RouteMap.create((draft.before ?? []).map(entryOfUpdate));
  const previousRoot = map.root;
  const after = map.snapshot();
  const trace = traceUpdates(after, draft.updates, DOMAIN);
  const steps = (draft.steps ?? ((same) => same))([...trace.steps]);
  const statement = {
    epoch: 7n,
    previousRoot,
    root: (draft.root ?? ((same) => same))(trace.root),
    updatesRoot: createList(steps.map((step) => hashStep(step))).root,
    count: draft.count ?? steps.length,
  };
  const names = new Map([...draft.updates, ...(draft.held ?? [])].map(({ label }) => [label, nameOf(label)]));
  for (const name of [...(draft.names ?? []), ...(draft.posted ?? [])]) names.set(name.label, name);
  const registry: Registry = {
    name: (label) => names.get(label) ?? null,
    delegate: () => null,
    hashOf: (update) => hashUpdate(update, DOMAIN),
    verify: verifyEd25519Node,
  };
  const bodies = new Map(
    trace.steps.map(({ authHash, updateHash }) => {
      const body = draft.updates.find(
        ({ update }) => toHex(hashUpdate(update, DOMAIN)) === toHex(updateHash),
      ) as Submission;
      return [toHex(authHash), body];
    }),
  );
  const epoch: EpochState = {
    number: 7n,
    status: "voting",
    frozenSlot: FROZEN_SLOT,
    frozenAt: FROZEN_AT,
    length: 60n,
    window: 60n,
    evidence: 60n,
    previousRoot,
    attested: null,
    endedAt: 0n,
    members: [],
  };
  return {
    domain: DOMAIN,
    epoch,
    statement: { ...statement, digest: digestOf(statement, DOMAIN) },
    steps,
    bodies,
    map,
    registry,
    posted: draft.posted ?? [],
    held: (draft.held ?? []).map(({ label, update, signer }) => ({
      ...entryOfUpdate({ update, signer, signature: new Uint8Array(64), records: new Uint8Array() }),
      label,
      signer,
      authHash: emptyHash(),
      expiresAt: update.expiresAt,
      seenAt: 0,
      bare: false,
    })),
    verify: verifyEd25519Node,
    isVerified: () => false,
  };
}

const three = () => ["alpha", "beta", "gamma"].map((label) => updateOf({ label }));

function faultOf(draft: Draft): string {
  const verdict: Verdict = judge(caseOf(draft));
  if (verdict.is === "wrong") return verdict.fault.kind;
  return verdict.is === "refused" ? `refused: ${verdict.reason}` : "fine";
}

describe("judging a trace", () => {
  it("finds an honest one fine, with and without updates, on an empty map and a filled one", () => {
    expect(faultOf({ updates: three() })).to.equal("fine");
    expect(faultOf({ updates: [] })).to.equal("fine");
    expect(faultOf({ updates: [updateOf({ label: "beta", version: 2n })], before: three() })).to.equal(
      "fine",
    );
    expect(faultOf({ updates: [], before: three() })).to.equal("fine");
  });

  it("leaves the map as it was", () => {
    const matter = caseOf({ updates: three() });
    judge(matter);
    expect(matter.map.size).to.equal(0);
  });

  it("finds a signature that its signer did not make", () => {
    const forged = { ...updateOf({ label: "alpha", signer: MALLORY }), signer: ALICE.publicKey };
    expect(faultOf({ updates: [forged] })).to.equal("signature");
  });

  it("finds a signature seen before beside an update that it is not of", () => {
    const stranger = new Uint8Array(32).fill(9);
    const updates = [updateOf({ label: "alpha" })];
    const entry = { ...entryOfUpdate(updates[0] as Submission), updateHash: stranger };
    const { root } = RouteMap.create([entry]);
    const steps = (honest: Step[]) => honest.map((step) => ({ ...step, updateHash: stranger, after: root }));
    const matter = caseOf({ updates, steps, root: () => root });
    const verdict = judge({ ...matter, isVerified: () => true });
    expect(verdict.is === "wrong" && verdict.fault).to.include({ kind: "signature", index: 0 });
  });

  it("believes no body that gives another update with the step's signature", () => {
    // Signed by the owner, and outlives the name: the chain would take that for a proof. What a peer gives with the signature does not.
    const signed = updateOf({ label: "alpha", expiresAt: 5_000_000_000n });
    const lie = { ...signed, update: updateOf({ label: "alpha" }).update };
    const matter = caseOf({ updates: [signed] });
    const bodies = new Map([...matter.bodies.keys()].map((key) => [key, lie]));
    expect(judge({ ...matter, bodies })).to.deep.equal({
      is: "refused",
      reason: "an update of it can't be had",
    });
  });

  it("finds a signer who was neither authority nor delegate at the freeze", () => {
    expect(faultOf({ updates: [updateOf({ label: "alpha", signer: MALLORY })] })).to.equal("authority");
  });

  it("takes the authority at the freeze, not the one since", () => {
    const sold = {
      authority: MALLORY.publicKey,
      authoritySlot: FROZEN_SLOT + 1n,
      previous: ALICE.publicKey,
      previousSlot: 5n,
    };
    expect(faultOf({ updates: [updateOf({ label: "alpha" })], names: [nameOf("alpha", sold)] })).to.equal(
      "fine",
    );
    const byBuyer = updateOf({ label: "alpha", signer: MALLORY });
    expect(faultOf({ updates: [byBuyer], names: [nameOf("alpha", sold)] })).to.equal("authority");
  });

  it("finds a name that is free, of another generation, or outlived by its update", () => {
    const updates = [updateOf({ label: "alpha" })];
    expect(faultOf({ updates, names: [nameOf("alpha", { generation: 0 })] })).to.equal("authority");
    expect(faultOf({ updates, names: [nameOf("alpha", { generation: 2 })] })).to.equal("authority");
    expect(faultOf({ updates, names: [nameOf("alpha", { expiresAt: 3_999_999_999n })] })).to.equal(
      "authority",
    );
  });

  it("does not vote for what can't be told any more", () => {
    const updates = [updateOf({ label: "alpha" })];
    const names = [nameOf("alpha", { registeredAt: FROZEN_AT })];
    expect(faultOf({ updates, names })).to.match(/^refused: whether/);
  });

  it("votes for no version that nobody after its signer could go above, nor misses it", () => {
    const at = (version: bigint) => updateOf({ label: "alpha", version });
    const latest = FROZEN_AT * 1_000n;
    expect(faultOf({ updates: [at(latest)] })).to.equal("fine");
    expect(faultOf({ updates: [at(latest + 1n)] })).to.match(/^refused: the version/);
    expect(faultOf({ updates: [], held: [at(latest + 1n)] })).to.equal("fine");
    expect(faultOf({ updates: [], held: [at(latest)] })).to.match(/leaves out/);
  });

  it("finds a version that does not rise", () => {
    const before = [updateOf({ label: "beta", version: 5n })];
    const updates = three();
    const map = RouteMap.create(before.map(entryOfUpdate));
    // traceUpdates itself refuses to make such a trace, so it is written by hand.
    const honest = traceUpdates(RouteMap.create(), updates, DOMAIN);
    const at = honest.steps.findIndex(
      ({ updateHash }) => toHex(updateHash) === toHex(hashUpdate((updates[1] as Submission).update, DOMAIN)),
    );
    let root = map.root;
    const after = map.snapshot();
    const sorted = honest.steps.map((step): Step => {
      const body = updates.find(
        ({ update }) => toHex(hashUpdate(update, DOMAIN)) === toHex(step.updateHash),
      ) as Submission;
      const { nameHash, ...entry } = entryOfUpdate(body);
      after.set(nameHash, entry);
      const mine = { ...step, before: root, after: after.root };
      root = after.root;
      return mine;
    });
    const matter = caseOf({ updates });
    const statement = { ...matter.statement, previousRoot: map.root, root };
    const verdict = judge({
      ...matter,
      epoch: { ...matter.epoch, previousRoot: map.root },
      map,
      statement,
      steps: sorted,
    });
    expect(verdict.is === "wrong" && verdict.fault).to.include({ kind: "step", index: at });
  });

  it("finds a step that leads elsewhere than its update, at the first one that does", () => {
    const lie = new Uint8Array(32).fill(5);
    const steps = (honest: Step[]) =>
      honest.map((step, i) =>
        i === 1 ? { ...step, after: lie } : i === 2 ? { ...step, before: lie } : step,
      );
    const verdict = judge(caseOf({ updates: three(), steps }));
    expect(verdict.is === "wrong" && verdict.fault).to.include({ kind: "step", index: 1 });
  });

  it("finds a trace that begins or ends elsewhere, or does not go on where it was", () => {
    const lie = new Uint8Array(32).fill(5);
    const change = (at: number, part: Partial<Step>) => (steps: Step[]) =>
      steps.map((step, i) => (i === at ? { ...step, ...part } : step));
    expect(faultOf({ updates: three(), steps: change(0, { before: lie }) })).to.equal("begin");
    expect(faultOf({ updates: three(), steps: change(1, { before: lie }) })).to.equal("link");
    expect(faultOf({ updates: three(), root: () => lie })).to.equal("end");
  });

  it("finds steps that are not where their index says, and a count that is another", () => {
    const swap = (steps: Step[]) => [steps[1], steps[0], steps[2]] as Step[];
    expect(faultOf({ updates: three(), steps: swap })).to.equal("place");
    expect(faultOf({ updates: three(), count: 2 })).to.equal("place");
    expect(faultOf({ updates: three(), count: 4 })).to.equal("place");
  });

  it("finds an update that its owner had posted on chain and the root leaves out", () => {
    const body = updateOf({ label: "delta" });
    const { update, signer, signature } = body;
    const posted = (slot: bigint) => [nameOf("delta", { posted: { update, signer, signature, slot } })];
    expect(faultOf({ updates: three(), posted: posted(FROZEN_SLOT) })).to.equal("omission");
    expect(faultOf({ updates: three(), posted: posted(FROZEN_SLOT + 1n) })).to.equal("fine");
    expect(faultOf({ updates: [...three(), body], posted: posted(FROZEN_SLOT) })).to.equal("fine");
    const newer = updateOf({ label: "delta", version: 2n });
    expect(faultOf({ updates: [...three(), newer], posted: posted(FROZEN_SLOT) })).to.equal("fine");
  });

  it("binds nobody to a post that its signer did not sign, or was not entitled to", () => {
    const { update, signature } = updateOf({ label: "delta" });
    const posted = (signer: Uint8Array) => [
      nameOf("delta", { posted: { update, signer, signature, slot: 1n } }),
    ];
    expect(faultOf({ updates: three(), posted: posted(MALLORY.publicKey) })).to.equal("fine");
  });

  it("takes in what was posted with whatever records, and nothing else without", () => {
    const body = updateOf({ label: "delta" });
    const bare = { ...body, records: new Uint8Array() };
    const { update, signer, signature } = body;
    const posted = [nameOf("delta", { posted: { update, signer, signature, slot: 1n } })];
    expect(faultOf({ updates: [bare], posted })).to.equal("fine");
    expect(faultOf({ updates: [bare] })).to.match(/records/);
  });

  it("refuses to leave out what was held since before the freeze, but not what was superseded", () => {
    const held = [updateOf({ label: "delta" })];
    expect(faultOf({ updates: three(), held })).to.match(/leaves out delta/);
    expect(faultOf({ updates: [...three(), updateOf({ label: "delta", version: 3n })], held })).to.equal(
      "fine",
    );
    const lapsed = [updateOf({ label: "delta", expiresAt: FROZEN_AT })];
    expect(faultOf({ updates: three(), held: lapsed })).to.equal("fine");
  });

  it("refuses an update that can't be had, and one that had expired", () => {
    const matter = caseOf({ updates: three() });
    expect(judge({ ...matter, bodies: new Map() })).to.deep.include({ is: "refused" });
    expect(faultOf({ updates: [updateOf({ label: "alpha", expiresAt: FROZEN_AT })] })).to.match(/expired/);
  });

  it("does not judge from another root than the map here", () => {
    const matter = caseOf({ updates: three() });
    const other = RouteMap.create([entryOfUpdate(updateOf({ label: "omega" }))]);
    expect(judge({ ...matter, map: other }).is).to.equal("refused");
  });
});
