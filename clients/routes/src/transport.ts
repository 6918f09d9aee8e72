import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { FeedTransport } from "@tolldns/sdk/feed";

// Not `import`: that evaluates every export of node:http, WebSocket among them, and costs 5 MB (decision 0072).
const http = process.getBuiltinModule("node:http");
const https = process.getBuiltinModule("node:https");

export interface NodeTransportOptions {
  /** Milliseconds until an answer begins, and between two parts of it. Default 5 000; event streams are kept alive by their comments. */
  readonly idleMs?: number;
  /** IP address of a host. Default: the machine's resolver, which may be who is asking. */
  readonly addressOf?: (url: URL) => Promise<string>;
}

/** Requests over Node's HTTP, connections kept for a while, without the memory of a global fetch. */
export function createNodeTransport(options: NodeTransportOptions = {}): {
  readonly send: FeedTransport;
  close(): void;
} {
  const { idleMs = 5_000, addressOf } = options;
  const agents = {
    "http:": new http.Agent({ keepAlive: true, maxSockets: 16 }),
    "https:": new https.Agent({ keepAlive: true, maxSockets: 16 }),
  };

  const send: FeedTransport = async ({ method, url: text, accept, body, signal }) => {
    const url = new URL(text);
    const isSecure = url.protocol === "https:";
    const name = url.hostname.replace(/^\[|\]$/g, "");
    const host = isIP(name) !== 0 || addressOf === undefined ? name : await addressOf(url);
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const attempt = (isAgain: boolean): Promise<IncomingMessage> => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      const outgoing = (isSecure ? https : http).request(
        {
          method,
          host,
          port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
          path: url.pathname + url.search,
          agent: isSecure ? agents["https:"] : agents["http:"],
          ...(isSecure && isIP(name) === 0 ? { servername: name } : {}),
          headers: {
            host: url.host,
            accept,
            ...(bytes === undefined
              ? {}
              : { "content-type": "application/json", "content-length": bytes.length }),
          },
          timeout: accept === "text/event-stream" ? idleMs * 12 : idleMs,
          ...(signal === undefined ? {} : { signal }),
        },
        resolve,
      );
      outgoing.on("timeout", () => outgoing.destroy(new Error("no answer in time")));
      outgoing.on("error", (error) => {
        // A kept connection may have been ended by the other side just before: once more over one of its own.
        if (outgoing.reusedSocket && !isAgain && method === "GET" && signal?.aborted !== true)
          attempt(true).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(bytes);
      return promise;
    };
    const answer = await attempt(false);
    return {
      status: answer.statusCode ?? 0,
      contentType: (answer.headers["content-type"] ?? "").toLowerCase(),
      body: answer,
    };
  };

  return {
    send,
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}
