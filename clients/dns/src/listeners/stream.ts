import type { Socket } from "node:net";
import { MAX_MESSAGE_BYTES } from "../wire/constants.ts";
import { type Peer, parseQuery, Query, type Transport } from "../wire/query.ts";
import { answerMalformed, messageOf, runHandler, whenAnswered } from "./answering.ts";
import type { StreamBounds, Watch, Watched } from "./bounds.ts";
import { addressGroup } from "./bounds.ts";
import { BLOCK_FULL, returnBlock, takeBlock } from "./buffers.ts";
import type { Handler, MutableStats } from "./handler.ts";

/** Messages with a length before them, on TCP or TLS (RFC 1035 section 4.2.2, RFC 7766, RFC 7858). */
export interface StreamContext {
  readonly handler: Handler;
  readonly transport: Transport;
  readonly localOption: number;
  readonly stats: MutableStats;
  readonly watch: Watch<Watched>;
  readonly bounds: StreamBounds;
}

/** One per process suffices: a query lives only for the length of a handler's call. */
const query = new Query();

/** Serves one connection: queries pipelined, answers out of order, those of one turn written at once. */
export class StreamConnection implements Watched, Peer {
  lastActive: number;
  partialSince: number;
  underWay = 0;
  readonly group: string;
  readonly #socket: Socket;
  readonly #context: StreamContext;
  readonly #maxPipelined: number;
  readonly #maxUnread: number;
  /** Bytes of a message not whole yet. */
  #rest: Buffer | undefined;
  #restLength = 0;
  /** Answers of this turn. */
  #block: Buffer | undefined;
  #filled = 0;
  #scheduled = false;
  #paused = false;
  #ended = false;
  readonly #flush = () => this.#write();

  constructor(socket: Socket, context: StreamContext) {
    this.#socket = socket;
    this.#context = context;
    this.#maxPipelined = context.bounds.maxPipelined ?? 256;
    this.#maxUnread = context.bounds.maxUnreadBytes ?? 256 * 1024;
    this.group = addressGroup(socket.remoteAddress);
    this.lastActive = context.watch.now();
    this.partialSince = this.lastActive;
    // Without Nagle's delay: answers are batched by turn already.
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("drain", () => this.#resume());
    socket.on("error", () => socket.destroy());
    // The client may close its side and still wait for answers; when it has them all, ours closes too.
    socket.on("end", () => {
      this.#ended = true;
      this.#finish();
    });
    socket.on("close", () => {
      this.#ended = true;
      context.watch.release(this);
    });
  }

  get address(): string {
    return this.#socket.remoteAddress ?? "";
  }

  get port(): number {
    return this.#socket.remotePort ?? 0;
  }

  end(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let at = 0;
    if (this.#restLength > 0) {
      at = this.#complete(chunk);
      if (at < 0) return;
    }
    while (chunk.length - at >= 2) {
      const length = ((chunk[at] as number) << 8) | (chunk[at + 1] as number);
      if (at + 2 + length > chunk.length) break;
      this.#take(chunk, at + 2, at + 2 + length);
      at += 2 + length;
      if (this.#socket.destroyed) return;
    }
    if (at < chunk.length) this.#keepRest(chunk, at);
    else this.partialSince = -1;
    if (this.underWay >= this.#maxPipelined || this.#socket.writableLength > this.#maxUnread) this.#pause();
  }

  /** Adds to the message begun earlier. Returns the offset of the next one in `chunk`, or -1 if it still isn't whole. */
  #complete(chunk: Buffer): number {
    let rest = this.#rest as Buffer;
    let at = 0;
    if (this.#restLength === 1) {
      rest[1] = chunk[0] as number;
      this.#restLength = 2;
      at = 1;
    }
    const whole = 2 + (((rest[0] as number) << 8) | (rest[1] as number));
    const taken = Math.min(whole - this.#restLength, chunk.length - at);
    if (rest.length < this.#restLength + taken) {
      // Grows with what has arrived, not with what was announced.
      const larger = Buffer.allocUnsafe(Math.min(whole, Math.max(512, (this.#restLength + taken) * 2)));
      rest.copy(larger, 0, 0, this.#restLength);
      this.#rest = rest = larger;
    }
    chunk.copy(rest, this.#restLength, at, at + taken);
    this.#restLength += taken;
    at += taken;
    if (this.#restLength < whole) return -1;
    this.#restLength = 0;
    this.#rest = undefined;
    this.#take(rest, 2, whole);
    return at;
  }

  #keepRest(chunk: Buffer, at: number): void {
    const length = chunk.length - at;
    const rest = Buffer.allocUnsafe(Math.max(64, length));
    chunk.copy(rest, 0, at);
    this.#rest = rest;
    this.#restLength = length;
    this.partialSince = this.#context.watch.now();
  }

  #take(bytes: Buffer, start: number, end: number): void {
    const { handler, localOption, stats, transport, watch } = this.#context;
    const result = parseQuery(query, bytes, start, end, localOption);
    query.transport = transport;
    query.peer = this;
    query.connection = this;
    query.limit = MAX_MESSAGE_BYTES;
    this.lastActive = watch.now();
    this.#block ??= takeBlock();
    const block = this.#block;
    const room = this.#filled + 2;
    const answer =
      result === "ok"
        ? runHandler(handler, stats, query, block, room)
        : answerMalformed(result, stats, query, block, room);
    if (typeof answer === "number") {
      if (answer > 0) {
        this.#sent(answer);
        return;
      }
      // What isn't a query at all ends the connection: its framing can't be trusted.
      if (result === "drop") this.end();
    }
    if (this.#filled === 0) {
      this.#block = undefined;
      returnBlock(block);
    }
    if (!(answer instanceof Promise)) return;
    this.underWay++;
    whenAnswered(answer, stats, query.keep(), (later) => {
      this.underWay--;
      const message = messageOf(later);
      if (message !== undefined && message.length > 0) this.#send(message);
      this.#resume();
      this.#finish();
    });
  }

  /** Adds an answer to this turn's. */
  #send(message: Uint8Array): void {
    if (this.#socket.destroyed) return;
    this.#block ??= takeBlock();
    this.#block.set(message, this.#filled + 2);
    this.#sent(message.length);
  }

  /** Counts in the answer of `length` bytes that has been written after the filled part of the block. */
  #sent(length: number): void {
    this.#context.stats.answers++;
    const block = this.#block as Buffer;
    block[this.#filled] = length >>> 8;
    block[this.#filled + 1] = length & 0xff;
    this.#filled += 2 + length;
    if (this.#filled >= BLOCK_FULL) {
      this.#write();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  #write(): void {
    this.#scheduled = false;
    const block = this.#block;
    if (block === undefined) return;
    this.#block = undefined;
    const length = this.#filled;
    this.#filled = 0;
    if (length === 0 || this.#socket.destroyed) {
      returnBlock(block);
      return;
    }
    this.#socket.write(block.subarray(0, length), () => returnBlock(block));
    this.#finish();
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#socket.pause();
  }

  #resume(): void {
    if (!this.#paused || this.underWay >= this.#maxPipelined) return;
    if (this.#socket.writableLength > this.#maxUnread) return;
    this.#paused = false;
    this.#socket.resume();
  }

  #finish(): void {
    if (this.#ended && this.underWay === 0 && this.#filled === 0) this.#socket.end();
  }
}
