import {
  buildQuery,
  encodeName,
  encodeOption,
  type Handler,
  type HttpRequest,
  type Listener,
  listenHttps,
  RCODE,
  type Refusal,
  writeError,
} from "@tolldns/dns";
import { expect } from "chai";
import { ask1, ask2, type HttpAnswer, openHttp2 } from "../support/clients.ts";
import { decode } from "../support/messages.ts";
import { countingResolver, testCertificate } from "../support/servers.ts";

const DNS = "application/dns-message";
const query = (name: string, more: object = {}) => buildQuery({ name: encodeName(name), type: 1, ...more });
const getPath = (message: Uint8Array) => `/dns-query?dns=${Buffer.from(message).toString("base64url")}`;

type Send = (
  method: string,
  path: string,
  headers?: Record<string, string>,
  body?: Uint8Array,
) => Promise<HttpAnswer>;

/** Both versions of HTTP against one listener. */
async function both(
  options: Partial<Parameters<typeof listenHttps>[0]>,
  run: (send: Send, listener: Listener) => Promise<void>,
) {
  const { certificate, ca } = await testCertificate();
  const { handler } = countingResolver();
  const listener = await listenHttps({ port: 0, handler, certificate, ...options });
  const session = await openHttp2(listener.port, ca);
  try {
    await run(
      (method, path, headers, body) => ask1(listener.port, ca, method, path, headers, body),
      listener,
    );
    await run(
      (method, path, headers, body) => ask2(session, { ":method": method, ":path": path, ...headers }, body),
      listener,
    );
  } finally {
    session.destroy();
    await listener.close();
  }
}

describe("the DoH listener, over HTTP/1.1 and HTTP/2", () => {
  it("answers GET and POST with the TTL as max-age (RFC 8484)", () =>
    both({}, async (send) => {
      const got = await send("GET", getPath(query("a.example")));
      const posted = await send("POST", "/dns-query", { "content-type": DNS }, query("a.example"));
      for (const { status, headers, body } of [got, posted]) {
        expect(status).to.equal(200);
        expect(headers["content-type"]).to.equal(DNS);
        expect(headers["cache-control"]).to.equal("max-age=300");
        expect(Number(headers["content-length"])).to.equal(body.length);
        expect(decode(body).answers?.[0]).to.deep.include({ name: "a.example", data: "192.0.2.1" });
      }
    }));

  it("answers again and again on one connection, hits and misses mixed", () =>
    both({}, async (send) => {
      for (let i = 0; i < 60; i++) {
        const { body } = await send("GET", getPath(query(`n${i % 20}.example`)));
        expect(decode(body).questions?.[0]?.name).to.equal(`n${i % 20}.example`);
      }
    }));

  it("answers the JSON form", () =>
    both({}, async (send) => {
      const { body, headers, status } = await send("GET", "/dns-query?name=a.example&type=A");
      expect(status).to.equal(200);
      expect(headers["content-type"]).to.equal("application/dns-json");
      const json = JSON.parse(body.toString()) as { Status: number; Answer: object[]; Question: object[] };
      expect(json.Status).to.equal(0);
      expect(json.Question).to.deep.equal([{ name: "a.example.", type: 1 }]);
      expect(json.Answer).to.deep.equal([{ name: "a.example.", type: 1, TTL: 300, data: "192.0.2.1" }]);
      expect((await send("GET", "/dns-query?name=a..b")).status).to.equal(400);
      expect((await send("GET", "/dns-query?name=a&type=NOPE")).status).to.equal(400);
    }));

  it("hands a request header on to the handler, decoded, and the EDNS option where there is none", async () => {
    const seen: (string | undefined)[] = [];
    const handler: Handler = (given, out, at) => {
      seen.push(given.local === undefined ? undefined : Buffer.from(given.local).toString("latin1"));
      return writeError(given, out, at, 0);
    };
    await both({ handler, localHeader: "toll", localOption: 65_312 }, async (send) => {
      seen.length = 0;
      const toll = Buffer.from("a token").toString("base64url");
      const path = getPath(query("a.example"));
      for (let i = 0; i < 3; i++) {
        await send("GET", path, { toll });
        await send("POST", "/dns-query", { "content-type": DNS, toll }, query("a.example"));
      }
      await send("GET", path);
      await send("GET", path, { toll: "!!!" });
      await send(
        "GET",
        getPath(query("a.example", { options: encodeOption(65_312, Buffer.from("inside")) })),
      );
      expect(seen).to.deep.equal([...Array(6).fill("a token"), undefined, "", "inside"]);
    });
  });

  it("carries every byte of a header's alphabet through HPACK's Huffman code", async () => {
    const seen: (string | undefined)[] = [];
    const handler: Handler = (given, out, at) => {
      seen.push(given.local === undefined ? undefined : Buffer.from(given.local).toString("base64url"));
      return writeError(given, out, at, 0);
    };
    await both({ handler, localHeader: "toll" }, async (send) => {
      seen.length = 0;
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      for (let i = 0; i < 64; i++) {
        const toll = alphabet.slice(i) + alphabet.slice(0, i);
        await send("GET", getPath(query("a.example")), { toll });
        expect(seen.at(-1)).to.equal(toll);
      }
    });
  });

  it("turns a refusal into its status and problem details, at once and later", async () => {
    const refusal: Refusal = { status: 402, body: Buffer.from('{"code":1}') };
    const handler: Handler = (given) => (given.name === "later" ? Promise.resolve(refusal) : refusal);
    await both({ handler }, async (send) => {
      for (const name of ["now", "later", "now"]) {
        const { body, headers, status } = await send("GET", getPath(query(name)));
        expect(status).to.equal(402);
        expect(headers["content-type"]).to.equal("application/problem+json");
        expect(headers["cache-control"]).to.equal("no-store");
        expect(JSON.parse(body.toString())).to.deep.equal({ code: 1 });
      }
    });
  });

  it("answers malformed messages as DNS does, and what is no message with 400", () =>
    both({}, async (send) => {
      const cut = query("a.example").subarray(0, 20);
      const { body, status } = await send("GET", getPath(cut));
      expect(status).to.equal(200);
      expect((body[3] as number) & 15).to.equal(RCODE.FORMERR);
      expect((await send("GET", getPath(Buffer.of(1, 2, 3)))).status).to.equal(400);
      expect((await send("GET", "/dns-query?dns=***")).status).to.equal(400);
      expect((await send("GET", "/dns-query")).status).to.equal(400);
    }));

  it("refuses other methods, other content and bodies too large", () =>
    both({}, async (send) => {
      expect((await send("PUT", "/dns-query", { "content-type": DNS }, query("a"))).status).to.equal(405);
      expect(
        (await send("POST", "/dns-query", { "content-type": "text/plain" }, query("a"))).status,
      ).to.equal(415);
      const large = await send(
        "POST",
        "/dns-query",
        { "content-type": DNS, "content-length": "70000" },
        Buffer.alloc(70_000),
      ).catch(() => undefined);
      if (large !== undefined) expect(large.status).to.equal(413);
    }));

  it("gives other requests to the route, with method, path, headers and body", async () => {
    const seen: HttpRequest[] = [];
    const route = async (request: HttpRequest) => {
      seen.push(request);
      if (request.path === "/throws") throw new Error("no");
      return { status: 201, headers: { "x-of": "us", "content-type": "text/plain" }, body: "made" };
    };
    await both({ route }, async (send) => {
      seen.length = 0;
      const { body, headers, status } = await send(
        "POST",
        "/well?q=1",
        { "x-test": "yes" },
        Buffer.from("hello"),
      );
      expect([status, headers["x-of"], body.toString()]).to.deep.equal([201, "us", "made"]);
      const [request] = seen;
      expect(request).to.deep.include({ method: "POST", path: "/well?q=1" });
      expect(request?.headers.get("x-test")).to.equal("yes");
      expect(Buffer.from(request?.body ?? []).toString()).to.equal("hello");
      expect(request?.peer.address).to.equal("127.0.0.1");
      expect((await send("GET", "/throws")).status).to.equal(500);
      const head = await send("HEAD", "/well");
      expect([head.status, head.body.length]).to.deep.equal([201, 0]);
    });
  });
});

