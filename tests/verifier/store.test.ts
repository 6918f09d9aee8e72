import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replay } from "@tolldns/keepers";
import { isTollError, toHex } from "@tolldns/sdk";
import { decodeReport } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { carOf, findOwnFault, signWindow } from "../../keepers/src/verifier/report.ts";
import { bindStore, openVerifierStore, type VerifierStore } from "../../keepers/src/verifier/store/open.ts";
import { BEGIN, CONTEXT, fill, KEY, probeOf, SET, STATE, WINDOW } from "./support/window.ts";

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "done",
    (error: unknown) => (isTollError(error) ? error.code : String(error)),
  );

describe("a verifier's store", () => {
  let folder: string;
  let path: string;
  let store: VerifierStore;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-verifier-store-"));
    path = join(folder, "verifier.sqlite");
    store = await openVerifierStore({ path });
  });
  afterEach(async () => {
    await store.close().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  });

  it("is nobody else's to read", () => {
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it("signs one report of a window, and gives that one back ever after", async () => {
    await fill(store);
    const first = await signWindow(store, CONTEXT);
    expect(decodeReport(first?.bytes ?? new Uint8Array()).total).to.equal(6);
    // As if the chain said something else now: nothing new is signed.
    const other = { ...STATE, self: { ...(STATE.self as NonNullable<typeof STATE.self>), region: 9 } };
    const second = await signWindow(store, { ...CONTEXT, state: other });
    expect(second).to.deep.equal(first);
    const both = await Promise.all([
      signWindow(store, CONTEXT),
      signWindow(store, { ...CONTEXT, state: other }),
    ]);
    expect(both).to.deep.equal([first, first]);
  });

  it("takes no probe once the window is reported", async () => {
    await fill(store);
    await signWindow(store, CONTEXT);
    expect(await codeOf(store.addProbe(WINDOW, probeOf(40)))).to.equal("report-exists");
    expect(await store.probes(WINDOW)).to.have.length(6);
  });

  it("keeps a probe of a plan's place once", async () => {
    await fill(store);
    await store.addProbe(WINDOW, probeOf(0, { end: "silent", received: new Uint8Array(0) }));
    const probes = await store.probes(WINDOW);
    expect(probes).to.have.length(6);
    expect(probes[0]?.outcome).to.equal("ok");
  });

  it("says nothing of a window without probes, or while nobody is registered", async () => {
    expect(await signWindow(store, CONTEXT)).to.equal(null);
    await fill(store);
    expect(await signWindow(store, { ...CONTEXT, state: { ...STATE, self: null } })).to.equal(null);
    expect(await store.readReport(WINDOW)).to.equal(null);
  });

  it("gives a window's file that replays, until its probes are forgotten", async () => {
    await fill(store);
    const kept = (await signWindow(store, CONTEXT)) ?? expect.fail("no report");
    const car = (await carOf(store, KEY.publicKey, kept)) ?? expect.fail("no file");
    expect((await replay(car)).difference).to.equal(null);
    expect(await carOf(store, KEY.publicKey, kept)).to.deep.equal(car);
    await store.prune(WINDOW.begin + 1n);
    expect(await carOf(store, KEY.publicKey, kept)).to.equal(null);
  });

  it("finds its probes false under a set or a window that the chain published after they were made", async () => {
    await fill(store);
    expect(await findOwnFault(store, WINDOW, SET, BEGIN + 300n)).to.equal(null);
    expect(await findOwnFault(store, WINDOW, SET, BEGIN + 5n)).to.include("outside the window");
    const [first, second] = SET.challenges;
    const fewer = { ...SET, challenges: SET.challenges.slice(0, 1) };
    expect(await findOwnFault(store, WINDOW, fewer, BEGIN + 300n)).to.include("no challenge 1");
    const moved = [second, first].map((one, number) => ({ ...(one as NonNullable<typeof one>), number }));
    expect(await findOwnFault(store, WINDOW, { ...SET, challenges: moved }, BEGIN + 300n)).to.include(
      "Record 0",
    );
  });

  it("belongs to one cluster and one hot key", async () => {
    await bindStore(store, "hot key", KEY.publicKey);
    await bindStore(store, "hot key", KEY.publicKey);
    expect(await codeOf(bindStore(store, "hot key", new Uint8Array(32)))).to.equal("store-foreign");
  });

  it("refuses a full disk without losing what it said it has", async () => {
    await store.close();
    const small = await openVerifierStore({ path: join(folder, "small.sqlite"), maxBytes: 120_000 });
    try {
      let kept = 0;
      let failure = "";
      for (let place = 0; place < 500 && failure === ""; place++)
        failure = await small.addProbe(WINDOW, probeOf(place, { at: place })).then(
          () => {
            kept++;
            return "";
          },
          (error: { code: string }) => error.code,
        );
      expect(failure).to.equal("full");
      expect(await small.probes(WINDOW)).to.have.length(kept);
    } finally {
      await small.close();
    }
  });

  it("has all it acknowledged after kills at any moment, and signs no window twice", async function () {
    this.timeout(90_000);
    await store.close();
    const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
    const probes = new Set<string>();
    const reports = new Map<string, string>();
    for (let run = 0; run < 4; run++) {
      const child = spawn(process.execPath, [new URL("./store-child.ts", import.meta.url).pathname, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      let text = "";
      let lines = 0;
      // So many lines after it is ready, wherever that is.
      const last = 3 + ((seed + run * 7_919) % 23);
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          lines = text.split("\n").length - 1;
          if (lines >= last) child.kill("SIGKILL");
        });
        child.on("exit", () => resolve());
      });
      for (const line of text.split("\n").slice(0, -1)) {
        const [what, begin = "", rest = ""] = line.split(" ");
        if (what === "probe") probes.add(`${begin} ${rest}`);
        if (what !== "report") continue;
        expect(reports.get(begin) ?? rest, `seed ${seed}, window ${begin}`).to.equal(rest);
        reports.set(begin, rest);
      }
    }
    store = await openVerifierStore({ path });
    expect(probes.size).to.be.above(10);
    for (const probe of probes) {
      const [begin = "", place = ""] = probe.split(" ");
      const there = await store.probes({ ...WINDOW, begin: BigInt(begin) });
      expect(
        there.map((one) => String(one.place)),
        `seed ${seed}`,
      ).to.include(place);
    }
    for (const [begin, signature] of reports) {
      const kept = await store.readReport({ ...WINDOW, begin: BigInt(begin) });
      expect(toHex(kept?.signature ?? new Uint8Array()), `seed ${seed}`).to.equal(signature);
    }
  });
});
