import { decodeEpochCar, type EpochFile, encodeEpochCar, rebuildRoots } from "@tolldns/keepers";
import { isTollError } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { RouteMap, traceUpdates, type UpdateBody } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { DOMAIN, hex, signerOf, updateOf } from "./support/routes.ts";

/** Epochs as they become final, one after another. */
function epochsOf(...batches: readonly (readonly UpdateBody[])[]): EpochFile[] {
  const map = RouteMap.create();
  return batches.map((updates, i) => {
    const previousRoot = map.root;
    const trace = traceUpdates(map, updates, DOMAIN);
    const order = trace.steps.map(({ authHash }) => hex(authHash));
    expect(order).to.have.length(updates.length);
    const sorted = [...updates].sort((a, b) => (hex(a.update.nameHash) < hex(b.update.nameHash) ? -1 : 1));
    return {
      epoch: BigInt(i + 1),
      previousRoot,
      root: trace.root,
      updatesRoot: trace.list.root,
      updates: sorted,
    };
  });
}

const files = () =>
  epochsOf(
    ["alpha", "beta", "gamma"].map((label) => updateOf({ label })),
    [],
    [updateOf({ label: "beta", version: 2n, host: 9 }), updateOf({ label: "delta" })],
  );

async function rebuild(bytes: readonly Uint8Array[]) {
  const roots = [];
  for await (const root of rebuildRoots(bytes, { domain: DOMAIN, verify: verifyEd25519Node }))
    roots.push(root);
  return roots;
}

async function refusal(work: Promise<unknown>): Promise<{ code: string; reason: string }> {
  try {
    await work;
  } catch (error) {
    if (isTollError<string, { reason: string }>(error))
      return { code: error.code, reason: error.context.reason };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("CAR files of epochs", () => {
  it("read back as they were written", () => {
    for (const file of files()) {
      const read = decodeEpochCar(encodeEpochCar(file, DOMAIN).bytes, DOMAIN);
      expect(read).to.deep.equal({ ...file, updates: read.updates });
      expect(read.updates.map(({ signature }) => hex(signature))).to.deep.equal(
        file.updates.map(({ signature }) => hex(signature)),
      );
    }
  });

  it("are the same bytes and the same CID whoever writes them", () => {
    const [one, two] = [files(), files()].map((list) => encodeEpochCar(list[0] as EpochFile, DOMAIN));
    expect(one?.cid).to.equal(two?.cid);
    expect(hex(one?.bytes as Uint8Array)).to.equal(hex(two?.bytes as Uint8Array));
    expect(one?.cid).to.match(/^bafyrei/);
  });

  it("are refused with any byte changed", async () => {
    const [file] = files();
    const { bytes } = encodeEpochCar(file as EpochFile, DOMAIN);
    for (let at = 0; at < bytes.length; at += 7) {
      const bad = bytes.slice();
      bad[at] = (bad[at] as number) ^ 0x55;
      expect((await refusal(rebuild([bad]))).code, `byte ${at}`).to.be.oneOf([
        "car-invalid",
        "rebuild-broken",
      ]);
    }
  });

  it("are refused cut short", async () => {
    const { bytes } = encodeEpochCar(files()[0] as EpochFile, DOMAIN);
    for (const length of [0, 1, 40, bytes.length - 1])
      expect((await refusal(rebuild([bytes.slice(0, length)]))).code).to.equal("car-invalid");
  });
});

describe("rebuilding roots", () => {
  it("makes every root from nothing but the files", async () => {
    const all = files();
    const roots = await rebuild(all.map((file) => encodeEpochCar(file, DOMAIN).bytes));
    expect(roots.map(({ root }) => hex(root))).to.deep.equal(all.map(({ root }) => hex(root)));
    expect(roots.map(({ count, names }) => [count, names])).to.deep.equal([
      [3, 3],
      [0, 3],
      [2, 4],
    ]);
  });

  it("refuses a file left out, repeated or out of order", async () => {
    const [first, second, third] = files().map((file) => encodeEpochCar(file, DOMAIN).bytes) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect((await refusal(rebuild([second, third]))).code).to.equal("rebuild-broken");
    expect((await refusal(rebuild([first, first]))).code).to.equal("rebuild-broken");
    expect((await refusal(rebuild([first, third, second]))).code).to.equal("rebuild-broken");
  });

  it("refuses an update that its signer did not sign", async () => {
    const forged = { ...updateOf({ label: "alpha" }), signer: signerOf(7).publicKey };
    const [file] = epochsOf([forged]);
    const { reason } = await refusal(rebuild([encodeEpochCar(file as EpochFile, DOMAIN).bytes]));
    expect(reason).to.contain("forged");
  });

  it("refuses a root that the updates do not lead to", async () => {
    const [file] = files();
    const lie = { ...(file as EpochFile), root: new Uint8Array(32).fill(3) };
    const { reason } = await refusal(rebuild([encodeEpochCar(lie, DOMAIN).bytes]));
    expect(reason).to.contain("lead to");
  });

  it("refuses a version that goes back", async () => {
    const [first] = epochsOf([updateOf({ label: "alpha", version: 5n })]) as [EpochFile];
    const back = {
      ...first,
      epoch: 2n,
      previousRoot: first.root,
      updates: [updateOf({ label: "alpha", version: 4n })],
    };
    const bytes = [first, back].map((file) => encodeEpochCar(file, DOMAIN).bytes);
    expect((await refusal(rebuild(bytes))).code).to.equal("rebuild-broken");
  });
});
