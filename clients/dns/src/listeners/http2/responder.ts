import type { Peer } from "../../wire/query.ts";
import { whenAnswered } from "../answering.ts";
import { BAD_REQUEST, freshSeconds, JSON_FORM, NOT_DOH } from "../doh.ts";
import { type Answer, isRefusal, type MutableStats, type Refusal } from "../handler.ts";
import type { HttpResponse } from "../routes.ts";
import { type DohService, messageResponse, NO_ANSWER, refusalResponse } from "../service.ts";
import {
  DEFAULT_WINDOW,
  END_HEADERS,
  END_STREAM,
  FRAME,
  FRAME_HEADER_BYTES,
  MAX_FRAME_BYTES,
  MAX_WINDOW,
  writeFrameHeader,
} from "./frames.ts";
import type { Outbox } from "./outbox.ts";
import { fieldMap } from "./request.ts";
import { bodyOffset, dnsFieldsLength, writeDnsFields, writeFields } from "./response.ts";
import { bodyOf, newStream, type Stream } from "./stream.ts";
import { matched } from "./template.ts";

/** Turns an HTTP/2 connection's requests into answers, within the client's windows. */
export class Responder {
  /** Handlers at work, those of cancelled requests too: so cancelling gains no room. */
  underWay = 0;
  /** Requests whose body isn't whole. */
  incomplete = 0;
  /** Window new streams begin with. */
  initialWindow = DEFAULT_WINDOW;
  #window = DEFAULT_WINDOW;
  readonly #peer: Peer;
  readonly #outbox: Outbox;
  readonly #streams: Map<number, Stream>;
  readonly #service: DohService;
  readonly #stats: MutableStats;
  /** Length of the last answer's fields: the next one's are likely as long, and then its message needn't be moved. */
  #guess = dnsFieldsLength(100, 100);
  #sentFields = false;

  constructor(
    peer: Peer,
    outbox: Outbox,
    streams: Map<number, Stream>,
    service: DohService,
    stats: MutableStats,
  ) {
    this.#peer = peer;
    this.#outbox = outbox;
    this.#streams = streams;
    this.#service = service;
    this.#stats = stats;
  }

  hasRoom(max: number): boolean {
    return this.#streams.size < max && this.underWay < max;
  }

  /** Answers the GET matched last if it is one of DoH; false if it must go the long way. */
  fastGet(id: number): boolean {
    const { message, path } = this.#service;
    const length = path.readGet(matched.path, matched.pathLength, message);
    if (length === NOT_DOH || length === BAD_REQUEST || length === JSON_FORM) return false;
    this.#ask(id, undefined, message, length, matched.local, matched.localLength);
    return true;
  }

  /** Answers a POST of a message. */
  fastPost(stream: Stream): void {
    const body = bodyOf(stream);
    const local = stream.local;
    this.#ask(stream.id, stream, body, body.length, local ?? body, local === undefined ? -1 : local.length);
  }

