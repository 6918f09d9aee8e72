import { buildQuery, encodeName, type Handler, type Listener, listenHttps, writeError } from "@tolldns/dns";
import { expect } from "chai";
import { testCertificate } from "../../dns/support/servers.ts";
import { frameOf, getHead, openRawHttp2, type RawHttp2 } from "./support/http2.ts";

const CALM = 11;
const path = `/dns-query?dns=${Buffer.from(buildQuery({ name: encodeName("a.example"), type: 1 })).toString("base64url")}`;

/** A listener whose handler never answers `never`, with a hostile client on it. */
async function attacked(handler: Handler, run: (client: RawHttp2, listener: Listener) => Promise<void>) {
  const { certificate, ca } = await testCertificate();
  const listener = await listenHttps({ port: 0, handler, certificate });
  const client = await openRawHttp2(listener.port, ca);
  try {
    await run(client, listener);
    // Whatever was done to it, the next client is served.
    const next = await openRawHttp2(listener.port, ca);
    next.send(1, 5, 1, getHead("/none"));
    await next.until(() => next.frames.some((frame) => frame.type === 1));
    expect(next.frames.some((frame) => frame.type === 1)).to.equal(true);
    next.end();
  } finally {
    client.end();
    await listener.close();
  }
}

const never: Handler = () => new Promise(() => {});
const atOnce: Handler = (query, out, at) => writeError(query, out, at, 0);

/** Sends frames in one write, until the server says something final. */
async function flood(client: RawHttp2, count: number, make: (i: number) => Buffer) {
  for (let i = 0; i < count && client.goAway() < 0; i += 100) {
    client.socket.write(Buffer.concat(Array.from({ length: 100 }, (_, k) => make(i + k))));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.until(() => client.goAway() >= 0);
}

describe("HTTP/2 floods", () => {
  it("of requests reset at once (rapid reset) end the connection after a hundred or so", () => {
    let asked = 0;
    const counting: Handler = () => {
      asked++;
      return new Promise(() => {});
    };
    return attacked(counting, async (client) => {
      await flood(client, 20_000, (i) =>
        Buffer.concat([
          frameOf(1, 5, 2 * i + 1, getHead(path)),
          frameOf(3, 0, 2 * i + 1, Buffer.of(0, 0, 0, 8)),
        ]),
      );
      expect(client.goAway()).to.equal(CALM);
      expect(asked).to.be.below(300);
    });
  });

  it("of requests never answered are held to the streams allowed, the rest refused", () => {
    let asked = 0;
    const counting: Handler = () => {
      asked++;
      return new Promise(() => {});
    };
    return attacked(counting, async (client) => {
      for (let i = 0; i < 600; i++) client.send(1, 5, 2 * i + 1, getHead(path));
      const refused = () =>
        client.frames.filter((frame) => frame.type === 3 && frame.payload.readUInt32BE(0) === 7).length;
      await client.until(() => refused() >= 344);
      expect(refused()).to.equal(344);
      expect(asked).to.equal(256);
    });
  });

  it("of pings end the connection", () =>
    attacked(never, async (client) => {
      await flood(client, 20_000, () => frameOf(6, 0, 0, Buffer.alloc(8)));
      expect(client.goAway()).to.equal(CALM);
    }));

  it("of settings end the connection", () =>
    attacked(never, async (client) => {
      await flood(client, 20_000, () => frameOf(4, 0, 0, Buffer.of(0, 3, 0, 0, 0, 100)));
      expect(client.goAway()).to.equal(CALM);
    }));

  it("of empty CONTINUATION frames end the connection", () =>
    attacked(never, async (client) => {
      client.send(1, 1, 1, getHead(path));
      await flood(client, 20_000, () => frameOf(9, 0, 1));
      expect(client.goAway()).to.equal(CALM);
    }));

  it("of CONTINUATION frames with headers without end stop at 32 KiB", () =>
    attacked(never, async (client) => {
      client.send(1, 1, 1, getHead(path));
      await flood(client, 1000, () => frameOf(9, 0, 1, Buffer.alloc(16_000, 0x82)));
      expect(client.goAway()).to.equal(CALM);
    }));

  it("of empty DATA frames end the connection", () =>
    attacked(never, async (client) => {
      client.send(1, 4, 1, getHead("/x"));
      await flood(client, 20_000, () => frameOf(0, 0, 1));
      expect(client.goAway()).to.equal(CALM);
    }));

  it("of window updates nobody waits for end the connection", () =>
    attacked(never, async (client) => {
      await flood(client, 20_000, () => frameOf(8, 0, 0, Buffer.of(0, 0, 0, 1)));
      expect(client.goAway()).to.equal(CALM);
    }));

  it("of priorities and unknown frames end the connection", () =>
    attacked(never, async (client) => {
      await flood(client, 20_000, (i) =>
        i % 2 === 0 ? frameOf(2, 0, 1, Buffer.alloc(5)) : frameOf(0xaa, 0, 0),
      );
      expect(client.goAway()).to.equal(CALM);
    }));

  it("are not what ordinary traffic looks like: 20 000 queries on one connection are answered", () =>
    attacked(atOnce, async (client) => {
      for (let round = 0; round < 100; round++) {
        const from = round * 200;
        client.socket.write(
          Buffer.concat(
            Array.from({ length: 200 }, (_, k) => frameOf(1, 5, 2 * (from + k) + 1, getHead(path))),
          ),
        );
        const done = () => client.frames.filter((frame) => frame.type === 0).length >= from + 200;
        await client.until(done);
        client.send(8, 0, 0, Buffer.of(0, 0, 0x40, 0));
      }
      expect(client.goAway()).to.equal(-1);
      expect(client.frames.filter((frame) => frame.type === 0).length).to.equal(20_000);
    }));

  it("with header lists over 16 KiB are answered 431", () =>
    attacked(atOnce, async (client) => {
      const fields = Buffer.concat([
        getHead("/x"),
        ...Array.from({ length: 400 }, () =>
          Buffer.concat([Buffer.of(0, 1, 0x78, 30), Buffer.alloc(30, 0x79)]),
        ),
      ]);
      client.send(1, 5, 1, fields);
      await client.until(() => client.frames.some((frame) => frame.type === 1));
      const answer = client.frames.find((frame) => frame.type === 1);
      expect(answer?.payload.includes(Buffer.from("431"))).to.equal(true);
    }));

  it("with a Huffman bomb or a table bomb cost a bounded decode", () =>
    attacked(atOnce, async (client) => {
      // One entry of 4 000 bytes, then references to it: 16 KiB on the wire would be 60 MB of headers.
      const entry = Buffer.concat([Buffer.of(0x40, 1, 0x78, 0x7f, 0x9e, 0x1e), Buffer.alloc(3997, 0x79)]);
      client.send(1, 5, 1, Buffer.concat([getHead("/x"), entry, Buffer.alloc(12_000, 0xbe)]));
      await client.until(() => client.frames.some((frame) => frame.type === 1 || frame.type === 7));
      const status = client.frames.find((frame) => frame.type === 1)?.payload;
      expect(client.goAway() === 9 || status?.includes(Buffer.from("431"))).to.equal(true);
    }));
});
