/** Gateways that answer, but wrongly, or not to everybody. */
import { join } from "node:path";
import type { EdgeOptions, EdgeStatus, RunningEdge } from "@tolldns/edge";
import { type DecisionLine, openPolicy, readDecisionLog, rpcChain } from "@tolldns/policy";
import { derivePolicyConfig, deriveTarget, hashTarget } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { createRpc } from "../../clients/edge/src/wallet/rpc.ts";
import { CLOCK_SYSVAR } from "../../clients/policy/src/view/accounts.ts";
import { alwaysA, type Behaviour } from "../gateway/support/upstream.ts";
import { clockBytes, configBytes, type TargetParts, targetBytes } from "../policy/support/accounts.ts";
import { type FixtureNode, startNode } from "../policy/support/node.ts";
import { startLoad } from "./support/load.ts";
import { dig, type Stand, type StandGateway, startStand, until } from "./support/stand.ts";

const TRUE = "198.51.100.7";
const FALSE = "203.0.113.66";
const servfail: Behaviour = () => ({ rcode: 2 });
const nxdomain: Behaviour = () => ({ rcode: 3 });

describe("an edge whose gateway answers wrongly", function () {
  this.timeout(120_000);
  let stand: Stand;
  let gateways: readonly [StandGateway, StandGateway, StandGateway];
  let edge: RunningEdge | undefined;
  let stateDir = "";
  let count = 0;
  const fresh = () => `w${count++}.example.com`;
  before(async () => {
    stand = await startStand();
    gateways = await Promise.all([stand.addGateway(), stand.addGateway(), stand.addGateway()]);
  });
  afterEach(async () => {
    await edge?.close();
    edge = undefined;
    for (const { upstream } of gateways) upstream.behave(alwaysA(TRUE));
  });
  after(() => stand?.close());

  const limits = { laneReserve: 30_000n, perQuery: 200n, perHour: 500_000n, priceCeiling: 50n };
  async function start(
    of: readonly StandGateway[],
    changes: Partial<EdgeOptions> = {},
  ): Promise<RunningEdge> {
    const options = stand.edgeOptions(of, { limits, ...changes });
    stateDir = options.stateDir;
    edge = await stand.startEdge(of, options);
    return edge;
  }
  const statusOf = ({ url }: { readonly url: string }): EdgeStatus["gateways"][number] => {
    const found = edge?.status().gateways.find((one) => one.url === url);
    if (found === undefined) throw new Error(`no gateway ${url}`);
    return found;
  };
  /** Asks until all are known, and says which is asked first. */
  async function settle(of: readonly StandGateway[]): Promise<StandGateway> {
    const running = edge as RunningEdge;
    const load = startLoad(running, 20);
    await until("all are known", () => of.every((one) => statusOf(one).answers >= 4), 60_000);
    await load.end();
    return of.find(({ url }) => url === running.status().routing.choice) as StandGateway;
  }
  async function kinds(): Promise<string[]> {
    await edge?.close();
    const lines: DecisionLine[] = [];
    for await (const line of readDecisionLog(join(stateDir, "decisions"))) lines.push(line);
    return lines.map(({ kind }) => kind);
  }

  it("blames neither for two seconds in which it stood still itself", async () => {
    const [a, b] = gateways;
    const running = await start([a, b]);
    await settle([a, b]);
    const { ejections } = running.status().routing;
    const load = startLoad(running, 10);
    for (let i = 0; i < 3; i++) {
      await until("questions go on", () => load.asked > 20 * (i + 1));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    }
    await load.end();
    expect(load.wrong).to.deep.equal([]);
    expect(running.status().routing).to.include({ ejections });
    for (const one of [a, b]) expect(statusOf(one).latencyMs).to.be.below(250);
  });

  it("gives the other's answer while one says SERVFAIL to everything, and leaves it", async () => {
    const [a, b] = gateways;
    const running = await start([a, b], { crossCheck: 0.3 });
    const first = await settle([a, b]);
    first.upstream.behave(servfail);
    const load = startLoad(running, 20);
    await until("it is left", () => statusOf(first).standing === "out", 60_000);
    await until("questions go on", () => load.asked > 60);
    await load.end();
    expect(load.wrong).to.deep.equal([]);
    expect(statusOf(first).because).to.match(/SERVFAIL where others answer|of questions well where others/);
    first.upstream.behave(alwaysA(TRUE));
    const more = startLoad(running, 20);
    await until("it is back", () => statusOf(first).standing !== "out", 60_000);
    await more.end();
    expect(more.wrong).to.deep.equal([]);
  });

  it("answers SERVFAIL for a zone that is dead for all, and leaves none for it", async () => {
    const [a, b] = gateways;
    const running = await start([a, b]);
    await settle([a, b]);
    for (const { upstream } of [a, b]) upstream.behave(servfail);
    for (let i = 0; i < 8; i++) expect((await dig(running, fresh())).status).to.equal("SERVFAIL");
    for (const one of [a, b]) expect(statusOf(one).standing).to.equal("in");
  });

  it("gives no answer that fails validation where it is checked, from a gateway that doesn't check", async () => {
    const [a, b] = gateways;
    const running = await start([a, b], { crossCheck: 0 });
    // Both serve names; below bogus.example one validates and the other doesn't.
    const validating: Behaviour = (query, via) => {
      const checkingDisabled = ((query.bytes[3] as number) & 0x10) !== 0;
      return query.name.includes("bogus") && !checkingDisabled ? { rcode: 2 } : alwaysA(TRUE)(query, via);
    };
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.upstream.behave(validating);
      other.upstream.behave(alwaysA(TRUE));
      for (let i = 0; i < 4; i++) {
        const { status, answers } = await dig(running, `n${count++}.bogus.example`);
        // Asked first, who doesn't check has the say: an edge that trusts one gateway trusts it in this too.
        if (running.status().routing.choice === one.url)
          expect([status, answers]).to.deep.equal(["SERVFAIL", []]);
      }
      expect((await dig(running, fresh())).status).to.equal("NOERROR");
    }
  });

  it("goes to the other when one refuses tolls, and says so", async () => {
    const strict = await stand.addGateway({ limits: { laneRate: 1, laneBurst: 12 } });
    const [a] = gateways;
    const running = await start([strict, a], { crossCheck: 0.3 });
    const load = startLoad(running, 15);
    await until(
      "it refused",
      () => /refused the toll/.test(`${statusOf(strict).because} ${statusOf(strict).reason}`),
      60_000,
    );
    await until("questions go on", () => load.asked > 120);
    await load.end();
    expect(load.wrong).to.deep.equal([]);
    expect(statusOf(a).answers).to.be.above(50);
  });

  it("finds out who lies by a third gateway, leaves it, and forgets what it said", async () => {
    const [liar, b, c] = gateways;
    const running = await start(gateways, { crossCheck: 1 });
    liar.upstream.behave(nxdomain);
    const names: string[] = [];
    await until(
      "the liar is out",
      async () => {
        const name = fresh();
        const { status } = await dig(running, name);
        if (status === "NXDOMAIN") names.push(name);
        return statusOf(liar).standing === "out";
      },
      60_000,
    );
    expect(statusOf(liar).because).to.match(/contradicted by others/);
    for (const one of [b, c]) expect(statusOf(one).standing).to.equal("in");
    expect(running.status().queries.settled).to.be.above(1);
    for (let i = 0; i < 20; i++) expect((await dig(running, fresh())).answers).to.deep.equal([TRUE]);
    for (const name of names) expect((await dig(running, name)).answers, "forgotten").to.deep.equal([TRUE]);
  });

  it("blames nobody where resolvers answer with other addresses out of one set, or each with its own", async () => {
    const running = await start(gateways, { crossCheck: 1 });
    let turn = 0;
    for (const [i, { upstream }] of gateways.entries())
      upstream.behave((query) => ({
        answers: [
          {
            type: "A",
            name: query.name,
            ttl: 60,
            data: `198.51.100.${query.name.startsWith("w") ? 10 + (turn++ % 3) : 50 + i}`,
          },
          { type: "A", name: query.name, ttl: 60, data: "198.51.100.9" },
        ].slice(query.name.includes("own") ? 0 : 0, query.name.includes("own") ? 1 : 2) as never,
      }));
    for (let i = 0; i < 30; i++) {
      await dig(running, fresh());
      await dig(running, `own-${count++}.example.com`);
    }
    await until("they were compared", () => running.status().queries.checked > 5);
    for (const one of gateways) expect(statusOf(one)).to.include({ standing: "in" });
    expect(running.status().queries.settled).to.equal(0);
  });

  it("confirms, when told to, and gives only what two say", async () => {
    const [liar, b, c] = gateways;
    liar.upstream.behave(alwaysA(FALSE));
    const two = await start([liar, b], { confirm: true });
    // Lanes are opened while the first waits.
    await until("both are paid", async () => {
      await dig(two, fresh());
      return [liar, b].every((one) => statusOf(one).answers > 2);
    });
    const answer = await dig(two, fresh());
    expect([answer.status, answer.answers]).to.deep.equal(["SERVFAIL", []]);
    expect(answer.ede).to.match(/gateways disagree/);
    await two.close();
    const three = await start([liar, b, c], { confirm: true });
    await until("all are paid", async () => {
      const { answers } = await dig(three, fresh());
      expect(answers).to.not.include(FALSE);
      return [b, c].every((one) => statusOf(one).answers > 2);
    });
    for (let i = 0; i < 10; i++) expect((await dig(three, fresh())).answers).to.deep.equal([TRUE]);
  });

  describe("by what the chain says", () => {
    let node: FixtureNode;
    const program = new Uint8Array(32).fill(7);
    const genesis = new Uint8Array(32).fill(3);
    before(async () => {
      node = await startNode();
    });
    after(() => node?.close());
    function put(...targets: readonly TargetParts[]): void {
      const now = Math.floor(Date.now() / 1000);
      node.slot++;
      node.set(CLOCK_SYSVAR, genesis, clockBytes(node.slot, now));
      node.set(derivePolicyConfig(program).address, program, configBytes({ program, genesis }));
      for (const parts of targets) {
        const { address } = deriveTarget(program, hashTarget("gateway", parts.name));
        node.set(
          address,
          program,
          targetBytes({ kind: "gateway", judged: [now - 300, now], since: now, transitions: 1, ...parts }),
        );
      }
    }

    it("leaves a gateway that is DISABLED, gives one that is RECOVERING its share, and shows both in its status", async () => {
      const [a, b] = gateways;
      const policy = await openPolicy({
        chain: rpcChain(createRpc(node.url)),
        program,
        genesis,
        targets: [a, b].map(({ url }) => ({ kind: "gateway" as const, name: url })),
        cacheFile: null,
        pollSeconds: 1_000,
      });
      put({ name: a.url }, { name: b.url });
      await policy.refresh();
      const running = await start([a, b], { policy });
      // Few enough questions that its own measurements don't outweigh the chain's word.
      await until("both are known", async () => {
        if ([a, b].every((one) => statusOf(one).answers > 0)) return true;
        await dig(running, fresh());
        await new Promise((resolve) => setTimeout(resolve, 500));
        return false;
      });
      const first = running.status().routing.choice === a.url ? a : b;
      const second = first === a ? b : a;
      put({ name: first.url, state: "disabled" });
      await policy.refresh();
      const { routing } = running.status();
      expect(routing.choice).to.equal(second.url);
      expect(routing.reason).to.match(/DISABLED/);
      expect(statusOf(first).policy).to.include({ state: "DISABLED", shareBps: 10_000 });
      const before = statusOf(first).answers;
      for (let i = 0; i < 10; i++) expect((await dig(running, fresh())).status).to.equal("NOERROR");
      expect(statusOf(first).answers, "it is asked no more").to.equal(before);
      put({ name: first.url, state: "recovering", runs: { clean: 5 } });
      await policy.refresh();
      expect(statusOf(first).policy).to.include({ state: "RECOVERING", shareBps: 3_750 });
      put({ name: first.url }, { name: second.url, state: "degraded" });
      await policy.refresh();
      expect(running.status().routing.choice).to.equal(first.url);
      expect(await kinds()).to.include("policy");
      await policy.close();
    });

    it("answers on, by its own measurements, when the chain calls its only gateway DISABLED", async () => {
      const [a] = gateways;
      put({ name: a.url, state: "disabled" });
      const policy = { rpcUrl: node.url, program, genesis, pollSeconds: 1 };
      const running = await start([a], { policy });
      await until("the state is known", () => statusOf(a).policy?.state === "DISABLED");
      for (let i = 0; i < 5; i++) expect((await dig(running, fresh())).status).to.equal("NOERROR");
      expect(running.status().policy).to.include({ source: "chain", trouble: null });
    });
  });
});