  #ask(
    id: number,
    stream: Stream | undefined,
    message: Uint8Array,
    length: number,
    local: Uint8Array,
    localLength: number,
  ) {
    const out = this.#outbox.room();
    const start = this.#outbox.filled;
    const bodyAt = start + bodyOffset(this.#guess);
    const answer = this.#service.ask(message, 0, length, local, localLength, this.#peer, out, bodyAt);
    if (typeof answer === "number") {
      if (answer > 0) this.#sendWritten(id, stream, start, bodyAt, answer);
      else this.#send(stream ?? this.#open(id), NO_ANSWER, true);
      return;
    }
    const waiting = stream ?? this.#open(id);
    if (!(answer instanceof Promise)) {
      this.#send(waiting, refusalResponse(answer), true);
      return;
    }
    this.#await(waiting, answer);
  }

  #open(id: number): Stream {
    const stream = newStream(id, this.initialWindow, 0);
    stream.remoteClosed = true;
    this.#streams.set(id, stream);
    return stream;
  }

  #await(stream: Stream, promise: Promise<Answer>) {
    this.underWay++;
    stream.underWay = true;
    whenAnswered(promise, this.#stats, this.#service.query.keep(), (answer) => {
      this.underWay--;
      if (this.#streams.get(stream.id) === stream)
        this.#send(stream, answer === undefined ? NO_ANSWER : responseOf(answer), true);
      this.#outbox.flush();
    });
  }

  /** Frames the message of `length` bytes that lies at `bodyAt` of the block, for a request without obstacles. */
  #sendWritten(id: number, stream: Stream | undefined, start: number, bodyAt: number, length: number) {
    const window = stream === undefined ? this.initialWindow : stream.sendWindow;
    const out = this.#outbox.room();
    this.#stats.answers++;
    if (length > this.#window || length > window || length > MAX_FRAME_BYTES) {
      const message = Uint8Array.from(out.subarray(bodyAt, bodyAt + length));
      this.#stats.answers--;
      return this.#send(stream ?? this.#open(id), messageResponse(message), true);
    }
    const maxAge = freshSeconds(out, bodyAt, bodyAt + length);
    const prefix = this.#sentFields ? 0 : 1;
    const fields = dnsFieldsLength(length, maxAge) + prefix;
    const to = start + bodyOffset(fields);
    if (to !== bodyAt) out.copyWithin(to, bodyAt, bodyAt + length);
    this.#guess = fields - prefix;
    let at = writeFrameHeader(out, start, fields, FRAME.HEADERS, END_HEADERS, id);
    if (prefix === 1) out[at++] = this.#beginFields();
    writeDnsFields(out, at, length, maxAge);
    writeFrameHeader(out, to - FRAME_HEADER_BYTES, length, FRAME.DATA, END_STREAM, id);
    this.#window -= length;
    if (stream !== undefined) this.#streams.delete(id);
    this.#outbox.commit(to + length - start);
  }

  /**
   * The first block says that our table is empty for good (RFC 7541 section 4.2): it must, should the client's settings
   * have made it smaller, and we never use one.
   */
  #beginFields(): number {
    this.#sentFields = true;
    return 0x20;
  }

  /** Answers a whole request that isn't a plain query. */
  respond(stream: Stream): void {
    const { head } = stream;
    if (head === undefined) return;
    this.underWay++;
    stream.underWay = true;
    const request = {
      method: head.method,
      path: head.path,
      headers: fieldMap(head.fields),
      body: bodyOf(stream),
      peer: this.#peer,
    };
    this.#service.respond(request).then((response) => {
      this.underWay--;
      if (this.#streams.get(stream.id) === stream)
        this.#send(stream, response, false, head.method === "HEAD");
      this.#outbox.flush();
    });
  }

  /** Answers a request that was too large in some way. */
  refuse(id: number, status: number): void {
    const stream = this.#streams.get(id) ?? this.#open(id);
    this.#send(stream, { status, headers: { "content-type": "text/plain" }, body: "too large\n" }, false);
  }

  #send(stream: Stream, response: HttpResponse, isQuery: boolean, isHead = false) {
    if (isQuery && response.status === 200) this.#stats.answers++;
    stream.underWay = false;
    const given = response.body ?? "";
    const body = typeof given === "string" ? Buffer.from(given, "utf8") : given;
    const out = this.#outbox.room();
    const start = this.#outbox.filled;
    let at = start + FRAME_HEADER_BYTES;
    if (!this.#sentFields) out[at++] = this.#beginFields();
    at = writeFields(out, at, response.status, {
      ...response.headers,
      "content-length": String(body.length),
    });
    const isEmpty = isHead || body.length === 0;
    const fields = at - start - FRAME_HEADER_BYTES;
    writeFrameHeader(out, start, fields, FRAME.HEADERS, END_HEADERS | (isEmpty ? END_STREAM : 0), stream.id);
    this.#outbox.commit(at - start);
    if (isEmpty) this.#streams.delete(stream.id);
    else {
      stream.rest = body;
      this.#continue(stream);
    }
  }

  /** Sends as much of a stream's rest as the windows let through. */
  #continue(stream: Stream) {
    while (stream.rest !== undefined) {
      const { rest } = stream;
      const size = Math.min(rest.length, stream.sendWindow, this.#window, MAX_FRAME_BYTES);
      if (size <= 0) return;
      const isLast = size === rest.length;
      const out = this.#outbox.room();
      const start = this.#outbox.filled;
      const at = writeFrameHeader(out, start, size, FRAME.DATA, isLast ? END_STREAM : 0, stream.id);
      out.set(rest.subarray(0, size), at);
      this.#window -= size;
      stream.sendWindow -= size;
      stream.rest = isLast ? undefined : rest.subarray(size);
      if (isLast) this.#streams.delete(stream.id);
      this.#outbox.commit(at + size - start);
    }
  }

  /** Whether an answer waits for credit. */
  get isWaiting(): boolean {
    for (const stream of this.#streams.values()) if (stream.rest !== undefined) return true;
    return false;
  }

  /** More credit for the connection; false if it exceeds what HTTP/2 allows. */
  widen(increment: number): boolean {
    if (this.#window + increment > MAX_WINDOW) return false;
    this.#window += increment;
    this.resume();
    return true;
  }

  /** Goes on with answers that waited for credit. */
  resume(): void {
    for (const stream of this.#streams.values()) if (stream.rest !== undefined) this.#continue(stream);
  }

  widenStream(stream: Stream, increment: number): boolean {
    if (stream.sendWindow + increment > MAX_WINDOW) return false;
    stream.sendWindow += increment;
    this.#continue(stream);
    return true;
  }

  /** The client's SETTINGS_INITIAL_WINDOW_SIZE: changes open streams too. False if one overflows. Call `resume` after. */
  setInitialWindow(bytes: number): boolean {
    const change = bytes - this.initialWindow;
    this.initialWindow = bytes;
    for (const stream of this.#streams.values()) {
      if (stream.sendWindow + change > MAX_WINDOW) return false;
      stream.sendWindow += change;
    }
    return true;
  }
}

function responseOf(answer: Uint8Array | Refusal): HttpResponse {
  return answer instanceof Uint8Array || !isRefusal(answer)
    ? messageResponse(answer as Uint8Array)
    : refusalResponse(answer);
}
