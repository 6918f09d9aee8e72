/** Keeps windows until it is killed: tells each probe and report once the store says it is kept. `node store-child.ts FILE`. */
import { signWindow } from "../../keepers/src/verifier/report.ts";
import { openVerifierStore } from "../../keepers/src/verifier/store/open.ts";
import { CONTEXT, probeOf, SET, SET_TEXT } from "./support/window.ts";

const store = await openVerifierStore({ path: process.argv[2] as string });
await store.keepSet(SET.version, SET_TEXT);
const target = (await import("@tolldns/sdk/policy")).targetId(CONTEXT.target);
process.stdout.write("ready\n");
for (let window = 0; ; window++) {
  const begin = CONTEXT.begin + 300n * BigInt(window);
  if ((await store.readReport({ target, begin })) !== null) continue;
  const there = new Set((await store.probes({ target, begin })).map(({ place }) => place));
  for (let place = 0; place < 4; place++) {
    if (there.has(place)) continue;
    await store.addProbe({ target, begin }, probeOf(place));
    process.stdout.write(`probe ${begin} ${place}\n`);
  }
  const kept = await signWindow(store, { ...CONTEXT, begin, end: begin + 300n });
  process.stdout.write(`report ${begin} ${Buffer.from(kept?.signature ?? []).toString("hex")}\n`);
}
