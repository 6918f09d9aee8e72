/** Writes the golden vectors, or with --check compares them with what is committed. */
import { readFileSync, writeFileSync } from "node:fs";
import { argv, exit, stderr } from "node:process";
import { addressVectors } from "./cases/address.ts";
import { ed25519Vectors } from "./cases/ed25519.ts";
import { healthVectors } from "./cases/health.ts";
import { namesVectors } from "./cases/names.ts";
import { policyVectors } from "./cases/policy.ts";
import { quorumVectors } from "./cases/quorum.ts";
import { recordVectors, settleVectors } from "./cases/record.ts";
import { routesVectors } from "./cases/routes.ts";
import { splitVectors } from "./cases/split.ts";
import { stakeVectors } from "./cases/stake.ts";
import { tickVectors } from "./cases/tick.ts";
import { tollVectors } from "./cases/toll.ts";
import { voucherVectors } from "./cases/voucher.ts";

const files: Record<string, () => Record<string, unknown>> = {
  "voucher.json": voucherVectors,
  "record.json": recordVectors,
  "settle.json": settleVectors,
  "tick.json": tickVectors,
  "toll.json": tollVectors,
  "address.json": addressVectors,
  "split.json": splitVectors,
  "names.json": namesVectors,
  "routes.json": routesVectors,
  "stake.json": stakeVectors,
  "quorum.json": quorumVectors,
  "policy.json": policyVectors,
  "health.json": healthVectors,
  "ed25519.json": ed25519Vectors,
};

let stale = 0;
for (const [name, make] of Object.entries(files)) {
  const path = new URL(name, import.meta.url);
  const text = `${JSON.stringify(make(), null, 1)}\n`;
  if (!argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    stderr.write(
      `tests/vectors/${name} is not what the SDK makes; if the protocol was meant to change, run make.ts\n`,
    );
    stale++;
  }
}
exit(stale === 0 ? 0 : 1);
