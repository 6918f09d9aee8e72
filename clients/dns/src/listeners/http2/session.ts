import type { TLSSocket } from "node:tls";
import type { Peer } from "../../wire/query.ts";
import { addressGroup, type StreamBounds, type Watch, type Watched } from "../bounds.ts";
import type { MutableStats } from "../handler.ts";
import type { DohService } from "../service.ts";
import { sendControl, sendCredit, sendGoAway, sendReset } from "./control.ts";
import { ACK, END_HEADERS, END_STREAM, ERROR, FRAME, PADDED, PRIORITY_FLAG, readUint32 } from "./frames.ts";
import { createHpackDecoder } from "./hpack.ts";
import { Outbox } from "./outbox.ts";
import { ConnectionFailure, createFrameReader, HeadParts, MAX_HEAD_BYTES } from "./reader.ts";
import { areTrailers, readHead } from "./request.ts";
import { Responder } from "./responder.ts";
import { CONNECTION_WINDOW, endBeforePadding, MAX_STREAMS, readSettings, writeGreeting } from "./settings.ts";
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

/** What cancelling a request under way costs of a peer's credit: a hundred at once end the connection. */
const RESET_COST = 10;

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
  readonly #reader = createFrameReader((bytes, type, flags, id, at, end) =>
    this.#frame(bytes, type, flags, id, at, end),
  );
  #hasSettings = false;
  #ended = false;
  #paused = false;
  #template: Template | undefined;
  #lastStream = 0;
  /** Streams skipped over, [from, to], newest last: they are closed without ever having been open. */
  #skipped: [number, number][] = [];
  #receiveWindow = CONNECTION_WINDOW;
  readonly #head = new HeadParts();

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
    if (!this.#socket.destroyed && this.#reader.isPrefaced)
      sendGoAway(this.#outbox, this.#lastStream, ERROR.NO_ERROR);
    this.#socket.destroySoon();
  }

  #greet() {
    const start = this.#outbox.filled;
    this.#outbox.commit(writeGreeting(this.#outbox.room(), start, this.#context.maxBody) - start);
    this.#outbox.flush();
  }

  #receive(chunk: Buffer) {
    const before = this.#lastStream;
    try {
      this.#reader.push(chunk);
    } catch (failure) {
      this.#fail(failure instanceof ConnectionFailure ? failure.code : ERROR.INTERNAL_ERROR);
      return;
    }
    const isPartial = this.#reader.isPartial || this.#head.id !== 0 || this.#responder.incomplete > 0;
    if (!isPartial) this.partialSince = -1;
    else if (this.partialSince < 0) this.partialSince = this.#context.watch.now();
    if (this.#lastStream !== before) this.#outbox.isSingle = this.#lastStream === before + 2;
    this.#outbox.flush();
    if (this.#socket.writableLength > this.#maxUnread) this.#pause();
  }

  #frame(bytes: Buffer, type: number, flags: number, id: number, at: number, end: number) {
    if (!this.#hasSettings && (type !== FRAME.SETTINGS || flags & ACK))
      throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    if (this.#head.id !== 0 && (type !== FRAME.CONTINUATION || id !== this.#head.id))
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
        if ((flags & ACK) === 0) sendControl(this.#outbox, FRAME.PING, ACK, 0, bytes.subarray(at, end));
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
      if (end === at) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
      end = endBeforePadding(bytes[at] as number, at + 1, end);
      at++;
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
      this.#head.begin(id, flags, dependsOnItself, bytes.subarray(at, end));
      return;
    }
    this.#onHead(bytes, flags, id, at, end, dependsOnItself);
  }

  #onContinuation(bytes: Buffer, flags: number, at: number, end: number) {
    const { dependsOnItself, flags: first, id } = this.#head;
    if (id === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    this.#head.add(bytes.subarray(at, end));
    if ((flags & END_HEADERS) === 0) return;
    const block = this.#head.take();
    this.#onHead(block, first, id, 0, block.length, dependsOnItself);
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
      sendCredit(this.#outbox, 0, CONNECTION_WINDOW - this.#receiveWindow);
      this.#receiveWindow = CONNECTION_WINDOW;
    }
    if (flags & PADDED) {
      if (size === 0) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
      end = endBeforePadding(bytes[at] as number, at + 1, end);
      at++;
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
    this.#hasSettings = true;
    readSettings(bytes, at, end, (window) => this.#responder.setInitialWindow(window));
    sendControl(this.#outbox, FRAME.SETTINGS, ACK, 0, Buffer.alloc(0));
    // Only now: the client may count on its new windows once they are acknowledged.
    this.#responder.resume();
  }

  #onWindowUpdate(bytes: Buffer, id: number, at: number, end: number) {
    if (end - at !== 4) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
    const increment = readUint32(bytes, at) & 0x7fffffff;
    if (id === 0) {
      if (increment === 0) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
      if (!this.#responder.isWaiting) this.#spend(1);
      if (!this.#responder.widen(increment)) throw new ConnectionFailure(ERROR.FLOW_CONTROL_ERROR);
      return;
    }
    if (id > this.#lastStream) throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    const stream = this.#streams.get(id);
    if (stream?.rest === undefined) this.#spend(1);
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
    sendReset(this.#outbox, id, code);
  }

  #fail(code: number) {
    this.#context.stats.malformed++;
    if (code === ERROR.ENHANCE_YOUR_CALM) this.#context.stats.evicted++;
    this.#outbox.isSingle = false;
    this.#ended = true;
    this.#reader.stop();
    this.#streams.clear();
    sendGoAway(this.#outbox, this.#lastStream, code);
    this.#socket.end();
    // Who doesn't take the hint is cut off by the watch.
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
