import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningEdge } from "@tolldns/edge";
import { fromHex, toBase64Url } from "@tolldns/sdk";
import { createFeed, webTransport } from "@tolldns/sdk/feed";
import { hashAuth } from "@tolldns/sdk/routes";
import { dice } from "../../keepers/chaos/plan.ts";
import { type Restartable, restartable } from "../../keepers/chaos/process.ts";
import { type Blows, startBlows } from "./blows.ts";
import { askAll, type ClientReport, type GatewayPlace, startClient } from "./clients.ts";
import { buildNetwork, type Network, ownersOf } from "./network.ts";
import { addressOf, createOwners, type Owners, signRoute } from "./owners.ts";

/** How large the demonstration is, and how long. */
export interface DemonstrationOptions {
  readonly seed: number;
  /** Members by manner; the cartel has more than two thirds of the stake. */
  readonly honest: number;
  readonly twoFaced: number;
  readonly liars: number;
  readonly silent: number;
  readonly cartel: number;
  readonly keepers: number;
  readonly names: number;
  /** Times some names change while members are struck, and how many. */
  readonly rounds: number;
  readonly changes: number;
  /** Seconds. */
  readonly epochLength: number;
  readonly window: number;
  readonly slotMs: number;
  /** Milliseconds between two blows. */
  readonly blowMs: number;
  /** Told what goes on. */
  readonly say?: (line: string) => void;
}

export interface DemonstrationReport {
  readonly names: number;
  /** Updates owners signed. */
  readonly updates: number;
  readonly epochs: Readonly<Record<string, number>>;
  readonly blows: Readonly<Record<string, number>>;
  /** Each client at the end, by its name. */
  readonly clients: Readonly<Record<string, ClientReport>>;
  /** What clients were told that no owner ever signed, during the storm. */
  readonly unsigned: readonly string[];
  /** Lies of the lying gateway that clients refused. */
  readonly liesRefused: number;
  /** Operators that were slashed, and those that should have been, by name. */
  readonly slashed: readonly string[];
  readonly guilty: readonly string[];
  /** Epochs the cartel attested a false root in, and those of them that were rejected. */
  readonly falseRoots: { readonly attested: number; readonly rejected: number };
  readonly seconds: number;
}

/** The least self-stake that weighs anything. */
const SMALL_STAKE = 1_000_000_000_000n;

