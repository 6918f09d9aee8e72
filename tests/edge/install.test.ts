import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findPortHolder, installEdge, isEdgeError, readInstall, uninstallEdge } from "@tolldns/edge";
import { expect } from "chai";
import { checkPortFree } from "../../clients/edge/src/install/port.ts";

const COMMAND = ["/usr/bin/node", "/opt/toll dns/main.ts", "/etc/tolldns/edge.json"];

/** Everything under a folder that uninstalling must bring back: bytes, kinds, modes, owners, times, link targets. */
function snapshot(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string, name: string) => {
    const stats = lstatSync(path, { bigint: true });
    const owner = `${stats.mode.toString(8)} ${stats.uid}:${stats.gid}`;
    if (stats.isSymbolicLink()) found[name] = `link ${owner} -> ${readlinkSync(path)}`;
    else if (stats.isDirectory()) {
      found[name] = `folder ${owner}`;
      for (const entry of readdirSync(path)) walk(join(path, entry), `${name}/${entry}`);
    } else found[name] = `file ${owner} ${stats.mtimeNs} ${readFileSync(path).toString("base64")}`;
  };
  walk(root, "");
  // The record's folder is under one that may not have been there.
  return found;
}

function write(root: string, path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
  utimesSync(join(root, path), 1_600_000_000.123456, 1_500_000_000.654321);
}

/** The systems people have, as they find themselves before. */
const SYSTEMS: Record<string, (root: string) => void> = {
  "a plain resolv.conf": (root) =>
    write(root, "/etc/resolv.conf", "search lan\nnameserver 192.0.2.1\n", 0o640),
  "no resolv.conf at all": (root) => mkdirSync(join(root, "etc"), { recursive: true }),
  "a resolv.conf that is a link to NetworkManager's": (root) => {
    write(root, "/run/NetworkManager/resolv.conf", "nameserver 192.0.2.1\n");
    write(root, "/etc/NetworkManager/NetworkManager.conf", "[main]\nplugins=ifupdown\n");
    symlinkSync("../run/NetworkManager/resolv.conf", join(root, "etc/resolv.conf"));
  },
  "systemd-resolved behind its stub": (root) => {
    write(root, "/etc/systemd/resolved.conf", "[Resolve]\n#DNS=\n");
    write(root, "/etc/systemd/system/other.service", "[Unit]\n");
    write(root, "/run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n");
    symlinkSync("../run/systemd/resolve/stub-resolv.conf", join(root, "etc/resolv.conf"));
  },
  "all three together, with a drop-in of ours from before": (root) => {
    write(root, "/etc/systemd/resolved.conf", "[Resolve]\n");
    write(root, "/etc/systemd/resolved.conf.d/50-tolldns-edge.conf", "[Resolve]\nDNS=127.0.0.9\n", 0o600);
    write(root, "/etc/systemd/system/other.service", "[Unit]\n");
    write(root, "/etc/NetworkManager/conf.d/10-mine.conf", "[main]\n");
    write(root, "/run/systemd/resolve/resolv.conf", "nameserver 192.0.2.1\n");
    symlinkSync("/run/systemd/resolve/resolv.conf", join(root, "etc/resolv.conf"));
  },
  "a link that points nowhere": (root) => {
    mkdirSync(join(root, "etc"), { recursive: true });
    symlinkSync("/nowhere/resolv.conf", join(root, "etc/resolv.conf"));
  },
};

