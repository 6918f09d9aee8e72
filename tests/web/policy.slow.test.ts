import { type PolicySnapshot, type RunningDashboard, startDashboard } from "@tolldns/web";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { startChromium } from "./browser.ts";
import { QUIET } from "./quiet.ts";

const NOW = 1_800_000_000;
const GATEWAY = "https://dns.example.org";
const BACKEND = "udp://192.0.2.1:53";

/** A backend that was disabled for five minutes and is coming back. */
const INCIDENT: PolicySnapshot = {
  now: NOW,
  program: "11111111111111111111111111111111",
  paused: false,
  terms: {
    window: 60,
    dwell: 60,
    quorumBps: 6_700,
    operators: 3,
    regions: 3,
    networks: 3,
  },
  targets: [
    {
      id: "aa",
      kind: "gateway",
      name: GATEWAY,
      state: "healthy",
      since: 0,
      shareBps: 10_000,
      runs: { poor: 0, bad: 0, clean: 9 },
      last: { begin: NOW - 60, verdict: "clean" },
    },
    {
      id: "bb",
      kind: "backend",
      name: BACKEND,
      state: "recovering",
      since: NOW - 60,
      shareBps: 2_500,
      runs: { poor: 0, bad: 0, clean: 3 },
      last: { begin: NOW - 120, verdict: "clean" },
    },
  ],
  transitions: [
    {
      target: "bb",
      from: "disabled",
      to: "recovering",
      at: NOW - 60,
      begin: NOW - 120,
      verdict: "clean",
      roster: "4",
      evidenceRoot: "22".repeat(32),
      signature: null,
      reports: null,
    },
    {
      target: "bb",
      from: "healthy",
      to: "disabled",
      at: NOW - 360,
      begin: NOW - 420,
      verdict: "bad",
      roster: "4",
      evidenceRoot: "11".repeat(32),
      signature: "5".repeat(88),
      reports: [1, 2, 3].map((seat) => ({
        seat,
        operator: String(seat).repeat(44),
        region: seat,
        asn: 64_500 + seat,
        weight: "1000000000000",
        total: 40,
        ok: seat === 3 ? 37 : seat,
        says: seat === 3 ? "poor" : "bad",
        struck: false,
      })),
    },
  ],
  seats: [1, 2, 3].map((seat) => ({
    operator: String(seat).repeat(44),
    region: seat,
    asn: 64_500 + seat,
    weight: "1000000000000",
    struck: false,
  })),
  decisions: [
    {
      n: 1,
      at: NOW - 355,
      where: "gateway",
      kind: "switch",
      subject: "backends",
      from: BACKEND,
      to: "udp://192.0.2.2:53",
      why: `left ${BACKEND} for udp://192.0.2.2:53: 5 failures in a row`,
      hash: "ab".repeat(32),
    },
  ],
  trouble: null,
};

