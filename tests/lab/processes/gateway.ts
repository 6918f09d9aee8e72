/** A gateway as a process of its own, by the same start function as `tolldns gateway`. */

import type { GatewayStatus, RunningGateway } from "@tolldns/gateway";
import { startGateway } from "@tolldns/gateway";
import { type GatewayConfig, openConfig } from "../../../clients/gateway/src/config.ts";
import { firstArgument, serve } from "./serve.ts";

export interface GatewayReady {
  readonly addresses: RunningGateway["addresses"];
  /** PEM of the authority of its certificate. */
  readonly authority: string;
}

const { options, store } = await openConfig(await firstArgument<GatewayConfig>());
const gateway = await startGateway(options);
const ready: GatewayReady = { addresses: gateway.addresses, authority: gateway.authority ?? "" };
serve(ready, { status: (): GatewayStatus => gateway.status() }, async () => {
  await gateway.close();
  await store?.close();
});