describe("the HTTP/2 server", () => {
  it("keeps to the client's windows for answers larger than they are", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const text = "x".repeat(300_000);
    const listener = await listenHttps({
      port: 0,
      handler,
      certificate,
      route: () => ({ status: 200, body: text }),
    });
    const session = await openHttp2(listener.port, ca, { initialWindowSize: 1000 });
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask2(session, { ":path": "/" })));
    expect(answers.map(({ body }) => body.length)).to.deep.equal(Array(5).fill(text.length));
    session.destroy();
    await listener.close();
  });

  it("answers hundreds of streams at once, each its own question", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenHttps({ port: 0, handler, certificate });
    const session = await openHttp2(listener.port, ca);
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => ask2(session, { ":path": getPath(query(`n${i}.example`)) })),
      );
      const names = answers.map(({ body }) => decode(body).questions?.[0]?.name);
      expect(names).to.deep.equal(answers.map((_, i) => `n${i}.example`));
    }
    session.destroy();
    await listener.close();
  });

  it("answers POST and GET from one client in any order", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenHttps({ port: 0, handler, certificate });
    const session = await openHttp2(listener.port, ca);
    for (let i = 0; i < 100; i++) {
      const message = query(`n${i % 7}.example`);
      const { body, status } =
        i % 3 === 0
          ? await ask2(session, { ":path": getPath(message), accept: DNS })
          : await ask2(session, { ":method": "POST", ":path": "/dns-query", "content-type": DNS }, message);
      expect(status).to.equal(200);
      expect(decode(body).answers).to.have.length(1);
    }
    session.destroy();
    await listener.close();
  });
});
