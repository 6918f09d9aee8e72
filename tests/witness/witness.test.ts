import { decodeEpochCar, type RunningFeed, type RunningWitness, rebuildRoots } from "@tolldns/keepers";
import { bytesEqual, fromBase64Url, toHex } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { batchReceipts, decodeReceipt, verifyEvidence, verifyReceipts } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { signRoute } from "../epochs/support/owners.ts";
import { clientOf, openWorld, type World } from "./support/world.ts";

const MEMBERS = ["ada", "ben", "cyn", "dan"];
const LABELS = ["apple", "berry", "cherry", "damson", "elder"];

describe("witnesses on a chain with the real programs", function () {
  this.timeout(240_000);
  let world: World;
  let witnesses: RunningWitness[];
  let feed: RunningFeed;

  before(async () => {
    world = await openWorld({ members: MEMBERS, labels: LABELS });
    witnesses = [];
    for (const member of MEMBERS) witnesses.push(await world.witness(member));
    await world.place(Object.fromEntries(MEMBERS.map((member, i) => [member, witnesses[i]?.url as string])));
    feed = await world.feed("feed");
    await world.keeper();
    const all = [...witnesses, feed];
    await world.until("everybody to follow everybody", () =>
      all.every(
        (one) => one.status().peers.filter(({ connected }) => connected).length >= MEMBERS.length - 1,
      ),
    );
  });
  after(() => world.end());

  const submit = async (index: number, version: bigint, at: RunningFeed) => {
    const name = world.names[index] as World["names"][number];
    const { submitted } = signRoute(name, version, `10.0.${index}.${version}`, world.network.domain);
    return clientOf(at).submit(submitted);
  };
  /** Waits until this update is final at all of them, and returns the root on chain under which it is. */
  const finalAt = (hash: Uint8Array, feeds: readonly RunningFeed[]) =>
    world.until(`${toHex(hash).slice(0, 8)} to be final`, async () => {
      const states = await Promise.all(
        feeds.map((one) =>
          clientOf(one)
            .updateState(hash)
            .catch(() => null),
        ),
      );
      return states.every((state) => state?.state === "final") ? states[0] : null;
    });

  it("make an owner's update final, and every feed proves it against the chain", async () => {
    const hashes = await Promise.all(
      LABELS.map((_, index) => submit(index, 1n, witnesses[index % 4] as RunningFeed)),
    );
    for (const hash of hashes) await finalAt(hash, [...witnesses, feed]);
    for (const one of [...witnesses, feed]) {
      const { final } = await world.config();
      if (final === undefined) throw new Error("no final root");
      const trust = await world.until("a proof under the last final root", async () => {
        const { epoch } = await clientOf(one).route("cherry.dns");
        const { recent } = await world.config();
        return recent.find((root) => root.epoch === epoch);
      });
      const evidence = await clientOf(one).evidence("cherry.dns", { epoch: trust.epoch });
      const now = BigInt(Math.floor(Date.now() / 1_000));
      const common = { domain: world.network.domain, epoch: trust.epoch, root: trust.root, now };
      const shown = verifyEvidence(evidence, { name: wireName("cherry"), ...common });
      expect(shown.status).to.equal("present");
      if (shown.status === "present")
        expect([...(shown.records[0]?.data ?? [])]).to.deep.equal([10, 0, 2, 1]);
      const absent = await clientOf(one).evidence("nobody.dns", { epoch: trust.epoch });
      expect(verifyEvidence(absent, { name: wireName("nobody"), ...common }).status).to.equal("absent");
    }
  });

  it("publish every epoch as the same file, from which anybody makes the roots on chain", async () => {
    const { final, recent } = await world.config();
    const epochs = recent.filter(({ epoch }) => epoch <= (final?.epoch ?? 0n)).map(({ epoch }) => epoch);
    const files = new Map<bigint, Uint8Array>();
    for (const epoch of [...epochs].sort((a, b) => Number(a - b))) {
      const each = await Promise.all(
        [witnesses[0], witnesses[3], feed].map((one) =>
          world.until(`the file of ${epoch}`, async () => {
            const answer = await fetch(`${one?.url}/v1/epochs/${epoch}.car`);
            return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
          }),
        ),
      );
      for (const bytes of each) expect(toHex(bytes)).to.equal(toHex(each[0] as Uint8Array));
      files.set(epoch, each[0] as Uint8Array);
    }
    const options = { domain: world.network.domain, verify: verifyEd25519Node };
    for await (const { epoch, root } of rebuildRoots(files.values(), options))
      expect(toHex(root)).to.equal(toHex(recent.find((one) => one.epoch === epoch)?.root as Uint8Array));
    const labels = [...files.values()].flatMap(
      (bytes) => decodeEpochCar(bytes, world.network.domain).updates,
    );
    expect(labels.length).to.equal(LABELS.length);
  });

  it("sign receipts for what they saw, with a root that anybody can make again", async () => {
    const epoch = await world.until("receipts of an epoch with updates", async () => {
      for (const { epoch } of (await world.config()).recent) {
        const answer = await fetch(`${witnesses[0]?.url}/v1/receipts/${epoch}`);
        const { batches } = (await answer.json()) as { batches: { count: number; receipts?: string[] }[] };
        if (batches.filter(({ count }) => count > 0).length === MEMBERS.length) return epoch;
      }
      return null;
    });
    const answer = await fetch(`${witnesses[0]?.url}/v1/receipts/${epoch}`);
    const { batches } = (await answer.json()) as {
      batches: { witness: string; count: number; root: string; signature: string; receipts?: string[] }[];
    };
    for (const { witness, count, root, signature } of batches) {
      const claim = {
        domain: world.network.domain,
        witness: fromBase64Url(witness),
        epoch,
        count,
        root: fromBase64Url(root),
      };
      expect(verifyReceipts(claim, fromBase64Url(signature), verifyEd25519Node)).to.equal(true);
    }
    const own = batches.find(({ receipts }) => receipts !== undefined);
    const receipts = (own?.receipts ?? []).map((text) => decodeReceipt(fromBase64Url(text)));
    expect(toHex(batchReceipts(receipts).list.root)).to.equal(toHex(fromBase64Url(own?.root as string)));
    for (const { seenAt } of receipts) expect(seenAt % 60n).to.equal(0n);
  });

  it("tell of updates and roots on the event stream as they come", async () => {
    const ending = new AbortController();
    const seen: { kind: string; epoch?: bigint; hash?: string; status?: string }[] = [];
    const reading = (async () => {
      for await (const event of clientOf(witnesses[1] as RunningWitness).events({ signal: ending.signal }))
        seen.push(
          event.kind === "update"
            ? { kind: "update", hash: toHex(event.updateHash) }
            : { kind: "root", epoch: event.root.epoch, status: event.root.status },
        );
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const hash = await submit(0, 2n, witnesses[2] as RunningWitness);
    await finalAt(hash, witnesses);
    await world.until(
      "both events",
      () => seen.some((one) => one.hash === toHex(hash)) && seen.some((one) => one.status === "final"),
    );
    ending.abort();
    await reading;
  });

  it("refuse what its owner could not have meant, each with its own error", async () => {
    const name = world.names[1] as World["names"][number];
    const { domain } = world.network;
    const { submitted } = signRoute(name, 9n, "10.0.0.9", domain);
    const client = clientOf(witnesses[0] as RunningWitness);
    const stranger = world.names.find(({ owner }) => !bytesEqual(owner.publicKey, name.owner.publicKey));
    const other = signRoute(
      { ...name, owner: stranger?.owner ?? name.owner },
      9n,
      "10.0.0.9",
      domain,
    ).submitted;
    const cases: [string, typeof submitted][] = [
      ["update-forged", { ...submitted, version: 10n }],
      ["update-signer", other],
      ["update-generation", signRoute({ ...name, generation: 7 }, 9n, "10.0.0.9", domain).submitted],
      [
        "update-expiry",
        signRoute({ ...name, expiresAt: name.expiresAt + 1n }, 9n, "10.0.0.9", domain).submitted,
      ],
      ["update-expiry", signRoute({ ...name, expiresAt: 1n }, 9n, "10.0.0.9", domain).submitted],
      ["update-stale", signRoute(name, 1n, "10.0.0.77", domain).submitted],
      ["name-unknown", signRoute({ ...name, label: "unregistered" }, 1n, "10.0.0.9", domain).submitted],
      ["update-records", { ...submitted, records: submitted.records.slice(0, -1) }],
      ["update-name", { ...submitted, name: "UPPER.dns" }],
    ];
    for (const [code, update] of cases) {
      const error = await client.submit(update).then(
        () => "nothing",
        (thrown: Error) =>
          `${thrown.message} ${JSON.stringify((thrown as { context?: unknown }).context ?? {})}`,
      );
      expect(error, code).to.contain(code);
    }
    expect((witnesses[0] as RunningWitness).status().refused).to.be.at.least(cases.length - 2);
  });

  it("refuse unread what comes from an address that sent too many forgeries", async () => {
    const policy = { intervalSeconds: 0.5, forgeriesBurst: 3, forgeriesPerSecond: 0.001 };
    const strict = await world.feed("strict", { policy });
    const { submitted } = signRoute(
      world.names[2] as World["names"][number],
      50n,
      "10.0.0.9",
      world.network.domain,
    );
    const codes = [];
    for (let i = 0; i < 5; i++) {
      const forged = { ...submitted, version: 60n + BigInt(i) };
      codes.push(
        await clientOf(strict)
          .submit(forged)
          .catch((error: Error) => /update-forged|request-rate/.exec(error.message)?.[0]),
      );
    }
    expect(codes).to.deep.equal([...Array(3).fill("update-forged"), ...Array(2).fill("request-rate")]);
    await strict.close();
  });

  it("take up where they were after an absence of some epochs", async () => {
    const [away] = witnesses as [RunningWitness];
    await away.close();
    const start = (await world.config()).final?.epoch ?? 0n;
    const hash = await submit(3, 2n, witnesses[1] as RunningWitness);
    await finalAt(hash, witnesses.slice(1));
    await world.until(
      "two epochs to pass",
      async () => ((await world.config()).final?.epoch ?? 0n) >= start + 2n,
    );
    const back = await world.witness("ada", { peers: witnesses.slice(1).map(({ url }) => url) });
    witnesses[0] = back;
    await finalAt(hash, [back]);
    const { final } = await world.config();
    await world.until("its vote", () => (back.status().lastVote?.epoch ?? 0n) > (final?.epoch ?? 0n));
  });
});
