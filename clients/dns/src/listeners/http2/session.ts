import type { TLSSocket } from "node:tls";
import type { Peer } from "../../wire/query.ts";
import { addressGroup, type StreamBounds, type Watch, type Watched } from "../bounds.ts";
import type { MutableStats } from "../handler.ts";
import type { DohService } from "../service.ts";
import {
  ACK,
  DEFAULT_WINDOW,
  END_HEADERS,
  END_STREAM,
  ERROR,
  FRAME,
  FRAME_HEADER_BYTES,
  MAX_FRAME_BYTES,
  MAX_WINDOW,
  PADDED,
  PREFACE,
  PRIORITY_FLAG,
  readUint32,
  SETTING,
  writeFrameHeader,
  writeUint32,
} from "./frames.ts";
import { createHpackDecoder } from "./hpack.ts";
import { Outbox } from "./outbox.ts";
import { areTrailers, readHead } from "./request.ts";
import { Responder } from "./responder.ts";
import { createBudget, newStream, type Stream } from "./stream.ts";
import { makeTemplate, matched, matchTemplate, type Template } from "./template.ts";

export interface Http2Context {
  readonly service: DohService;
  readonly stats: MutableStats;
  readonly watch: Watch<Watched>;
  readonly bounds: StreamBounds;
  /** Most bytes of a request's body. */
  readonly maxBody: number;
}

/** Requests under way at once on a connection (RFC 9113 section 6.5.2 advises no fewer than 100). */
const MAX_STREAMS = 256;
/** Bytes of a request's head, as sent and as decoded. */
const MAX_HEAD_BYTES = 16_384;
/** Frames a head may be spread over: what a flood of empty CONTINUATION frames is stopped by. */
const MAX_CONTINUATIONS = 16;
/** Credit for the whole connection, far more than bodies of queries need. */
const CONNECTION_WINDOW = 1024 * 1024;
/** What cancelling a request under way costs of a peer's credit: a hundred at once end the connection. */
const RESET_COST = 10;

/** Why a connection must end. */
class ConnectionFailure extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`HTTP/2 error ${code}`);
    this.code = code;
  }
}

/** One HTTP/2 connection (RFC 9113, RFC 7541): frames in, requests out to the responder. */
export class Http2Session implements Watched, Peer {
  lastActive: number;
  partialSince: number;
  readonly group: string;
  readonly #socket: TLSSocket;
  readonly #context: Http2Context;
  readonly #hpack = createHpackDecoder();
  readonly #streams = new Map<number, Stream>();
  readonly #outbox: Outbox;
  readonly #responder: Responder;
  readonly #budget: ReturnType<typeof createBudget>;
  readonly #maxUnread: number;
  #rest: Buffer | undefined;
  #prefaced = false;
  #hasSettings = false;
  #ended = false;
  #paused = false;
  #template: Template | undefined;
  #lastStream = 0;
  /** Streams skipped over, [from, to], newest last: they are closed without ever having been open. */
  #skipped: [number, number][] = [];
  #receiveWindow = DEFAULT_WINDOW;
  /** A head spread over several frames. */
  #headStream = 0;
  #headFlags = 0;
  #headParts: Buffer[] = [];
  #headBytes = 0;

  constructor(socket: TLSSocket, context: Http2Context) {
    this.#socket = socket;
    this.#context = context;
    this.#maxUnread = context.bounds.maxUnreadBytes ?? 256 * 1024;
    this.group = addressGroup(socket.remoteAddress);
    this.lastActive = context.watch.now();
    this.partialSince = this.lastActive;
    this.#budget = createBudget(this.lastActive);
    this.#outbox = new Outbox(socket, () => this.#afterWrite());
    this.#responder = new Responder(this, this.#outbox, this.#streams, context.service, context.stats);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#resume());
    socket.on("error", () => socket.destroy());
    socket.on("end", () => {
      this.#ended = true;
      this.#afterWrite();
    });
    socket.on("close", () => {
      this.#ended = true;
      this.#streams.clear();
      context.watch.release(this);
    });
    this.#greet();
  }

  get address(): string {
    return this.#socket.remoteAddress ?? "";
  }

  get port(): number {
    return this.#socket.remotePort ?? 0;
  }

