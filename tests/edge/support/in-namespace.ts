/**
 * Runs inside a mount and network namespace of its own, where /etc is a copy: installs the edge for real, resolves with dig through
 * /etc/resolv.conf, takes it back. Prints one JSON object. Argument: a scratch folder.
 */
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { installEdge, isEdgeError, startEdge, uninstallEdge } from "@tolldns/edge";
import { alwaysA, startUpstream } from "../../gateway/support/upstream.ts";

const [scratch = ""] = process.argv.slice(2);
const RESOLV_CONF = "/etc/resolv.conf";

const dig = (...args: string[]) =>
  new Promise<string>((resolve) =>
    execFile("dig", ["+time=1", "+tries=1", "+short", ...args], (_error, stdout) => resolve(stdout.trim())),
  );
const state = () => {
  const { mode, uid, gid, mtimeMs } = statSync(RESOLV_CONF);
  return { text: readFileSync(RESOLV_CONF, "utf8"), mode, uid, gid, mtimeMs };
};

const upstream = await startUpstream(alwaysA("192.0.2.53"));
const before = state();
const digBefore = await dig("www.example.com", "A");
const edge = await startEdge({
  stateDir: join(scratch, "state"),
  gateways: [],
  outOfMoney: "free",
  freeUpstreams: [`udp://127.0.0.1:${upstream.port}`],
});
const taken = await installEdge({ reload: false }).then(
  () => null,
  (error: unknown) => (isEdgeError(error) ? { code: error.code, text: error.message } : String(error)),
);
const { notes } = await installEdge({ running: true, reload: false });
const during = state();
const digDuring = await dig("www.example.com", "A");
const digTcp = await dig("+tcp", "other.example.com", "A");
await uninstallEdge({ reload: false });
const after = state();
await edge.close();
const digAfter = await dig("www.example.com", "A");
await upstream.close();
console.log(
  JSON.stringify({
    before,
    taken,
    notes,
    during,
    after,
    digBefore,
    digDuring,
    digTcp,
    digAfter,
    pid: process.pid,
  }),
);
