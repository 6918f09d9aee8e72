import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createCertificate,
  ensureDevelopmentCertificate,
  findOption,
  listenHttps,
  OPTION,
  readMessage,
  writeError,
} from "@tolldns/dns";
import { openPayingPath, type PayingPath, type RunningEdge, startEdge } from "@tolldns/edge";
import { type RunningGateway, startGateway } from "@tolldns/gateway";
import { formatDiscovery } from "@tolldns/sdk";
import type { Challenge } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { openBackend } from "../../keepers/src/verifier/probe/backend.ts";
import { openDoor } from "../../keepers/src/verifier/probe/door.ts";
import { questionOfChallenge } from "../../keepers/src/verifier/question.ts";
import { run } from "../cli/run.ts";
import { type FaultyResolver, startFaulty } from "./support/faults.ts";
import { BACKEND_CHALLENGES } from "./support/prober.ts";
import { type ChallengeZone, startChallengeZone } from "./support/zone.ts";

/** What somebody on the way, or the target itself, sees of a query that isn't drawn at random for each. */
function looksOf(bytes: Buffer) {
  const { flags, questions, opt, questionEnd, answers, authority, additional } = readMessage(bytes);
  const name = bytes.subarray(12, questionEnd - 4).toString("latin1");
  const options: string[] = [];
  for (let at = 0; opt !== undefined && at + 4 <= opt.data.length; ) {
    const code = ((opt.data[at] as number) << 8) | (opt.data[at + 1] as number);
    const length = ((opt.data[at + 2] as number) << 8) | (opt.data[at + 3] as number);
    // A client's own cookie, then with the server's behind it once that is known (RFC 7873).
    options.push(`${code}:${code === OPTION.COOKIE ? "cookie" : length}`);
    at += 4 + length;
  }
  const cookie = findOption(opt, OPTION.COOKIE)?.length ?? 0;
  return {
    name: name.toLowerCase(),
    type: bytes.readUInt16BE(questionEnd - 4),
    flags,
    counts: [questions, answers.length, authority.length, additional.length],
    payload: opt?.class,
    optTtl: opt?.ttl,
    options,
    length: bytes.length - cookie,
  };
}

/** Each kind of query once: a cache answers some again, and a slow moment has others sent twice. */
const kinds = (all: readonly ReturnType<typeof looksOf>[]) =>
  [...new Set(all.map((one) => JSON.stringify(one)))].sort();

const mixes = (all: readonly Buffer[]) =>
  all.some((bytes) => /[A-Z]/.test(bytes.subarray(12, -20).toString("latin1")));

/** Questions that need no random label: the same for both who ask. */
const CHALLENGES = BACKEND_CHALLENGES.filter(
  ({ name, transports, unchecked }) => !name.includes("{random}") && transports.includes("udp") && !unchecked,
);
const TYPES: Readonly<Record<number, string>> = { 1: "A", 15: "MX", 16: "TXT", 28: "AAAA" };