  get underWay(): number {
    return this.#responder.underWay;
  }

  end(): void {
    if (!this.#socket.destroyed && this.#prefaced) this.#goAway(ERROR.NO_ERROR);
    this.#socket.destroySoon();
  }

  #greet() {
    const settings: [number, number][] = [
      // Requests then carry no state from one to the next: see Template.
      [SETTING.HEADER_TABLE_SIZE, 0],
      [SETTING.MAX_CONCURRENT_STREAMS, MAX_STREAMS],
      [SETTING.INITIAL_WINDOW_SIZE, this.#context.maxBody],
      [SETTING.MAX_HEADER_LIST_SIZE, MAX_HEAD_BYTES],
    ];
    const out = this.#outbox.room();
    const start = this.#outbox.filled;
    let at = writeFrameHeader(out, start, settings.length * 6, FRAME.SETTINGS, 0, 0);
    for (const [key, value] of settings) {
      out[at++] = key >>> 8;
      out[at++] = key & 0xff;
      at = writeUint32(out, at, value);
    }
    at = writeFrameHeader(out, at, 4, FRAME.WINDOW_UPDATE, 0, 0);
    at = writeUint32(out, at, CONNECTION_WINDOW - DEFAULT_WINDOW);
    this.#receiveWindow = CONNECTION_WINDOW;
    this.#outbox.commit(at - start);
    this.#outbox.flush();
  }

  #receive(chunk: Buffer) {
    let bytes = chunk;
    if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, chunk]);
      this.#rest = undefined;
    }
    const before = this.#lastStream;
    try {
      const at = this.#readFrames(bytes);
      if (this.#ended) return;
      if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
    } catch (failure) {
      this.#fail(failure instanceof ConnectionFailure ? failure.code : ERROR.INTERNAL_ERROR);
      return;
    }
    const isPartial = this.#rest !== undefined || this.#headStream !== 0 || this.#responder.incomplete > 0;
    if (!isPartial) this.partialSince = 0;
    else if (this.partialSince === 0) this.partialSince = this.#context.watch.now();
    if (this.#lastStream !== before) this.#outbox.isSingle = this.#lastStream === before + 2;
    this.#outbox.flush();
    if (this.#socket.writableLength > this.#maxUnread) this.#pause();
  }

  #readFrames(bytes: Buffer): number {
    let at = 0;
    if (!this.#prefaced) {
      const length = Math.min(bytes.length, PREFACE.length);
      if (!bytes.subarray(0, length).equals(PREFACE.subarray(0, length)))
        throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      if (length < PREFACE.length) return 0;
      this.#prefaced = true;
      at = length;
    }
    while (bytes.length - at >= FRAME_HEADER_BYTES && !this.#ended) {
      const length =
        ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
      if (length > MAX_FRAME_BYTES) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
      const payload = at + FRAME_HEADER_BYTES;
      if (payload + length > bytes.length) break;
      this.#frame(
        bytes,
        bytes[at + 3] as number,
        bytes[at + 4] as number,
        readUint32(bytes, at + 5) & 0x7fffffff,
        payload,
        payload + length,
      );
      at = payload + length;
    }
    return at;
  }

  #frame(bytes: Buffer, type: number, flags: number, id: number, at: number, end: number) {
    if (!this.#hasSettings && (type !== FRAME.SETTINGS || flags & ACK))
      throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    if (this.#headStream !== 0 && (type !== FRAME.CONTINUATION || id !== this.#headStream))
      throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    switch (type) {
      case FRAME.HEADERS:
        return this.#onHeaders(bytes, flags, id, at, end);
      case FRAME.DATA:
        return this.#onData(bytes, flags, id, at, end);
      case FRAME.CONTINUATION:
        return this.#onContinuation(bytes, flags, at, end);
      case FRAME.WINDOW_UPDATE:
        return this.#onWindowUpdate(bytes, id, at, end);
    }
    this.#spend(1);
    switch (type) {
      case FRAME.SETTINGS:
        return this.#onSettings(bytes, flags, id, at, end);
      case FRAME.RST_STREAM:
        return this.#onReset(id, end - at);
      case FRAME.PING:
        if (id !== 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
        if (end - at !== 8) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
        if ((flags & ACK) === 0) this.#control(FRAME.PING, ACK, 0, bytes.subarray(at, end));
        return;
      case FRAME.PRIORITY:
        if (id === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
        if (end - at !== 5) return this.#resetStream(id, ERROR.FRAME_SIZE_ERROR);
        if ((readUint32(bytes, at) & 0x7fffffff) === id) this.#resetStream(id, ERROR.PROTOCOL_ERROR);
        return;
      case FRAME.GOAWAY:
        if (id !== 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
        if (end - at < 8) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
        return;
      case FRAME.PUSH_PROMISE:
        throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    }
  }

  #spend(cost: number) {
    if (!this.#budget.spend(cost, this.#context.watch.now()))
      throw new ConnectionFailure(ERROR.ENHANCE_YOUR_CALM);
  }

  #onHeaders(bytes: Buffer, flags: number, id: number, at: number, end: number) {
    if (id === 0 || (id & 1) === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    if (flags & PADDED) {
      const padding = (bytes[at++] as number) + (flags & PRIORITY_FLAG ? 5 : 0);
      if (at > end || padding > end - at) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      end -= padding - (flags & PRIORITY_FLAG ? 5 : 0);
    }
    let dependsOnItself = false;
    if (flags & PRIORITY_FLAG) {
      if (end - at < 5) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
      dependsOnItself = (readUint32(bytes, at) & 0x7fffffff) === id;
      at += 5;
    }
    if (id <= this.#lastStream && !this.#streams.has(id)) {
      const isSkipped = this.#skipped.some(([from, to]) => id >= from && id <= to);
      throw new ConnectionFailure(isSkipped ? ERROR.PROTOCOL_ERROR : ERROR.STREAM_CLOSED);
    }
    if ((flags & END_HEADERS) === 0) {
      this.#headStream = id;
      this.#headFlags = flags;
      this.#headParts = [Buffer.from(bytes.subarray(at, end))];
      this.#headBytes = end - at;
      this.#headDependsOnItself = dependsOnItself;
      return;
    }
    this.#onHead(bytes, flags, id, at, end, dependsOnItself);
  }

  #headDependsOnItself = false;

  #onContinuation(bytes: Buffer, flags: number, at: number, end: number) {
    if (this.#headStream === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    this.#headBytes += end - at;
    this.#headParts.push(Buffer.from(bytes.subarray(at, end)));
    if (this.#headParts.length > MAX_CONTINUATIONS || this.#headBytes > MAX_HEAD_BYTES * 2)
      throw new ConnectionFailure(ERROR.ENHANCE_YOUR_CALM);
    if ((flags & END_HEADERS) === 0) return;
    const id = this.#headStream;
    const block = Buffer.concat(this.#headParts);
    this.#headStream = 0;
    this.#headParts = [];
    this.#onHead(block, this.#headFlags, id, 0, block.length, this.#headDependsOnItself);
  }

  /** A whole header block: a request's, or a body's trailers. */
  #onHead(block: Buffer, flags: number, id: number, at: number, end: number, dependsOnItself: boolean) {
    const isLast = (flags & END_STREAM) !== 0;
    const known = this.#streams.get(id);
    if (known !== undefined) return this.#onTrailers(known, block, isLast, at, end);
    if (id > this.#lastStream + 2) {
      this.#skipped.push([this.#lastStream + 1, id - 1]);
      if (this.#skipped.length > 16) this.#skipped.shift();
    }
    this.#lastStream = id;
    this.lastActive = this.#context.watch.now();
    const template = this.#template;
    if (
      template !== undefined &&
      !dependsOnItself &&
      this.#responder.hasRoom(MAX_STREAMS) &&
      matchTemplate(template, block, at, end)
    ) {
      if (
        isLast ? template.method === "GET" && this.#responder.fastGet(id) : this.#beginFastPost(id, template)
      ) {
        this.#budget.earn();
        return;
      }
    }
    const fields = this.#hpack.decode(block, at, end, MAX_HEAD_BYTES);
    if (fields === undefined) throw new ConnectionFailure(ERROR.COMPRESSION_ERROR);
    if (dependsOnItself) return this.#resetStream(id, ERROR.PROTOCOL_ERROR);
    if (fields === "too-large") return this.#responder.refuse(id, 431);
    const head = readHead(fields);
    if (head === undefined) return this.#resetStream(id, ERROR.PROTOCOL_ERROR);
    if (!this.#responder.hasRoom(MAX_STREAMS)) return this.#resetStream(id, ERROR.REFUSED_STREAM);
    if (this.#hpack.stateless && !this.#hpack.resized)
      this.#template = makeTemplate(head, block, at, end, this.#context.service.localHeader);
    if (isLast && head.contentLength > 0) return this.#resetStream(id, ERROR.PROTOCOL_ERROR);
    if (head.contentLength > this.#context.maxBody) return this.#responder.refuse(id, 413);
    const stream = newStream(id, this.#responder.initialWindow, this.#context.maxBody);
    stream.head = head;
    stream.contentLength = head.contentLength;
    this.#streams.set(id, stream);
    if (!isLast) {
      this.#responder.incomplete++;
      return;
    }
    stream.remoteClosed = true;
    this.#budget.earn();
    this.#responder.respond(stream);
  }

  #beginFastPost(id: number, template: Template): boolean {
    const { path } = this.#context.service;
    if (template.method !== "POST" || !template.isMessage || !path.isDoh(matched.path, matched.pathLength))
      return false;
    if (matched.contentLength > this.#context.maxBody) return false;
    const stream = newStream(id, this.#responder.initialWindow, this.#context.maxBody);
    stream.contentLength = matched.contentLength;
    if (matched.localLength >= 0) stream.local = matched.local.slice(0, matched.localLength);
    this.#streams.set(id, stream);
    this.#responder.incomplete++;
    return true;
  }

  #onTrailers(stream: Stream, block: Buffer, isLast: boolean, at: number, end: number) {
    const fields = this.#hpack.decode(block, at, end, MAX_HEAD_BYTES);
    if (fields === undefined) throw new ConnectionFailure(ERROR.COMPRESSION_ERROR);
    if (stream.remoteClosed) return this.#resetStream(stream.id, ERROR.STREAM_CLOSED);
    if (!isLast || fields === "too-large" || !areTrailers(fields))
      return this.#resetStream(stream.id, ERROR.PROTOCOL_ERROR);
    this.#endBody(stream);
  }

  #onData(bytes: Buffer, flags: number, id: number, at: number, end: number) {
    if (id === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    const size = end - at;
    this.#receiveWindow -= size;
    if (this.#receiveWindow < 0) throw new ConnectionFailure(ERROR.FLOW_CONTROL_ERROR);
    if (this.#receiveWindow < CONNECTION_WINDOW / 2) {
      const payload = Buffer.allocUnsafe(4);
      payload.writeUInt32BE(CONNECTION_WINDOW - this.#receiveWindow);
      this.#receiveWindow = CONNECTION_WINDOW;
      this.#control(FRAME.WINDOW_UPDATE, 0, 0, payload);
    }
    if (flags & PADDED) {
      const padding = size > 0 ? (bytes[at++] as number) : 1;
      if (padding > end - at) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      end -= padding;
    }
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      if (id > this.#lastStream) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      this.#spend(1);
      return this.#resetStream(id, ERROR.STREAM_CLOSED);
    }
    if (stream.remoteClosed) return this.#resetStream(id, ERROR.STREAM_CLOSED);
    const isLast = (flags & END_STREAM) !== 0;
    if (end === at && !isLast) this.#spend(1);
    stream.receiveWindow -= size;
    stream.received += end - at;
    if (stream.receiveWindow < 0) return this.#resetStream(id, ERROR.FLOW_CONTROL_ERROR);
    if (stream.received > this.#context.maxBody) {
      this.#closeRemote(stream);
      return this.#responder.refuse(id, 413);
    }
    if (end > at)
      stream.body.push(
        isLast && stream.body.length === 0 ? bytes.subarray(at, end) : Buffer.from(bytes.subarray(at, end)),
      );
    if (isLast) this.#endBody(stream);
  }

  #closeRemote(stream: Stream) {
    if (stream.remoteClosed) return;
    stream.remoteClosed = true;
    this.#responder.incomplete--;
  }

  #endBody(stream: Stream) {
    this.#closeRemote(stream);
    if (stream.contentLength >= 0 && stream.contentLength !== stream.received)
      return this.#resetStream(stream.id, ERROR.PROTOCOL_ERROR);
    this.#budget.earn();
    if (stream.head === undefined) this.#responder.fastPost(stream);
    else this.#responder.respond(stream);
  }

  #onSettings(bytes: Buffer, flags: number, id: number, at: number, end: number) {
    if (id !== 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    if (flags & ACK) {
      if (end !== at) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
      this.#hpack.setLimit(0);
      return;
    }
    if ((end - at) % 6 !== 0) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
    this.#hasSettings = true;
    for (; at < end; at += 6) {
      const key = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      const value = readUint32(bytes, at + 2);
      if (key === SETTING.ENABLE_PUSH && value > 1) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      if (key === SETTING.INITIAL_WINDOW_SIZE) {
        if (value > MAX_WINDOW || !this.#responder.setInitialWindow(value))
          throw new ConnectionFailure(ERROR.FLOW_CONTROL_ERROR);
      }
      if (key === SETTING.MAX_FRAME_SIZE) {
        if (value < MAX_FRAME_BYTES || value > 0xffffff) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      }
    }
    this.#control(FRAME.SETTINGS, ACK, 0, Buffer.alloc(0));
    // Only now: the client may count on its new windows once they are acknowledged.
    this.#responder.resume();
  }

  #onWindowUpdate(bytes: Buffer, id: number, at: number, end: number) {
    if (end - at !== 4) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
    const increment = readUint32(bytes, at) & 0x7fffffff;
    if (id === 0) {
      if (increment === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      this.#spend(1);
      if (!this.#responder.widen(increment)) throw new ConnectionFailure(ERROR.FLOW_CONTROL_ERROR);
      return;
    }
    if (id > this.#lastStream) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    this.#spend(1);
    const stream = this.#streams.get(id);
    if (increment === 0) return this.#resetStream(id, ERROR.PROTOCOL_ERROR);
    if (stream === undefined) return;
    if (!this.#responder.widenStream(stream, increment)) this.#resetStream(id, ERROR.FLOW_CONTROL_ERROR);
  }

  #onReset(id: number, length: number) {
    if (length !== 4) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
    if (id === 0 || id > this.#lastStream) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    const stream = this.#streams.get(id);
    if (stream === undefined) return this.#spend(1);
    this.#closeRemote(stream);
    this.#streams.delete(id);
    this.#spend(RESET_COST);
  }

  #resetStream(id: number, code: number) {
    const stream = this.#streams.get(id);
    if (stream !== undefined) this.#closeRemote(stream);
    this.#streams.delete(id);
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32BE(code);
    this.#control(FRAME.RST_STREAM, 0, id, payload);
  }

  #control(type: number, flags: number, id: number, payload: Uint8Array) {
    const out = this.#outbox.room();
    const start = this.#outbox.filled;
    const at = writeFrameHeader(out, start, payload.length, type, flags, id);
    out.set(payload, at);
    this.#outbox.commit(at + payload.length - start);
  }

  #goAway(code: number) {
    const payload = Buffer.allocUnsafe(8);
    payload.writeUInt32BE(this.#lastStream, 0);
    payload.writeUInt32BE(code, 4);
    this.#control(FRAME.GOAWAY, 0, 0, payload);
    this.#outbox.flush();
  }

  #fail(code: number) {
    this.#context.stats.malformed++;
    if (code === ERROR.ENHANCE_YOUR_CALM) this.#context.stats.evicted++;
    this.#outbox.isSingle = false;
    this.#ended = true;
    this.#streams.clear();
    this.#goAway(code);
    this.#socket.end();
    // What still comes in isn't read any more; whoever doesn't take the hint is cut off by the watch.
    this.#socket.removeAllListeners("data");
    this.#socket.resume();
    this.partialSince = this.#context.watch.now();
  }

  #pause() {
    if (this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #resume() {
    if (!this.#paused || this.#socket.writableLength > this.#maxUnread) return;
    this.#paused = false;
    this.#socket.resume();
  }

  #afterWrite() {
    if (this.#ended && this.#responder.underWay === 0 && this.#outbox.isEmpty) this.#socket.end();
  }
}
