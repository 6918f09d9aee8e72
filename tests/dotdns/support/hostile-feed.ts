/** A feed that says whatever a test wants: what a hostile or broken one does can't be had from an honest one. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Evidence for a name, or null for 404; `epoch` as asked for. */
export type Say = (name: string, epoch: bigint | undefined) => Uint8Array | null | Promise<Uint8Array | null>;

export interface HostileFeed {
  readonly url: string;
  /** Names asked for, in order. */
  readonly asked: string[];
  say: Say;
  /** Takes whole requests over where evidence isn't all there is to lie about. */
  handle: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** Sends an event to everyone who listens. */
  tell(event: string, data: unknown): void;
  readonly listeners: () => number;
  /** Refuses connections and drops those it has, as a machine that is gone. */
  isGone: boolean;
  close(): Promise<void>;
}

export async function startHostileFeed(say: Say): Promise<HostileFeed> {
  const streams = new Set<ServerResponse>();
  const server = createServer(async (request, response) => {
    if (feed.isGone) return request.socket.destroy();
    if (feed.handle?.(request, response) === true) return undefined;
    const url = new URL(request.url ?? "/", "http://feed");
    if (url.pathname === "/v1/events") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": hello\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return undefined;
    }
    const name = /^\/v1\/routes\/([^/]+)$/.exec(url.pathname)?.[1];
    if (name === undefined) return refuse(response, 404);
    feed.asked.push(decodeURIComponent(name));
    const epoch = url.searchParams.get("epoch");
    const evidence = await feed.say(decodeURIComponent(name), epoch === null ? undefined : BigInt(epoch));
    if (evidence === null) return refuse(response, 404);
    response.writeHead(200, { "content-type": "application/octet-stream" });
    return response.end(evidence);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const feed: HostileFeed = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    say,
    handle: null,
    tell(event, data) {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    listeners: () => streams.size,
    isGone: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return feed;
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ code: "unknown", message: "not here", hint: "ask elsewhere" }));
}
