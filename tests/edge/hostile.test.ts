/** What an edge lets through from servers that lie: asked as free upstreams, so that nothing stands between. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EdgeOptions, type RunningEdge, startEdge } from "@tolldns/edge";
import { expect } from "chai";
import { encode } from "dns-packet";
import { type FixtureUpstream, startUpstream } from "../gateway/support/upstream.ts";
import { dig } from "./support/stand.ts";

describe("an edge before servers that lie", () => {
  let folder: string;
  let upstream: FixtureUpstream;
  const edges: RunningEdge[] = [];
  const start = async (changes: Partial<EdgeOptions> = {}) => {
    const edge = await startEdge({
      stateDir: join(folder, `edge-${edges.length}`),
      listen: [{ host: "127.0.0.1", port: 0 }],
      gateways: [],
      outOfMoney: "free",
      freeUpstreams: [`udp://127.0.0.1:${upstream.port}`],
      timeoutMs: 1_500,
      ...changes,
    });
    edges.push(edge);
    return edge;
  };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-hostile-"));
    upstream = await startUpstream(() => undefined);
  });
  afterEach(async () => {
    for (const edge of edges.splice(0)) await edge.close();
    rmSync(folder, { recursive: true, force: true });
  });
  after(() => upstream.close());
  const a = (name: string, data: string) => ({ type: "A" as const, name, ttl: 300, data });

  it("keeps no record of a name it did not ask for", async () => {
    upstream.behave(({ name }) => ({
      answers: [a(name, "198.51.100.1"), a("victim.example", "203.0.113.66")],
      authorities: [{ type: "NS", name: "example", ttl: 300, data: "ns.evil.example" }],
      additionals: [a("victim.example", "203.0.113.66"), a("ns.evil.example", "203.0.113.66")],
    }));
    const edge = await start();
    expect((await dig(edge, "asked.example")).answers).to.deep.equal(["198.51.100.1"]);
    upstream.behave(({ name }) => ({ answers: [a(name, "198.51.100.2")] }));
    expect((await dig(edge, "victim.example")).answers).to.deep.equal(["198.51.100.2"]);
    expect((await dig(edge, "ns.evil.example")).answers).to.deep.equal(["198.51.100.2"]);
  });

  it("takes no answer of another id or to another question, however often it comes", async () => {
    const forged = (id: number, name: string) =>
      encode({
        type: "response",
        id,
        flags: 0x0180,
        questions: [{ type: "A", name }],
        answers: [a(name, "203.0.113.66")],
      });
    for (const forge of [
      (bytes: Buffer, name: string) => forged((bytes.readUInt16BE(0) + 1) & 0xffff, name),
      (bytes: Buffer) => forged(bytes.readUInt16BE(0), "other.example"),
    ]) {
      upstream.behave(({ name, bytes }) => ({ raw: forge(bytes, name) }));
      const edge = await start();
      const answer = await dig(edge, "wanted.example");
      expect(answer.answers).to.deep.equal([]);
      upstream.behave(({ name }) => ({ answers: [a(name, "198.51.100.3")] }));
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect((await dig(edge, "wanted.example")).answers, "nothing of it was kept").to.deep.equal([
        "198.51.100.3",
      ]);
    }
  });

  const PRIVATE = [
    "10.1.2.3",
    "127.0.0.1",
    "192.168.0.1",
    "172.31.255.255",
    "169.254.1.1",
    "100.64.0.1",
    "0.0.0.0",
  ];
  it("refuses public names that point into the user's network, and says why", async () => {
    const edge = await start();
    for (const data of PRIVATE) {
      upstream.behave(({ name }) => ({ answers: [a(name, data)] }));
      const answer = await dig(edge, `at-${data.replaceAll(".", "-")}.example`);
      expect(answer.status, data).to.equal("SERVFAIL");
      expect(answer.ede, data).to.match(/^15 .*may not point into this network/);
    }
    upstream.behave(({ name }) => ({ answers: [a(name, "100.128.0.1")] }));
    expect((await dig(edge, "just-outside.example")).answers).to.deep.equal(["100.128.0.1"]);
  });

  it("refuses private IPv6 addresses, mapped ones too, and private hints of service bindings", async () => {
    const { createRebindingGuard, encodeName, readMessage } = await import("@tolldns/dns");
    const guard = createRebindingGuard();
    const refuses = (of: Uint8Array, bytes: Uint8Array) => guard.refuses(of, readMessage(bytes));
    const name = encodeName("public.example");
    const message = (type: "AAAA", data: string) =>
      encode({
        type: "response",
        questions: [{ type, name: "public.example" }],
        answers: [{ type, name: "public.example", data }],
      });
    for (const data of ["::1", "::", "fd00::1", "fe80::1", "::ffff:192.168.1.1", "::ffff:127.0.0.1"])
      expect(refuses(name, message("AAAA", data)), data).to.equal(true);
    for (const data of ["2001:db8::1", "::ffff:198.51.100.1"])
      expect(refuses(name, message("AAAA", data)), data).to.equal(false);
    const https = (hints: number[]) =>
      encode({
        type: "response",
        questions: [{ type: "A", name: "public.example" }],
        answers: [
          { type: "UNKNOWN_65" as "NULL", name: "public.example", data: Buffer.from([0, 1, 0, ...hints]) },
        ],
      });
    expect(refuses(name, https([0, 4, 0, 8, 198, 51, 100, 1, 192, 168, 0, 1])), "ipv4hint").to.equal(true);
    expect(refuses(name, https([0, 6, 0, 16, 0xfd, ...new Array<number>(15).fill(1)])), "ipv6hint").to.equal(
      true,
    );
    expect(refuses(name, https([0, 4, 0, 4, 198, 51, 100, 1]))).to.equal(false);
  });

  it("lets names point home that are the user's own, or when the user switched it off", async () => {
    upstream.behave(({ name }) => ({ answers: [a(name, "192.168.0.1")] }));
    const allowing = await start({ rebinding: { protect: true, allow: ["corp.example"] } });
    expect((await dig(allowing, "printer.corp.example")).answers).to.deep.equal(["192.168.0.1"]);
    expect((await dig(allowing, "nas.home.arpa")).answers).to.deep.equal(["192.168.0.1"]);
    expect((await dig(allowing, "corp.example.evil.example")).status).to.equal("SERVFAIL");
    const off = await start({ rebinding: { protect: false } });
    expect((await dig(off, "any.example")).answers).to.deep.equal(["192.168.0.1"]);
  });

  it("keeps its answers over a restart, as old as they are by then", async () => {
    upstream.behave(({ name }) => ({ answers: [a(name, "198.51.100.4")] }));
    const stateDir = join(folder, "kept");
    const first = await start({ stateDir });
    await dig(first, "kept.example");
    await first.close();
    const asked = upstream.asked();
    const second = await start({ stateDir });
    expect((await dig(second, "kept.example")).answers).to.deep.equal(["198.51.100.4"]);
    expect(upstream.asked()).to.equal(asked);
  });

  it("asks once for one question that many programs ask at the same time", async () => {
    upstream.behave(async ({ name }) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return { answers: [a(name, "198.51.100.5")] };
    });
    const edge = await start();
    const asked = upstream.asked();
    const all = await Promise.all(Array.from({ length: 12 }, () => dig(edge, "popular.example")));
    expect(all.every(({ answers }) => answers[0] === "198.51.100.5")).to.equal(true);
    expect(upstream.asked() - asked).to.be.at.most(2);
  });

  it("tells who wants to show it what was asked and where the answer came from", async () => {
    upstream.behave(({ name }) => ({ answers: [a(name, "198.51.100.6")] }));
    const told: string[] = [];
    const edge = await start({
      onAnswer: ({ name, type, rcode, from }) => told.push(`${name} ${type} ${rcode} ${from}`),
    });
    await dig(edge, "shown.example");
    await dig(edge, "shown.example");
    upstream.behave(({ name }) => ({ answers: [a(name, "10.0.0.1")] }));
    await dig(edge, "inside.example");
    expect(told).to.deep.equal([
      "shown.example A NOERROR free",
      "shown.example A NOERROR cache",
      "inside.example A SERVFAIL edge",
    ]);
  });
});
