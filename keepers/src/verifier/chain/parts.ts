import type { Connection } from "@solana/web3.js";
import type { Signer } from "@tolldns/sdk";
import type { PolicyDeployment } from "@tolldns/sdk/policy";
import type { Clock } from "../../runtime/clock.ts";
import type { Log } from "../../runtime/log.ts";
import type { Sender } from "../../witness/send.ts";

/** What each part that sends to the chain is made with. */
export interface ChainParts {
  readonly connection: Connection;
  readonly deployment: PolicyDeployment;
  /** Hot key of the VERIFIER Node. */
  readonly key: Signer;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly log: Log;
}
