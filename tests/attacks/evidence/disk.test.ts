import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualEdgeClock } from "@tolldns/edge";
import {
  checkDecisionLog,
  type DecisionLine,
  openDecisionLog,
  openPolicy,
  type PolicyFacts,
  readDecisionLog,
  rpcChain,
} from "@tolldns/policy";
import { derivePolicyConfig, deriveTarget, hashTarget } from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import { createRpc } from "../../../clients/edge/src/wallet/rpc.ts";
import { encodeLine } from "../../../clients/policy/src/log/line.ts";
import { CLOCK_SYSVAR } from "../../../clients/policy/src/view/accounts.ts";
import { clockBytes, configBytes, targetBytes } from "../../policy/support/accounts.ts";
import { startNode } from "../../policy/support/node.ts";
import { always, mutated, attack as run, SEED } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void | Promise<void>) =>
  run(import.meta.url, row, title, test);

const PROGRAM = new Uint8Array(32).fill(7);
const GENESIS = new Uint8Array(32).fill(3);
const WALL = 1_790_000_000;
const [A, B] = ["udp://192.0.2.1:53", "udp://192.0.2.2:53"];
const STATES = ["HEALTHY", "DEGRADED", "DISABLED", "RECOVERING"];

describe(`evidence: what lies on disk, seed ${SEED}`, function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "tolldns-disk-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  describe("policy.json", () => {
    const file = join(folder, "policy.json");
    let good: string;
    /** What a view says that has the file and no chain. */
    const factsOf = async (text: string): Promise<readonly (PolicyFacts | null)[]> => {
      writeFileSync(file, text);
      const targets = [A, B].map((name) => ({ kind: "backend" as const, name }));
      const own = { chain: null, program: PROGRAM, genesis: GENESIS, cacheFile: file, targets };
      const view = await openPolicy({ ...own, clock: createVirtualEdgeClock(WALL) });
      const facts = [view.of(A), view.of(B)];
      expect(view.age()).at.least(0);
      await view.close();
      return facts;
    };
    before(async () => {
      const node = await startNode();
      const set = (address: Uint8Array, data: Uint8Array) => node.set(address, PROGRAM, data);
      set(derivePolicyConfig(PROGRAM).address, configBytes({ program: PROGRAM, genesis: GENESIS }));
      for (const [name, state] of [
        [A, "disabled"],
        [B, "healthy"],
      ] as const)
        set(
          deriveTarget(PROGRAM, hashTarget("backend", name)).address,
          targetBytes({ name, state, since: WALL - 100, judged: [WALL - 400, WALL - 100] }),
        );
      node.set(CLOCK_SYSVAR, PROGRAM, clockBytes(1, WALL));
      const targets = [A, B].map((name) => ({ kind: "backend" as const, name }));
      const chain = rpcChain(createRpc(node.url, 2_000));
      const clock = createVirtualEdgeClock(WALL);
      const own = { chain, program: PROGRAM, genesis: GENESIS, cacheFile: file, targets, clock };
      const view = await openPolicy({ ...own, pollSeconds: 1_000_000 });
      await view.refresh();
      await view.close();
      await node.close();
      good = readFileSync(file, "utf8");
    });

    attack("forged cache", "is taken or left as a whole, and says no state that there isn't", async () => {
      expect((await factsOf(good)).map((facts) => facts?.state)).eql(["DISABLED", "HEALTHY"]);
      const saved = JSON.parse(good) as Record<string, unknown>;
      const any = fc.oneof(
        fc.string(),
        fc.json(),
        mutated(Buffer.from(good)).map((bytes) => Buffer.from(bytes).toString("utf8")),
        fc
          .dictionary(fc.constantFrom(...Object.keys(saved)), fc.jsonValue(), { minKeys: 1 })
          .map((changed) => JSON.stringify({ ...saved, ...changed })),
      );
      await always(any, async (text) => {
        for (const facts of await factsOf(text))
          if (facts !== null) {
            expect(STATES).include(facts.state);
            expect(facts.shareBps).within(0, 10_000);
            expect(facts.age).at.least(0);
          }
      });
    });

    attack(
      "forged cache",
      "says nothing of a target by the account of another, or of another kind",
      async () => {
        const saved = JSON.parse(good) as { targets: { kind: string; name: string; account: string }[] };
        const [first, second] = saved.targets as [(typeof saved.targets)[0], (typeof saved.targets)[0]];
        for (const targets of [
          [{ ...first, account: second.account }],
          [{ ...first, name: second.name }],
          [{ ...first, kind: "gateway" }],
          [{ ...first, name: "__proto__" }],
        ])
          expect(await factsOf(JSON.stringify({ ...saved, targets }))).eql([null, null]);
      },
    );

    attack("forged cache", "is as old as can be told, and never from the future", async () => {
      const saved = JSON.parse(good) as Record<string, unknown>;
      for (const change of [
        { savedAt: 1e300 },
        { savedAt: -1e300 },
        { chainTime: 1e300 },
        { chainTime: -1e300 },
      ])
        for (const facts of await factsOf(JSON.stringify({ ...saved, ...change })))
          if (facts !== null) expect(facts.age).at.least(0);
      for (const change of [{ savedAt: null }, { chainTime: "5" }, { slot: {} }, { version: 2 }])
        expect(await factsOf(JSON.stringify({ ...saved, ...change }))).eql([null, null]);
      const nested = `{"version":1,"targets":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
      expect(await factsOf(nested)).eql([null, null]);
    });
  });

  describe("a decision log", () => {
    const own = join(folder, "log");
    const current = join(own, "decisions.jsonl");
    let lines: string[];
    const readAll = async (text: string): Promise<DecisionLine[]> => {
      writeFileSync(current, text);
      const read: DecisionLine[] = [];
      for await (const line of readDecisionLog(own)) read.push(line);
      return read;
    };
    before(async () => {
      const log = await openDecisionLog({ folder: own, where: "gateway" });
      for (let n = 0; n < 5; n++)
        log.append({ kind: "switch", subject: A, from: A, to: B, why: `${n}`, evidence: {} });
      await log.close();
      lines = readFileSync(current, "utf8").trimEnd().split("\n");
    });

    attack("forged log", "gives back the lines that are whole, and tells the first that is not", async () => {
      expect(await readAll(`${lines.join("\n")}\n`)).length(lines.length);
      expect((await checkDecisionLog(own)).ok).equal(true);
      const line = fc.oneof(
        fc.constantFrom(...lines),
        fc.string().map((text) => text.replaceAll("\n", "")),
        fc.json(),
        fc
          .constantFrom(...lines)
          .chain((one) =>
            mutated(Buffer.from(one)).map((bytes) =>
              Buffer.from(bytes).toString("utf8").replaceAll("\n", " "),
            ),
          ),
      );
      await always(fc.array(line, { maxLength: 8 }), async (all) => {
        const read = await readAll(all.map((one) => `${one}\n`).join(""));
        const whole = all.filter((one) => lines.includes(one));
        expect(read.map(({ hash }) => hash)).eql(whole.map((one) => (JSON.parse(one) as DecisionLine).hash));
        const { ok, fault } = await checkDecisionLog(own);
        const follows = all.every((one, i) => lines.indexOf(one) === lines.indexOf(all[0] as string) + i);
        expect(ok).equal(all.length === 0 || (lines.includes(all[0] as string) && follows));
        expect(fault === null).equal(ok);
      });
    });

    attack("forged log", "finds an author's own chain out where it joins another", async () => {
      // Whoever writes the file can hash; what they can't do is change what a line noted elsewhere follows.
      const [first, second, third] = lines.map((one) => JSON.parse(one) as DecisionLine) as [
        DecisionLine,
        DecisionLine,
        DecisionLine,
      ];
      const { hash: _, ...rest } = second;
      const forged = encodeLine({ ...rest, why: "nothing happened" });
      await readAll(`${lines[0]}\n${forged.text}\n${lines[2]}\n`);
      const check = await checkDecisionLog(own);
      expect(check.ok).equal(false);
      expect(check.fault).include({ line: 3 });
      expect(third.prev).not.equal(forged.hash);
      expect(first.hash).equal(second.prev);
    });

    attack(
      "forged log",
      "reads past a line of megabytes, of bytes that are no text, and nested without end",
      async () => {
        const [first = "", second = ""] = lines;
        for (const bad of ["x".repeat(8 << 20), "[".repeat(1 << 20), `{"n":${"[".repeat(1 << 20)}`]) {
          const began = performance.now();
          expect(await readAll(`${first}\n${bad}\n${second}\n`)).length(2);
          expect((await checkDecisionLog(own)).fault).include({ line: 2 });
          expect(performance.now() - began).lessThan(5_000);
        }
        writeFileSync(current, Buffer.concat([Buffer.from(`${first}\n`), Buffer.alloc(4_096, 0xff)]));
        expect(await checkDecisionLog(own)).include({ ok: true, cut: true, lines: 1 });
      },
    );
  });
});
