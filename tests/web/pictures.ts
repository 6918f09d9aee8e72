/**
 * Makes the pictures of the documentation from the real thing: `node tests/web/pictures.ts` writes docs/images/dashboard.png
 * (the page after a minute of use), names.png, epochs.png and policy.png beside it, and docs/images/up.svg (what
 * `tolldns up` writes to a terminal) and outage.svg (what `tolldns policy explain` says after a resolver was killed). With `dashboard`, `policy`, `terminal` or `outage` only one. Not a test.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startFixtureInternet } from "@tolldns/cli/fixture-internet";
import { cleanEnv, dig, ROOT, run, TOLLDNS, temporaryFolder } from "../cli/run.ts";
import { startUpProcess, type Up } from "../cli/up.ts";
import { startChromium } from "./browser.ts";
import { drawSvg, screenOf } from "./terminal.ts";

/** Port of a backend that isn't there. */
const BACKEND = 5399;
/** Of two that can be killed. */
const RESOLVERS = [5391, 5392] as const;
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

mkdirSync(IMAGES, { recursive: true });
const only = process.argv[2];
if (only === undefined || only === "dashboard") await pictureDashboard();
if (only === undefined || only === "policy") await picturePolicy();
if (only === undefined || only === "terminal") await pictureTerminal();
if (only === undefined || only === "outage") await pictureOutage();

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
    ["-qefc", `stty cols 130 rows 50; exec ${TOLLDNS} up --network fixture`, "/dev/null"],
    { env, cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] },
  );
  let drawn = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    drawn += text;
  });
  while (!drawn.includes("verifiers probe") || !drawn.includes("final in epoch")) await sleep(200);
  const port = Number(/-p (\d+)/.exec(drawn)?.[1]);
  for (const name of [...NAMES, ...NAMES, ...Array.from({ length: 60 }, (_, i) => `a${i}.wild.example.com`)])
    await dig(port, name);
  await sleep(16_000);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const screen = screenOf(drawn.slice(drawn.indexOf("TollDNS is up")).replaceAll(home.path, "/home/you"));
  child.stdin.write("\x03");
  await gone;
  home.remove();
  const lines = ["$ npm start", ...screen];
  writeFileSync(
    join(IMAGES, "up.svg"),
    drawSvg(lines, "What npm start writes to a terminal", /^ {2}queries /),
  );
}

/** Two resolvers that can be killed; the one that is asked is, and started again. What is drawn is what `policy explain` says of it. */
async function pictureOutage() {
  const folder = temporaryFolder();
  const resolvers = new Map(RESOLVERS.map((port) => [port, startResolver(port)]));
  let up: Up | undefined;
  let asked = 0;
  const ask = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const said = await dig(up?.ready.resolver[0]?.port ?? 0, `host${asked++}.wild.example.com`);
      if (!said.includes("NOERROR")) throw new Error(`not answered: ${said}`);
      await sleep(50);
    }
  };
  try {
    await sleep(1_000);
    const upstreams = RESOLVERS.map((port) => `udp://127.0.0.1:${port}`).join();
    up = await startUpProcess(folder.path, ["--upstreams", upstreams]);
    await ask(60);
    const first = RESOLVERS.find((port) => lastChoice(folder.path).endsWith(`:${port}`)) ?? RESOLVERS[0];
    await end(resolvers.get(first) as ChildProcess);
    await ask(120);
    resolvers.set(first, startResolver(first));
    await ask(250);
    const explain = ["policy", "explain", "--data", folder.path];
    const { code, stdout, stderr } = await run(TOLLDNS, explain, { env: cleanEnv() });
    if (code !== 0) throw new Error(stderr);
    const story = stdout.trimEnd().split("\n");
    const lines = ["$ tolldns policy explain", ...story];
    writeFileSync(
      join(IMAGES, "outage.svg"),
      drawSvg(lines, "A resolver was killed and started again: what tolldns policy explain says of it"),
    );
  } finally {
    await up?.end("SIGINT");
    await Promise.all([...resolvers.values()].map(end));
    folder.remove();
  }
}

/** A fixture internet with a resolver at that port, as a process of its own. */
function startResolver(port: number): ChildProcess {
  const code = `import { startFixtureInternet } from "@tolldns/cli/fixture-internet"; await startFixtureInternet({ resolverPorts: [${port}] });`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], { cwd: ROOT, stdio: "inherit" });
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  if (child.kill("SIGKILL")) await gone;
}

/** Whom the gateway asks, by its decision log. */
function lastChoice(data: string): string {
  const lines = readFileSync(join(data, "decisions", "gateway", "decisions.jsonl"), "utf8")
    .trim()
    .split("\n");
  const last = lines.map((line) => JSON.parse(line)).findLast(({ kind }) => kind === "switch");
  return last?.to ?? "";
}
