import type { Peer } from "../wire/query.ts";

/** An HTTP request that is no DNS query. */
export interface HttpRequest {
  readonly method: string;
  /** Path with query string, as sent. */
  readonly path: string;
  /** Names in lower case; repeated ones joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** At most `maxBody` bytes of the listener. */
  readonly body: Uint8Array;
  readonly peer: Peer;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | string | undefined;
}

/** Answers everything that isn't DoH: `/healthz`, `/.well-known/tolldns`, ... One that throws is answered 500. */
export type Route = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
