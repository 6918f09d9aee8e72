/** One request to a feed. */
export interface FeedRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly accept: string;
  /** JSON. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The answer; its body is read once, as it comes. */
export interface FeedAnswer {
  readonly status: number;
  /** Lower case, parameters included; empty if none. */
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends a request. Rejects if no answer comes; redirects are answers. */
export type FeedTransport = (request: FeedRequest) => Promise<FeedAnswer>;

/**
 * A transport over the platform's own fetch, which is handed in.
 * @example const feed = createFeed("https://feed.example.org", webTransport(globalThis.fetch));
 */
export function webTransport(send: typeof globalThis.fetch): FeedTransport {
  return async ({ method, url, accept, body, signal }) => {
    const response = await send(url, {
      method,
      redirect: "manual",
      headers: { accept, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    return {
      status: response.status,
      contentType: (response.headers.get("content-type") ?? "").toLowerCase(),
      body: partsOf(response.body),
    };
  };
}

// By a reader: not every browser can iterate over a stream.
async function* partsOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream === null) return;
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
