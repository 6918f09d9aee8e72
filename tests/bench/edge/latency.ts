/**
 * What the edge adds: `node tests/bench/edge/latency.ts [queries]`. One question at a time over loopback. A cached answer of the edge
 * beside a cached answer of a gateway; a paid miss through the edge beside the same kind of miss asked of a gateway that is free, over
 * UDP and over DoT, the transport the edge uses. Edge in a process of its own with its memory flags; gateways in this one.
 */
import { createSocket } from "node:dgram";
import { join } from "node:path";
import { buildQuery, createUpstream, encodeName, questionFor, TYPE, type Upstream } from "@tolldns/dns";
import { startGateway } from "@tolldns/gateway";
import { spawnEdge } from "../../edge/support/process.ts";
import { startStand, until } from "../../edge/support/stand.ts";
import { alwaysA, startUpstream } from "../../gateway/support/upstream.ts";

const QUERIES = Number(process.argv[2] ?? 2_000);

/** Milliseconds of each question asked in turn. */
async function time(count: number, ask: (i: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await ask(i);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b);
}

const at = (times: readonly number[], share: number) => times[Math.floor(times.length * share)] as number;

/** A bare UDP client: one socket, no retries, no checks but the id. */
function client(port: number) {
  const socket = createSocket("udp4");
  let id = 0;
  let settle: ((message: Buffer) => void) | null = null;
  socket.on("message", (message) => {
    if (message.readUInt16BE(0) === id) settle?.(message);
  });
  return {
    ask(name: string): Promise<Buffer> {
      id = (id + 1) & 0xffff;
      const query = buildQuery({ id, name: encodeName(name), type: TYPE.A });
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no answer for ${name}`)), 5_000);
        settle = (message) => {
          clearTimeout(timer);
          if (((message[3] as number) & 15) !== 0)
            reject(new Error(`${name}: rcode ${(message[3] as number) & 15}`));
          else resolve(message);
        };
        socket.send(query, port, "127.0.0.1");
      });
    },
    close: () => socket.close(),
  };
}

const stand = await startStand();
const upstream = await startUpstream(alwaysA("192.0.2.7", 3600));
const paid = await stand.addGateway();
const free = await startGateway({
  listen: { udp: 0, dot: 0 },
  certificate: { kind: "development", folder: join(stand.folder, "free") },
  upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
  limits: { freeRate: 1e9, clientRate: 1e9, responseRate: 1e9 },
  log: { level: "error" },
});
const edge = await spawnEdge(
  stand.edgeOptions([paid], {
    limits: { laneReserve: 1_000_000n, perHour: 10_000_000n, perDay: 10_000_000n },
  }),
  stand.folder,
);
const toEdge = client(edge.addresses[0]?.port as number);
const toFree = client(free.addresses.udp?.port as number);
const dot: Upstream = createUpstream({
  protocol: "dot",
  address: "127.0.0.1",
  port: free.addresses.dot?.port as number,
  serverName: "localhost",
  ...(free.authority === undefined ? {} : { ca: free.authority }),
});
try {
  await until("the edge pays", () =>
    toEdge.ask("warm.example").then(
      () => true,
      () => false,
    ),
  );
  await toFree.ask("warm.example");
  await time(300, (i) =>
    Promise.all([
      toEdge.ask(`w${i}.example`),
      toFree.ask(`w${i}.example`),
      dot.ask(questionFor(`d${i}.example`, TYPE.A)),
    ]),
  );
  const rows = {
    "edge, cached": await time(QUERIES, () => toEdge.ask("warm.example")),
    "free gateway over UDP, cached": await time(QUERIES, () => toFree.ask("warm.example")),
    "edge, miss paid over DoT": await time(QUERIES, (i) => toEdge.ask(`e${i}.example`)),
    "free gateway over DoT, miss": await time(QUERIES, (i) => dot.ask(questionFor(`f${i}.example`, TYPE.A))),
    "free gateway over UDP, miss": await time(QUERIES, (i) => toFree.ask(`g${i}.example`)),
  };
  console.log(`${QUERIES} questions each, one at a time; milliseconds`);
  for (const [name, times] of Object.entries(rows))
    console.log(
      `${name.padEnd(32)} p50 ${at(times, 0.5).toFixed(3)}  p95 ${at(times, 0.95).toFixed(3)}  p99 ${at(times, 0.99).toFixed(3)}`,
    );
  const added = at(rows["edge, miss paid over DoT"], 0.5) - at(rows["free gateway over DoT, miss"], 0.5);
  console.log(
    `a paid miss through the edge takes ${added.toFixed(3)} ms more than an unpaid one over the same transport`,
  );
  const { spent, lanes } = (await edge.status()) as {
    spent: { total: string };
    lanes: { promised: string }[];
  };
  console.log(
    `paid ${spent.total} micro-IU, promised ${lanes[0]?.promised}; memory ${edge.memory().VmRSS} kB`,
  );
} finally {
  toEdge.close();
  toFree.close();
  await dot.close();
  await edge.end();
  await free.close();
  await upstream.close();
  await stand.close();
}
process.exit(0);
