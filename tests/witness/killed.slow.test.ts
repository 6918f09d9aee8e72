import type { RunningWitness } from "@tolldns/keepers";
import { toBase64Url } from "@tolldns/sdk";
import { expect } from "chai";
import { witnessOf } from "../epochs/support/network.ts";
import { type OwnedName, signRoute } from "../epochs/support/owners.ts";
import type { WitnessArguments } from "../epochs/support/witness.ts";
import { type Restartable, restartable } from "../keepers/chaos/process.ts";
import { clientOf, openWorld, type World } from "./support/world.ts";

const ROUNDS = 30;
const EPOCHS = 4n;

/** mulberry32 */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe("a witness process that is killed again and again", function () {
  this.timeout(300_000);
  let world: World;
  let others: RunningWitness[];
  let ada: Restartable;
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

  before(async () => {
    world = await openWorld({ members: ["ada", "ben", "cyn"], labels: ["apple", "berry", "cherry"] });
    others = [await world.witness("ben"), await world.witness("cyn")];
    const told: WitnessArguments = {
      rpcUrl: world.chain.rpcUrl,
      quorum: world.network.quorumText,
      key: witnessOf("ada"),
      payer: "witness payer ada",
      port: await freePort(),
      path: world.path("ada"),
      intervalSeconds: 0.3,
      patience: 4,
    };
    ada = restartable("../../epochs/support/witness.ts", () => JSON.stringify(told));
    const url = await ada.start();
    await world.place({ ada: url, ben: others[0]?.url as string, cyn: others[1]?.url as string });
    await world.keeper();
  });
  after(async () => {
    await ada.kill();
    await world.end();
  });

  it(`never signs two votes in an epoch, however short its lives (seed ${seed})`, async () => {
    const roll = dice(seed);
    const key = toBase64Url(world.key("ada").publicKey);
    const signed = new Map<bigint, Set<string>>();
    let done = false;
    const watching = (async () => {
      while (!done) {
        const epoch = (await world.epoch())?.number;
        if (epoch !== undefined)
          for (const { url } of others) {
            const { votes } = (await (await fetch(`${url}/v1/votes?epoch=${epoch}`)).json()) as {
              votes: { witness: string; digest: string }[];
            };
            for (const { witness, digest } of votes)
              if (witness === key) signed.set(epoch, (signed.get(epoch) ?? new Set()).add(digest));
          }
        await new Promise((resolve) => setTimeout(resolve, 150));
      }
    })();
    let version = 0n;
    const first = (await world.config()).final?.epoch ?? 0n;
    for (
      let round = 0;
      round < ROUNDS || signed.size < 2 || ((await world.config()).final?.epoch ?? 0n) < first + EPOCHS;
      round++
    ) {
      if (round > 4 * ROUNDS)
        throw new Error(
          `too few epochs became final, or it voted in too few\n${world.events.slice(-30).join("\n")}`,
        );
      // Something new each time, so that who proposes or votes anew would do so for another root.
      const name = world.names[round % 3] as OwnedName;
      const { submitted } = signRoute(name, ++version, `10.1.${round % 250}.1`, world.network.domain);
      await clientOf(others[round % 2] as RunningWitness)
        .submit(submitted)
        .catch(() => null);
      // A busy machine takes most of a short life to start: later lives last longer, until it has voted.
      const extra = Math.max(0, round - ROUNDS) * 200;
      await new Promise((resolve) => setTimeout(resolve, 200 + roll() * 1_500 + extra));
      await ada.kill();
      await new Promise((resolve) => setTimeout(resolve, roll() * 300));
      await ada.start();
    }
    done = true;
    await watching;
    for (const [epoch, digests] of signed) expect([...digests].length, `epoch ${epoch}`).to.equal(1);
    expect(await world.network.slashed()).to.deep.equal([]);
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
