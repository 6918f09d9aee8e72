import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualEdgeClock, type VirtualEdgeClock } from "@tolldns/edge";
import {
  type OpenPolicyOptions,
  openPolicy,
  type PolicyChange,
  type PolicyView,
  rpcChain,
} from "@tolldns/policy";
import { toHex } from "@tolldns/sdk";
import { derivePolicyConfig, deriveTarget, hashTarget } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { createRpc } from "../../clients/edge/src/wallet/rpc.ts";
import { CLOCK_SYSVAR } from "../../clients/policy/src/view/accounts.ts";
import { clockBytes, configBytes, type TargetParts, targetBytes } from "./support/accounts.ts";
import { type FixtureNode, startNode } from "./support/node.ts";

const PROGRAM = new Uint8Array(32).fill(7);
const OTHER = new Uint8Array(32).fill(9);
const GENESIS = new Uint8Array(32).fill(3);
const WALL = 1_790_000_000;
const A = "udp://192.0.2.1:53";
const B = "udp://192.0.2.2:53";
const G = "https://gateway.example";
const root = (n: number) => new Uint8Array(createHash("sha256").update(String(n)).digest());

describe("the view of policy on chain", () => {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-view-"));
  let node: FixtureNode;
  let clock: VirtualEdgeClock;
  let views: PolicyView[] = [];
  let files = 0;
  /** What the chain's own clock is ahead of the machine's. */
  let ahead = 0;

  beforeEach(async () => {
    node = await startNode();
    clock = createVirtualEdgeClock(WALL);
    ahead = 0;
    put({});
  });
  afterEach(async () => {
    for (const view of views) await view.close();
    views = [];
    await node.close();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function put(config: Partial<Parameters<typeof configBytes>[0]>, ...targets: readonly TargetParts[]): void {
    node.set(
      derivePolicyConfig(PROGRAM).address,
      PROGRAM,
      configBytes({ program: PROGRAM, genesis: GENESIS, ...config }),
    );
    for (const parts of targets)
      node.set(
        deriveTarget(PROGRAM, hashTarget(parts.kind ?? "backend", parts.name)).address,
        PROGRAM,
        targetBytes(parts),
      );
    turn();
  }
  /** The chain makes a block now. */
  function turn(): void {
    node.slot++;
    node.set(CLOCK_SYSVAR, OTHER, clockBytes(node.slot, Math.floor(clock.wall() + ahead)));
  }
  const newFile = () => join(folder, `policy-${files++}.json`);
  const log: string[] = [];
  async function open(changes: Partial<OpenPolicyOptions> = {}): Promise<PolicyView> {
    log.length = 0;
    const view = await openPolicy({
      chain: rpcChain(createRpc(node.url, 2_000)),
      program: PROGRAM,
      genesis: GENESIS,
      targets: [
        { kind: "backend", name: A },
        { kind: "backend", name: B },
        { kind: "gateway", name: G },
      ],
      cacheFile: null,
      clock,
      log: ({ detail }) => log.push(detail),
      // Reads when the test says so: virtual time passes faster than a socket answers.
      pollSeconds: 1_000_000,
      ...changes,
    });
    views.push(view);
    return view;
  }
  const disabled = (at: number, more: Partial<TargetParts> = {}): TargetParts => ({
    name: A,
    state: "disabled",
    since: at,
    runs: { poor: 5, bad: 5 },
    judged: [at - 300, at],
    transitions: 2,
    evidenceRoot: root(1),
    ...more,
  });

  it("tells state, share, since, evidence and age of each target, and null of one the chain has not", async () => {
    put({}, disabled(WALL - 400), { kind: "gateway", name: G, judged: [WALL - 600, WALL - 300] });
    const view = await open();
    expect(view.of(A), "before the first read").to.equal(null);
    expect(view.age()).to.equal(Number.POSITIVE_INFINITY);
    expect(await view.refresh()).to.equal(true);
    expect(view.of(A)).to.deep.equal({
      state: "DISABLED",
      shareBps: 10_000,
      since: WALL - 400,
      age: 400,
      id: toHex(hashTarget("backend", A)),
      begin: WALL - 700,
      transitions: 2,
      evidenceRoot: toHex(root(1)),
    });
    expect(view.of(G)).to.deep.include({ state: "HEALTHY", age: 300 });
    expect(view.of(B)).to.equal(null);
    expect(view.of("udp://192.0.2.99:53"), "nobody follows it").to.equal(null);
    expect(view.status()).to.include({ source: "chain", trouble: null, paused: false });
  });

  it("is infinitely old about a target that nobody ever judged", async () => {
    put({}, { name: A, since: WALL });
    const view = await open();
    await view.refresh();
    expect(view.of(A)).to.include({ state: "HEALTHY", age: Number.POSITIVE_INFINITY });
  });

  it("gives a recovering target the share of its clean run by the terms on chain, also after they change", async () => {
    const recovering = (clean: number): TargetParts => ({
      name: A,
      state: "recovering",
      runs: { clean },
      judged: [WALL - 600, WALL - 300],
    });
    const view = await open();
    const shares: number[] = [];
    for (const clean of [3, 5, 0, 9, 10]) {
      put({}, recovering(clean));
      await view.refresh();
      shares.push(view.of(A)?.shareBps ?? -1);
    }
    expect(shares).to.deep.equal([1_250, 3_750, 1_250, 8_750, 10_000]);
    put({ terms: { recoverAfter: 1, restoreAfter: 4 } }, recovering(2));
    await view.refresh();
    expect(view.of(A)?.shareBps).to.equal(5_000);
  });

  it("grows old while verifiers judge nothing, while the chain stands still, and while the RPC is gone", async () => {
    put({}, disabled(WALL));
    const view = await open();
    await view.refresh();
    const ages = () => [view.of(A)?.age, view.age()];
    expect(ages()).to.deep.equal([0, 0]);
    for (let i = 0; i < 5; i++) {
      clock.advance(100_000);
      turn();
      await view.refresh();
    }
    expect(ages(), "the chain goes on, nobody judges").to.deep.equal([500, 0]);
    for (let i = 0; i < 5; i++) {
      clock.advance(100_000);
      await view.refresh();
    }
    expect(ages(), "the RPC answers, the chain stands still").to.deep.equal([1_000, 500]);
    expect(view.status().trouble).to.equal(null);
    node.mood = "gone";
    clock.advance(1_000_000);
    expect(await view.refresh()).to.equal(false);
    expect(ages()).to.deep.equal([2_000, 1_500]);
    expect(view.of(A)?.state).to.equal("DISABLED");
    expect(view.status().trouble).to.match(/getMultipleAccounts/);
  });

  it("goes by the chain's clock, not by a machine's that is a day off", async () => {
    ahead = 86_400;
    put({}, disabled(WALL + 86_400 - 250));
    const view = await open();
    await view.refresh();
    expect(view.of(A)?.age).to.equal(250);
  });

  it("takes nothing from a node that lags, and takes a rollback once nothing newer came for 30 s", async () => {
    put({}, disabled(WALL));
    const view = await open();
    await view.refresh();
    node.slot -= 5;
    node.set(deriveTarget(PROGRAM, hashTarget("backend", A)).address, PROGRAM, targetBytes({ name: A }));
    await view.refresh();
    expect(view.of(A)?.state).to.equal("DISABLED");
    clock.advance(29_000);
    await view.refresh();
    expect(view.of(A)?.state).to.equal("DISABLED");
    clock.advance(1_000);
    await view.refresh();
    expect(view.of(A)?.state, "it was no lag").to.equal("HEALTHY");
  });

  it("tells each change once, with what was before and what is now", async () => {
    const view = await open();
    const changes: PolicyChange[] = [];
    const end = view.onChange((change) => changes.push(change));
    const states = () =>
      changes
        .splice(0)
        .map(({ target, before, after }) => [target.name, before?.state, after?.state, after?.shareBps]);
    put({}, { name: A, judged: [WALL - 600, WALL - 300] });
    await view.refresh();
    expect(states()).to.deep.equal([[A, undefined, "HEALTHY", 10_000]]);
    put({}, { name: A, judged: [WALL - 300, WALL] });
    await view.refresh();
    expect(states(), "a window more changes nothing").to.deep.equal([]);
    put({}, disabled(WALL + 300), { name: B });
    await view.refresh();
    expect(states()).to.deep.equal([
      [A, "HEALTHY", "DISABLED", 10_000],
      [B, undefined, "HEALTHY", 10_000],
    ]);
    for (const clean of [3, 4]) {
      put({}, disabled(WALL + 600, { state: "recovering", runs: { clean }, transitions: 3 }));
      await view.refresh();
    }
    expect(states()).to.deep.equal([
      [A, "DISABLED", "RECOVERING", 1_250],
      [A, "RECOVERING", "RECOVERING", 2_500],
    ]);
    end();
    put({}, { name: A });
    await view.refresh();
    expect(changes).to.have.length(0);
  });

  it("forgets a target whose account was closed", async () => {
    put({}, { name: B });
    const view = await open();
    await view.refresh();
    const gone: PolicyChange[] = [];
    view.onChange((change) => gone.push(change));
    node.accounts.clear();
    put({});
    await view.refresh();
    expect(view.of(B)).to.equal(null);
    expect(gone.map(({ after }) => after)).to.deep.equal([null]);
  });

  it("believes no account of another program, of another target or another cluster's configuration, and keeps what it knew", async () => {
    put({}, disabled(WALL));
    const view = await open();
    await view.refresh();
    const address = deriveTarget(PROGRAM, hashTarget("backend", A)).address;
    const config = derivePolicyConfig(PROGRAM).address;
    const cases: readonly [RegExp, () => void][] = [
      [/belongs to another program/, () => node.set(address, OTHER, targetBytes({ name: A }))],
      [/is of another target/, () => node.set(address, PROGRAM, targetBytes({ name: B }))],
      [/is of another target/, () => node.set(address, PROGRAM, targetBytes({ kind: "gateway", name: A }))],
      [/account/i, () => node.set(address, PROGRAM, new Uint8Array(20))],
      [/another cluster/, () => node.set(config, PROGRAM, configBytes({ program: PROGRAM, genesis: OTHER }))],
      [
        /PolicyConfig belongs to another program/,
        () => node.set(config, OTHER, configBytes({ program: PROGRAM, genesis: GENESIS })),
      ],
      [/no PolicyConfig/, () => node.accounts.clear()],
    ];
    for (const [reason, spoil] of cases) {
      put({}, disabled(WALL), { name: B });
      spoil();
      turn();
      expect(await view.refresh(), String(reason)).to.equal(false);
      expect(view.status().trouble).to.match(reason);
      expect(view.of(A)?.state, String(reason)).to.equal("DISABLED");
    }
    expect(view.of(B)?.state, "what was right beside it was taken").to.equal("HEALTHY");
    put({}, { name: A });
    expect(await view.refresh()).to.equal(true);
    expect(view.status().trouble).to.equal(null);
  });

  it("starts from the disk with the RPC gone, as old as it is by then, and takes the chain's word once it is back", async () => {
    const cacheFile = newFile();
    put({}, disabled(WALL - 100));
    const first = await open({ cacheFile });
    await first.refresh();
    await first.close();
    expect(statSync(cacheFile).mode & 0o777).to.equal(0o600);
    clock = createVirtualEdgeClock(WALL + 5_000);
    node.mood = "gone";
    const view = await open({ cacheFile });
    expect(view.status().source).to.equal("cache");
    expect(view.of(A)).to.include({ state: "DISABLED", age: 5_100, evidenceRoot: toHex(root(1)) });
    expect(view.age()).to.equal(5_000);
    await view.refresh();
    expect(view.of(A)?.state).to.equal("DISABLED");
    node.mood = "well";
    // A chain that was begun anew may count its slots from the start.
    node.slot = 0;
    put({}, { name: A, judged: [WALL + 4_500, WALL + 4_800] });
    await view.refresh();
    expect(view.of(A)).to.include({ state: "HEALTHY", age: 200 });
    expect(view.status().source).to.equal("chain");
  });

  it("says that it can't tell the age where the calendar was set back since", async () => {
    const cacheFile = newFile();
    put({}, disabled(WALL - 100));
    const first = await open({ cacheFile });
    await first.refresh();
    await first.close();
    clock = createVirtualEdgeClock(WALL - 86_400);
    const view = await open({ cacheFile, chain: null });
    expect(view.of(A)).to.include({ state: "DISABLED", age: Number.POSITIVE_INFINITY });
    expect(view.age()).to.equal(Number.POSITIVE_INFINITY);
  });

  it("leaves a cache alone that is damaged, of another cluster or another program", async () => {
    const cacheFile = newFile();
    put({}, disabled(WALL));
    const first = await open({ cacheFile });
    await first.refresh();
    await first.close();
    const text = readFileSync(cacheFile, "utf8");
    const good = await open({ cacheFile, chain: null });
    expect(good.of(A)?.state).to.equal("DISABLED");
    for (const changes of [{ genesis: OTHER }, { program: OTHER }])
      expect((await open({ cacheFile, chain: null, ...changes })).of(A)).to.equal(null);
    for (let cut = 0; cut < text.length - 1; cut += 13) {
      writeFileSync(cacheFile, text.slice(0, cut));
      const view = await open({ cacheFile, chain: null });
      expect(view.of(A), `cut at ${cut}`).to.equal(null);
      expect(view.status().source).to.equal("none");
    }
    // The bytes of an account are judged again, not believed for being in the file.
    writeFileSync(cacheFile, text.replace(/"name":"[^"]*"/, `"name":"${B}"`));
    expect((await open({ cacheFile, chain: null })).of(B)).to.equal(null);
  });

  it("has the old cache or the new one on disk, wherever a write of it is killed", async () => {
    const cacheFile = newFile();
    put({}, disabled(WALL));
    const first = await open({ cacheFile });
    await first.refresh();
    await first.close();
    for (let dies = 0; dies < 6; dies++) {
      put({}, { name: A, transitions: 10 + dies, judged: [WALL, WALL + 300] });
      const view = await open({
        cacheFile,
        cacheMedium: {
          async write(path, text) {
            const part = dies < 5 ? text.slice(0, Math.floor((text.length * dies) / 5)) : text;
            await writeFile(path, part, { mode: 0o600 });
            if (dies < 5) throw new Error("killed");
          },
          rename: (from, to) => (dies === 5 ? Promise.reject(new Error("killed")) : rename(from, to)),
        },
      });
      await view.refresh();
      await view.close();
      expect(view.status().cacheTrouble).to.equal("killed");
      const again = await open({ cacheFile, chain: null });
      expect(again.of(A)?.state, `killed ${dies}`).to.equal("DISABLED");
    }
  });

  it("goes on with a disk that takes nothing, and says so once", async () => {
    put({}, disabled(WALL));
    const view = await open({ cacheFile: join(folder, "missing", "policy.json") });
    await view.refresh();
    clock.advance(1_000);
    for (let i = 0; i < 200 && view.status().cacheTrouble === null; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(view.status().cacheTrouble).to.match(/ENOENT/);
    expect(view.of(A)?.state).to.equal("DISABLED");
    put({}, { name: A });
    await view.refresh();
    clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log.filter((line) => /ENOENT/.test(line))).to.have.length(1);
  });

  it("waits for no node that keeps silent, and asks again", async () => {
    put({}, disabled(WALL));
    node.mood = "silent";
    const view = await open({ chain: rpcChain(createRpc(node.url, 60_000)), pollSeconds: 10 });
    expect(view.of(A), "opened at once").to.equal(null);
    for (let i = 0; i < 200 && node.requests === 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    clock.advance(29_000);
    expect(node.requests, "one question at a time").to.equal(1);
    clock.advance(1_000);
    await new Promise(setImmediate);
    expect(view.status().trouble).to.match(/no answer within 30 s/);
    node.mood = "well";
    clock.advance(10_000);
    await view.refresh();
    expect(view.of(A)?.state).to.equal("DISABLED");
  });

  it("follows more targets than one request holds", async () => {
    const names = Array.from({ length: 230 }, (_, i) => `udp://198.51.100.${i}:53`);
    put({}, ...names.map((name) => ({ name, state: "degraded" as const })));
    const view = await open({ targets: names.map((name) => ({ kind: "backend" as const, name })) });
    expect(await view.refresh()).to.equal(true);
    expect(names.every((name) => view.of(name)?.state === "DEGRADED")).to.equal(true);
    expect(node.widest).to.equal(100);
  });

  it("tells that judging is paused", async () => {
    put({ paused: true }, { name: A });
    const view = await open();
    await view.refresh();
    expect(view.status().paused).to.equal(true);
  });
});
