import { MAX_MESSAGE_BYTES } from "../wire/constants.ts";
import { type Peer, parseQuery, Query } from "../wire/query.ts";
import { answerMalformed, runHandler } from "./answering.ts";
import { createDohPath, type DohPath, decodeBase64url, freshSeconds, JSON_FORM } from "./doh.ts";
import { type Answer, type Handler, isRefusal, type MutableStats, type Refusal } from "./handler.ts";
import { buildJsonQuery, jsonOf } from "./json.ts";
import type { HttpRequest, HttpResponse, Route } from "./routes.ts";

/** What DoH listeners are told, whichever HTTP they speak. */
export interface DohSettings {
  readonly handler: Handler;
  readonly localOption: number;
  /** Request header whose base64url value is handed on as `query.local`. */
  readonly localHeader: string;
  readonly path: string;
  readonly route: Route;
  readonly stats: MutableStats;
}

/** DNS over HTTP apart from the version of HTTP. */
export interface DohService {
  readonly localHeader: string;
  readonly path: DohPath;
  /** The query asked last, for `keep()`. */
  readonly query: Query;
  /** Where callers may put a message to ask about. */
  readonly message: Buffer;
  /**
   * Asks the handler about the message at `start..end` of `wire`. The answer goes to `out` from `at` on.
   *
   * @param local value of the local header, `localLength` bytes of it; -1 without
   */
  ask(
    wire: Uint8Array,
    start: number,
    end: number,
    local: Uint8Array,
    localLength: number,
    peer: Peer,
    out: Uint8Array,
    at: number,
  ): number | Refusal | Promise<Answer>;
  /** Answers a whole request: DoH in any of its forms, or a route. Never rejects. */
  respond(request: HttpRequest): Promise<HttpResponse>;
}

export const DNS_MESSAGE = "application/dns-message";
const JSON_TYPE = "application/dns-json";
const NO_LOCAL = new Uint8Array(0);

/** Response of a refusal. */
export function refusalResponse(refusal: Refusal): HttpResponse {
  return {
    status: refusal.status,
    headers: {
      "content-type": refusal.contentType ?? "application/problem+json",
      "cache-control": "no-store",
    },
    body: refusal.body,
  };
}

/** Response of a message. */
export function messageResponse(message: Uint8Array): HttpResponse {
  const maxAge = freshSeconds(message, 0, message.length);
  return {
    status: 200,
    headers: { "content-type": DNS_MESSAGE, "cache-control": `max-age=${maxAge}` },
    body: message,
  };
}

const plain = (status: number, text: string): HttpResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: `${text}\n`,
});

export const NO_ANSWER = plain(503, "no answer");

export function createDohService(settings: DohSettings): DohService {
  const { handler, localOption, route, stats } = settings;
  const localHeader = settings.localHeader.toLowerCase();
  const path = createDohPath(settings.path);
  const query = new Query();
  const message = Buffer.allocUnsafeSlow(MAX_MESSAGE_BYTES);
  const localBytes = new Uint8Array(4096);

  const ask: DohService["ask"] = (wire, start, end, local, localLength, peer, out, at) => {
    const result = parseQuery(query, wire, start, end, localOption);
    query.transport = "doh";
    query.peer = peer;
    query.connection = peer;
    query.limit = MAX_MESSAGE_BYTES;
    if (result !== "ok") return answerMalformed(result, stats, query, out, at);
    if (localLength >= 0) {
      // A header that isn't base64url reads as empty, which no local message is.
      query.localLength = Math.max(0, decodeBase64url(local, 0, localLength, localBytes));
      query.localWire = localBytes;
      query.localAt = 0;
    }
    return runHandler(handler, stats, query, out, at);
  };

  const settle = async (answer: number | Refusal | Promise<Answer>, out: Uint8Array): Promise<Answer> => {
    if (typeof answer === "number") return answer === 0 ? undefined : out.slice(0, answer);
    try {
      return await answer;
    } catch {
      stats.failures++;
      return undefined;
    }
  };

  const respondDoh = async (request: HttpRequest, pathBytes: Buffer): Promise<HttpResponse> => {
    const { method, headers } = request;
    let wire: Uint8Array;
    let isJson = false;
    if (method === "POST") {
      const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
      if (type !== DNS_MESSAGE) return plain(415, `send ${DNS_MESSAGE}`);
      wire = request.body;
    } else if (method === "GET" || method === "HEAD") {
      const length = path.readGet(pathBytes, pathBytes.length, message);
      if (length === JSON_FORM) {
        const built = buildJsonQuery(request.path);
        if (built === undefined) return plain(400, "bad name or type");
        wire = built;
        isJson = true;
      } else if (length < 0) return plain(400, "the dns parameter is missing or not base64url");
      else wire = message.subarray(0, length);
    } else
      return {
        ...plain(405, "use GET or POST"),
        headers: { "content-type": "text/plain", allow: "GET, HEAD, POST" },
      };

    const isQuery = wire.length >= 12 && ((wire[2] as number) & 0x80) === 0;
    const header = headers.get(localHeader);
    const local = header === undefined ? NO_LOCAL : Buffer.from(header, "latin1");
    const out = Buffer.allocUnsafe(MAX_MESSAGE_BYTES + 1024);
    const answer = await settle(
      ask(wire, 0, wire.length, local, header === undefined ? -1 : local.length, request.peer, out, 0),
      out,
    );
    if (answer === undefined) return isQuery ? NO_ANSWER : plain(400, "not a query");
    if (isRefusal(answer)) return refusalResponse(answer);
    stats.answers++;
    if (!isJson) return messageResponse(answer);
    const maxAge = freshSeconds(answer, 0, answer.length);
    return {
      status: 200,
      headers: { "content-type": JSON_TYPE, "cache-control": `max-age=${maxAge}` },
      body: jsonOf(answer),
    };
  };

  return {
    localHeader,
    path,
    query,
    message,
    ask,
    async respond(request) {
      try {
        const pathBytes = Buffer.from(request.path, "latin1");
        if (path.isDoh(pathBytes, pathBytes.length)) return await respondDoh(request, pathBytes);
        return await route(request);
      } catch {
        stats.failures++;
        return plain(500, "internal error");
      }
    },
  };
}