describe("policy on the dashboard, in Chromium", function () {
  this.timeout(120_000);
  const problems: string[] = [];
  let shown: PolicySnapshot | null = null;
  let dashboard: RunningDashboard;
  let browser: Browser;
  let page: Page;

  before(async () => {
    [dashboard, browser] = await Promise.all([
      startDashboard({
        port: 0,
        rpcUrl: "http://127.0.0.1:9",
        intervalMs: 50,
        snapshot: () => ({ ...QUIET, policy: shown }),
        stop: async () => {},
      }),
      startChromium(),
    ]);
    page = await (await browser.newContext({ viewport: { width: 1240, height: 900 } })).newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    await page.goto(dashboard.url);
    await page.locator("#live").waitFor();
  });
  after(async () => {
    await browser?.close();
    await dashboard?.close();
  });

  const row = (name: string) => page.locator(`[data-target="${name}"]`);
  const fact = (name: string) => page.locator(`.evidence [data-fact="${name}"]`).innerText();

  it("says where the program isn't yet, and shows it without a reload once it is", async () => {
    await page.getByRole("link", { name: "Policy" }).click();
    await page.getByText("The policy program is not on this chain, or not yet").waitFor();
    shown = { ...INCIDENT, transitions: [], decisions: [] };
    await row(BACKEND).waitFor();
    expect(await page.locator(".states").innerText()).to.include("No state ever changed.");
  });

  it("draws bands, and tells them in words to who can't see them", async () => {
    shown = INCIDENT;
    await row(BACKEND).locator(".mark").nth(1).waitFor();
    expect(await row(GATEWAY).locator("svg").getAttribute("aria-label")).to.equal(
      `${GATEWAY} in the last 10 min: healthy 10 min.`,
    );
    expect(await row(BACKEND).locator("svg").getAttribute("aria-label")).to.equal(
      `${BACKEND} in the last 10 min: healthy 4 min, recovering 1 min, disabled 5 min.`,
    );
    const widths = await row(BACKEND)
      .locator(".band")
      .evaluateAll((bands) => bands.map((band) => Number(band.getAttribute("width"))));
    expect(widths).to.deep.equal([400, 500, 100]);
    expect(await row(BACKEND).innerText()).to.match(
      /recovering\s+backend · 25 % of its share · for 1 min · 3 clean windows in a row/,
    );
  });

  it("has every change in a table too", async () => {
    const rows = page.locator(".changes tbody tr");
    expect(await rows.count()).to.equal(2);
    expect(await rows.nth(1).innerText()).to.match(/192\.0\.2\.1:53\s+healthy to disabled/);
  });

  it("shows by keyboard alone what a change stands on: window, reports, root, transaction", async () => {
    const mark = row(BACKEND).getByRole("button", { name: /healthy to disabled/ });
    await mark.focus();
    await page.keyboard.press("Enter");
    expect(await fact("Target")).to.equal(BACKEND);
    expect(await fact("Change")).to.equal("healthy to disabled, by a bad window");
    expect(await fact("Evidence root")).to.equal("11".repeat(32));
    expect(await page.locator(".evidence a").getAttribute("href")).to.equal(`/tx/${"5".repeat(88)}`);
    const reports = page.locator(".reports");
    expect(await reports.locator("caption").innerText()).to.equal(
      "3 verifiers reported, 100 % of the weight; 67 % of it must agree, of at least 3 operators, 3 regions and 3 networks.",
    );
    const says = await reports.locator("tbody tr").allInnerTexts();
    expect(says.map((text) => text.replaceAll(/\s+/g, " "))).to.deep.equal([
      "11111…1111 1 AS64501 1,000 1 of 40 bad",
      "22222…2222 2 AS64502 1,000 2 of 40 bad",
      "33333…3333 3 AS64503 1,000 37 of 40 poor",
    ]);
    expect(await page.locator(".evidence").innerText()).to.include(
      `tolldns policy explain '${BACKEND}' --at ${new Date((NOW - 360) * 1_000).toISOString().replace(".000", "")}`,
    );
  });

  it("keeps what was chosen while events come in, and says when a round is gone", async () => {
    await page.locator(".changes tbody tr").first().getByRole("button").click();
    shown = { ...INCIDENT, now: NOW + 5 };
    await page.getByText("for 1 min 5 s").waitFor();
    expect(await fact("Change")).to.equal("disabled to recovering, by a clean window");
    expect(await fact("Transaction")).to.equal("not known here");
    expect(await page.locator(".evidence").innerText()).to.include("The chain no longer has the round");
  });

  it("shows what was decided, and why", async () => {
    expect(await page.locator(".log li").innerText()).to.match(
      /gateway: switch\s+left udp.*5 failures in a row/,
    );
  });

  it("colours decisions by what they mean", async () => {
    const line = { n: 2, at: NOW, where: "edge", subject: BACKEND, from: null, why: "x" } as const;
    const made = [
      ["eject", "out", "bad"],
      ["fallback", "central", "bad"],
      ["switch", GATEWAY, "busy"],
      ["return", "back", "recovering"],
      ["ramp", "in", "good"],
      ["restore", BACKEND, "good"],
      ["start", null, "plain"],
      ["policy", "disabled", "bad"],
      ["policy", "healthy", "good"],
    ] as const;
    shown = {
      ...INCIDENT,
      decisions: made.map(([kind, to], i) => ({ ...line, kind, to, hash: String(i).padStart(64, "0") })),
    };
    await page
      .locator(".log .chip")
      .nth(made.length - 1)
      .waitFor();
    const classes = await page
      .locator(".log .chip")
      .evaluateAll((chips) => chips.map((one) => one.className));
    expect(classes).to.deep.equal(made.map(([, , tone]) => `chip ${tone}`));
    shown = { ...INCIDENT, now: NOW + 5 };
  });

  it("shows as much time as is chosen", async () => {
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    expect(await row(GATEWAY).locator("svg").getAttribute("aria-label")).to.include("in the last 1 h");
  });

  it("says when what it shows may be old, and when judging is paused", async () => {
    shown = { ...INCIDENT, paused: true, trouble: "the RPC does not answer" };
    await page.getByText("What is shown may be old: the RPC does not answer.").waitFor();
    expect(await page.getByRole("status").innerText()).to.include("Judging is paused");
  });

  it("fits a phone without scrolling sideways, light and dark", async () => {
    shown = INCIDENT;
    for (const colorScheme of ["light", "dark"] as const) {
      const phone = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
      await phone.goto(dashboard.url);
      await phone.locator("#live").waitFor();
      await phone.goto(new URL("/policy", dashboard.url).href);
      await phone.locator(".changes .show").nth(1).click();
      await phone.locator(".reports").waitFor();
      expect(await phone.evaluate("document.documentElement.scrollWidth")).to.be.at.most(360);
      await phone.close();
    }
  });

  it("did all this without an error in the page", () => expect(problems).to.deep.equal([]));
});
