import { createServer } from "node:http";
import type { Endpoint } from "./authority.ts";

const TEXT = `Welcome. This page came over an address that a paid resolver found:
your query went to the edge on this machine, which paid a gateway a tick for it.
`;

/** The one web site of the fixture internet, so that a name found can also be visited. Plain HTTP, on the first place that can be bound. */
export async function startSite(
  places: readonly Endpoint[],
): Promise<{ readonly endpoint: Endpoint; close(): Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", connection: "close" });
    response.end(TEXT);
  });
  let last: unknown;
  for (const { host, port } of places) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve();
        });
      });
      const bound = (server.address() as { port: number }).port;
      return {
        endpoint: { host, port: bound },
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}
