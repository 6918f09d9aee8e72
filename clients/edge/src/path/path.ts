import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createDeployment } from "@tolldns/sdk";
import { addressOf } from "../addresses.ts";
import { systemEdgeClock } from "../clock.ts";
import { completeLimits } from "../complete.ts";
import { createBook } from "../pay/book.ts";
import { openJournal } from "../state/journal.ts";
import { lockFolder } from "../state/lock.ts";
import { createWalletChain } from "../wallet/chain.ts";
import { createWallet } from "../wallet/lanes.ts";
import { readKeyFile } from "../wallet/owner.ts";
import { createRpc } from "../wallet/rpc.ts";
import { type OpenPathGateway, openPathGateway } from "./gateway.ts";
import type { PayingPath, PayingPathOptions } from "./options.ts";

const secretBytes = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

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
    const wallet = options.wallet === undefined ? null : await openWallet(options.wallet);
    const gateways = new Map<string, Promise<OpenPathGateway>>();

    async function openWallet(given: NonNullable<PayingPathOptions["wallet"]>) {
      const signer = "keyFile" in given.owner ? await readKeyFile(given.owner.keyFile) : given.owner;
      const deployment = createDeployment(given.deployment);
      return createWallet({
        chain: createWalletChain(createRpc(given.rpcUrl), deployment, signer, clock),
        book,
        deployment,
        clock,
        random: options.random ?? Math.random,
        randomBytes: secretBytes,
        onEvent: tell,
      });
    }

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
