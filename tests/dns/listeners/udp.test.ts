import { buildQuery, encodeName, type Handler, listenUdp, writeError } from "@tolldns/dns";
import { expect } from "chai";
import { askUdp } from "../support/clients.ts";
import { decode } from "../support/messages.ts";
import { countingResolver } from "../support/servers.ts";

const query = (name: string, id = 1, payloadSize = 1232) =>
  buildQuery({ id, name: encodeName(name), type: 1, payloadSize });

describe("the UDP listener", () => {
  for (const host of ["127.0.0.1", "::1"])
    it(`answers on ${host}, first from upstream and then from the cache`, async () => {
      const { handler, asked } = countingResolver();
      const listener = await listenUdp({ port: 0, host, handler });
      const [first] = await askUdp(listener.port, [query("a.example", 7)], 1, host);
      const [second] = await askUdp(listener.port, [query("a.example", 8)], 1, host);
      await listener.close();
      expect([first, second].map((bytes) => decode(bytes as Buffer).id)).to.deep.equal([7, 8]);
      expect(decode(second as Buffer).answers).to.have.length(1);
      expect(asked).to.have.length(1);
    });

  it("answers malformed queries with FORMERR, foreign opcodes with NOTIMP, and is silent to answers", async () => {
    const { handler } = countingResolver();
    const listener = await listenUdp({ port: 0, handler });
    const cut = query("a.example", 2).subarray(0, 20);
    const update = query("a.example", 3);
    update[2] = 5 << 3;
    const answer = query("a.example", 4);
    answer[2] = 0x80;
    const answers = await askUdp(listener.port, [cut, update, answer, query("b.example", 5)], 3);
    const stats = listener.stats();
    await listener.close();
    const seen = Object.fromEntries(
      answers.map((bytes) => [bytes.readUInt16BE(0), (bytes[3] as number) & 15]),
    );
    expect(seen).to.deep.equal({ 2: 1, 3: 4, 5: 0 });
    expect(stats.malformed).to.equal(3);
  });

  it("sends no more than the client takes, nor than it is allowed itself", async () => {
    const limits: number[] = [];
    const handler: Handler = (given, out, at) => {
      limits.push(given.limit);
      return writeError(given, out, at, 0);
    };
    const listener = await listenUdp({ port: 0, handler, maxAnswer: 1400 });
    for (const size of [0, 100, 1232, 4096]) await askUdp(listener.port, [query("a", 1, size)], 1);
    await listener.close();
    expect(limits).to.deep.equal([512, 512, 1232, 1400]);
  });

  it("answers SERVFAIL for a handler that throws or rejects, and drops where it says so", async () => {
    const handler: Handler = (given) => {
      if (given.name === "throws") throw new Error("no");
      return given.name === "rejects" ? Promise.reject(new Error("no")) : 0;
    };
    const listener = await listenUdp({ port: 0, handler });
    const answers = await askUdp(
      listener.port,
      [query("throws", 1), query("rejects", 2), query("dropped", 3)],
      3,
      "127.0.0.1",
      300,
    );
    const stats = listener.stats();
    await listener.close();
    expect(answers.map((bytes) => (bytes[3] as number) & 15)).to.deep.equal([2, 2]);
    expect(stats.failures).to.equal(2);
  });

  it("keeps thousands of answers apart although they share a buffer", async () => {
    const { handler } = countingResolver();
    const listener = await listenUdp({ port: 0, handler, receiveBuffer: 4 << 20 });
    for (let round = 0; round < 20; round++) {
      const messages = Array.from({ length: 100 }, (_, i) => query(`n${i}.example`, round * 100 + i));
      const answers = await askUdp(listener.port, messages);
      for (const bytes of answers) {
        const message = decode(bytes);
        expect(message.questions?.[0]?.name).to.equal(`n${bytes.readUInt16BE(0) - round * 100}.example`);
      }
      expect(answers).to.have.length(100);
    }
    await listener.close();
  });

  it("shares its port with another listener that asks to", async () => {
    const { handler } = countingResolver();
    const first = await listenUdp({ port: 0, handler, reusePort: true });
    const second = await listenUdp({ port: first.port, handler, reusePort: true });
    for (let i = 0; i < 40; i++) await askUdp(first.port, [query("a.example", i)], 1);
    const counts = [first.stats().queries, second.stats().queries];
    await Promise.all([first.close(), second.close()]);
    expect((counts[0] as number) + (counts[1] as number)).to.equal(40);
    expect(Math.min(...counts)).to.be.above(0);
  });

  it("says which address could not be bound", async () => {
    const { handler } = countingResolver();
    const listener = await listenUdp({ port: 0, handler });
    const error = await listenUdp({ port: listener.port, handler }).catch((caught: unknown) => caught);
    await listener.close();
    expect(error).to.have.property("code", "listen-failed");
  });
});
