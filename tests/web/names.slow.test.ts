import { createServer, type Server } from "node:http";
import { formatAddress, fromBase64Url, toBase64Url } from "@tolldns/sdk";
import { NAMES_PROGRAM_ID } from "@tolldns/sdk/names";
import { QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import { type DnsSnapshot, type RunningDashboard, type Snapshot, startDashboard } from "@tolldns/web";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { temporaryFolder } from "../cli/run.ts";
import { startUpProcess, type Up } from "../cli/up.ts";
import { startChromium } from "./browser.ts";
import { QUIET } from "./quiet.ts";

describe("names and epochs on the dashboard, in Chromium", function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  const problems: string[] = [];
  let up: Up;
  let browser: Browser;
  let page: Page;
  let feed = "";

  before(async () => {
    [up, browser] = await Promise.all([startUpProcess(folder.path), startChromium()]);
    feed = up.ready.feeds[0] ?? expect.fail("no feed");
    const told = await up.name();
    expect(told.why).to.equal(null);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(up.ready.dashboard);
    await page.locator("#live").waitFor();
  });
  after(async () => {
    await browser?.close();
    await up?.end("SIGKILL");
    folder.remove();
  });

  const open = (path: string) => page.goto(new URL(path, up.ready.dashboard).href);

  it("finds a name by keyboard alone, from the money page", async () => {
    await page.getByRole("link", { name: "Names" }).focus();
    await page.keyboard.press("Enter");
    const field = page.getByLabel("A name under .dns");
    await field.waitFor();
    await field.focus();
    await page.keyboard.type("hello.dns");
    await page.keyboard.press("Enter");
    await page.getByText("Proven", { exact: true }).waitFor();
    expect(new URL(page.url()).pathname).to.equal("/names/hello.dns");
  });

  it("says whose it is, with records and history", async () => {
    expect(await page.locator('[data-fact="Owner"]').innerText()).to.equal(up.ready.wallet);
    expect(await page.locator(".records").innerText()).to.match(/@\s+A\s+192\.0\.2\.53\s+60 s/);
    expect(await page.locator(".history").innerText()).to.include("registered");
    await page.getByText("Yours:").waitFor();
  });

  it("checks every step itself, and reads the root from the chain", async () => {
    const steps = page.locator(".checks li");
    expect(await steps.count()).to.equal(7);
    for (const step of await steps.all()) expect(await step.getAttribute("class")).to.equal("ok");
    expect(await page.locator(".checks").innerText()).to.match(
      /final root of epoch \d+[\s\S]*read by RPC from/,
    );
    const label = (await page.locator("svg.tree").getAttribute("aria-label")) ?? "";
    expect(label).to.match(/^From the leaf of hello\.dns .* to root [0-9a-f]{8}…, which is the chain's\.$/);
  });

  it("proves that a name is absent", async () => {
    await open("/names/nobody-has-this.dns");
    await page.getByText("Proven absent").waitFor();
    expect(await page.locator('[data-fact="State"]').innerText()).to.equal("free");
  });

  it("explains what is no name", async () => {
    await open("/names");
    await page.getByLabel("A name under .dns").fill("no_name!.dns");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("alert").filter({ hasText: "is no name" }).innerText()).to.include(
      "letters, digits and hyphens",
    );
  });

  it("draws the epoch's life: votes against the line, seats, and witnesses with their stake", async () => {
    await open("/epochs");
    await page.locator(".stages").waitFor();
    expect(await page.locator(".stages li").count()).to.equal(5);
    expect(await page.locator('.stages [aria-current="step"]').count()).to.equal(1);
    const votes = (await page.locator(".votes svg").getAttribute("aria-label")) ?? "";
    expect(votes).to.match(/\d+ seats?; \d+ % of their weight voted, two thirds are needed/);
    expect(await page.locator(".witnesses").innerText()).to.match(/\d staked · \d+ %/);
    await page.getByText("Clients trust epoch").waitFor();
  });

  it("is readable on a phone, in both colour schemes, without sideways scrolling", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const phone = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
      await phone.goto(up.ready.dashboard);
      await phone.locator("#live").waitFor();
      for (const [path, what] of [
        ["/names/hello.dns", ".checks"],
        ["/epochs", ".witnesses"],
      ] as const) {
        await phone.goto(new URL(path, up.ready.dashboard).href);
        await phone.locator(what).waitFor();
        expect(await phone.evaluate("document.documentElement.scrollWidth"), path).to.be.at.most(360);
      }
      await phone.close();
    }
  });

  it("did all this without an error in the page", () => expect(problems).to.deep.equal([]));

  describe("with a feed that lies", () => {
    let liar: Server;
    let dashboard: RunningDashboard;
    /** What the lying feed does to evidence. */
    let change: (evidence: Uint8Array) => Uint8Array = (evidence) => evidence;

    before(async () => {
      // A fixture: it passes on what the real feed says, changed. The chain is the real one.
      liar = createServer((request, response) => {
        void (async () => {
          const told = (await (await fetch(`${feed}${request.url}`)).json()) as { evidence: string };
          const evidence = toBase64Url(change(fromBase64Url(told.evidence)));
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ ...told, evidence }));
        })();
      });
      await new Promise<void>((resolve) => liar.listen(0, "127.0.0.1", resolve));
      const { port } = liar.address() as { port: number };
      dashboard = await startDashboard({
        port: 0,
        key: "k".repeat(22),
        rpcUrl: up.ready.rpc,
        feeds: () => [`http://127.0.0.1:${port}`],
        snapshot: () => quiet,
        stop: async () => {},
      });
      await page.goto(dashboard.url);
      await page.locator("#live").waitFor();
    });
    after(async () => {
      await dashboard?.close();
      liar?.close();
    });

    const lies: [string, (evidence: Uint8Array) => Uint8Array, RegExp][] = [
      ["changed records", (evidence) => flip(evidence, evidence.length - 1), /chain's root|record set/],
      ["another signature", (evidence) => flip(evidence, signatureAt(evidence)), /signed it/],
      ["an epoch that never was", (evidence) => flip(evidence, 8), /final root of epoch/],
      ["cut evidence", (evidence) => evidence.slice(0, -3), /.*/],
    ];
    for (const [what, lie, step] of lies) {
      it(`shows no record and the step that fails: ${what}`, async () => {
        change = lie;
        await page.goto(new URL("/names/hello.dns", dashboard.url).href);
        await page.locator(".proof").waitFor();
        if (what !== "cut evidence") {
          await page.getByText("Does not hold").waitFor();
          expect(await page.locator(".checks li.bad .who").innerText()).to.match(step);
          expect(await page.locator("svg.tree").getAttribute("class")).to.include("bad");
        }
        expect(await page.locator("main").innerText()).to.not.include("192.0.2.53");
      });
    }
  });
});

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** Where the signature begins: head, proof, then generation, version, end and signer. */
const signatureAt = (evidence: Uint8Array): number =>
  11 + ((evidence[9] as number) | ((evidence[10] as number) << 8)) + 52;

const dns: DnsSnapshot = {
  now: 0,
  programs: { names: formatAddress(NAMES_PROGRAM_ID), quorum: formatAddress(QUORUM_PROGRAM_ID) },
  final: null,
  epochs: [],
  witnesses: [],
  own: [],
};

/** A dashboard of nothing but names. */
const quiet: Snapshot = { ...QUIET, dns };
