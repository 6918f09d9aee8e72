import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type Browser, chromium, type Page } from "playwright-core";
import { inBrowser } from "./support/browser-entry.ts";
import { bundle } from "./support/bundle.ts";
import { VECTOR_CHECKS } from "./support/vector-checks.ts";
import { readVectors } from "./support/vectors.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

type InBrowser = typeof inBrowser;
type PageGlobal = { inBrowser: InBrowser };

describe("the SDK in Chromium", function () {
  this.timeout(60_000);
  let browser: Browser;
  let page: Page;

  before(async () => {
    const executablePath = env.CHROMIUM ?? "/usr/bin/chromium";
    browser = await chromium.launch({ executablePath, args: FLAGS, headless: true });
    page = await browser.newPage();
    page.on("pageerror", (error) => console.error(error));
    await page.addScriptTag({
      content: await bundle({ file: fileURLToPath(new URL("./support/browser-entry.ts", import.meta.url)) }),
    });
  });

  after(async () => {
    await browser?.close();
  });

  /** Calls one of the functions in the page. */
  function call<Name extends keyof InBrowser>(name: Name, ...args: Parameters<InBrowser[Name]>) {
    const run = ([key, given]: [Name, unknown[]]) =>
      (globalThis as unknown as PageGlobal).inBrowser[key](...(given as [never, never]));
    return page.evaluate(run as never, [name, args] as never) as Promise<ReturnType<InBrowser[Name]>>;
  }

  for (const group of Object.keys(VECTOR_CHECKS)) {
    const [file, part] = group.split(".") as [string, string];
    it(`holds ${group}`, async () => {
      const rows = readVectors(file)[part] ?? [];
      expect(rows).not.to.have.length(0);
      expect(await call("checkVectors", group, rows)).to.deep.equal([]);
    });
  }

  it("notices a vector that does not hold", async () => {
    const [row] = readVectors("voucher").valid ?? [];
    const bent = { ...row, cumulative: "1" };
    expect(await call("checkVectors", "voucher.valid", [bent])).to.have.length(1);
  });

  it("builds the same instructions, for web3.js and Umi too, as in Node", async () => {
    expect(await call("buildSamples")).to.deep.equal(inBrowser.buildSamples());
  });

  it("makes the same transactions, chains and errors as in Node", async () => {
    for (const name of ["encodeTransaction", "makeChain", "refuse", "seedLength"] as const)
      expect(await call(name), name).to.deep.equal(inBrowser[name]());
  });
});
