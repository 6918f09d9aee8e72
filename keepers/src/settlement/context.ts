import type { Signer } from "@tolldns/sdk";
import type { Instruction } from "@tolldns/sdk/transaction";
import type { Lease, OutboxEntry } from "@tolldns/store";
import { type DeliveryContext, deliver } from "../runtime/delivery.ts";
import { feeOf, type Simulation, sign, simulate, type WireVersion } from "../runtime/signing.ts";
import type { SettlementPolicy } from "./options.ts";

/** What every step of a ledger's keeper works with. */
export interface LedgerContext extends DeliveryContext {
  readonly ledger: Uint8Array;
  readonly escrow: Uint8Array;
  readonly feePayer: Signer;
  readonly policy: SettlementPolicy;
  /** 0 or 1, as the cluster takes it. */
  wireVersion(): Promise<WireVersion>;
}

export function simulateFor(
  context: LedgerContext,
  version: WireVersion,
  instructions: readonly Instruction[],
): Promise<Simulation> {
  return simulate(context.connection, context.feePayer.publicKey, version, instructions);
}

/** Signs, stores and sends what was simulated. */
export async function dispatch(
  context: LedgerContext,
  lease: Lease,
  what: Pick<OutboxEntry, "kind" | "vouchers" | "amount">,
  version: WireVersion,
  instructions: readonly Instruction[],
  simulation: Simulation,
  price: number,
): Promise<void> {
  const { connection, feePayer, ledger } = context;
  const signed = await sign(connection, feePayer, version, instructions, simulation, price);
  const { signature, wire: transaction, lastValidBlockHeight } = signed;
  const fee = feeOf(simulation, price);
  await deliver(context, { ...what, signature, ledger, transaction, lastValidBlockHeight, fee }, lease);
}
