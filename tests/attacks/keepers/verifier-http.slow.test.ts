import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { systemClock } from "../../../keepers/src/runtime/clock.ts";
import { DEFAULT_VERIFIER_SETTINGS } from "../../../keepers/src/verifier/options.ts";
import { serveReports } from "../../../keepers/src/verifier/serve.ts";
import { openVerifierStore } from "../../../keepers/src/verifier/store/open.ts";
import { KEY } from "../../verifier/support/window.ts";

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
