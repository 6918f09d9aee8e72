import { createSocket } from "node:dgram";
import { buildQuery, encodeName, listenTcp, listenUdp } from "@tolldns/dns";
import { expect } from "chai";
import { askUdp, frame, openTcp } from "../../dns/support/clients.ts";
import { countingResolver } from "../../dns/support/servers.ts";
import { fuzzAnswers, fuzzQueries } from "./support/fuzz.ts";
import { mutate, queryCorpus, randomFrom } from "./support/mutate.ts";

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

describe(`malformed messages (FUZZ_SEED=${seed})`, () => {
  it("survives 50 000 mutated queries and answers the sound ones", async () => {
    const result = await fuzzQueries(50_000, seed);
    expect(result.accepted).to.be.above(2000);
    expect(result.refused).to.be.above(2000);
  });

  it("survives 50 000 mutated answers and keeps none it can't read back", () => {
    const result = fuzzAnswers(50_000, seed);
    expect(result.accepted).to.be.above(2000);
    expect(result.refused).to.be.above(2000);
  });

  it("goes on serving UDP through random and mutated datagrams", async () => {
    const { handler } = countingResolver();
    const listener = await listenUdp({ port: 0, handler });
    const socket = createSocket("udp4");
    const next = randomFrom(seed);
    const corpus = queryCorpus();
    for (let i = 0; i < 3000; i++) {
      const random = Buffer.from(Array.from({ length: next() % 600 }, () => next() & 255));
      const bytes = i % 2 === 0 ? random : mutate(corpus[i % corpus.length] as Uint8Array, corpus, next);
      socket.send(bytes, listener.port, "127.0.0.1");
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // The flood may have filled the socket's buffer, and a datagram may be lost: as a client would, ask again.
    const sound = buildQuery({ id: 77, name: encodeName("sound.example"), type: 1 });
    let answers: Buffer[] = [];
    for (let i = 0; i < 10 && answers.length === 0; i++)
      answers = await askUdp(listener.port, [sound], 1, "127.0.0.1", 300);
    expect(answers[0]?.readUInt16BE(0)).to.equal(77);
    expect(listener.stats().failures).to.equal(0);
    socket.close();
    await listener.close();
  });

  it("answers mutated messages on a stream in step, and ends a stream that sends what is no query", async () => {
    const { handler } = countingResolver();
    const listener = await listenTcp({ port: 0, handler });
    const next = randomFrom(seed);
    const corpus = queryCorpus();
    for (let i = 0; i < 40; i++) {
      const client = await openTcp(listener.port);
      const messages = Array.from({ length: 20 }, () =>
        mutate(corpus[next() % corpus.length] as Uint8Array, corpus, next),
      );
      client.socket.write(frame(...messages));
      client.send(buildQuery({ id: 0x5151, name: encodeName("sound.example"), type: 1 }));
      await client.until(
        ({ answers, closed }) => closed || answers.some((bytes) => bytes.readUInt16BE(0) === 0x5151),
      );
      client.end();
    }
    expect(listener.stats().failures).to.equal(0);
    await listener.close();
  });
});
