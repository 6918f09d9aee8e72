import type { Instruction } from "@tolldns/sdk/transaction";
import type { Lease, OutboxEntry } from "@tolldns/store";
import { type DispatchContext, dispatch, simulateFor } from "../runtime/dispatch.ts";
import type { Simulation } from "../runtime/signing.ts";
import { fail } from "./errors.ts";

/** One transaction to be. */
export interface Parcel {
  /** What it does, with the state it builds on, such as `draw 12/4`: while one of a kind is young no other is sent. */
  readonly kind: string;
  readonly instructions: readonly Instruction[];
  /** Builds on what the parcel before it will have done, so it can't be simulated yet. It costs about as much. */
  readonly follows?: boolean;
}

/** Seconds after which a transaction that was sent and not seen is no reason to wait: each may land twice and harm nothing. */
const RETRY_SECONDS = 4;

/** Every transaction goes to any cluster. */
const WIRE = 0;

/**
 * Simulates, files and sends parcels, at most `room`. One that the program would refuse is dropped: another keeper was faster,
 * or the next look at the chain shows what has to be done first. Returns how many were sent.
 */
export async function sendParcels(
  context: DispatchContext,
  lease: Lease,
  parcels: readonly Parcel[],
  open: readonly OutboxEntry[],
  price: number,
  room: number,
  signal: AbortSignal,
): Promise<number> {
  const { clock, log } = context;
  const young = new Set(
    open.filter(({ createdAt }) => clock.now() - createdAt < RETRY_SECONDS).map(({ kind }) => kind),
  );
  let sent = 0;
  let last: Simulation | null = null;
  for (const { kind, instructions, follows = false } of parcels) {
    if (sent >= room || signal.aborted) break;
    if (young.has(kind)) continue;
    if (follows && last === null) continue;
    const simulation: Simulation =
      follows && last !== null ? last : await simulateFor(context, WIRE, instructions);
    last = null;
    if (simulation.error !== null) {
      const { code, text } = simulation.error;
      if (code === null) throw fail("step-refused", { step: kind, error: text });
      log("info", "step refused", { step: kind, error: text });
      continue;
    }
    await dispatch(context, lease, { kind, vouchers: [], amount: 0n }, WIRE, instructions, simulation, price);
    last = simulation;
    sent++;
  }
  return sent;
}
