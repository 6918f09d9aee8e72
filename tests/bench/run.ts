/**
 * Every bench, one after another: `npm run bench`, or `node tests/bench/run.ts [name ...]`. Nothing is asserted; each prints what it measured
 * beside its peers of the same run. Names are those of the list below.
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BENCHES: readonly { readonly name: string; readonly about: string; readonly file: string }[] = [
  {
    name: "settlement",
    about: "payers, compute units and lamports of a settlement",
    file: "keepers/settlement.ts",
  },
  { name: "toll", about: "a tick, a refusal, a voucher, an opening", file: "gateway/toll.ts" },
  { name: "paid", about: "paid against unpaid answers", file: "gateway/paid.ts" },
  {
    name: "router",
    about: "what routing costs a question, and how soon a dead backend is left",
    file: "gateway/router.ts",
  },
  { name: "dns", about: "cached answers beside CoreDNS, dnsdist and Unbound", file: "dns/compare.ts" },
  { name: "proof", about: "three ways to bring the proof of a .dns answer", file: "dotdns/proof.ts" },
  {
    name: "routes",
    about: "a million names: the map, its proofs, an epoch's updates",
    file: "routes/map.ts",
  },
  {
    name: "epochs",
    about: "draw of 100 from 100 000 stakers; from an owner's signature to canonical",
    file: "epochs/epochs.ts",
  },
  {
    name: "outage",
    about: "failing upstreams beside dnsproxy, dnsdist and Unbound",
    file: "outage/compare.ts",
  },
  { name: "edge", about: "what the edge adds to an answer", file: "edge/latency.ts" },
];

const only = process.argv.slice(2);
const unknown = only.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  console.error(
    `no such bench: ${unknown.join(", ")}; there are ${BENCHES.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const failed: string[] = [];
for (const { name, about, file } of BENCHES) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`\n== ${name}: ${about}\n`);
  const path = fileURLToPath(new URL(file, import.meta.url));
  const code = await new Promise<number | null>((resolve) => {
    spawn(process.execPath, [path], { stdio: "inherit" }).on("close", resolve);
  });
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`\ndid not end well: ${failed.join(", ")}`);
  process.exitCode = 1;
}
