import { randomUUID } from "node:crypto";
import { formatAddress, toAddress } from "@tolldns/sdk";
import { deriveQuorumConfig } from "@tolldns/sdk/quorum";
import { isStoreError, type Lease, type OutboxEntry } from "@tolldns/store";
import { fail } from "../errors.ts";
import { systemClock } from "../runtime/clock.ts";
import { advanceDeliveries } from "../runtime/delivery.ts";
import { createLease } from "../runtime/lease.ts";
import { stderrLog } from "../runtime/log.ts";
import { startLoop } from "../runtime/loop.ts";
import { readPrice } from "../runtime/signing.ts";
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

/** Seconds between two looks for old transactions to forget. */
const PRUNE_SECONDS = 3_600;

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
  const held = createLease(store, clock, `quorum/${formatAddress(ledger)}`, holder, policy.leaseSeconds);
  const viewer = createViewer(context);
  const operators = createOperators(context);
  const ear = createEar(VOTE_RULES, log);
  const housekeeping = createHousekeeping(context);
  const authorities = createAuthorityWatch(context);
  let status: QuorumKeeperStatus = {
    holder,
    startedAt: clock.now(),
    leading: false,
    epoch: null,
    lastFinal: 0n,
    inFlight: { prepared: 0, sent: 0, confirmed: 0 },
    transactions: 0,
    fees: 0n,
    lastError: null,
    lastTick: 0,
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
    await prune(lease);
  }

  function count(finalized: readonly OutboxEntry[], open: readonly OutboxEntry[]): void {
    const inState = (state: OutboxEntry["state"]) => open.filter((entry) => entry.state === state).length;
    status = {
      ...status,
      transactions: status.transactions + finalized.length,
      fees: finalized.reduce((total, { fee }) => total + fee, status.fees),
      inFlight: { prepared: inState("prepared"), sent: inState("sent"), confirmed: inState("confirmed") },
    };
  }

  let prunedAt = 0;
  async function prune(lease: Lease): Promise<void> {
    const now = clock.now();
    if (now - prunedAt < PRUNE_SECONDS) return;
    await store.pruneOutbox(Math.max(0, now - policy.historySeconds), lease);
    prunedAt = now;
  }

  async function tick(signal: AbortSignal): Promise<void> {
    try {
      const lease = await held.hold();
      status = { ...status, leading: lease !== null };
      if (lease !== null) await step(lease, signal);
      status = { ...status, lastError: null, lastTick: clock.now() };
    } catch (error) {
      if (isStoreError(error, "lease-lost")) {
        held.drop();
        status = { ...status, leading: false };
      }
      status = { ...status, lastError: String(error instanceof Error ? error.message : error) };
      log("warn", "tick failed", { error: status.lastError });
    }
  }

  const loop = startLoop(clock, policy.intervalSeconds, tick);
  return {
    status: () => status,
    tick: () => loop.run(),
    close: async () => {
      await loop.close();
      await held.release().catch(() => {});
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
