import { DISCOVERY_PATH, type Discovery, parseDiscovery } from "@tolldns/sdk";
import type { EdgeClock } from "../clock.ts";
import { EdgeError } from "../errors.ts";
import type { GatewaySource } from "../options.ts";
import { fetchGateway } from "./https.ts";

/** Seconds a discovery document is used before it is read again. */
export const TERMS_SECONDS = 600;
/** Milliseconds to wait for one, and for an acknowledgement. */
export const PAYMENT_TIMEOUT = 4_000;

/** Where a gateway is and what it publishes. */
export interface Discovered {
  readonly address: string;
  readonly found: Discovery;
}

/** Reads the terms a gateway publishes. @throws EdgeError gateway-discovery; what the SDK's parser does */
export async function readDiscovery(
  source: GatewaySource,
  addressOf: () => Promise<string>,
  clock: EdgeClock,
): Promise<Discovered> {
  const controller = new AbortController();
  const cancel = clock.after(PAYMENT_TIMEOUT, () => controller.abort());
  try {
    const address = await addressOf();
    const { status, body } = await fetchGateway(source, address, DISCOVERY_PATH, controller.signal);
    if (status !== 200) throw new EdgeError("gateway-discovery", `${source.url} answers ${status}`);
    return { address, found: parseDiscovery(parseJson(body)) };
  } finally {
    cancel();
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch (cause) {
    throw new EdgeError("gateway-discovery", "what it publishes is no JSON", { cause });
  }
}
