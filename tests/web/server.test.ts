import { request } from "node:http";
import { type RunningDashboard, startDashboard } from "@tolldns/web";
import { expect } from "chai";
import { QUIET } from "./quiet.ts";

const KEY = "k".repeat(22);

describe("the dashboard's server", () => {
  let dashboard: RunningDashboard;
  let stops = 0;
  before(async () => {
    dashboard = await startDashboard({
      port: 0,
      key: KEY,
      rpcUrl: "http://127.0.0.1:9",
      intervalMs: 20,
      snapshot: () => QUIET,
      stop: async () => {
        stops++;
      },
    });
  });
  after(() => dashboard.close());

  function ask(
    path: string,
    options: { method?: string; host?: string; headers?: Record<string, string>; body?: string } = {},
  ) {
    return new Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        const headers = { host: options.host ?? `127.0.0.1:${dashboard.port}`, ...options.headers };
        const outgoing = request(
          { host: "127.0.0.1", port: dashboard.port, path, method: options.method ?? "GET", headers },
          (incoming) => {
            let body = "";
            incoming.setEncoding("utf8").on("data", (chunk: string) => {
              body += chunk;
              if (path === "/api/events" && body.includes("\n\n")) incoming.destroy();
            });
            incoming.on("close", () =>
              resolve({ status: incoming.statusCode ?? 0, body, headers: incoming.headers }),
            );
          },
        );
        outgoing.on("error", reject);
        outgoing.end(options.body);
      },
    );
  }
  const bearer = { authorization: `Bearer ${KEY}` };
  const codeOf = (body: string) => (JSON.parse(body) as { error: { code: string } }).error.code;

  it("serves page, script and style with a policy that allows nothing from elsewhere", async () => {
    const page = await ask("/");
    expect(page.status).to.equal(200);
    expect(page.headers["content-security-policy"])
      .to.include("default-src 'none'")
      .and.include("frame-ancestors 'none'");
    expect(page.body).to.not.match(/https?:\/\/(?!www\.w3\.org)/);
    expect((await ask("/main.js")).headers["content-type"]).to.include("text/javascript");
    expect((await ask("/style.css")).body).to.include("--money");
    expect((await ask("/tx/anything")).body).to.equal(page.body);
  });

  it("never puts the key into what it serves to everybody", async () => {
    for (const path of ["/", "/main.js", "/style.css"]) expect((await ask(path)).body).to.not.include(KEY);
  });

  for (const host of ["evil.example", "evil.example:8053", "127.0.0.1", "127.0.0.1.evil.example"]) {
    it(`refuses ${host} as Host, which only a rebound name sends`, async () => {
      for (const path of ["/", "/api/snapshot"]) {
        const { status, body } = await ask(path, { host, headers: bearer });
        expect(status).to.equal(403);
        expect(codeOf(body)).to.equal("host-foreign");
      }
    });
  }

  it("refuses another site's requests, with the key or without", async () => {
    for (const origin of [
      "https://evil.example",
      "null",
      `http://127.0.0.1:${dashboard.port + 1}`,
      `https://127.0.0.1:${dashboard.port}`,
    ]) {
      const { status, body } = await ask("/api/stop", { method: "POST", headers: { ...bearer, origin } });
      expect(status, origin).to.equal(403);
      expect(codeOf(body)).to.equal("origin-foreign");
    }
    expect(
      (await ask("/main.js", { headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" } }))
        .status,
    ).to.equal(403);
    expect(stops).to.equal(0);
  });

  it("tells and does nothing without the key", async () => {
    for (const authorization of ["", "Bearer ", `Bearer ${KEY.slice(1)}x`, `Bearer ${KEY}x`, `Basic ${KEY}`])
      for (const [path, method] of [
        ["/api/snapshot", "GET"],
        ["/api/events", "GET"],
        ["/api/stop", "POST"],
        [`/api/transaction/${"1".repeat(88)}`, "GET"],
      ] as const) {
        const { status, body } = await ask(path, { method, headers: { authorization } });
        expect(status).to.equal(401);
        expect(codeOf(body)).to.equal("key-missing");
      }
    expect(stops).to.equal(0);
  });

  it("stops on POST only, and once for each", async () => {
    expect(codeOf((await ask("/api/stop", { headers: bearer })).body)).to.equal("method-wrong");
    expect(stops).to.equal(0);
    const origin = `http://127.0.0.1:${dashboard.port}`;
    expect((await ask("/api/stop", { method: "POST", headers: { ...bearer, origin } })).status).to.equal(200);
    expect(stops).to.equal(1);
  });

  it("sends events as server-sent events", async () => {
    const { headers, body } = await ask("/api/events", { headers: bearer });
    expect(headers["content-type"]).to.include("text/event-stream");
    expect(body).to.match(/^event: snapshot\ndata: \{/);
    expect(JSON.parse(body.split("\n")[1]?.slice(6) ?? "")).to.deep.equal(QUIET);
  });

  it("bounds the pages that are open at once", async () => {
    const ending = new AbortController();
    const open = async () =>
      (
        await fetch(`http://127.0.0.1:${dashboard.port}/api/events`, {
          headers: bearer,
          signal: ending.signal,
        })
      ).status;
    const statuses = await Promise.all(Array.from({ length: 40 }, open));
    ending.abort();
    expect(statuses.filter((status) => status === 200)).to.have.length(32);
    expect(statuses.filter((status) => status === 503)).to.have.length(8);
  });

  it("serves the same page for names, epochs and policy, and no other path", async () => {
    const page = await ask("/");
    for (const path of ["/names", "/names/example.dns", "/epochs", "/policy"])
      expect((await ask(path)).body, path).to.equal(page.body);
    for (const path of ["/namesake", "/epochs/1", "/policy/1"])
      expect((await ask(path)).status, path).to.equal(404);
  });

  it("passes on readings of the chain, and nothing else", async () => {
    const rpc = (question: string, headers: Record<string, string> = bearer) =>
      ask("/api/rpc", { method: "POST", headers, body: question });
    const send = (method: string) => rpc(JSON.stringify({ method, params: ["x"] }));
    expect(codeOf((await rpc('{"method":"getSlot","params":[]}', {})).body)).to.equal("key-missing");
    for (const method of [
      "sendTransaction",
      "requestAirdrop",
      "getProgramAccounts",
      "simulateTransaction",
      "constructor",
    ])
      expect(codeOf((await send(method)).body), method).to.equal("question-wrong");
    for (const question of ["", "[]", "null", '{"method":"getSlot"}', "x".repeat(5_000)])
      expect(codeOf((await rpc(question)).body)).to.equal("question-wrong");
    // A reading is passed on: here to an RPC that isn't there.
    expect(codeOf((await send("getAccountInfo")).body)).to.equal("rpc-failed");
    expect(codeOf((await ask("/api/rpc", { headers: bearer })).body)).to.equal("method-wrong");
  });

  it("says when no feed answers, and takes only names for names", async () => {
    expect(codeOf((await ask("/api/route/example.dns", { headers: bearer })).body)).to.equal("feed-failed");
    for (const path of ["/api/route/example.com", "/api/route/..%2Fx.dns", "/api/route/A.dns"])
      expect(codeOf((await ask(path, { headers: bearer })).body), path).to.equal("not-found");
    expect(codeOf((await ask("/api/route/example.dns")).body)).to.equal("key-missing");
  });

  it("answers 404 for what isn't there, and 502 when the RPC is gone", async () => {
    expect((await ask("/etc/passwd")).status).to.equal(404);
    expect((await ask("/api/transaction/not-a-signature", { headers: bearer })).status).to.equal(404);
    const { status, body } = await ask(`/api/transaction/${"5".repeat(88)}`, { headers: bearer });
    expect(status).to.equal(502);
    expect(codeOf(body)).to.equal("rpc-failed");
  });
});
