/**
 * Three ways for a gateway to bring a proof to who asks: an EDNS option in the answer, a header of DoH, a second request to a feed.
 * `node tests/bench/dotdns/proof.ts [questions] [names]`. Bytes both ways, round trips, and the median over loopback with connections
 * kept, one question at a time, for evidence of three sizes in a map of `names` (default 100 000).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificate, ensureDevelopmentCertificate, listenHttps } from "@tolldns/dns";
import { startGateway } from "@tolldns/gateway";
import { decodeEvidence } from "@tolldns/sdk/routes";
import { startHostileFeed } from "../../dotdns/support/hostile-feed.ts";
import { createRegistry } from "../../dotdns/support/registry.ts";
import { EVIDENCE_OPTION, honest, told } from "../../dotdns/support/stand.ts";
import {
  type CountingClient,
  dohClient,
  dotClient,
  feedClient,
  type HttpClient,
  udpClient,
} from "./clients.ts";

const QUESTIONS = Number(process.argv[2] ?? 400);
const NAMES = Number(process.argv[3] ?? 100_000);
const WARM_UP = 20;

const folder = mkdtempSync(join(tmpdir(), "tolldns-bench-proof-"));
const registry = createRegistry();
const text = (count: number) =>
  Array.from({ length: count }, (_, i) => `t${i} 300 TXT "${"x".repeat(200)}"`).join("\n");
const SIZES = [
  ["small", "@ 300 A 192.0.2.1"],
  ["middle", `@ 300 A 192.0.2.1\n${text(4)}`],
  ["large", `@ 300 A 192.0.2.1\n${text(17)}`],
] as const;
for (const [name, zone] of SIZES) registry.publish(name, { zone });
registry.fill(NAMES);
registry.finalize();

const feed = await startHostileFeed(honest(registry));
const { domain } = registry.roots();
const gateway = await startGateway({
  listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
  certificate: { kind: "development", folder },
  upstreams: [{ kind: "udp", host: "127.0.0.1", port: 9 }],
  limits: { freeRate: 1e9, clientRate: 1e9, responseRate: 1e9 },
  log: { level: "error" },
  routes: { feeds: [feed.url], chain: { readRoots: async () => registry.roots(), domain } },
});
const ca = gateway.authority as string;
const port = (kind: "udp" | "dot" | "doh") => (gateway.addresses[kind] as { port: number }).port;

// The way by a header, on the same listener code: the answer in the body, evidence beside it.
const { pair } = await ensureDevelopmentCertificate(folder, ["localhost", "127.0.0.1"]);
const answers = new Map<string, Buffer>();
const headers = await listenHttps({
  handler: () => 0,
  host: "127.0.0.1",
  port: 0,
  certificate: createCertificate(pair),
  route: ({ path }) => {
    const name = path.slice(1);
    return {
      status: 200,
      headers: {
        "content-type": "application/dns-message",
        "route-evidence": Buffer.from(registry.last().evidence(name)).toString("base64url"),
      },
      body: answers.get(name) as Buffer,
    };
  },
});

interface Row {
  readonly bytes: number;
  readonly trips: number;
  readonly p50: number;
}

/** @param ask one question with its proof; resolves to the round trips it took */
async function measure(bytes: () => number, ask: () => Promise<number>): Promise<Row> {
  for (let i = 0; i < WARM_UP; i++) await ask();
  const before = bytes();
  const times: number[] = [];
  let trips = 0;
  for (let i = 0; i < QUESTIONS; i++) {
    const started = performance.now();
    trips += await ask();
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  return {
    bytes: Math.round((bytes() - before) / QUESTIONS),
    trips: trips / QUESTIONS,
    p50: times[times.length >> 1] as number,
  };
}

const second = feedClient(feed.url);
const clients: readonly (readonly [string, CountingClient])[] = [
  ["UDP", await udpClient(port("udp"))],
  ["DoT", await dotClient(port("dot"), ca)],
  ["DoH", await dohClient(port("doh"), ca)],
];
const byHeader: HttpClient = await dohClient(headers.port, ca);

console.log(
  `${NAMES} names in the map, ${QUESTIONS} questions each; bytes both ways, round trips, median ms\n`,
);
console.log(
  "evidence        over   nothing              EDNS option          DoH header           second request",
);
for (const [label] of SIZES) {
  const name = `${label}.dns`;
  const evidence = registry.last().evidence(label);
  const proof = decodeEvidence(evidence).proof.length;
  for (const [over, client] of clients) {
    const bare = await measure(client.bytes, async () => (await client.ask(name)).trips);
    const option = await measure(client.bytes, async () => {
      const { answer, trips } = await client.ask(name, EVIDENCE_OPTION);
      if (told(answer).evidence?.length !== evidence.length) throw new Error("no evidence came");
      return trips;
    });
    const twice = await measure(
      () => client.bytes() + second.bytes(),
      async () => {
        const { trips } = await client.ask(name);
        if ((await second.get(name)).length !== evidence.length) throw new Error("no evidence came");
        return trips + 1;
      },
    );
    let header: Row | null = null;
    if (over === "DoH") {
      answers.set(label, (await client.ask(name)).answer);
      const query = new Uint8Array(40);
      header = await measure(byHeader.bytes, async () => {
        const answer = await byHeader.post(`/${label}`, query);
        if (typeof answer.headers["route-evidence"] !== "string") throw new Error("no evidence came");
        return 1;
      });
    }
    const cell = (row: Row | null) =>
      (row === null ? "-" : `${row.bytes} B ${row.trips} ${row.p50.toFixed(2)} ms`).padEnd(21);
    console.log(
      `${`${evidence.length} B (proof ${proof})`.padEnd(16)}${over.padEnd(6)} ${cell(bare)}${cell(option)}${cell(header)}${cell(twice)}`,
    );
  }
}

for (const [, client] of clients) client.close();
byHeader.close();
second.close();
await headers.close();
await gateway.close();
await feed.close();
rmSync(folder, { recursive: true, force: true });
