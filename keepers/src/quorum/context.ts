import type { DispatchContext } from "../runtime/dispatch.ts";
import type { QuorumPolicy } from "./options.ts";

/** What every step of the quorum keeper works with; `ledger` is the QuorumConfig's address. */
export interface QuorumContext extends DispatchContext {
  /** Quorum program. */
  readonly quorum: Uint8Array;
  readonly policy: QuorumPolicy;
}
