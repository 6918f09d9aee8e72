import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { migrate } from "@tolldns/migrations";
import { expect } from "chai";
import { random } from "../chain/killing.ts";
import { type ChainProcess, spawnChain } from "../chain/process.ts";
import { endToEnd } from "./end-to-end.ts";

describe("a deployment and the chain it is on", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-killed-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("survive kill -9 in the middle of the migration, and money flows afterwards", async function () {
    this.timeout(90_000);
    const seed = Number(process.env.SEED ?? 20261121);
    console.log(`      seed ${seed}`);
    const roll = random(seed);
    const start = (): Promise<ChainProcess> =>
      spawnChain([
        "--data-dir",
        join(folder, "chain"),
        "--slot-ms",
        "40",
        "--finalized-lag",
        "4",
        "--snapshot-every",
        "60",
      ]);
    const keys = join(folder, "deployment");
    for (let kill = 0; kill < 4; kill++) {
      const chain = await start();
      let done = false;
      const giveUp = new AbortController();
      const work = migrate({ rpcUrl: chain.rpcUrl, folder: keys, signal: giveUp.signal }).then(
        () => {
          done = true;
        },
        () => {},
      );
      await new Promise((resolve) => setTimeout(resolve, 100 + roll() * 900));
      await chain.kill();
      giveUp.abort();
      await work;
      if (done) break;
    }
    const chain = await start();
    const lines: string[] = [];
    await endToEnd({ rpcUrl: chain.rpcUrl, folder: keys, log: (line) => lines.push(line) });
    await chain.kill();
    const again = await start();
    await endToEnd({ rpcUrl: again.rpcUrl, folder: keys, log: (line) => lines.push(line) });
    await again.kill();
    expect(lines.filter((line) => line === "every balance is right")).to.have.length(2);
  });

  it("come back after the slots of the deployment were rolled back", async () => {
    const chain = await startChain({ clock: { kind: "virtual", autoAdvance: true }, finalizedLag: 5000 });
    const first = await migrate({ rpcUrl: chain.rpcUrl, folder });
    const lost = await chain.faults.rollback(chain.status().slot);
    expect(lost).to.be.greaterThan(270);
    expect(chain.status().transactions).to.equal(0);
    const steps: string[] = [];
    const second = await migrate({
      rpcUrl: chain.rpcUrl,
      folder,
      onProgress: ({ message }) => steps.push(message),
    });
    expect(steps).to.include("deploying the program");
    expect(second).to.deep.equal(first);
    await chain.close();
  });
});