export async function runDemonstration(options: DemonstrationOptions): Promise<DemonstrationReport> {
  const began = performance.now();
  const { seed, slotMs, say = () => {} } = options;
  const roll = dice(seed);
  const folder = mkdtempSync(join(tmpdir(), "tolldns-epochs-"));
  const processes: Restartable[] = [];
  const edges: RunningEdge[] = [];
  const run = (script: string, argument: () => string): Restartable => {
    const process = restartable(script, argument, join(folder, "compiled"));
    processes.push(process);
    return process;
  };
  const tell = (line: string) => say(`${((performance.now() - began) / 1_000).toFixed(0)} s: ${line}`);

  try {
    let port = 0;
    const chain = run("./chain.ts", () =>
      JSON.stringify({ dataDir: join(folder, "chain"), port, slotMs, faultSeed: seed }),
    );
    port = Number(await chain.start());
    const rpcUrl = `http://127.0.0.1:${port}`;
    const manners = [
      ...Array.from({ length: options.honest }, () => "honest" as const),
      ...Array.from({ length: options.twoFaced }, () => "two-faced" as const),
      ...Array.from({ length: options.liars }, () => "liar" as const),
      ...Array.from({ length: options.silent }, () => "silent" as const),
      ...Array.from({ length: options.cartel }, () => "cartel" as const),
    ];
    // The cartel together has seven of ten parts: enough to attest whatever it likes.
    const small = BigInt(manners.length - options.cartel) * SMALL_STAKE;
    const heavy = options.cartel === 0 ? 0n : (small * 7n) / 3n / BigInt(options.cartel) + 1n;
    const network = await buildNetwork({
      rpcUrl,
      folder: join(folder, "deployment"),
      members: manners.map((manner, index) => ({
        name: `${manner} ${index}`,
        manner,
        stake: manner === "cartel" ? heavy : SMALL_STAKE,
      })),
      keepers: options.keepers,
      owners: Math.max(1, Math.ceil(options.names / 100)),
      terms: {
        length: options.epochLength,
        window: options.window,
        evidence: options.epochLength * 20,
        seedDelay: 2,
        committee: Math.min(100, manners.length),
      },
    });
    tell("the programs are there, members have stake");
    const labels = Array.from({ length: options.names }, (_, i) => `route${String(i).padStart(5, "0")}`);
    const owned = await ownersOf(network, labels);
    tell(`${owned.length} names are registered`);

    const bait = join(folder, "bait.json");
    const members = await network.startMembers((argument) => run(argument.script, argument.json), bait);
    tell(`${members.length} members run`);
    const keepers = network.keeperFiles.map((file) => run("../../../keepers/src/quorum/main.ts", () => file));
    for (const keeper of keepers) await keeper.start();
    const feedsOf = (...some: readonly string[]) =>
      members.filter(({ manner }) => some.includes(manner)).map(({ url }) => url());
    const honestFeeds = () =>
      members.filter((m) => m.manner === "honest" && m.process.isRunning()).map((m) => m.url());

    const chainPlace = { rpcUrl, quorum: network.quorumText, genesis: network.genesis };
    let ports = { dohPort: 0, dotPort: 0 };
    const gateway = run("../../epochs/support/gateway.ts", () =>
      JSON.stringify({
        folder: join(folder, "gateway"),
        ...chainPlace,
        feeds: feedsOf("honest").slice(0, 3),
        ...ports,
      }),
    );
    const liar = run("../../epochs/support/lying-gateway.ts", () =>
      JSON.stringify({ feeds: feedsOf("honest").slice(0, 3) }),
    );
    const [good, bad] = [
      JSON.parse(await gateway.start()) as GatewayPlace & { readonly dotPort: number },
      JSON.parse(await liar.start()) as GatewayPlace,
    ];
    ports = { dohPort: Number(new URL(good.url).port), dotPort: good.dotPort };
    const few = feedsOf("honest").slice(0, 3);
    const clients = {
      "over both gateways": await startClient(folder, "both", [bad, good], [], chainPlace),
      "over the liar and feeds": await startClient(folder, "liar", [bad], few, chainPlace),
      "over feeds alone": await startClient(folder, "feeds", [], few, chainPlace),
    };
    edges.push(...Object.values(clients));
    tell("gateways and clients run");

    const owners = createOwners(owned, network.domain, honestFeeds, roll);
    const all = owned.map((_, index) => index);
    await changeAll(owners, all);
    tell(`${owned.length} routes are published`);
    await untilFinal(owners, honestFeeds, options);
    tell("all of them are final");

    // Now the storm: members and keepers are struck, two kinds of cheats cheat, owners go on.
    writeBait(bait, owners, owned, network, feedsOf("honest"), await network.epochNow());
    for (const { manner, process } of members)
      if (manner === "two-faced" || manner === "liar") process.signal("SIGUSR2");
    const blows: Blows = startBlows(
      {
        witnesses: members.filter((m) => m.manner === "honest").map((m) => m.process),
        keepers,
        gateways: [gateway],
      },
      {
        roll,
        everyMs: options.blowMs,
        awayMs: options.epochLength * 1_500,
        maxAway: Math.max(1, Math.floor(options.honest / 5)),
        onStart: () => {},
      },
    );
    const unsigned: string[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const some = Array.from({ length: options.changes }, () => Math.floor(roll() * owned.length));
      await changeAll(owners, [...new Set(some)]);
      const asked = new Map(
        [...new Set(some)]
          .slice(0, 20)
          .map((index) => [owned[index]?.label ?? "", signedSoFar(owners, index)]),
      );
      const told = await askAll(clients["over both gateways"], asked);
      unsigned.push(...told.wrong);
      await sleep(options.epochLength * 500);
    }
    const counts = await blows.stop();
    tell("the storm is over");
    await untilFinal(owners, honestFeeds, options);
    tell("every change is final");
    await network.untilSlashed(["two-faced", "liar"], options.epochLength * 20_000);
    tell("who voted twice is slashed");

    // The cartel, with more than two thirds, attests a root that is none.
    if (options.cartel > 0) {
      writeBait(bait, owners, owned, network, feedsOf("honest"), (await network.epochNow()) + 1n);
      for (const { manner, process } of members) if (manner === "cartel") process.signal("SIGUSR2");
      await network.untilSlashed(["cartel"], options.epochLength * 20_000);
      tell("the cartel is slashed");
    }
    await changeAll(owners, all.slice(0, options.changes));
    await untilFinal(owners, honestFeeds, options);
    tell("the honest carry on: the last changes are final");

    const expected = new Map(
      owned.map(({ label }, index) => [label, new Set([owners.wishes()[index]?.address ?? ""])]),
    );
    // Clients look at the chain every two seconds, and let go of what was final before a little later.
    await sleep(10_000);
    const reports: Record<string, ClientReport> = {};
    for (const [name, edge] of Object.entries(clients)) reports[name] = await askAll(edge, expected);
    const liesRefused = edges.reduce((sum, edge) => sum + (edge.status().routes?.lies ?? 0), 0);
    const { epochs, falseRoots } = await network.countEpochs();
    return {
      names: owned.length,
      updates: owners.wishes().reduce((sum, wish) => sum + Number(wish?.version ?? 0n), 0),
      epochs,
      blows: counts,
      clients: reports,
      unsigned,
      liesRefused,
      slashed: await network.slashed(),
      guilty: members
        .filter(({ manner }) => manner !== "honest" && manner !== "silent")
        .map(({ name }) => name),
      falseRoots,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await Promise.allSettled(edges.map((edge) => edge.close()));
    await Promise.all(processes.map((process) => process.kill()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const AT_ONCE = 24;

async function changeAll(owners: Owners, indices: readonly number[]): Promise<void> {
  const left = [...indices];
  const work = async () => {
    for (let index = left.pop(); index !== undefined; index = left.pop()) await owners.change(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Waits until a feed says of each owner's last wish that it is final. */
async function untilFinal(
  owners: Owners,
  feeds: () => readonly string[],
  options: DemonstrationOptions,
): Promise<void> {
  let open = owners.wishes().flatMap((wish) => (wish === undefined ? [] : [wish.updateHash]));
  const deadline = performance.now() + options.epochLength * 20_000;
  for (let look = 0; open.length > 0; look++) {
    if (performance.now() > deadline) throw new Error(`${open.length} updates did not become final`);
    const urls = feeds();
    const feed = createFeed(urls[look % urls.length] as string, webTransport(globalThis.fetch));
    const left: string[] = [];
    const asked = [...open];
    const work = async () => {
      for (let hash = asked.pop(); hash !== undefined; hash = asked.pop()) {
        const state = await feed.updateState(fromHex(hash)).catch(() => null);
        if (state?.state !== "final") left.push(hash);
        // One that isn't final tells enough of this look.
        if (left.length > 20) {
          left.push(...asked.splice(0));
          return;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    open = left;
    await sleep(500);
  }
}

/** Every address the owner ever asked for. */
function signedSoFar(owners: Owners, index: number): Set<string> {
  const { version = 0n } = owners.wishes()[index] ?? {};
  return new Set(Array.from({ length: Number(version) }, (_, i) => addressOf(index, BigInt(i + 1))));
}

/** What cheats abuse: the first name's update, really signed by its owner. */
function writeBait(
  path: string,
  owners: Owners,
  owned: Awaited<ReturnType<typeof ownersOf>>,
  network: Network,
  peers: readonly string[],
  fromEpoch: bigint,
): void {
  const [name] = owned;
  const wish = owners.wishes()[0];
  if (name === undefined || wish === undefined) throw new Error("no name to abuse");
  const { submitted } = signRoute(name, wish.version, wish.address, network.domain);
  const authHash = hashAuth(submitted.signer, submitted.signature);
  const bait = { updateHash: toBase64Url(fromHex(wish.updateHash)), authHash: toBase64Url(authHash) };
  writeFileSync(path, JSON.stringify({ ...bait, fromEpoch: String(fromEpoch), peers }));
}
