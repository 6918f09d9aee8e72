import { PublicKey } from "@solana/web3.js";
import { toBase58 } from "@tolldns/sdk";
import { ACCOUNT_DISCRIMINATORS, close, decodeEpoch } from "@tolldns/sdk/quorum";
import type { QuorumContext } from "./context.ts";
import type { Roster } from "./operators.ts";
import { findGuilty, isDueToClose } from "./plan.ts";
import type { Parcel } from "./send.ts";
import { slashParcels } from "./slash.ts";
import { factsOf, type QuorumView } from "./view.ts";

/** Slashes who voted for what was rejected, and closes what is over. */
export interface Housekeeping {
  look(view: QuorumView, roster: Roster): Promise<Parcel[]>;
}

/** Seconds between two looks at all epochs there are. */
const LOOK_SECONDS = 10;
const CLOSES_AT_ONCE = 8;

export function createHousekeeping(context: QuorumContext): Housekeeping {
  const { connection, clock, feePayer, policy, quorum } = context;
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    look: async (view, roster) => {
      if (clock.now() - lookedAt < LOOK_SECONDS) return [];
      lookedAt = clock.now();
      const accounts = await connection.getProgramAccounts(new PublicKey(quorum), {
        commitment: "confirmed",
        filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS.Epoch)) } }],
      });
      const epochs = accounts.map(({ account }) => factsOf(decodeEpoch(account.data)));
      const slashes: Parcel[] = [];
      for (const epoch of epochs) {
        for (const seat of findGuilty(epoch))
          slashes.push(...(await slashParcels(context, view, roster, epoch, seat)));
      }
      const due = policy.closeEpochs
        ? epochs.filter((epoch) => isDueToClose(epoch, view.facts.now, feePayer.publicKey))
        : [];
      const { deployment } = view;
      const closes: Parcel[] = [];
      for (let from = 0; from < due.length; from += CLOSES_AT_ONCE) {
        const some = due.slice(from, from + CLOSES_AT_ONCE);
        closes.push({
          kind: `close ${some.map(({ number }) => number).join(",")}`,
          instructions: some.map(({ number, payer }) => close({ deployment, epoch: number, payer })),
        });
      }
      return [...slashes, ...closes];
    },
  };
}
