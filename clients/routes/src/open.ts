import { createFeed } from "@tolldns/sdk/feed";
import { openChain } from "./chain.ts";
import type { Routes, RoutesOptions, RoutesSettings } from "./options.ts";
import { createRoutes } from "./routes.ts";
import { createNodeTransport, type NodeTransportOptions } from "./transport.ts";

/** What one end adds to the user's settings. */
export interface RoutesParts
  extends Pick<
    RoutesOptions,
    "before" | "follow" | "guard" | "clock" | "onRefused" | "onVerified" | "watches"
  > {
  readonly transport?: NodeTransportOptions;
}

export interface OpenedRoutes {
  readonly routes: Routes;
  close(): void;
}

/** Routes over Node's HTTP, from what a user set. @throws feed-url, routes-option */
export function openRoutes(settings: RoutesSettings, parts: RoutesParts): OpenedRoutes {
  const { transport: given, ...rest } = parts;
  const transport = createNodeTransport(given);
  const feeds = settings.feeds.map((url) => createFeed(url, transport.send));
  const routes = createRoutes({
    ...rest,
    ...openChain(settings.chain, transport.send),
    feeds,
    ...(settings.policy === undefined ? {} : { policy: settings.policy }),
  });
  return {
    routes,
    close() {
      routes.close();
      transport.close();
    },
  };
}
