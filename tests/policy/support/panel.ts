import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { createConnection, type RunningVerifier, startVerifier } from "@tolldns/keepers";
import { toBase64Url, toHex } from "@tolldns/sdk";
import {
  encodeReport,
  type HealthReport,
  report,
  signReport,
  type Target,
  targetId,
} from "@tolldns/sdk/policy";
import { systemClock } from "../../../keepers/src/runtime/clock.ts";
import { createReader } from "../../../keepers/src/verifier/chain/read.ts";
import { rosterAt, windowAt } from "../../../keepers/src/verifier/chain/state.ts";
import { createSender } from "../../../keepers/src/witness/send.ts";
import type { PolicyNetwork } from "../../verifier/support/network.ts";

/**
 * Fixture: verifiers that enrol and judge by the real start function, and report what the test says instead of probing. They serve their reports over
 * HTTP as docs/reference/verifier.md has it.
 */
export interface Panel {
  /** Probes of 20 that succeed, a verifier each. */
  readonly ok: number[];
  /** Changes what a verifier serves: its place, and the report in JSON. */
  alter: (place: number, served: { report: string; signature: string }) => unknown;
  /** Have all of them a seat? */
  isSeated(): boolean;
  close(): Promise<void>;
}

const TOTAL = 20;

export async function startPanel(network: PolicyNetwork, target: Target): Promise<Panel> {
  const { deployment, chain, folder, verifiers } = network;
  const connection = createConnection(chain.rpcUrl);
  const members: RunningVerifier[] = [];
  const servers: Server[] = [];
  const served = new Map<string, { report: string; signature: string }>();
  let ended = false;
  const id = targetId(target);
  const panel: Panel = {
    ok: verifiers.map(() => TOTAL),
    alter: (_place, one) => one,
    isSeated: () => members.every((one) => one.status().seat !== null),
    async close() {
      ended = true;
      await Promise.all(loops);
      for (const member of members) await member.close();
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  for (const [place, { name, key, port }] of verifiers.entries()) {
    members.push(
      await startVerifier({
        connection,
        program: deployment.policy,
        key,
        store: { path: join(folder, `${name}.sqlite`) },
        sets: [],
        reference: {
          ask: () => Promise.reject(new Error("nothing is probed")),
          close: async () => {},
        },
        targets: [],
        listen: null,
        settings: { challenge: false, intervalSeconds: 0.4, spreadSeconds: 0.2 },
        log: () => {},
      }),
    );
    const server = createServer((request, response) => {
      const begin = /^\/v1\/reports\/([0-9a-f]{64})\/(\d+)$/.exec(request.url ?? "");
      const found = begin?.[1] === toHex(id) ? served.get(`${place} ${begin[2]}`) : undefined;
      response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(found === undefined ? "{}" : JSON.stringify(panel.alter(place, found)));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    servers.push(server);
  }

  async function run(place: number): Promise<void> {
    const { key } = verifiers[place] as PolicyNetwork["verifiers"][number];
    const reader = createReader(connection, deployment.policy, key.publicKey, systemClock);
    const sender = createSender(connection, key);
    let last = 0n;
    async function step(): Promise<void> {
      const state = await reader.read();
      const length = BigInt(state.config.terms.window);
      const begin = windowAt(state.config, state.now).begin - length;
      const roster = rosterAt(state, begin);
      const seat = members[place]?.status().seat ?? null;
      if (state.self === null || roster === undefined || seat === null || begin <= last) return;
      last = begin;
      const ok = panel.ok[place] as number;
      const probesRoot = new Uint8Array(32).fill(place + 1);
      const { region, asn } = roster.seats[seat] as (typeof roster.seats)[number];
      const said: HealthReport = {
        domain: state.config.domain,
        target: id,
        begin,
        end: begin + length,
        roster: roster.number,
        operator: state.self.operator,
        region,
        asn,
        setVersion: 1,
        total: TOTAL,
        ok,
        wrong: 0,
        failed: TOTAL - ok,
        silent: 0,
        stale: 0,
        badProofs: 0,
        latency: Array.from({ length: 16 }, (_, bucket) => (bucket === 4 ? TOTAL : 0)),
        probesRoot,
      };
      const bytes = encodeReport(said);
      served.set(`${place} ${begin}`, {
        report: toBase64Url(bytes),
        signature: toBase64Url(signReport(bytes, key)),
      });
      const instruction = report({
        deployment,
        id,
        begin,
        hotKey: key.publicKey,
        roster: roster.number,
        seat,
        operator: state.self.operator,
        node: state.self.node,
        total: TOTAL,
        ok,
        probesRoot,
      });
      await sender.send([instruction], 60_000);
    }
    while (!ended) {
      // A node that is slow for a moment costs a window at most.
      await step().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const loops = verifiers.map((_, place) => run(place));
  return panel;
}
