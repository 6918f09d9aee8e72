import { expect } from "chai";
import type { Browser, Locator, Page } from "playwright-core";
import { dig, temporaryFolder, tolldns } from "../cli/run.ts";
import { startUpProcess, type Up } from "../cli/up.ts";
import { startChromium } from "./browser.ts";

/** Text as it is laid out, with what a person sees apart kept apart. */
const seen = (locator: Locator): Promise<string> => locator.innerText();

describe("the dashboard in Chromium", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const problems: string[] = [];
  let up: Up;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [up, browser] = await Promise.all([startUpProcess(folder.path), startChromium()]);
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(up.ready.dashboard);
  });
  after(async () => {
    await browser?.close();
    await up?.end("SIGKILL");
    folder.remove();
  });

  const port = () => up.ready.resolver[0]?.port ?? expect.fail("no resolver");
  const ask = (...args: string[]) => dig(port(), ...args);
  const fact = (name: string) => seen(page.locator(`[data-fact="${name}"]`));
  const askMany = (prefix: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => ask("+short", `${prefix}${i}.wild.example.com`)));

  it("takes its key out of the address", async () => {
    await page.locator("#live").waitFor();
    expect(page.url()).to.equal(new URL("/", up.ready.dashboard).href);
  });

  it("shows each query as it is answered, with where the answer came from", async () => {
    await ask("www.example.com");
    await ask("www.example.com");
    await ask("no.example.org");
    const rows = page.locator("table.recent tbody tr");
    await rows.nth(2).waitFor();
    expect(await seen(rows.nth(0))).to.match(/no\.example\.org\s+A\s+NXDOMAIN\s+gateway/);
    expect(await seen(rows.nth(1))).to.match(/www\.example\.com\s+A\s+NOERROR\s+cache/);
    expect(await seen(rows.nth(2))).to.match(/www\.example\.com\s+A\s+NOERROR\s+gateway/);
    expect(await fact("Queries")).to.equal("3");
    expect(await fact("Cache hits")).to.match(/^1 /);
  });

  it("draws the flow from balance to lane to voucher to settlement, with amounts that move", async () => {
    const flow = page.locator("svg.flow");
    const coin = flow.locator(".coin").first().waitFor({ timeout: 15_000 });
    await Promise.all([coin, askMany("flow", 40)]);
    // Verifiers pay into the same ledger: the first settlement there may hold none of this wallet's.
    await up.until("a settlement of its own", ({ flow: { settled } }) => BigInt(settled) > 0n);
    await page.locator(".settlements a").first().waitFor();
    const label = () => flow.getAttribute("aria-label").then((text) => text ?? "");
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline && !/Settlement: 0\.000\d*[1-9]/.test(await label()))
      await page.waitForTimeout(200);
    expect(await label()).to.match(
      /Balance: 89\.5 IU.*Lane: 0\.49\d* IU.*Voucher: .* signed.*Settlement: 0\.000\d* IU, \d+ on chain/,
    );
  });

  it("links each settlement to its transaction, as the RPC tells it", async () => {
    const link = page.locator(".settlements a").first();
    const href = (await link.getAttribute("href")) ?? "";
    const tab = await page.context().newPage();
    await tab.goto(up.ready.dashboard);
    await tab.locator("#live").waitFor();
    await tab.goto(new URL(href, up.ready.dashboard).href);
    await tab.getByText("succeeded").waitFor();
    const text = await seen(tab.locator("main"));
    expect(text)
      .to.include(href.replace("/tx/", ""))
      .and.include("Esco2R5zYqWD7BS7T4sX4G6ZsdtXyCzbYKvMUpfxqqaF");
    expect(text).to.match(/Fee\s+[\d,]+ lamports/);
    await tab.close();
  });

  it("shows health of gateway and upstream, and how much of each limit is used", async () => {
    expect(await seen(page.locator(".health"))).to.match(/127\.0\.0\.1:\d+\s+0\.00002 IU a unit/);
    expect(await page.locator(".health .dot.good").count()).to.be.greaterThan(1);
    expect(await seen(page.locator(".limits"))).to.match(/A day\s+0\.00\d+ IU of 1 IU/);
    expect(await page.locator(".limits meter").count()).to.equal(3);
  });

  it("fits a phone without scrolling sideways, light and dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const phone = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
      await phone.goto(up.ready.dashboard);
      await phone.locator(".settlements a").first().waitFor();
      const { wide, colour } = (await phone.evaluate(
        "({ wide: document.documentElement.scrollWidth, colour: getComputedStyle(document.documentElement).backgroundColor })",
      )) as { wide: number; colour: string };
      expect(wide).to.be.at.most(360);
      const [red = 0] = (colour.match(/\d+/g) ?? []).map(Number);
      expect(red < 128).to.equal(colorScheme === "dark");
      await phone.close();
    }
  });

  it("asks twice before it stops, and forgets the first press with Escape", async () => {
    const button = page.locator("#stop");
    await button.focus();
    await page.keyboard.press("Enter");
    expect(await seen(button)).to.equal("Press again to end payments");
    await page.keyboard.press("Escape");
    expect(await seen(button)).to.equal("Emergency stop");
    expect(up.counters().payments).to.equal(true);
  });

  it("ends payments: new questions fail and say why, cached ones are answered, no toll or voucher is made any more", async () => {
    const button = page.locator("#stop");
    await button.click();
    await button.click();
    await page.getByText("Payments ended.").waitFor();
    const before = await up.until("the stop", ({ payments }) => !payments);
    expect(await button.isDisabled()).to.equal(true);

    const refused = await ask("stopped.wild.example.com");
    expect(refused).to.include("status: SERVFAIL");
    expect(refused).to.match(/EDE: .*stopped/);
    expect(await ask("+short", "www.example.com")).to.include("192.0.2.10");
    await askMany("after", 20);
    const after = await up.until(
      "the failures",
      ({ queries }) => queries.failed >= before.queries.failed + 21,
    );
    expect(after.flow.tolls).to.equal(before.flow.tolls);
    expect(after.flow.vouchers).to.equal(before.flow.vouchers);
    expect(after.flow.promised).to.equal(before.flow.promised);
  });

  it("says when the session keys are revoked on chain, and the chain says so too", async () => {
    await page.getByText("The session keys are revoked on chain.").waitFor();
    const { stdout } = await tolldns(["wallet", "lanes", "--json", "--data", folder.path]);
    expect(JSON.parse(stdout).lanes[0].state).to.equal("revoked");
  });

  it("shows payments as ended after a restart too, until they are resumed", async () => {
    await up.end("SIGINT");
    up = await startUpProcess(folder.path);
    await page.getByText("Payments ended.").waitFor();
    expect(await ask("again.wild.example.com")).to.include("status: SERVFAIL");
    expect((await tolldns(["edge", "resume", "--data", folder.path])).code).to.equal(0);
    await page.getByRole("button", { name: "Emergency stop" }).waitFor();
    const resumed = await ask("resumed.wild.example.com");
    expect(resumed).to.match(/^resumed\.wild\.example\.com\.\s+\d+\s+IN\s+A\s+192\.0\.2\.99$/m);
  });

  it("did all this without an error in the page", () => {
    // While the process restarts, the page's stream breaks: that is told by the browser, not by the page.
    expect(
      problems.filter(
        (problem) =>
          !problem.includes("ERR_CONNECTION_REFUSED") && !problem.includes("ERR_INCOMPLETE_CHUNKED_ENCODING"),
      ),
    ).to.deep.equal([]);
  });
});