describe("installing the edge (under a folder that stands for the root)", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tolldns-root-"));
    mkdirSync(join(root, "var/lib"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => null,
      (error: unknown) => (isEdgeError(error) ? error.code : String(error)),
    );

  for (const [name, build] of Object.entries(SYSTEMS)) {
    it(`points ${name} at the edge, twice the same, and restores it exactly`, async () => {
      build(root);
      const before = snapshot(root);
      const first = await installEdge({ root, command: COMMAND });
      expect(first.changed).to.equal(true);
      expect(await readInstall(root)).to.include({ installed: true, intact: true });
      const between = snapshot(root);
      expect(between).to.not.deep.equal(before);
      expect((await installEdge({ root, command: COMMAND })).changed).to.equal(false);
      expect(snapshot(root)).to.deep.equal(between);
      await uninstallEdge({ root });
      expect(snapshot(root)).to.deep.equal(before);
      expect((await uninstallEdge({ root })).changed).to.equal(false);
    });

    it(`survives a crash at every step, with ${name}`, async () => {
      build(root);
      const before = snapshot(root);
      class Crash extends Error {}
      /** Runs until step `at`, then stops as a killed process would. True if that step came. */
      const crashAt = async (at: number, run: (onStep: () => void) => Promise<unknown>) => {
        let step = 0;
        try {
          await run(() => {
            if (step++ === at) throw new Crash();
          });
          return false;
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          return true;
        }
      };
      let steps = 0;
      while (await crashAt(steps, (onStep) => installEdge({ root, command: COMMAND, onStep }))) {
        // Half of them are taken back from there, the others are finished first.
        if (steps % 2 === 1) await installEdge({ root, command: COMMAND });
        await uninstallEdge({ root });
        expect(snapshot(root), `install cut before step ${steps}`).to.deep.equal(before);
        steps++;
      }
      expect(steps).to.be.above(2);
      await uninstallEdge({ root });
      for (let at = 0; ; at++) {
        await installEdge({ root, command: COMMAND });
        if (!(await crashAt(at, (onStep) => uninstallEdge({ root, onStep })))) break;
        if (at % 2 === 1) await installEdge({ root, command: COMMAND });
        await uninstallEdge({ root });
        expect(snapshot(root), `uninstall cut before step ${at}`).to.deep.equal(before);
      }
      expect(snapshot(root)).to.deep.equal(before);
    });
  }

  it("keeps search list and options, and names only the edge as server", async () => {
    write(
      root,
      "/etc/resolv.conf",
      "domain home\nnameserver 192.0.2.1\nnameserver 192.0.2.2\noptions rotate\n",
    );
    await installEdge({ root });
    const text = readFileSync(join(root, "etc/resolv.conf"), "utf8");
    expect(text.match(/^nameserver .*/gm)).to.deep.equal(["nameserver 127.0.0.1"]);
    expect(text).to.contain("domain home\n").and.to.contain("options rotate\n");
  });

  it("quotes the service's command line and lets it bind port 53 without being all-powerful", async () => {
    SYSTEMS["systemd-resolved behind its stub"]?.(root);
    await installEdge({ root, command: COMMAND });
    const unit = readFileSync(join(root, "etc/systemd/system/tolldns-edge.service"), "utf8");
    expect(unit).to.contain('ExecStart=/usr/bin/node "/opt/toll dns/main.ts" /etc/tolldns/edge.json\n');
    expect(unit)
      .to.contain("AmbientCapabilities=CAP_NET_BIND_SERVICE\n")
      .and.to.contain("NoNewPrivileges=yes\n");
    expect(readlinkSync(join(root, "etc/resolv.conf"))).to.equal("../run/systemd/resolve/stub-resolv.conf");
  });

  it("names a port to systemd-resolved and leaves resolv.conf alone, which can't name one", async () => {
    write(root, "/etc/systemd/resolved.conf", "[Resolve]\n");
    write(root, "/etc/resolv.conf", "nameserver 192.0.2.1\n");
    const { notes } = await installEdge({ root, port: 5353 });
    expect(readFileSync(join(root, "etc/systemd/resolved.conf.d/50-tolldns-edge.conf"), "utf8")).to.contain(
      "DNS=127.0.0.1:5353\n",
    );
    expect(readFileSync(join(root, "etc/resolv.conf"), "utf8")).to.equal("nameserver 192.0.2.1\n");
    expect(notes.join()).to.match(/can't name a port/);
  });

  it("refuses to restore over what somebody changed since, until told to", async () => {
    SYSTEMS["a plain resolv.conf"]?.(root);
    const before = snapshot(root);
    await installEdge({ root });
    writeFileSync(join(root, "etc/resolv.conf"), "nameserver 203.0.113.5\n");
    expect(await codeOf(uninstallEdge({ root }))).to.equal("install-changed");
    expect((await readInstall(root)).intact).to.equal(false);
    await uninstallEdge({ root, force: true });
    expect(snapshot(root)).to.deep.equal(before);
  });

  it("stops at an immutable resolv.conf before it changes anything", async function () {
    SYSTEMS["a plain resolv.conf"]?.(root);
    write(root, "/etc/systemd/resolved.conf", "[Resolve]\n");
    const path = join(root, "etc/resolv.conf");
    try {
      execFileSync("chattr", ["+i", path], { stdio: "ignore" });
    } catch {
      // Only some file systems know the bit, and only a privileged process may set it.
      this.skip();
    }
    try {
      const before = snapshot(root);
      expect(await codeOf(installEdge({ root }))).to.equal("install-immutable");
      expect(snapshot(root)).to.deep.equal(before);
    } finally {
      execFileSync("chattr", ["-i", path]);
    }
  });

  it("names the program that has the port", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      expect(await findPortHolder(port)).to.include({ pid: process.pid });
      const error = await checkPortFree("127.0.0.1", port).catch((caught: Error) => caught);
      expect(isEdgeError(error, "install-port")).to.equal(true);
      expect((error as Error).message).to.contain(`(pid ${process.pid})`);
    } finally {
      server.close();
    }
  });
});
