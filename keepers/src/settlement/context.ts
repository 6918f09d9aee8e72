import type { DispatchContext } from "../runtime/dispatch.ts";
import type { WireVersion } from "../runtime/signing.ts";
import type { SettlementPolicy } from "./options.ts";

export { dispatch, simulateFor } from "../runtime/dispatch.ts";

/** What every step of a ledger's keeper works with. */
export interface LedgerContext extends DispatchContext {
  readonly escrow: Uint8Array;
  readonly policy: SettlementPolicy;
  /** 0 or 1, as the cluster takes it. */
  wireVersion(): Promise<WireVersion>;
}
