/**
 * Makes the pictures of the documentation from the real thing: `node tests/web/pictures.ts` writes docs/images/dashboard.png
 * (the page after a minute of use), names.png, epochs.png and policy.png beside it, and docs/images/up.svg (what `tolldns up` writes to a terminal). With `dashboard`, `policy` or `terminal` only one. Not a test.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFixtureInternet } from "@tolldns/cli/fixture-internet";
import { cleanEnv, dig, ROOT, run, TOLLDNS, temporaryFolder } from "../cli/run.ts";
import { startUpProcess } from "../cli/up.ts";
import { startChromium } from "./browser.ts";

/** Port of a backend that isn't there. */
const BACKEND = 5399;
const IMAGES = join(ROOT, "docs", "images");
const NAMES = [
  "example.com",
  "www.example.org",
  "library.test",
  "welcome.test",
  "mail.example.com",
  "oslo.weather.test",
  "cdn.example.com",
  "docs.example.org",
  "catalogue.library.test",
  "no.such.example.net",
  "api.example.com",
  "lisbon.weather.test",
];

/** What a terminal is told besides text. */
const ORDERS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]|\r`, "g");

mkdirSync(IMAGES, { recursive: true });
const only = process.argv[2];
if (only === undefined || only === "dashboard") await pictureDashboard();
if (only === undefined || only === "policy") await picturePolicy();
if (only === undefined || only === "terminal") await pictureTerminal();

async function pictureDashboard() {
  const folder = temporaryFolder();
  const up = await startUpProcess(folder.path);
  const browser = await startChromium();
  try {
    const context = await browser.newContext({ viewport: { width: 1240, height: 880 } });
    const page = await context.newPage();
    await page.goto(up.ready.dashboard);
    const port = up.ready.resolver[0]?.port ?? 0;
    const browse = async (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        for (const name of NAMES.slice(0, 4 + (round % 9))) {
          await dig(port, name, name.includes("weather") ? "TXT" : "A");
          await dig(
            port,
            `host${Math.floor(Math.random() * 40)}.wild.example.com`,
            round % 2 === 0 ? "A" : "AAAA",
          );
        }
        await sleep(900 + 600 * (round % 3));
      }
    };
    await browse(24);
    const last = browse(3);
    await page.locator("svg.flow .coin").first().waitFor();
    await sleep(800);
    await page.screenshot({ path: join(IMAGES, "dashboard.png") });
    await last;
    await up.name();
    await publishNeighbours(folder.path);
    for (const [path, ready] of [
      ["names/hello.dns", ".checks"],
      ["epochs", ".witnesses"],
    ] as const) {
      await page.goto(new URL(`/${path}`, up.ready.dashboard).href);
      await page.locator(ready).waitFor();
      await sleep(1_200);
      const file = `${path.split("/")[0]}.png`;
      await page.screenshot({ path: join(IMAGES, file), fullPage: true });
    }
  } finally {
    await browser.close();
    await up.end("SIGINT");
    folder.remove();
  }
}

/** A backend that comes and goes: nobody is at its address, then somebody is. */
async function picturePolicy() {
  const folder = temporaryFolder();
  const up = await startUpProcess(folder.path, ["--policy-window", "15"]);
  const browser = await startChromium();
  try {
    await up.policy();
    const changes = (count: number) => tell(folder.path, "policy", "watch", "--changes", String(count));
    await tell(folder.path, "policy", "register", `udp://127.0.0.1:${BACKEND}`);
    await changes(2);
    const back = await startFixtureInternet({ resolverPorts: [BACKEND] });
    await changes(2);
    await sleep(15_000);
    await back.close();
    const page = await browser.newPage({ viewport: { width: 1240, height: 880 } });
    await page.goto(up.ready.dashboard);
    await page.locator("#live").waitFor();
    await page.goto(new URL("/policy", up.ready.dashboard).href);
    await page.getByRole("button", { name: "Show" }).nth(2).click();
    await page.locator(".reports").waitFor();
    await page.screenshot({ path: join(IMAGES, "policy.png"), fullPage: true });
  } finally {
    await browser.close();
    await up.end("SIGINT");
    folder.remove();
  }
}

async function tell(data: string, ...args: string[]) {
  const { code, stderr } = await run(TOLLDNS, [...args, "--data", data], {
    env: cleanEnv(),
    timeout: 400_000,
  });
  if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
}

/** A few more names, so that there is a path to draw. */
async function publishNeighbours(data: string) {
  const ok = (...args: string[]) => tell(data, ...args);
  await ok("wallet", "fund", "100");
  const labels = ["bakery", "cinema", "garden", "harbour", "library", "museum"];
  await Promise.all(labels.map((label) => ok("name", "register", label)));
  await Promise.all(labels.map((label) => ok("name", "set", `${label}.dns`, "A", "192.0.2.80", "--wait")));
}

async function pictureTerminal() {
  const home = temporaryFolder();
  const env = { ...cleanEnv(), HOME: home.path, XDG_DATA_HOME: "", TERM: "xterm" };
  // `script` gives it a terminal; what it draws is kept.
  const child = spawn(
    "script",
    ["-qefc", `stty cols 110 rows 40; exec ${TOLLDNS} up --network fixture`, "/dev/null"],
    { env, cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
  );
  let drawn = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    drawn += text;
  });
  while (!drawn.includes("queries") || !drawn.includes("final in epoch")) await sleep(200);
  const port = Number(/-p (\d+)/.exec(drawn)?.[1]);
  for (const name of [...NAMES, ...NAMES, ...Array.from({ length: 60 }, (_, i) => `a${i}.wild.example.com`)])
    await dig(port, name);
  await sleep(16_000);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const screen = drawn.slice(drawn.indexOf("TollDNS is up")).replaceAll(home.path, "/home/you");
  child.stdin.write("\x03");
  await gone;
  home.remove();
  const [head = ""] = screen.split("\x1b[2m");
  // What was said above the counters once the name was final.
  const said = screen.slice(screen.indexOf("\x1b[J") + 3).split("\x1b[2m")[0] ?? "";
  const counters = screen.slice(screen.lastIndexOf("\x1b[2m"));
  const lines = ["$ npm start", ...clean(head), "", ...clean(said), "", ...clean(counters)];
  writeFileSync(join(IMAGES, "up.svg"), drawSvg(lines));
}

/** Text without the terminal's orders. */
function clean(text: string): string[] {
  return text.replaceAll(ORDERS, "").trimEnd().split("\n");
}

function drawSvg(lines: readonly string[]): string {
  // Spaces that aren't broken keep columns where they are in every viewer.
  const xml = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(" ", "\u00a0");
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * 7.85) + 40;
  const height = lines.length * 19 + 40;
  const rows = lines.map((line, index) => {
    const colour =
      line.startsWith("$") || /^ {2}(dig|curl|npx)/.test(line)
        ? ' fill="#2dd4bf"'
        : index > lines.length - 3 && /queries/.test(line)
          ? ' fill="#9aaaa3"'
          : "";
    return `<text x="20" y="${34 + index * 19}"${colour}>${xml(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="What npm start writes to a terminal">
<rect width="100%" height="100%" rx="10" fill="#0f1412"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e7eeea">
${rows.join("\n")}
</g>
</svg>
`;
}
