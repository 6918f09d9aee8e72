import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server, type Socket as TcpSocket } from "node:net";
import {
  createUpstream,
  type DnsError,
  encodeOption,
  type Handler,
  listenDot,
  listenHttps,
  listenTcp,
  listenUdp,
  OPTION,
  questionFor,
  RCODE,
  readMessage,
  TYPE,
  type UpstreamOptions,
  writeError,
} from "@tolldns/dns";
import { expect } from "chai";
import packet from "dns-packet";
import { frame } from "../support/clients.ts";
import { decode } from "../support/messages.ts";
import { bindBoth } from "../support/ports.ts";
import { countingResolver, testCertificate } from "../support/servers.ts";

const question = (name = "a.example") => questionFor(name, TYPE.A);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: DnsError) => error.code,
  );

/** A server as scripted: what it does with each datagram. Speaks UDP, and TCP on the same port if told how. */
async function fixture(
  onUdp: (query: Buffer, reply: (message: Uint8Array) => void, socket: Socket) => void,
  onTcp?: (query: Buffer, socket: TcpSocket) => void,
): Promise<{ port: number; close: () => Promise<void> }> {
  const tcp: Server | undefined =
    onTcp &&
    createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (chunk) => onTcp(chunk.subarray(2), socket));
    });
  const { port, udp } = await bindBoth(tcp);
  udp.on("message", (query, from) =>
    onUdp(query, (message) => udp.send(message, from.port, from.address), udp),
  );
  return {
    port,
    close: async () => {
      udp.close();
      await new Promise<void>((resolve) => (tcp === undefined ? resolve() : tcp.close(() => resolve())));
    },
  };
}

/** A right answer to a query, made by another encoder but for the question, which is echoed byte for byte. */
function reply(query: Buffer, address = "192.0.2.1", additionals: object[] = []): Buffer {
  const { id, questions } = packet.decode(query);
  const name = questions?.[0]?.name ?? "";
  const made = packet.encode({
    type: "response",
    id: id ?? 0,
    flags: 0x180,
    questions: [{ name, type: "A" }],
    answers: [{ type: "A", name, ttl: 60, data: address }],
    additionals: additionals as never,
  });
  query.copy(made, 12, 12, 12 + name.length + 2);
  return made;
}

const withUpstream = async <T>(
  options: Partial<UpstreamOptions> & { port: number },
  run: (upstream: ReturnType<typeof createUpstream>) => Promise<T>,
) => {
  const upstream = createUpstream({ protocol: "udp", address: "127.0.0.1", timeoutMs: 1500, ...options });
  try {
    return await run(upstream);
  } finally {
    await upstream.close();
  }
};

