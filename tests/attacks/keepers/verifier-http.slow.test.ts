import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { systemClock } from "../../../keepers/src/runtime/clock.ts";
import { fetchEvidence } from "../../../keepers/src/verifier/chain/fetch.ts";
import { DEFAULT_VERIFIER_SETTINGS } from "../../../keepers/src/verifier/options.ts";
import { serveReports } from "../../../keepers/src/verifier/serve.ts";
import { openVerifierStore } from "../../../keepers/src/verifier/store/open.ts";
import { KEY, WINDOW } from "../../verifier/support/window.ts";

describe("a verifier's HTTP before those who dawdle", function () {
  this.timeout(60_000);

  it("ends requests whose headers trickle in (slow-loris), and serves others meanwhile", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tolldns-verifier-loris-"));
    const store = await openVerifierStore({ path: join(folder, "verifier.sqlite") });
    const server = await serveReports(
      {},
      { store, key: KEY.publicKey, settings: DEFAULT_VERIFIER_SETTINGS, clock: systemClock, log: () => {} },
    );
    try {
      const { port } = server.address;
      const ends = Array.from(
        { length: 50 },
        () =>
          new Promise<void>((resolve) => {
            const socket = connect(port, "127.0.0.1", () => socket.write("GET /v1/reports HTTP/1.1\r\n"));
            const drip = setInterval(() => socket.write("x: y\r\n"), 500);
            socket.on("error", () => {});
            socket.on("close", () => {
              clearInterval(drip);
              resolve();
            });
          }),
      );
      expect((await fetch(`http://127.0.0.1:${port}/v1/reports`)).status).to.equal(200);
      await Promise.all(ends);
      expect((await fetch(`http://127.0.0.1:${port}/v1/reports`)).status).to.equal(200);
    } finally {
      await server.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("a verifier that fetches from those who dawdle", function () {
  this.timeout(60_000);

  it("gives a file that trickles in ten seconds and no more", async () => {
    const open = new Set<Socket>();
    const trickle = createServer((socket) => {
      open.add(socket);
      socket.on("error", () => {});
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
      const drip = setInterval(() => socket.write("x"), 200);
      socket.on("close", () => clearInterval(drip));
    });
    const silent = createServer((socket) => {
      open.add(socket);
      socket.on("error", () => {});
    });
    const urlOf = async (server: Server) => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    try {
      const began = performance.now();
      const said = await Promise.all(
        [await urlOf(trickle), await urlOf(silent)].map((url) =>
          fetchEvidence(url, WINDOW.target, WINDOW.begin).then(
            () => "taken",
            (error: Error) => error.name,
          ),
        ),
      );
      expect(said).to.deep.equal(["TimeoutError", "TimeoutError"]);
      expect(performance.now() - began).to.be.within(9_000, 15_000);
    } finally {
      for (const socket of open) socket.destroy();
      trickle.close();
      silent.close();
    }
  });
});
