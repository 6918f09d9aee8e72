import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StoreConfig } from "@tolldns/store";
import { assert } from "chai";
import { laneKey, type MakeFixture, type StoreFixture } from "./fixture.ts";

const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));

/** Starts the writer and kills it with -9 after it printed `lines` acknowledgements; returns the highest acknowledged a lane. */
async function killWriterAfter(config: StoreConfig, lines: number): Promise<Map<number, bigint>> {
  const env = { ...process.env, STORE_CONFIG: JSON.stringify(config) };
  const child: ChildProcess = spawn(process.execPath, [WRITER], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "exit");
  let output = "";
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout?.on("data", (chunk) => {
    output += chunk;
    if (output.split("\n").length > lines) child.kill("SIGKILL");
  });
  await exit;
  assert.equal(child.signalCode, "SIGKILL", errors);
  const acknowledged = new Map<number, bigint>();
  for (const line of output.split("\n").slice(0, -1)) {
    const [lane, cumulative] = line.split(" ");
    acknowledged.set(Number(lane), BigInt(cumulative ?? ""));
  }
  return acknowledged;
}

export function describeCrashes(make: MakeFixture): void {
  describe("a writer killed with -9", () => {
    let fixture: StoreFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.end());

    it("loses nothing it acknowledged, however often it is killed", async () => {
      for (const lines of [1, 3, 20, 64, 173]) {
        const acknowledged = await killWriterAfter(fixture.config, lines);
        const store = await fixture.open();
        assert.isAbove(acknowledged.size, 0);
        for (const [lane, cumulative] of acknowledged) {
          const kept = (await store.readLane(laneKey(lane)))?.voucher?.cumulative ?? 0n;
          assert.isTrue(kept >= cumulative, `lane ${lane}: acknowledged ${cumulative}, kept ${kept}`);
          await store.takeLane(laneKey(lane));
        }
        const lease = await store.acquireLease("reset", "test", 10, 0);
        assert.isNotNull(lease);
        await store.forgetLanes(
          [1, 2, 3, 4].map((lane) => laneKey(lane)),
          lease,
        );
      }
    });
  });
}