describe("asking an upstream", () => {
  for (const protocol of ["udp", "tcp", "dot", "doh"] as const)
    it(`gets answers over ${protocol}, many at once, and cut ones whole`, async () => {
      const { certificate, ca } = await testCertificate();
      const { handler } = countingResolver();
      const big: Handler = (query, out, at) => {
        if (!query.name.toLowerCase().startsWith("big")) return handler(query, out, at);
        if (query.limit < 60_000) {
          out[at + 2] = 0;
          const length = writeError(query, out, at, 0);
          out[at + 2] = (out[at + 2] as number) | 2;
          return length;
        }
        return writeError(query, out, at, RCODE.NXDOMAIN);
      };
      const listener =
        protocol === "udp"
          ? await listenUdp({ port: 0, handler: big })
          : protocol === "tcp"
            ? await listenTcp({ port: 0, handler: big })
            : protocol === "dot"
              ? await listenDot({ port: 0, handler: big, certificate })
              : await listenHttps({ port: 0, handler: big, certificate });
      const tcp = protocol === "udp" ? await listenTcp({ port: listener.port, handler: big }) : undefined;
      await withUpstream({ protocol, port: listener.port, ca, timeoutMs: 5000 }, async (upstream) => {
        const answers = await Promise.all(
          Array.from({ length: 100 }, (_, i) => upstream.ask(question(`n${i}.example`))),
        );
        answers.forEach((bytes, i) => {
          expect(decode(bytes).questions?.[0]?.name.toLowerCase()).to.equal(`n${i}.example`);
          expect(readMessage(bytes).id).to.equal(0);
        });
        expect(readMessage(await upstream.ask(question("big.example"))).rcode).to.equal(RCODE.NXDOMAIN);
        expect(upstream.stats()).to.deep.include({ asked: 101, answered: 101, failed: 0, underWay: 0 });
        if (protocol !== "udp") expect(upstream.stats().connections).to.equal(1);
      });
      await listener.close();
      await tcp?.close();
    });

  it("sends options with a question, and headers over DoH", async () => {
    const { certificate, ca } = await testCertificate();
    const seen: string[] = [];
    const handler: Handler = (query, out, at) => {
      seen.push(Buffer.from(query.local ?? []).toString());
      return writeError(query, out, at, 0);
    };
    const shared = { port: 0, handler, certificate, localOption: 65_312, localHeader: "toll" };
    const listener = await listenHttps(shared);
    const udp = await listenUdp(shared);
    await withUpstream({ protocol: "doh", port: listener.port, ca }, (upstream) =>
      upstream.ask(question(), { headers: { toll: Buffer.from("in a header").toString("base64url") } }),
    );
    await withUpstream({ port: udp.port }, (upstream) =>
      upstream.ask(question(), { options: encodeOption(65_312, Buffer.from("in an option")) }),
    );
    await listener.close();
    await udp.close();
    expect(seen).to.deep.equal(["in a header", "in an option"]);
  });

  it("says what an HTTP refusal said", async () => {
    const { certificate, ca } = await testCertificate();
    const handler: Handler = () => ({ status: 402, body: Buffer.from('{"code":1}') });
    const listener = await listenHttps({ port: 0, handler, certificate });
    await withUpstream({ protocol: "doh", port: listener.port, ca }, async (upstream) => {
      const error = (await upstream.ask(question()).catch((caught: unknown) => caught)) as DnsError;
      expect(error.code).to.equal("exchange-http-status");
      expect(error.status).to.equal(402);
      expect(error.contentType).to.equal("application/problem+json");
      expect(Buffer.from(error.body ?? []).toString()).to.equal('{"code":1}');
    });
    await listener.close();
  });

  it("asks again when a datagram is lost", async () => {
    let count = 0;
    const server = await fixture((query, send) => {
      if (++count > 1) send(reply(query));
    });
    await withUpstream({ port: server.port, retryMs: 60 }, async (upstream) => {
      expect(decode(await upstream.ask(question())).answers).to.have.length(1);
    });
    await server.close();
  });

  it("uses many ports and mixed case, and no id twice in a row", async () => {
    const ports = new Set<number>();
    const cases = new Set<string>();
    const ids = new Set<number>();
    const udp = createSocket("udp4");
    await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
    udp.on("message", (query, from) => {
      ports.add(from.port);
      ids.add(query.readUInt16BE(0));
      cases.add(query.toString("latin1", 12, 30));
      udp.send(reply(query), from.port, from.address);
    });
    await withUpstream({ port: udp.address().port }, async (upstream) => {
      for (let i = 0; i < 60; i++) await upstream.ask(question("mixed-case.example"));
    });
    udp.close();
    expect(ports.size).to.be.above(8);
    expect(cases.size).to.be.above(50);
    expect(ids.size).to.be.above(55);
  });

  it("sends a cookie, returns the server's, and heeds BADCOOKIE", async () => {
    const cookies: Buffer[] = [];
    const server = await fixture((query, send) => {
      const opt = packet.decode(query).additionals?.find((one) => one.type === "OPT") as unknown as {
        options: { code: number; data: Buffer }[];
      };
      const cookie = opt.options.find((one) => one.code === OPTION.COOKIE)?.data as Buffer;
      cookies.push(cookie);
      const isGood = cookie.length === 16;
      const answer = reply(query, "192.0.2.1", [
        {
          type: "OPT",
          name: ".",
          udpPayloadSize: 1232,
          extendedRcode: isGood ? 0 : 1,
          flags: 0,
          options: [
            { code: OPTION.COOKIE, data: Buffer.concat([cookie.subarray(0, 8), Buffer.alloc(8, 0xee)]) },
          ],
        },
      ]);
      if (!isGood) answer[3] = ((answer[3] as number) & 0xf0) | (RCODE.BADCOOKIE & 15);
      send(answer);
    });
    await withUpstream({ port: server.port }, async (upstream) => {
      expect(decode(await upstream.ask(question())).answers).to.have.length(1);
      await upstream.ask(question());
    });
    await server.close();
    expect(cookies.map((cookie) => cookie.length)).to.deep.equal([8, 16, 16]);
    expect(cookies[2]?.subarray(8).every((byte) => byte === 0xee)).to.equal(true);
  });

  it("asks afresh when a kept connection was closed under the question", async () => {
    let connections = 0;
    const server = await fixture(
      () => {},
      (query, socket) => {
        if (socket.bytesWritten > 0 && connections === 1) return socket.destroy();
        if (socket.bytesWritten === 0) connections++;
        socket.write(frame(reply(query)));
      },
    );
    await withUpstream({ protocol: "tcp", port: server.port }, async (upstream) => {
      await upstream.ask(question());
      expect(decode(await upstream.ask(question())).answers).to.have.length(1);
      expect(upstream.stats().connections).to.equal(2);
    });
    await server.close();
  });

  it("tells silence, refusal, closed connections, bad certificates and too many questions apart", async () => {
    const { certificate, ca } = await testCertificate();
    const silent = await fixture(
      () => {},
      () => {},
    );
    const closing = await fixture(
      () => {},
      (_query, socket) => socket.destroy(),
    );
    const { handler } = countingResolver();
    const dot = await listenDot({ port: 0, handler, certificate });
    const doh = await listenHttps({ port: 0, handler, certificate });
    const ask = (options: Partial<UpstreamOptions> & { port: number }) =>
      withUpstream({ timeoutMs: 200, ...options }, (upstream) => codeOf(upstream.ask(question())));
    expect(await ask({ port: silent.port })).to.equal("exchange-timeout");
    expect(await ask({ port: silent.port, protocol: "tcp" })).to.equal("exchange-timeout");
    expect(await ask({ port: closing.port, protocol: "tcp" })).to.equal("exchange-closed");
    await silent.close();
    await closing.close();
    expect(await ask({ port: silent.port })).to.equal("exchange-refused");
    expect(await ask({ port: silent.port, protocol: "tcp" })).to.equal("exchange-refused");
    expect(await ask({ port: silent.port, protocol: "doh" })).to.equal("exchange-refused");
    expect(await ask({ port: dot.port, protocol: "dot", timeoutMs: 1500 })).to.equal("exchange-tls");
    expect(await ask({ port: doh.port, protocol: "doh", timeoutMs: 1500 })).to.equal("exchange-tls");
    expect(
      await ask({ port: dot.port, protocol: "dot", ca, serverName: "elsewhere.example", timeoutMs: 1500 }),
    ).to.equal("exchange-tls");
    await dot.close();
    await doh.close();
    const slow = await fixture(() => {});
    await withUpstream({ port: slow.port, maxUnderWay: 1, timeoutMs: 200 }, async (upstream) => {
      const first = codeOf(upstream.ask(question()));
      expect(await codeOf(upstream.ask(question()))).to.equal("exchange-busy");
      expect(await first).to.equal("exchange-timeout");
    });
    await slow.close();
  });
});
