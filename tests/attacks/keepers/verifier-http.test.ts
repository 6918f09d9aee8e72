import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBase64Url } from "@tolldns/sdk";
import { expect } from "chai";
import type { HttpServer } from "../../../keepers/src/feed/http/server.ts";
import { systemClock } from "../../../keepers/src/runtime/clock.ts";
import { fetchEvidence } from "../../../keepers/src/verifier/chain/fetch.ts";
import { DEFAULT_VERIFIER_SETTINGS, type VerifierSettings } from "../../../keepers/src/verifier/options.ts";
import { signWindow } from "../../../keepers/src/verifier/report.ts";
import { serveReports } from "../../../keepers/src/verifier/serve.ts";
import { openVerifierStore, type VerifierStore } from "../../../keepers/src/verifier/store/open.ts";
import { CONTEXT, fill, KEY, WINDOW } from "../../verifier/support/window.ts";

/** Whatever one raw connection is answered, until it ends or so many milliseconds passed. */
function raw(
  port: number,
  send: string | ((socket: Socket) => void),
  ms = 20_000,
): Promise<{ text: string; ended: boolean }> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      typeof send === "string" ? socket.write(send) : send(socket),
    );
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ text, ended: false });
    }, ms);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ text, ended: true });
    });
  });
}

describe("a verifier's HTTP", function () {
  this.timeout(60_000);
  let folder: string;
  let store: VerifierStore;
  let server: HttpServer;
  let base: string;
  const start = async (settings: Partial<VerifierSettings> = {}) => {
    await server?.close();
    server = await serveReports(
      {},
      {
        store,
        key: KEY.publicKey,
        settings: { ...DEFAULT_VERIFIER_SETTINGS, requestsPerSecond: 1e5, requestsBurst: 1e5, ...settings },
        clock: systemClock,
        log: () => {},
      },
    );
    base = `http://127.0.0.1:${server.address.port}`;
  };
  const id = toBase64Url(WINDOW.target);
  const stillServes = async () =>
    expect((await fetch(`${base}/v1/reports/${id}/${WINDOW.begin}`)).status).to.equal(200);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-verifier-http-"));
    store = await openVerifierStore({ path: join(folder, "verifier.sqlite") });
    await fill(store);
    await signWindow(store, CONTEXT);
    await start();
  });
  after(async () => {
    await server?.close();
    await store?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("says what it has, and of anything else what is wrong", async () => {
    const cases: readonly (readonly [string, number, string | null])[] = [
      ["/v1/reports", 200, null],
      [`/v1/reports?target=${id}&from=${WINDOW.begin}`, 200, null],
      [`/v1/reports/${id}/${WINDOW.begin}.car`, 200, null],
      ["/v1/sets/5", 200, null],
      [`/v1/attestations?target=${id}`, 200, null],
      ["/", 404, "not-found"],
      ["/v1/reports/../../etc/passwd", 404, "not-found"],
      [`/v1/reports/${id}/${WINDOW.begin + 1n}`, 404, "not-found"],
      [`/v1/reports/${id}/99999999999999999999`, 400, "request-form"],
      [`/v1/reports/${"A".repeat(42)}/1`, 400, "request-form"],
      [`/v1/reports/${encodeURIComponent("' OR 1=1 --")}/1`, 400, "request-form"],
      ["/v1/reports/%E0%A4%A/1", 400, "request-form"],
      ["/v1/reports?from=-1", 400, "request-form"],
      ["/v1/reports?from=1e3", 400, "request-form"],
      ["/v1/reports?target=!!", 400, "request-form"],
      ["/v1/attestations", 400, "request-form"],
      [`/v1/attestations/${id}/1.car`, 404, "not-found"],
      ["/v1/sets/4294967296", 404, "not-found"],
      ["/v1/sets/x", 404, "not-found"],
    ];
    for (const [path, status, code] of cases) {
      const answer = await fetch(base + path);
      expect(answer.status, path).to.equal(status);
      if (code !== null) expect(((await answer.json()) as { code: string }).code, path).to.equal(code);
      else await answer.arrayBuffer();
    }
    for (const method of ["POST", "PUT", "DELETE"])
      expect((await fetch(`${base}/v1/reports`, { method, body: "{}" })).status, method).to.equal(405);
  });

  it("refuses requests that are oversized, malformed or none, and serves on", async () => {
    const { port } = server.address;
    expect((await fetch(`${base}/v1/reports?target=${"a".repeat(21_000)}`)).status).to.equal(413);
    const headers = await raw(
      port,
      `GET /v1/reports HTTP/1.1\r\nhost: a\r\nx: ${"a".repeat(30_000)}\r\n\r\n`,
    );
    expect(headers).to.deep.include({ ended: true });
    expect(headers.text).to.match(/^HTTP\/1.1 4\d\d/);
    for (const noise of [
      "\x00\x01\x02\x03\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]) {
      const { text, ended } = await raw(port, noise);
      expect(ended, noise).to.equal(true);
      expect(text, noise).to.match(/^HTTP\/1.1 400/);
    }
    const smuggled = await raw(
      port,
      "GET /v1/sets/5 HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    );
    expect(smuggled.text).to.match(/^HTTP\/1.1 400/);
    await stillServes();
  });

  it("gives an address its share and no more", async () => {
    await start({ requestsPerSecond: 1, requestsBurst: 5 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => fetch(`${base}/v1/reports`)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).to.have.length.within(5, 6);
    const refused = answers.find(({ status }) => status === 429) ?? expect.fail("all were served");
    expect(Number(refused.headers.get("retry-after"))).to.be.above(0);
    await start();
  });

  it("holds a bounded number of connections, however many are opened", async () => {
    await start({ connections: 8 });
    const { port } = server.address;
    const idle = await Promise.all(
      Array.from(
        { length: 8 },
        () =>
          new Promise<Socket>((resolve) => {
            const socket = connect(port, "127.0.0.1", () => resolve(socket));
            socket.on("error", () => {});
          }),
      ),
    );
    // The ninth is closed without an answer.
    const ninth = await raw(port, "GET /v1/sets/5 HTTP/1.1\r\nhost: a\r\n\r\n");
    expect(ninth).to.deep.equal({ text: "", ended: true });
    for (const socket of idle) socket.destroy();
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${base}/v1/sets/5`).catch(() => null);
      if (answer?.status === 200) break;
      if (tries > 100) expect.fail("it does not serve on");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await start();
  });

  it("gives no byte of the schedule's secret away", async () => {
    const secret = await store.keepFact("schedule", new Uint8Array(32).fill(0xa7));
    const marks = [
      Buffer.from(secret).toString("hex"),
      Buffer.from(secret).toString("base64url"),
      Buffer.from(secret).toString("latin1"),
    ];
    for (const path of [
      "/v1/reports",
      `/v1/reports/${id}/${WINDOW.begin}.car`,
      "/v1/sets/5",
      "/v1/facts",
      "/",
    ]) {
      const text = Buffer.from(await (await fetch(base + path)).arrayBuffer()).toString("latin1");
      for (const mark of marks) expect(text.includes(mark), path).to.equal(false);
    }
  });
});

describe("a verifier that fetches another's evidence", function () {
  this.timeout(60_000);
  let server: Server;
  let url: string;
  before(async () => {
    server = createServer((request, response) => {
      const kind = request.url?.split("/")[1];
      if (kind === "redirect") {
        response.writeHead(302, { location: "http://127.0.0.1:1/" });
        return response.end();
      }
      if (kind === "missing") {
        response.writeHead(404);
        return response.end();
      }
      response.writeHead(200);
      const chunk = Buffer.alloc(1 << 20);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      response.on("error", () => {});
      more();
      return undefined;
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const refusal = (endpoint: string) =>
    fetchEvidence(endpoint, WINDOW.target, WINDOW.begin).then(
      () => "taken",
      (error: Error) => error.message,
    );

  it("takes no endless file, follows nowhere else, and asks only web addresses", async () => {
    expect(await refusal(`${url}/endless`)).to.include("too large");
    expect(await refusal(`${url}/redirect`)).not.to.equal("taken");
    expect(await refusal(`${url}/missing`)).to.include("404");
    for (const endpoint of ["", "file:///etc/passwd", "ftp://127.0.0.1", "not a url"])
      expect(await refusal(endpoint), endpoint).to.include("no web address");
    for (const endpoint of [
      `${url}/missing?say=`,
      `${url}/missing#`,
      `${url}/?`,
      url.replace("//", "//user:word@"),
    ])
      expect(await refusal(endpoint), endpoint).to.include("no web address");
    expect(await refusal("http://127.0.0.1:1")).not.to.equal("taken");
  });
});
