import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const SCRIPT = fileURLToPath(new URL("./support/in-namespace.ts", import.meta.url));

/** /etc and /var/lib become copies that only this namespace sees; `more` prepares resolv.conf. */
function runInNamespace(scratch: string, more: string) {
  const shell = `set -e
    ip link set lo up
    cp -a /etc "$1/etc"; mkdir -p "$1/lib"
    mount --bind "$1/lib" /var/lib; mount --bind "$1/etc" /etc
    rm -rf /etc/systemd/resolved.conf* /etc/NetworkManager
    ${more}
    exec "$2" "$3" "$1"`;
  return spawnSync("unshare", ["-mn", "sh", "-c", shell, "sh", scratch, process.execPath, SCRIPT], {
    encoding: "utf8",
    timeout: 30_000,
  });
}

/** Without namespaces (not root, or a container that forbids them) only the tests under a root folder can run. */
const hasNamespaces = spawnSync("unshare", ["-mn", "true"]).status === 0;

describe("installing the edge in a namespace of its own", function () {
  this.timeout(60_000);
  let scratch: string;
  before(function () {
    if (hasNamespaces) return;
    console.log(
      "    no namespaces here: install.test.ts covers installing, under a folder that stands for the root",
    );
    this.skip();
  });
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "tolldns-ns-"));
    mkdirSync(join(scratch, "state"), { mode: 0o700 });
    writeFileSync(join(scratch, "original"), "nameserver 192.0.2.1\noptions timeout:1 attempts:1\n");
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  const KINDS: Record<string, string> = {
    "a file":
      'rm -f /etc/resolv.conf; cp "$1/original" /etc/resolv.conf; chmod 640 /etc/resolv.conf; touch -d 2020-02-02 /etc/resolv.conf',
    "a mount of its own, as in containers":
      'rm -f /etc/resolv.conf; touch /etc/resolv.conf; chmod 604 "$1/original"; mount --bind "$1/original" /etc/resolv.conf',
    "a link":
      'rm -f /etc/resolv.conf; cp "$1/original" /etc/real-resolv.conf; ln -s real-resolv.conf /etc/resolv.conf',
  };
  for (const [kind, prepare] of Object.entries(KINDS))
    it(`lets dig resolve through it and takes it back, with resolv.conf ${kind}`, () => {
      const { stdout, stderr, status } = runInNamespace(scratch, prepare);
      expect(status, stderr).to.equal(0);
      const seen = JSON.parse(stdout.trim().split("\n").at(-1) as string);
      expect(seen.digBefore).to.not.contain("192.0.2.53");
      expect(seen.taken, "installing beside a running edge without saying so").to.include({
        code: "install-port",
      });
      expect(seen.taken.text).to.contain(`pid ${seen.pid}`);
      expect(seen.during.text)
        .to.contain("nameserver 127.0.0.1\n")
        .and.to.contain("options timeout:1 attempts:1");
      expect(seen.digDuring).to.equal("192.0.2.53");
      expect(seen.digTcp).to.equal("192.0.2.53");
      // Node sets times as floating-point seconds, which near the present tell 0.24 us apart.
      expect(seen.after.mtimeMs).to.be.closeTo(seen.before.mtimeMs, 0.001);
      expect({ ...seen.after, mtimeMs: 0 }).to.deep.equal({ ...seen.before, mtimeMs: 0 });
      expect(seen.digAfter).to.not.contain("192.0.2.53");
    });
});