describe("a probe can't be told from other questions", function () {
  this.timeout(90_000);
  let zone: ChallengeZone;
  let front: FaultyResolver;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-disguise-"));
    zone = await startChallengeZone();
    front = await startFaulty((await zone.resolver()).port);
  });
  after(async () => {
    await front?.close();
    await zone?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs this and gives what came to the front meanwhile. */
  async function watch(ask: () => Promise<void>) {
    front.queries.length = 0;
    front.streams.length = 0;
    await ask();
    // A gateway asks for the root's servers besides, to try its backends: no question of a user, and none of a verifier's.
    const queries = front.queries.filter(({ bytes }) => bytes[12] !== 0);
    const packets = queries.map(({ bytes }) => bytes);
    return {
      udp: packets.map(looksOf),
      tcp: front.streams.map(looksOf),
      ports: new Set(queries.map(({ port }) => port)).size,
      mixes: mixes(packets),
      ids: new Set(packets.map((bytes) => bytes.readUInt16BE(0))).size,
    };
  }

  const dig = (port: number, { name, type, dnssecOk }: Challenge) =>
    run("dig", [
      "@127.0.0.1",
      "-p",
      String(port),
      "+time=5",
      "+tries=1",
      ...(dnssecOk ? ["+dnssec"] : []),
      name,
      TYPES[type] ?? `TYPE${type}`,
    ]);

  it("by a backend: the same bytes but for what chance draws, from as many ports, over TCP when they are cut", async () => {
    const gateway: RunningGateway = await startGateway({
      listen: { udp: 0, tcp: 0 },
      free: true,
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: front.port }],
      log: { level: "error" },
    });
    const door = openDoor(
      { kind: "backend", protocol: "udp", address: "127.0.0.1", port: front.port },
      { openBackend, openGateway: undefined },
    );
    try {
      const usual = await watch(async () => {
        for (const challenge of CHALLENGES) await dig(gateway.addresses.udp?.port ?? 0, challenge);
      });
      const probes = await watch(async () => {
        for (const challenge of CHALLENGES)
          await door.ask(challenge, questionOfChallenge(challenge, ""), "udp", new AbortController().signal);
      });
      expect(usual.udp).to.have.length.above(8);
      expect(kinds(probes.udp)).to.deep.equal(kinds(usual.udp));
      expect(kinds(probes.tcp)).to.deep.equal(kinds(usual.tcp));
      expect(probes.tcp.length, "the cut ones").to.be.above(0);
      expect([probes.mixes, usual.mixes]).to.deep.equal([true, true]);
      // Both draw one of sixteen sockets for each question.
      for (const { ports, udp } of [usual, probes]) expect(ports).to.be.within(2, Math.min(16, udp.length));
      expect(probes.ids).to.equal(probes.udp.length);
    } finally {
      await door.close();
      await gateway.close();
    }
  });

  it("by a gateway: what an edge sends and what a probe sends look alike", async () => {
    const { pair, ca } = await ensureDevelopmentCertificate(folder, ["localhost", "127.0.0.1"]);
    const terms = JSON.stringify(
      formatDiscovery({
        protocol: 1,
        charges: false,
        free: true,
        dohPath: "/dns-query",
        dotPort: 0,
        udpPort: front.port,
      }),
    );
    const asked: string[] = [];
    const https = await listenHttps({
      handler: (query, out, at) => writeError(query, out, at, 5),
      host: "127.0.0.1",
      port: 0,
      certificate: createCertificate(pair),
      route: (request) => {
        asked.push(request.path);
        return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(terms) };
      },
    });
    const url = `https://127.0.0.1:${https.port}`;
    let edge: RunningEdge | undefined;
    let path: PayingPath | undefined;
    try {
      edge = await startEdge({
        stateDir: join(folder, "edge"),
        listen: [{ host: "127.0.0.1", port: 0 }],
        gateways: [{ url, ca, transport: "udp" }],
        hedge: false,
        control: false,
      });
      const port = edge.addresses[0]?.port ?? 0;
      const usual = await watch(async () => {
        for (const challenge of CHALLENGES) await dig(port, challenge);
      });
      const termsRead = asked.splice(0);
      path = await openPayingPath({ stateDir: join(folder, "path") });
      const opened = await path.open({ url, ca });
      const probes = await watch(async () => {
        for (const challenge of CHALLENGES)
          await opened.ask("udp", questionOfChallenge(challenge, ""), new AbortController().signal);
      });
      expect(probes.udp).to.have.length.above(8);
      expect(kinds(probes.udp)).to.deep.equal(kinds(usual.udp));
      expect(kinds(probes.tcp)).to.deep.equal(kinds(usual.tcp));
      expect([probes.mixes, usual.mixes]).to.deep.equal([true, true]);
      for (const { ports, udp } of [usual, probes]) expect(ports).to.be.within(2, Math.min(16, udp.length));
      expect(new Set(asked)).to.deep.equal(new Set(termsRead));
    } finally {
      await path?.close();
      await edge?.close();
      await https.close();
    }
  });
});
