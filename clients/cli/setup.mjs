/**
 * Makes a checkout ready to run: installs the locked packages when they are missing or other ones, and makes sure that the
 * project's own Node works. With --for-tests also the system programs that tests start.
 * Plain JavaScript, only Node's own modules: it is what runs before anything is installed, on Node 20 or newer.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** What tests start, and the Debian package it comes in. */
const PROGRAMS = [
  ["unbound", "unbound"],
  ["kresd", "knot-resolver"],
  ["knotd", "knot"],
  ["kdig", "knot-dnsutils"],
  ["dig", "dnsutils"],
  ["dnsperf", "dnsperf"],
  ["chromium", "chromium"],
  ["initdb", "postgresql"],
  ["h2load", "nghttp2-client"],
  ["dnsdist", "dnsdist"],
  ["ip", "iproute2"],
  ["curl", "curl"],
  ["certutil", "libnss3-tools"],
  ["gcc", "gcc"],
  // Headers for it, which it only recommends.
  ["/usr/include/stdio.h", "libc6-dev"],
];

class SetupError extends Error {}

function setupError(message, hint) {
  return Object.assign(new SetupError(message), { hint });
}

await main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof SetupError)) throw error;
  console.error(`set-up: ${error.message}\n  ${error.hint}`);
  process.exitCode = 1;
});

async function main(args) {
  const unknown = args.find((arg) => arg !== "--for-tests");
  if (unknown !== undefined)
    throw setupError(`unknown argument ${unknown}`, "Usage: node clients/cli/setup.mjs [--for-tests]");
  if (Number(process.versions.node.split(".")[0]) < 20)
    throw setupError(
      `Node ${process.versions.node} is too old`,
      "Install Node 20 or newer; the version the project runs on is installed by itself.",
    );
  if (!packagesMatch()) await installPackages();
  checkNode();
  if (!args.includes("--for-tests")) return;
  installPrograms();
  if (!hasProgram("cargo"))
    throw setupError(
      "tests build the programs, and cargo is missing",
      "Install Rust with rustup (https://rustup.rs); Debian's own is too old.",
    );
  if (!hasProgram("go") && (process.env.H2SPEC === undefined || process.env.PEBBLE === undefined))
    throw setupError(
      "tests build h2spec and pebble, and go is missing",
      "Install Go (https://go.dev/dl), or name built ones by the variables H2SPEC and PEBBLE.",
    );
}

/** True if node_modules holds exactly what package-lock.json says, by npm's own record of what it installed. */
function packagesMatch() {
  const installed = readJson("node_modules/.package-lock.json")?.packages;
  if (installed === undefined || !existsSync(join(root, "node_modules/.bin/tolldns"))) return false;
  return Object.entries(readJson("package-lock.json").packages).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found === undefined)
      return path.startsWith("node_modules/") ? wanted.optional === true || wanted.peer === true : false;
    return found.version === wanted.version && (wanted.link !== true || existsSync(join(root, path)));
  });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), "utf8"));
  } catch {
    return undefined;
  }
}

async function installPackages() {
  const started = Date.now();
  const report = (end) => {
    const seconds = Math.round((Date.now() - started) / 1000);
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[KInstalling packages … ${seconds} s${end}`);
  };
  if (!process.stderr.isTTY) console.error("Installing packages (npm ci) …");
  report("");
  const ticker = setInterval(() => report(""), 1000);
  const { code, output } = await run("npm", ["ci", "--no-audit", "--no-fund"]);
  clearInterval(ticker);
  report("\n");
  if (code === 0) return;
  process.stderr.write(`${output.split("\n").slice(-25).join("\n")}\n`);
  throw setupError(
    `npm ci failed (${code})`,
    "See above. Are the npm registry reachable and the disk not full? Then run it again.",
  );
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ code: -1, output: error.message }));
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** The `node` package puts its binary in place by an install script, which npm may have been told not to run. */
function checkNode() {
  const wanted = readJson("package.json").devDependencies.node;
  const found = versionOf(join(root, "node_modules/.bin/node"));
  if (found === wanted) return;
  const own = versionOf("node", pathWithoutPackages());
  if (found === undefined && own !== undefined && own.split(".")[0] === wanted.split(".")[0]) return;
  throw setupError(
    `Node ${wanted} is not in node_modules${found === undefined ? "" : ` (${found} is)`}, because install scripts did not run`,
    "Run `npm rebuild node esbuild --ignore-scripts=false`, or put Node 24 first in PATH, and start again.",
  );
}

function versionOf(node, path = process.env.PATH) {
  const result = spawnSync(node, ["--version"], { encoding: "utf8", env: { ...process.env, PATH: path } });
  return result.status === 0 ? result.stdout.trim().replace(/^v/, "") : undefined;
}

function pathWithoutPackages() {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
}

function installPrograms() {
  const missing = PROGRAMS.filter(([program]) => !hasProgram(program)).map(([, name]) => name);
  if (missing.length === 0) return;
  const names = missing.join(" ");
  const command = `apt-get install -y --no-install-recommends ${names}`;
  const script = aptScript(command);
  const shell = process.getuid?.() === 0 ? ["sh"] : ["sudo", "-n", "sh"];
  const allowed =
    hasProgram("apt-get") &&
    spawnSync(shell[0], [...shell.slice(1), "-c", "true"], { stdio: "ignore" }).status === 0;
  if (!allowed)
    throw setupError(
      `tests need these packages: ${names}`,
      `Install them, on Debian or Ubuntu with: sudo ${command}`,
    );
  console.error(`Installing system packages for tests: ${names}`);
  const result = spawnSync(shell[0], [...shell.slice(1), "-c", script], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const still = PROGRAMS.filter(([program]) => !hasProgram(program)).map(([, name]) => name);
  if (still.length === 0) return;
  process.stderr.write(`${`${result.stdout}${result.stderr}`.split("\n").slice(-25).join("\n")}\n`);
  throw setupError(
    `tests need these packages, and apt-get could not install them: ${still.join(" ")}`,
    `Try by hand: sudo ${command}`,
  );
}

/** Installs without starting the services of the packages: tests start their own, and a developer's port 53 stays as it is. */
function aptScript(command) {
  const policy = "/usr/sbin/policy-rc.d";
  return `set -e
export DEBIAN_FRONTEND=noninteractive
if [ ! -e ${policy} ]; then
  trap 'rm -f ${policy}' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > ${policy}
  chmod 755 ${policy}
fi
apt-get update -q
${command}`;
}

function hasProgram(program) {
  if (program.startsWith("/")) return existsSync(program);
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin", "/usr/local/sbin"];
  if (folders.some((folder) => existsSync(join(folder, program)))) return true;
  // Debian keeps PostgreSQL's programs by version, outside PATH.
  return (
    program === "initdb" &&
    Array.from({ length: 12 }, (_, i) => i + 12).some((version) =>
      existsSync(`/usr/lib/postgresql/${version}/bin/initdb`),
    )
  );
}
