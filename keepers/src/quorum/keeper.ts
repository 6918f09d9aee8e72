import { randomUUID } from "node:crypto";
import { formatAddress, toAddress } from "@tolldns/sdk";
import { deriveQuorumConfig } from "@tolldns/sdk/quorum";
import type { Lease, OutboxEntry } from "@tolldns/store";
import { fail } from "../errors.ts";
import { systemClock } from "../runtime/clock.ts";
import { advanceDeliveries } from "../runtime/delivery.ts";
import { stderrLog } from "../runtime/log.ts";
import { startLoop } from "../runtime/loop.ts";
import { countInFlight, NONE_IN_FLIGHT } from "../runtime/options.ts";
import { readPrice } from "../runtime/signing.ts";
import { createLeasedTicks, type TickStatus } from "../runtime/ticks.ts";
import { createAuthorityWatch } from "./authority.ts";
import { parcelsOf, syncParcels } from "./build.ts";
import type { QuorumContext } from "./context.ts";
import type { QuorumFacts } from "./facts.ts";
import { createEar } from "./hear.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { createOperators } from "./operators.ts";
import {
  DEFAULT_QUORUM_POLICY,
  type EpochProgress,
  type QuorumKeeperOptions,
  type QuorumKeeperStatus,
  type RunningQuorumKeeper,
} from "./options.ts";
import { isOver, NOTHING_HEARD, planEpoch, sum, weighVotes } from "./plan.ts";
import { VOTE_RULES } from "./rules.ts";
import { sendParcels } from "./send.ts";
import { createViewer } from "./view.ts";

/**
 * Starts moving epochs along. Resolves at once; what goes wrong shows in `status()` and is tried again at the next tick.
 *
 * @example
 * const keeper = await startQuorumKeeper({ connection, store, feePayer: createSignerNode(seed), quorum });
 * // ...
 * await keeper.close();
 */
export async function startQuorumKeeper(options: QuorumKeeperOptions): Promise<RunningQuorumKeeper> {
  const { connection, store, feePayer, clock = systemClock, log = stderrLog } = options;
  const policy = { ...DEFAULT_QUORUM_POLICY, ...options.policy };
  const quorum = toAddress(options.quorum);
  const ledger = deriveQuorumConfig(quorum).address;
  const context: QuorumContext = { connection, store, clock, log, feePayer, ledger, quorum, policy };
  const holder = options.holder ?? randomUUID();
  const viewer = createViewer(context);
  const operators = createOperators(context);
  const ear = createEar(VOTE_RULES, log);
  const housekeeping = createHousekeeping(context);
  const authorities = createAuthorityWatch(context);
  let status: Omit<QuorumKeeperStatus, keyof TickStatus> = {
    holder,
    startedAt: clock.now(),
    epoch: null,
    lastFinal: 0n,
    inFlight: NONE_IN_FLIGHT,
    transactions: 0,
    fees: 0n,
  };

  async function step(lease: Lease, signal: AbortSignal): Promise<void> {
    const { open, finalized, slot } = await advanceDeliveries(context, ledger, lease);
    count(finalized, open);
    const view = await viewer.read();
    if (view.slot < slot) throw fail("view-behind", { slot: view.slot, needed: slot });
    const { facts } = view;
    const roster = await operators.look(view);
    const { epoch } = facts;
    const votes = epoch?.status === "voting" || epoch?.status === "attested";
    const feeds = [...(options.witnesses ?? []), ...roster.feedsOf(epoch?.members ?? [])];
    const heard = votes && epoch !== null ? await ear.listen(epoch, feeds, facts.now) : NOTHING_HEARD;
    status = { ...status, epoch: progressOf(facts), lastFinal: view.config.final?.epoch ?? 0n };
    if (signal.aborted) return;

    const steps = planEpoch(facts, heard, roster.stale.length, policy);
    const parcels = [
      ...steps.flatMap((next) => parcelsOf(context, view, roster, next)),
      // While seats are filled the tree stays as the snapshot has it, so that every keeper can show where a leaf is.
      ...(epoch === null || votes || isOver(epoch) ? syncParcels(context, roster) : []),
      ...(await housekeeping.look(view, roster)),
      ...(await authorities.look(view)),
    ];
    if (parcels.length > 0) {
      const price = await readPrice(connection, ledger, policy.pricePercentile, policy.maxPrice);
      const room = policy.maxInFlight - open.filter(({ state }) => state !== "confirmed").length;
      await sendParcels(context, lease, parcels, open, price, room, signal);
    }
  }

  function count(finalized: readonly OutboxEntry[], open: readonly OutboxEntry[]): void {
    status = {
      ...status,
      transactions: status.transactions + finalized.length,
      fees: finalized.reduce((total, { fee }) => total + fee, status.fees),
      inFlight: countInFlight(open),
    };
  }

  const ticks = createLeasedTicks(
    context,
    { name: `quorum/${formatAddress(ledger)}`, holder, ...policy },
    step,
  );
  const loop = startLoop(clock, policy.intervalSeconds, ticks.tick);
  return {
    status: () => ({ ...status, ...ticks.status() }),
    tick: () => loop.run(),
    close: async () => {
      await loop.close();
      await ticks.release().catch(() => {});
    },
  };
}

function progressOf({ epoch }: QuorumFacts): EpochProgress | null {
  if (epoch === null) return null;
  const { number, status, members } = epoch;
  const voted = [...weighVotes(members).values()].reduce(
    (most, weight) => (weight > most ? weight : most),
    0n,
  );
  return { number, status, members: members.length, weight: sum(members), voted };
}
