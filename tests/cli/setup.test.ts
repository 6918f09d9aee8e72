import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ROOT, run, temporaryFolder } from "./run.ts";

/** A checkout as small as the set-up script looks at, with an npm that says what it was called with. */
function checkout(options: { readonly installed: boolean; readonly node?: string }) {
  const folder = temporaryFolder();
  const root = folder.path;
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), mode);
  };
  mkdirSync(join(root, "clients/cli"), { recursive: true });
  cpSync(join(ROOT, "clients/cli/setup.mjs"), join(root, "clients/cli/setup.mjs"));
  const packages = {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/win": { version: "1.0.0", optional: true },
  };
  put("package-lock.json", JSON.stringify({ packages }));
  put("package.json", JSON.stringify({ devDependencies: { node: "24.21.0" } }));
  const record = JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } });
  const installNode = `mkdir -p node_modules/.bin; printf '%s' '${record}' > node_modules/.package-lock.json; touch node_modules/.bin/tolldns; printf '#!/bin/sh\\necho v24.21.0\\n' > node_modules/.bin/node; chmod +x node_modules/.bin/node`;
  put(
    "bin/npm",
    `#!/bin/sh\necho "npm $*" >> npm.log\n[ -n "$NPM_FAILS" ] && { echo broken network >&2; exit 7; }\n${installNode}\n`,
    0o755,
  );
  symlinkSync(process.execPath, join(root, "bin/node-under-test"));
  if (options.installed) {
    put("node_modules/.package-lock.json", record);
    put("node_modules/.bin/tolldns", "");
    if (options.node !== undefined)
      put("node_modules/.bin/node", `#!/bin/sh\necho v${options.node}\n`, 0o755);
  }
  const setUp = (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
    run(join(root, "bin/node-under-test"), [join(root, "clients/cli/setup.mjs"), ...args], {
      cwd: root,
      env: { PATH: `${root}/bin:/usr/bin:/bin`, ...env },
    });
  const calls = () => {
    try {
      return readFileSync(join(root, "npm.log"), "utf8").trim().split("\n");
    } catch {
      return [];
    }
  };
  return { ...folder, put, setUp, calls };
}

describe("set-up of a checkout", () => {
  it("installs the locked packages when there are none, and only then", async () => {
    const place = checkout({ installed: false });
    const first = await place.setUp();
    expect(first.code, first.stderr).to.equal(0);
    expect(first.stderr).to.include("Installing packages");
    expect((await place.setUp()).code).to.equal(0);
    expect(place.calls()).to.deep.equal(["npm ci --no-audit --no-fund"]);
    place.remove();
  });

  it("installs again when a locked version changed", async () => {
    const place = checkout({ installed: true, node: "24.21.0" });
    expect((await place.setUp()).code).to.equal(0);
    expect(place.calls()).to.deep.equal([]);
    place.put(
      "package-lock.json",
      JSON.stringify({ packages: { "": {}, "node_modules/a": { version: "1.0.1" } } }),
    );
    await place.setUp();
    expect(place.calls()).to.have.length(1);
    place.remove();
  });

  it("shows the end of npm's words when it fails", async () => {
    const place = checkout({ installed: false });
    const { code, stderr } = await place.setUp([], { NPM_FAILS: "1" });
    expect(code).to.equal(1);
    expect(stderr).to.match(/broken network[\s\S]*set-up: npm ci failed \(7\)\n {2}\S/);
    place.remove();
  });

  it("says what to run when install scripts were not allowed to put Node in place", async () => {
    const place = checkout({ installed: true });
    const { code, stderr } = await place.setUp([], { PATH: `${place.path}/bin` });
    expect(code).to.equal(1);
    expect(stderr).to.match(/install scripts did not run\n {2}Run `npm rebuild node esbuild/);
    place.remove();
  });

  it("names the packages that tests miss and the command for them in one line, where it may not install", async () => {
    const place = checkout({ installed: true, node: "24.21.0" });
    const { code, stderr } = await place.setUp(["--for-tests"], {
      PATH: `${place.path}/bin`,
      TOLLDNS_SETUP_FOLDERS: "",
    });
    expect(code).to.equal(1);
    expect(stderr).to.match(/^set-up: tests need these packages: .*knot-dnsutils dnsutils .*curl .*gcc\n/);
    expect(stderr).to.match(/sudo apt-get install -y .*knot-dnsutils/);
    expect(stderr.trimEnd().split("\n")).to.have.length(2);
    place.remove();
  });
});
