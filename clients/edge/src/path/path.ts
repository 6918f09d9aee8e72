import { addressOf } from "../addresses.ts";
import { systemEdgeClock } from "../clock.ts";
import { openState } from "../state/open.ts";
import { secretBytes } from "../wallet/open.ts";
import { type OpenPathGateway, openPathGateway } from "./gateway.ts";
import type { PayingPath, PayingPathOptions } from "./options.ts";

/**
 * Opens the edge's way of asking gateways, for a verifier: the same discovery, lanes, sessions, ticks and vouchers under the same limits, so that no gateway can
 * tell it from an edge; without cache, choice and hedging, so that it is this gateway over this transport that is measured.
 * @throws EdgeError option-invalid, key-file, journal-corrupt, journal-locked
 */
export async function openPayingPath(options: PayingPathOptions): Promise<PayingPath> {
  const clock = options.clock ?? systemEdgeClock;
  const { journal, book, wallet, close } = await openState(options);
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
        onEvent: (event, detail) => options.log?.({ level: "info", event, detail }),
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
      await close();
    },
  };
}
