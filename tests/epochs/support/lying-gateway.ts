import { createFeed, webTransport } from "@tolldns/sdk/feed";
import { startHostileGateway } from "../../dotdns/support/hostile-gateway.ts";

// A gateway that lies to its clients, as a process of its own: `node lying-gateway.ts '{"feeds":[...]}'`. It knows the truth from
// honest feeds and sends something else: evidence of before, of another name, with a bit flipped, or none. Prints where it is.

const { feeds } = JSON.parse(process.argv[2] ?? "{}") as { readonly feeds: readonly string[] };
const clients = feeds.map((url) => createFeed(url, webTransport(globalThis.fetch)));
/** Newest evidence of each name, and the first there was. */
const newest = new Map<string, Uint8Array>();
const first = new Map<string, Uint8Array>();
let asked = 0;

async function learn(name: string): Promise<void> {
  for (const client of clients) {
    try {
      const evidence = await client.evidence(name, { signal: AbortSignal.timeout(3_000) });
      newest.set(name, evidence);
      if (!first.has(name)) first.set(name, evidence);
      return;
    } catch {
      // The next one may know.
    }
  }
}

const gateway = await startHostileGateway((name) => {
  void learn(name);
  const truth = newest.get(name);
  switch (asked++ % 4) {
    case 0:
      return first.get(name) ?? Uint8Array.of(1);
    case 1:
      return [...newest].find(([other]) => other !== name)?.[1] ?? Uint8Array.of(1, 2);
    case 2: {
      const flipped = Uint8Array.from(truth ?? [1, 2, 3]);
      flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
      return flipped;
    }
    default:
      return null;
  }
});
process.stdout.write(`${JSON.stringify({ url: gateway.url, ca: gateway.ca })}\n`);
process.once("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
