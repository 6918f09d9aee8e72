import {
  buildQuery,
  createCache,
  createResolver,
  encodeName,
  type Handler,
  listenUdp,
  TYPE,
} from "@tolldns/dns";
import { expect } from "chai";
import { askUdp } from "../../dns/support/clients.ts";
import { a, answerTo } from "../../dns/support/messages.ts";

/** Everything it is asked has a large answer. */
function largeAnswers() {
  const resolver = createResolver({
    cache: createCache({ bytes: 2_000_000 }),
    ask: async (question) =>
      answerTo(question, { answers: Array.from({ length: 200 }, (_, i) => a("a.example", `10.0.0.${i}`)) }),
  });
  return resolver;
}

const query = (payloadSize: number, type: number = TYPE.A) =>
  buildQuery({ name: encodeName("a.example"), type, payloadSize });

describe("amplification over UDP", () => {
  it("is bounded by the listener whatever payload size a client, or a forger, announces", async () => {
    const resolver = largeAnswers();
    const listener = await listenUdp({ port: 0, handler: resolver.answer });
    for (const size of [0, 512, 4096, 65_535]) {
      const [answer] = await askUdp(listener.port, [query(size)]);
      expect(answer?.length).to.be.at.most(Math.min(1232, Math.max(512, size)));
      expect((answer?.[2] as number) & 2, "TC").to.equal(2);
    }
    await listener.close();
    resolver.close();
  });

  it("can be cut further by the handler, for clients that haven't paid", async () => {
    const resolver = largeAnswers();
    const handler: Handler = (given, out, at) => {
      given.limit = Math.min(given.limit, 100);
      return resolver.answer(given, out, at);
    };
    const listener = await listenUdp({ port: 0, handler });
    for (let i = 0; i < 2; i++) {
      const [answer] = await askUdp(listener.port, [query(4096)]);
      expect(answer?.length).to.be.at.most(100);
    }
    await listener.close();
    resolver.close();
  });

  it("stays bounded under a handler that ignores the limit, at once and later", async () => {
    const handler: Handler = (given, out, at) => {
      if (given.name.startsWith("later")) return Promise.resolve(new Uint8Array(60_000));
      out.fill(0, at, at + 60_000);
      return 60_000;
    };
    const listener = await listenUdp({ port: 0, handler });
    for (const name of ["now", "later"]) {
      const [answer] = await askUdp(listener.port, [
        buildQuery({ id: 9, name: encodeName(name), type: 1, payloadSize: 600 }),
      ]);
      expect(answer?.length).to.be.below(100);
      expect(answer?.readUInt16BE(0)).to.equal(9);
      expect((answer?.[2] as number) & 2, "TC").to.equal(2);
    }
    await listener.close();
  });

  it("gains next to nothing from ANY, errors and malformed queries", async () => {
    const resolver = largeAnswers();
    const listener = await listenUdp({ port: 0, handler: resolver.answer });
    for (const message of [query(4096, TYPE.ANY), query(4096, TYPE.AXFR), query(4096).subarray(0, 25)]) {
      const [answer] = await askUdp(listener.port, [message]);
      expect(answer?.length).to.be.at.most(message.length + 32);
    }
    await listener.close();
    resolver.close();
  });
});
