import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { toBase58 } from "@tolldns/sdk";
import { assert } from "chai";
import { type Bench, makeTemplate, type Template } from "./world/bench.ts";
import { keySeedOf } from "./world/seeds.ts";

const MAIN = fileURLToPath(new URL("../../keepers/src/main.ts", import.meta.url));

describe("the keeper as a process", () => {
  let folder: string;
  let template: Template;
  let bench: Bench;
  let config: Record<string, unknown>;
  before(async function () {
    this.timeout(60_000);
    template = await makeTemplate({ lanes: 3 });
  });
  after(() => template.remove());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-keeper-"));
    bench = await template.open();
    const { chain, world, storeConfig } = bench;
    const feePayerFile = join(folder, "payer.json");
    writeFileSync(feePayerFile, JSON.stringify([...keySeedOf("keepers keeper"), ...world.keeper.publicKey]), {
      mode: 0o600,
    });
    config = {
      rpcUrl: chain.rpcUrl,
      escrow: toBase58(world.deployment.escrow),
      feePayerFile,
      store: storeConfig,
      policy: {
        minWorth: "1",
        lamportsPerIndexUnit: "1000000000000",
        intervalSeconds: 0.05,
        distributeAt: "0",
      },
    };
  });
  afterEach(async () => {
    await bench.end();
    rmSync(folder, { recursive: true, force: true });
  });

  function run() {
    const path = join(folder, "keeper.json");
    writeFileSync(path, JSON.stringify(config));
    const child = spawn(process.execPath, [MAIN, path], { stdio: ["ignore", "pipe", "pipe"] });
    const output = { out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      output.out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output.err += chunk;
    });
    return { child, output, exit: once(child, "exit") };
  }

  it("settles what a gateway put into the shared store, and gives the lease back when told to end", async () => {
    const { world, store } = bench;
    await bench.keep(world.voucher(1, 700n));
    const { child, output, exit } = run();
    for (let tries = 0; tries < 400 && (await world.readLanes()).credited === 0n; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    child.kill("SIGTERM");
    const [code] = await exit;
    assert.equal(code, 0, output.err);
    assert.equal((await world.readLanes()).credited, 700n);
    assert.equal((await store.readLease(`settle/${toBase58(world.ledger)}`))?.holder, "");
    const seed = JSON.stringify([...keySeedOf("keepers keeper")]).slice(1, 40);
    assert.notInclude(output.out + output.err, seed);
  });

  for (const [what, change, reason] of [
    ["an amount that is a number", { policy: { minWorth: 5 } }, "policy.minWorth"],
    ["a policy it doesn't know", { policy: { minworth: "5" } }, "policy.minworth"],
    ["no store", { store: {} }, "store.kind"],
    ["an escrow that is no address", { escrow: "xyz" }, "xyz is no address"],
    ["no RPC address", { rpcUrl: undefined }, "rpcUrl is missing"],
  ] as const) {
    it(`refuses a configuration with ${what}`, async () => {
      config = { ...config, ...change };
      const { output, exit } = run();
      const [code] = await exit;
      assert.equal(code, 1);
      assert.include(output.err, reason);
    });
  }

  it("refuses a configuration with a password that others may read, without repeating it", async () => {
    config = { ...config, store: { kind: "postgres", connection: "postgres://u:hunter2@127.0.0.1:1/x" } };
    const { output, exit } = run();
    const [code] = await exit;
    assert.equal(code, 1);
    assert.include(output.err, "holds a password");
    assert.notInclude(output.err, "hunter2");
  });

  it("refuses a key file that others may read", async () => {
    chmodSync(String(config.feePayerFile), 0o640);
    const { output, exit } = run();
    const [code] = await exit;
    assert.equal(code, 1);
    assert.include(output.err, "may be read by others");
  });
});
