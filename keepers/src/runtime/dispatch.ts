import type { Signer } from "@tolldns/sdk";
import type { Instruction } from "@tolldns/sdk/transaction";
import type { Lease, OutboxEntry } from "@tolldns/store";
import { type DeliveryContext, deliver } from "./delivery.ts";
import { feeOf, type Simulation, sign, simulate, type WireVersion } from "./signing.ts";

/** What a keeper of one part of the chain sends transactions with. */
export interface DispatchContext extends DeliveryContext {
  /** The account the keeper works at, 32 bytes; its transactions are filed in the outbox under it. */
  readonly ledger: Uint8Array;
  readonly feePayer: Signer;
}

/** Runs the instructions on the confirmed state without sending anything. */
export function simulateFor(
  context: DispatchContext,
  version: WireVersion,
  instructions: readonly Instruction[],
): Promise<Simulation> {
  return simulate(context.connection, context.feePayer.publicKey, version, instructions);
}

/** Signs, stores and sends what was simulated. */
export async function dispatch(
  context: DispatchContext,
  lease: Lease,
  what: Pick<OutboxEntry, "kind" | "vouchers" | "amount">,
  version: WireVersion,
  instructions: readonly Instruction[],
  simulation: Simulation,
  price: number,
): Promise<OutboxEntry> {
  const { connection, feePayer, ledger } = context;
  const signed = await sign(connection, feePayer, version, instructions, simulation, price);
  const { signature, wire: transaction, lastValidBlockHeight } = signed;
  const fee = feeOf(simulation, price);
  return deliver(context, { ...what, signature, ledger, transaction, lastValidBlockHeight, fee }, lease);
}
