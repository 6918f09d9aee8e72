import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Address } from "../options.ts";
import type { Metrics } from "./metrics.ts";

/** Says how the gateway is; reasons and notes are for people. Notes are what is not as it should be though it serves. */
export type HealthCheck = () => {
  readonly ok: boolean;
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
};

export interface MetricsServer {
  readonly address: Address;
  close(): Promise<void>;
}

/** Serves `/metrics` and `/healthz` (200 or 503) on a port of their own. */
export async function serveMetrics(
  options: { readonly host?: string; readonly port: number },
  metrics: Metrics,
  health: HealthCheck,
): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const path = (request.url ?? "").split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405).end();
    } else if (path === "/healthz") {
      const said = health();
      response.writeHead(said.ok ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify(said));
    } else if (path === "/metrics") {
      metrics.read().then(
        (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    } else response.writeHead(404).end();
  });
  server.maxConnections = 32;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "127.0.0.1", () => resolve());
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    address: { host: address, port },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
