import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { addressOf } from "../addresses.ts";
import { systemEdgeClock } from "../clock.ts";
import { completeLimits } from "../complete.ts";
import { createBook } from "../pay/book.ts";
import { openJournal } from "../state/journal.ts";
import { lockFolder } from "../state/lock.ts";
import { openWallet, secretBytes } from "../wallet/open.ts";
import { type OpenPathGateway, openPathGateway } from "./gateway.ts";
import type { PayingPath, PayingPathOptions } from "./options.ts";

/**
 * Opens the edge's way of asking gateways, for a verifier: the same discovery, lanes, sessions, ticks and vouchers under the same limits, so that no gateway can
 * tell it from an edge; without cache, choice and hedging, so that it is this gateway over this transport that is measured.
 * @throws EdgeError option-invalid, key-file, journal-corrupt, journal-locked
 */
export async function openPayingPath(options: PayingPathOptions): Promise<PayingPath> {
  const limits = completeLimits(options.limits);
  const clock = options.clock ?? systemEdgeClock;
  await mkdir(options.stateDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(join(options.stateDir, "lock"));
  try {
    const journal = await openJournal(join(options.stateDir, "journal"));
    const book = createBook(journal, clock, limits);
    const tell = (event: string, detail: string) => options.log?.({ level: "info", event, detail });
    const wallet =
      options.wallet === undefined
        ? null
        : await openWallet({
            wallet: options.wallet,
            book,
            clock,
            random: options.random ?? Math.random,
            onEvent: tell,
          });
    const gateways = new Map<string, Promise<OpenPathGateway>>();

    return {
      open(source) {
        const known = gateways.get(source.url);
        if (known !== undefined) return known;
        const opening = openPathGateway({
          source,
          clock,
          book,
          lanes: wallet === null ? null : (discovery) => wallet.supply(source.url, discovery),
          checkDeployment: async (found) => wallet?.checkDeployment(found),
          addressOf: () => addressOf(source, journal),
          randomBytes: secretBytes,
          onEvent: tell,
        });
        gateways.set(source.url, opening);
        // One that could not be reached is tried anew, not remembered.
        opening.catch(() => gateways.delete(source.url));
        return opening;
      },
      spent: () => book.windows.total(),
      async close() {
        const open = await Promise.allSettled(gateways.values());
        await Promise.all(
          open.map((one) => (one.status === "fulfilled" ? one.value.close() : Promise.resolve())),
        );
        await book.close().catch(() => {});
        await journal.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
