import { connect } from "node:net";
import { createLimiter, limitKey, type Route, serveHttp } from "@tolldns/keepers/feed";
import { TollError } from "@tolldns/sdk";
import { expect } from "chai";

const quiet = () => {};

/** A server with a few routes, on loopback. */
async function start(limits: { rate?: number; burst?: number; connections?: number } = {}) {
  let now = 0;
  const info = { number: 6300, message: "no", hint: "hint" };
  const routes: Route[] = [
    {
      method: "GET",
      path: /^\/v1\/things\/([^/]+)$/,
      handle: ({ params }) => ({ json: { name: params[0], big: 2n ** 63n } }),
    },
    {
      method: "POST",
      path: /^\/v1\/things$/,
      handle: async (request) => ({ status: 202, json: await request.json(100) }),
    },
    {
      method: "GET",
      path: /^\/v1\/broken$/,
      handle: () => {
        throw new Error("secret detail");
      },
    },
    {
      method: "GET",
      path: /^\/v1\/refused$/,
      handle: () => {
        throw new TollError("not-found", info, {});
      },
    },
  ];
  const server = await serveHttp(
    {
      host: "127.0.0.1",
      port: 0,
      connections: limits.connections ?? 64,
      requests: createLimiter(limits.rate ?? 1_000, limits.burst ?? 1_000),
      now: () => now,
      log: quiet,
    },
    routes,
  );
  const base = `http://127.0.0.1:${server.address.port}`;
  return {
    base,
    port: server.address.port,
    pass: (seconds: number) => {
      now += seconds;
    },
    close: () => server.close(),
  };
}

type Running = Awaited<ReturnType<typeof start>>;

describe("the feed's HTTP server", () => {
  let running: Running;
  afterEach(() => running.close());
  const get = (path: string, init?: RequestInit) => fetch(running.base + path, init);
  const problem = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

  it("answers JSON with integers beyond 2^53 as text", async () => {
    running = await start();
    const answer = await get("/v1/things/a%20b");
    expect(answer.headers.get("content-type")).to.equal("application/json");
    expect(await answer.json()).to.deep.equal({ name: "a b", big: "9223372036854775808" });
  });

  it("says what is wrong in one form: code, number, message, hint", async () => {
    running = await start();
    const cases: [string, RequestInit, number, string][] = [
      ["/nowhere", {}, 404, "not-found"],
      ["/v1/things", {}, 405, "request-method"],
      ["/v1/things/%E0%A4%A", {}, 400, "request-form"],
      ["/v1/things", { method: "POST", body: "{" }, 400, "request-form"],
      ["/v1/things", { method: "POST", body: `"${"x".repeat(200)}"` }, 413, "request-size"],
      [`/v1/${"x".repeat(21_000)}`, {}, 413, "request-size"],
      ["/v1/refused", {}, 404, "not-found"],
    ];
    for (const [path, init, status, code] of cases) {
      const answer = await get(path, init);
      const said = await problem(answer);
      expect([answer.status, said.code], path.slice(0, 40)).to.deep.equal([status, code]);
      expect(said).to.include.keys("number", "message", "hint");
    }
  });

  it("keeps to itself what went wrong inside", async () => {
    running = await start();
    const answer = await get("/v1/broken");
    expect(answer.status).to.equal(500);
    expect(await answer.text()).not.to.contain("secret detail");
  });

  it("limits requests of one address, says when to come back, and lets it in then", async () => {
    running = await start({ rate: 1, burst: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await get("/v1/things/a")).status);
    expect(statuses).to.deep.equal([200, 200, 429]);
    expect((await get("/v1/things/a")).headers.get("retry-after")).to.equal("1");
    running.pass(1);
    expect((await get("/v1/things/a")).status).to.equal(200);
  });

  it("reads no body longer than it says, whatever it says", async () => {
    running = await start();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`"${"x".repeat(500)}`));
        controller.close();
      },
    });
    const answer = await get("/v1/things", { method: "POST", body, duplex: "half" } as RequestInit);
    expect(answer.status).to.equal(413);
  });

  it("closes what is no HTTP, and connections beyond its bound", async () => {
    running = await start({ connections: 2 });
    const closed = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(running.port, "127.0.0.1");
        let said = "";
        socket.on("data", (part) => {
          said += part.toString();
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(said));
        socket.write(text);
      });
    expect(await closed("\x16\x03\x01 nonsense\r\n\r\n")).to.match(/^HTTP\/1.1 400/);
    const idle = [0, 1].map(() => connect(running.port, "127.0.0.1"));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
    expect(await closed("GET /v1/things/a HTTP/1.1\r\nhost: a\r\n\r\n")).to.equal("");
    for (const socket of idle) socket.destroy();
  });
});

describe("limits by address", () => {
  it("count a network of IPv6 as one, and IPv4 by address however it is written", () => {
    expect(limitKey("2001:db8:1:2::1")).to.equal(limitKey("2001:db8:1:2:ffff::9"));
    expect(limitKey("2001:db8:1:3::1")).not.to.equal(limitKey("2001:db8:1:2::1"));
    expect(limitKey("::ffff:192.0.2.1")).to.equal("192.0.2.1");
  });

  it("remember so many addresses and no more", () => {
    const limiter = createLimiter(1, 1);
    for (let i = 0; i < 40_000; i++) limiter.take(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 0);
    expect(limiter.size).to.equal(16_384);
    expect(limiter.take("10.0.156.63", 0)).to.equal(1);
    expect(limiter.take("10.0.0.1", 0)).to.equal(0);
  });
});
