import { toBase64Url } from "../base64url.ts";
import { checkBytes, concatBytes } from "../bytes.ts";
import { isTollError } from "../errors.ts";
import { fail } from "./errors.ts";
import { createEventParser } from "./events.ts";
import {
  type FeedEvent,
  FeedReader,
  type FeedRoot,
  type FeedRoute,
  type FeedUpdateState,
  MAX_EVIDENCE_BYTES,
} from "./parse.ts";
import type { FeedAnswer, FeedRequest, FeedTransport } from "./transport.ts";

/** A signed update with its records, as `POST /v1/updates` takes it. */
export interface SubmittedUpdate {
  /** `example.dns`. */
  readonly name: string;
  readonly generation: number;
  readonly version: bigint;
  /** Unix seconds. */
  readonly expiresAt: bigint;
  /** Wire form. */
  readonly records: Uint8Array;
  /** 32 bytes. */
  readonly signer: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

export interface FeedCall {
  readonly signal?: AbortSignal | undefined;
}

/**
 * One feed (docs/reference/routes.md, "Feed"). What it says is a hint: nothing here verifies evidence.
 * Every call may reject with feed-unreachable, feed-status, feed-unknown, feed-refused, feed-size, feed-form.
 */
export interface Feed {
  /** Origin and path it is asked under, without a slash at the end. */
  readonly url: string;
  /** Evidence for a name such as `example.dns`, with what the feed says about it; under the last final root, or that of an older `epoch`. */
  route(name: string, call?: FeedCall & { readonly epoch?: bigint }): Promise<FeedRoute>;
  /** As `route`, but only the evidence, in bytes: a third less to send. */
  evidence(name: string, call?: FeedCall & { readonly epoch?: bigint }): Promise<Uint8Array>;
  /** Epochs, newest first, at most 100; `from` is the newest wanted. */
  roots(call?: FeedCall & { readonly from?: bigint }): Promise<FeedRoot[]>;
  /** What happens from now on. Ends when the feed ends it or `signal` aborts; throws feed-stream if it breaks. */
  events(call?: FeedCall): AsyncGenerator<FeedEvent, void>;
  /** Hands in an update. Resolves to its hash once the feed has it: not final, only on its way. */
  submit(update: SubmittedUpdate, call?: FeedCall): Promise<Uint8Array>;
  /** What became of an update. */
  updateState(updateHash: Uint8Array, call?: FeedCall): Promise<FeedUpdateState>;
}

const MAX_JSON_BYTES = 256 * 1024;
const MAX_PROBLEM_BYTES = 16 * 1024;
const MAX_EVENT_CHARACTERS = 64 * 1024;
const JSON_TYPE = "application/json";
const BYTES_TYPE = "application/octet-stream";

/**
 * A client of one feed.
 * @param send how requests travel: `webTransport(globalThis.fetch)`, or one's own
 * @throws feed-url
 * @example const { evidence } = await createFeed("https://feed.example.org", webTransport(globalThis.fetch)).route("example.dns");
 */
export function createFeed(url: string, send: FeedTransport): Feed {
  const base = baseOf(url);
  const feed = new URL(base).origin;
  const reader = new FeedReader(feed);

  async function ask(request: Omit<FeedRequest, "url"> & { readonly path: string }): Promise<FeedAnswer> {
    const { path, ...rest } = request;
    let answer: FeedAnswer;
    try {
      answer = await send({ ...rest, url: base + path });
    } catch (cause) {
      rest.signal?.throwIfAborted();
      throw fail("feed-unreachable", { feed }, cause);
    }
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await refusalOf(answer, rest.signal);
  }

  async function read(
    answer: FeedAnswer,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const part of answer.body) {
        size += part.length;
        if (size > limit) throw fail("feed-size", { feed, limit });
        parts.push(part);
      }
    } catch (cause) {
      if (isTollError(cause, "feed-size")) throw cause;
      signal?.throwIfAborted();
      throw fail("feed-unreachable", { feed }, cause);
    }
    return concatBytes(...parts);
  }

  async function getJson(path: string, call: FeedCall): Promise<unknown> {
    const answer = await ask({ method: "GET", path, accept: JSON_TYPE, signal: call.signal });
    return reader.json(new TextDecoder().decode(await read(answer, MAX_JSON_BYTES, call.signal)));
  }

  /** What the feed says is wrong, if it says so in its form. */
  async function refusalOf(answer: FeedAnswer, signal: AbortSignal | undefined): Promise<Error> {
    const { status } = answer;
    const text = new TextDecoder().decode(
      await read(answer, MAX_PROBLEM_BYTES, signal).catch(() => new Uint8Array()),
    );
    signal?.throwIfAborted();
    const said = problemOf(text);
    if (status === 404 && said !== null) return fail("feed-unknown", { feed });
    if (status >= 400 && status < 500 && said !== null)
      return fail("feed-refused", { feed, status, ...said });
    return fail("feed-status", { feed, status });
  }

  const routePath = (name: string, epoch: bigint | undefined) =>
    `/v1/routes/${encodeURIComponent(name)}${epoch === undefined ? "" : `?epoch=${epoch}`}`;

  return {
    url: base,
    async route(name, call = {}) {
      return reader.route(await getJson(routePath(name, call.epoch), call));
    },
    async evidence(name, call = {}) {
      const path = routePath(name, call.epoch);
      const answer = await ask({ method: "GET", path, accept: BYTES_TYPE, signal: call.signal });
      if (!answer.contentType.startsWith(BYTES_TYPE))
        throw fail("feed-form", { feed, field: "content-type", expected: BYTES_TYPE });
      return read(answer, MAX_EVIDENCE_BYTES, call.signal);
    },
    async roots(call = {}) {
      return reader.roots(
        await getJson(`/v1/roots${call.from === undefined ? "" : `?from=${call.from}`}`, call),
      );
    },
    async *events(call = {}) {
      const { signal } = call;
      const answer = await ask({ method: "GET", path: "/v1/events", accept: "text/event-stream", signal });
      if (!answer.contentType.startsWith("text/event-stream"))
        throw fail("feed-form", { feed, field: "content-type", expected: "text/event-stream" });
      const parser = createEventParser(MAX_EVENT_CHARACTERS);
      try {
        for await (const part of answer.body)
          for (const { name, data } of parser.push(part)) {
            const event = reader.event(name, data);
            if (event !== null) yield event;
          }
      } catch (cause) {
        if (signal?.aborted === true) return;
        if (isTollError(cause)) throw cause;
        throw fail("feed-stream", { feed, reason: cause instanceof Error ? cause.message : "" }, cause);
      }
    },
    async submit(update, call = {}) {
      const body = formatSubmission(update);
      const answer = await ask({ method: "POST", path: "/v1/updates", accept: JSON_TYPE, body, ...call });
      const text = new TextDecoder().decode(await read(answer, MAX_PROBLEM_BYTES, call.signal));
      return reader.updateHash(reader.json(text));
    },
    async updateState(updateHash, call = {}) {
      checkBytes(updateHash, 32, "updateHash");
      return reader.updateState(await getJson(`/v1/updates/${toBase64Url(updateHash)}`, call));
    },
  };
}

/** The body of `POST /v1/updates`. Numbers beyond 2^53 are decimal strings. */
export function formatSubmission(update: SubmittedUpdate): string {
  const number = (value: bigint) =>
    value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
  return JSON.stringify({
    name: update.name,
    generation: update.generation,
    version: number(update.version),
    expiresAt: number(update.expiresAt),
    records: toBase64Url(update.records),
    signer: toBase64Url(checkBytes(update.signer, 32, "signer")),
    signature: toBase64Url(checkBytes(update.signature, 64, "signature")),
  });
}

function baseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isWeb = parsed?.protocol === "https:" || parsed?.protocol === "http:";
  if (parsed === null || !isWeb || parsed.username !== "" || parsed.search !== "" || parsed.hash !== "")
    throw fail("feed-url", { got: url.replace(/\/\/[^/@]*@/, "//").slice(0, 100) });
  return parsed.origin + parsed.pathname.replace(/\/+$/, "");
}

function problemOf(text: string): { refusal: string; advice: string } | null {
  try {
    const { code, message, hint } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code !== "string" || typeof message !== "string") return null;
    return { refusal: `${code}: ${message}`.slice(0, 300), advice: String(hint ?? "").slice(0, 300) };
  } catch {
    return null;
  }
}
