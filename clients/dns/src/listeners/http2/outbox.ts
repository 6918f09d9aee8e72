import type { Socket } from "node:net";
import { BLOCK_FULL, returnBlock, takeBlock } from "../buffers.ts";

/**
 * Collects what there is to say on a socket and writes it: all at once, in one TLS record, to a client that itself sends
 * several requests a record; one answer a record to a client that sends one request a record. The second sort is slower,
 * but some such clients (dnsperf) read no more than one answer out of a record and lose the rest.
 */
export class Outbox {
  /** Bytes in use of the block `room` returned. */
  filled = 0;
  /** One answer a record. */
  isSingle = false;
  readonly #socket: Socket;
  readonly #idle: () => void;
  #block: Buffer | undefined;
  /** Bytes of the block already written. */
  #sent = 0;
  /** Ends of the answers in the block, while they go one by one. */
  #ends: number[] = [];
  #isWriting = false;
  readonly #written = () => {
    this.#isWriting = false;
    this.flush();
  };

  /** @param idle called when all there was to say has been handed to the socket */
  constructor(socket: Socket, idle: () => void) {
    this.#socket = socket;
    this.#idle = idle;
  }

  /** Whether anything waits to be written. */
  get isEmpty(): boolean {
    return this.filled === this.#sent;
  }

  /** The block, with room for more than 64 KiB after `filled`. */
  room(): Buffer {
    this.#block ??= takeBlock();
    return this.#block;
  }

  /** Counts in `length` bytes written after `filled`. */
  commit(length: number): void {
    this.filled += length;
    if (this.isSingle) this.#ends.push(this.filled);
    if (this.filled >= BLOCK_FULL) this.drain();
  }

  /** Writes what has been collected, unless a write is under way: then after it. */
  flush(): void {
    if (this.#isWriting) return;
    const end = this.#ends.shift();
    if (end !== undefined && end < this.filled && !this.#socket.destroyed) {
      this.#isWriting = true;
      this.#socket.write((this.#block as Buffer).subarray(this.#sent, end), this.#written);
      this.#sent = end;
    } else this.drain();
  }

  /** Writes all at once, also behind a write under way: before the socket is ended. */
  drain(): void {
    const block = this.#block;
    if (block === undefined) return;
    const { filled } = this;
    const sent = this.#sent;
    this.#block = undefined;
    this.#ends = [];
    this.#sent = 0;
    this.filled = 0;
    if (filled === sent || this.#socket.destroyed) {
      returnBlock(block);
      return;
    }
    this.#isWriting = true;
    this.#socket.write(block.subarray(sent, filled), () => {
      returnBlock(block);
      this.#written();
    });
    this.#idle();
  }
}
