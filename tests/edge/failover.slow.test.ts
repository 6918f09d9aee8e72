/** Gateways in processes of their own that freeze, die and stall while questions go on. */
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import type { EdgeOptions, EdgeStatus, RunningEdge } from "@tolldns/edge";
import { checkDecisionLog, type DecisionLine, readDecisionLog } from "@tolldns/policy";
import { expect } from "chai";
import { alwaysA, startUpstream } from "../gateway/support/upstream.ts";
import { startLoad, tellTimes } from "./support/load.ts";
import {
  dig,
  PRICE,
  type Reachable,
  type Stand,
  type StandProcess,
  startStand,
  until,
} from "./support/stand.ts";

const TRUE = "198.51.100.7";

describe("an edge whose gateway fails", function () {
  this.timeout(120_000);
  let stand: Stand;
  let edge: RunningEdge | undefined;
  let stateDir = "";
  let count = 0;
  const limits = { laneReserve: 50_000n, perQuery: 100n, perHour: 500_000n, priceCeiling: 50n };
  before(async () => {
    stand = await startStand();
  });
  afterEach(async () => {
    await edge?.close();
    edge = undefined;
  });
  after(() => stand?.close());

  const statusOf = (url: string): EdgeStatus["gateways"][number] => {
    const found = edge?.status().gateways.find((one) => one.url === url);
    if (found === undefined) throw new Error(`no gateway ${url}`);
    return found;
  };

  /** An edge that has paid both gateways and settled for one of them: that one comes first. */
  async function startSettled<G extends Reachable>(
    gateways: readonly [G, G],
    changes: Partial<EdgeOptions> = {},
  ): Promise<readonly [G, G]> {
    const options = stand.edgeOptions(gateways, { limits, crossCheck: 0.2, ...changes });
    stateDir = options.stateDir;
    edge = await stand.startEdge(gateways, options);
    const load = startLoad(edge, 20);
    await until("both are known", () => gateways.every(({ url }) => statusOf(url).answers >= 8), 60_000);
    await load.end();
    const { choice } = edge.status().routing;
    return choice === gateways[0].url ? gateways : [gateways[1], gateways[0]];
  }

  async function linesOf(): Promise<DecisionLine[]> {
    const lines: DecisionLine[] = [];
    for await (const line of readDecisionLog(join(stateDir, "decisions"))) lines.push(line);
    return lines;
  }

  /** Questions go on while `fail` happens, until another is chosen, and a while longer. */
  async function failUnderLoad(first: Reachable, fail: () => void | Promise<void>) {
    const running = edge as RunningEdge;
    const before = running.status();
    const load = startLoad(running, 10);
    await until("questions are asked", () => load.times.length > 20);
    const healthy = load.times.length;
    const started = performance.now();
    await fail();
    await until("another is chosen", () => running.status().routing.choice !== first.url, 60_000);
    const switched = performance.now() - started;
    const asked = load.asked;
    await until("questions go on", () => load.asked > asked + 100);
    await load.end();
    const after = running.status();
    console.log(
      `      switched after ${Math.round(switched)} ms; ${load.asked} questions, ${load.wrong.length} lost; since the failure ${tellTimes(load.times.slice(healthy))}`,
    );
    expect(load.wrong).to.deep.equal([]);
    return { before, after, asked: load.asked };
  }

  /** Every toll is for a question, but for hedges, spares and trials. */
  function checkMoney(before: EdgeStatus, after: EdgeStatus, asked: number): void {
    const tolls = Number((after.spent.total - before.spent.total) / PRICE);
    expect(tolls).to.be.at.least(asked);
    // A tenth for hedges with a burst of 5, a tenth for spares with one of 32, and what was in flight when it failed.
    expect(tolls).to.be.at.most(Math.ceil(asked * 1.2) + 37 + 60);
  }

  describe("in processes", () => {
    let pair: readonly [StandProcess, StandProcess];
    before(async () => {
      pair = await Promise.all([stand.addProcess(), stand.addProcess()]);
    });
    afterEach(() => {
      // One that a failed test left frozen would fail the next.
      for (const { pid, isGone } of pair) if (!isGone()) process.kill(pid, "SIGCONT");
    });

    it("answers every question while one is frozen, leaves it at once, and comes back to it when it thaws", async () => {
      const [first] = await startSettled(pair);
      const { before, after, asked } = await failUnderLoad(first, () => {
        process.kill(first.pid, "SIGSTOP");
      });
      checkMoney(before, after, asked);
      expect(statusOf(first.url)).to.include({ standing: "out" });
      expect(statusOf(first.url).because).to.match(/silent for|refused|ended|of questions well/);
      process.kill(first.pid, "SIGCONT");
      const load = startLoad(edge as RunningEdge, 10);
      await until("it is wholly back", () => statusOf(first.url).standing === "in", 60_000);
      await load.end();
      expect(load.wrong).to.deep.equal([]);
      await edge?.close();
      const told = (await linesOf()).map(({ kind }) => kind);
      expect(told.filter((kind) => kind === "eject" || kind === "return" || kind === "ramp")).to.deep.equal([
        "eject",
        "return",
        "ramp",
      ]);
      expect(await checkDecisionLog(join(stateDir, "decisions"))).to.include({ ok: true });
    });

    it("changes its mind rarely while one freezes and thaws over and over, and answers every question", async () => {
      const [first] = await startSettled(pair);
      const running = edge as RunningEdge;
      const load = startLoad(running, 10);
      const before = running.status().routing;
      for (let i = 0; i < 8; i++) {
        process.kill(first.pid, "SIGSTOP");
        await new Promise((resolve) => setTimeout(resolve, 400));
        process.kill(first.pid, "SIGCONT");
        await new Promise((resolve) => setTimeout(resolve, 400));
      }
      await load.end();
      const { switches, fallbacks } = running.status().routing;
      console.log(
        `      ${switches - before.switches} switches in ${load.asked} questions; ${tellTimes(load.times)}`,
      );
      expect(load.wrong).to.deep.equal([]);
      // It is left once; what comes back comes by a ramp, and the choice stays where it is for its dwell.
      expect(switches - before.switches).to.be.at.most(2);
      expect(fallbacks).to.equal(0);
    });

    it("answers every question while one is killed, and while what took its place stalls in TLS", async () => {
      const [first, second] = await startSettled(pair);
      await failUnderLoad(first, () => first.kill());
      expect(statusOf(first.url).because).to.match(
        /refused the connection|ended the connection|silent|unreachable/,
      );
      const stalled = await Promise.all(first.ports.map(listenSilently));
      const load = startLoad(edge as RunningEdge, 10);
      await until("questions go on", () => load.asked > 300);
      await load.end();
      console.log(`      while TLS stalls: ${tellTimes(load.times)}`);
      expect(load.wrong).to.deep.equal([]);
      expect((edge as RunningEdge).status().routing.choice).to.equal(second.url);
      expect(
        stalled.some(({ taken }) => taken() > 0),
        "the stalled one was tried",
      ).to.equal(true);
      for (const { close } of stalled) await close();
    });

    it("falls back to free upstreams when no gateway answers, then to expired answers, and goes back by itself", async () => {
      const free = await startUpstream(alwaysA(TRUE));
      const own = await Promise.all([stand.addProcess(), stand.addProcess()]);
      const options = stand.edgeOptions(own, {
        limits,
        crossCheck: 0.3,
        outOfMoney: "free",
        freeUpstreams: [`udp://127.0.0.1:${free.port}`],
      });
      stateDir = options.stateDir;
      const running = await stand.startEdge(own, options);
      edge = running;
      const load = startLoad(running, 20);
      await until("both are known", () => own.every(({ url }) => statusOf(url).answers >= 4), 60_000);
      for (const { pid } of own) process.kill(pid, "SIGSTOP");
      await until("free upstreams answer", () => running.status().routing.tier === "free upstreams", 60_000);
      await until("questions go on", () => free.asked() > 30);
      for (const { pid } of own) process.kill(pid, "SIGCONT");
      await until("gateways answer", () => running.status().routing.tier === "gateways", 60_000);
      await load.end();
      expect(load.wrong).to.deep.equal([]);
      await running.close();
      const told = (await linesOf()).map(({ kind }) => kind);
      expect(told).to.include.members(["eject", "fallback", "return", "restore"]);
      expect(told.indexOf("fallback")).to.be.below(told.lastIndexOf("restore"));
      await free.close();
    });

    it("answers from expired answers while nobody can be asked", async () => {
      const own = await stand.addProcess();
      own.upstream.behave((query) => ({ answers: [{ type: "A", name: query.name, ttl: 1, data: TRUE }] }));
      const options = stand.edgeOptions([own], { limits, timeoutMs: 2_000 });
      edge = await stand.startEdge([own], options);
      const name = `f${count++}.example.com`;
      await until("it answers", async () => (await dig(edge as RunningEdge, name)).status === "NOERROR");
      await own.kill();
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const answer = await dig(edge, name);
      expect(answer.answers).to.deep.equal([TRUE]);
      expect(answer.ede, "stale answer").to.match(/^3 /);
    });
  });
});

/** Fixture: takes connections and never says a word. */
async function listenSilently(port: number) {
  const sockets = new Set<Socket>();
  let taken = 0;
  const server = createServer((socket) => {
    taken++;
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    taken: () => taken,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
