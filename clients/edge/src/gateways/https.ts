import { isIP } from "node:net";
import { EdgeError } from "../errors.ts";
import { https } from "../http.ts";
import type { GatewaySource } from "../options.ts";

/** Most bytes of a body that are read. */
const MAX_BODY = 64 * 1024;

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * Reads a document of a gateway over HTTPS, on a connection of its own: these are rare.
 * @throws EdgeError gateway-discovery for what keeps an answer from coming
 */
export function fetchGateway(
  source: GatewaySource,
  address: string,
  path: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const url = new URL(path, source.url);
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new EdgeError("gateway-discovery", `${url.host}: ${cause.message}`, { cause }));
    const outgoing = https.request(
      {
        host: address,
        port: url.port === "" ? 443 : Number(url.port),
        path: url.pathname,
        ...(isIP(url.hostname) === 0 ? { servername: url.hostname } : {}),
        ...(source.ca === undefined ? {} : { ca: source.ca }),
        headers: { host: url.host },
        agent: false,
        signal,
      },
      (incoming) => {
        const parts: Buffer[] = [];
        let size = 0;
        incoming.on("data", (part: Buffer) => {
          size += part.length;
          if (size > MAX_BODY) incoming.destroy(new Error("the answer is too long"));
          else parts.push(part);
        });
        incoming.on("error", fail);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            contentType: incoming.headers["content-type"] ?? "",
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    outgoing.on("error", fail);
    outgoing.end();
  });
}
