import { createServer } from "node:http";
import { join } from "node:path";
import { createConnection, startVerifier } from "@tolldns/keepers";
import { fromBase58 } from "@tolldns/sdk";
import {
  encodeReport,
  formatTarget,
  listProbes,
  type ProbeRecord,
  report,
  signReport,
  type Target,
  targetId,
  writeChallengeSet,
} from "@tolldns/sdk/policy";
import { systemClock } from "../../../keepers/src/runtime/clock.ts";
import { encodeEvidenceFile } from "../../../keepers/src/verifier/car.ts";
import { createReader } from "../../../keepers/src/verifier/chain/read.ts";
import { rosterAt, windowAt } from "../../../keepers/src/verifier/chain/state.ts";
import type { Asker } from "../../../keepers/src/verifier/options.ts";
import { recordsOf, reportOf } from "../../../keepers/src/verifier/report.ts";
import { createSender } from "../../../keepers/src/witness/send.ts";
import type { PolicyNetwork } from "./network.ts";
import { FIXTURE_SET } from "./prober.ts";
import { probeOf } from "./window.ts";

/** A verifier that, once told to, reports records no honest one writes, and serves them. */
export interface Rogue {
  lie(): void;
  operator(): Uint8Array;
  seat(): number | null;
  close(): Promise<void>;
}

/** A fixture: it enrols like any other, by the real start function. */
export async function startRogue(
  network: PolicyNetwork,
  { key, port, name }: PolicyNetwork["verifiers"][number],
  target: Target,
  reference: Asker,
): Promise<Rogue> {
  const { deployment, folder, chain } = network;
  const connection = createConnection(chain.rpcUrl);
  const files = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const begin = /\/(\d+)\.car$/.exec(request.url ?? "")?.[1] ?? "";
    const car = files.get(begin);
    response.writeHead(car === undefined ? 404 : 200);
    response.end(car);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  // Sits in the roster, and probes nothing.
  const member = await startVerifier({
    connection,
    program: deployment.policy,
    key,
    store: { path: join(folder, `${name}.sqlite`) },
    sets: [],
    reference,
    targets: [],
    listen: null,
    settings: { crank: false, challenge: false, intervalSeconds: 0.4 },
    log: () => {},
  });
  const reader = createReader(connection, deployment.policy, key.publicKey, systemClock);
  const sender = createSender(connection, key);
  let ended = false;
  let isLying = false;
  let last = 0n;
  const step = async () => {
    const state = await reader.read();
    const { begin } = windowAt(state.config, state.now);
    const over = begin - BigInt(state.config.terms.window);
    const roster = rosterAt(state, over);
    const seat = member.status().seat;
    if (state.self === null || roster === undefined || seat === null || over <= last) return;
    last = over;
    const probes = Array.from({ length: 10 }, (_, place) => probeOf(place, { at: 100 * place }));
    const records: ProbeRecord[] = recordsOf(probes);
    // A right answer that counts as none: what the digests say is something else.
    records[4] = { ...(records[4] as ProbeRecord), outcome: "failed" };
    for (let i = 4; i < records.length; i++)
      records[i] = { ...(records[i] as ProbeRecord), runningOk: (records[i] as ProbeRecord).runningOk - 1 };
    const end = over + BigInt(state.config.terms.window);
    const honest = reportOf(
      { state, key, target, begin: over, end, setVersion: FIXTURE_SET.version },
      records,
    );
    if (honest === null) return;
    const bytes = encodeReport(honest);
    const car = encodeEvidenceFile({
      report: bytes,
      signature: signReport(bytes, key),
      hotKey: key.publicKey,
      kind: target.kind,
      name: formatTarget(target),
      setText: writeChallengeSet(FIXTURE_SET),
      records,
      transcripts: probes.map(({ transcript }) => transcript),
    });
    files.set(String(over), car);
    const instruction = report({
      deployment,
      id: targetId(target),
      begin: over,
      hotKey: key.publicKey,
      roster: roster.number,
      seat,
      operator: state.self.operator,
      node: state.self.node,
      total: honest.total,
      ok: honest.ok,
      probesRoot: listProbes(records).root,
    });
    await sender.send([instruction], 60_000);
  };
  const loop = (async () => {
    while (!ended) {
      if (isLying) await step().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  })();
  return {
    lie() {
      isLying = true;
    },
    seat: () => member.status().seat,
    operator: () => fromBase58(member.status().operator ?? ""),
    async close() {
      ended = true;
      await loop;
      await member.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
