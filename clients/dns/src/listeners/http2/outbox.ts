import type { Socket } from "node:net";
import { BLOCK_FULL, returnBlock, takeBlock } from "../buffers.ts";

/** Collects what a turn of the event loop has to say on a socket and writes it at once. */
export class Outbox {
  /** Bytes in use of the block `room` returned. */
  filled = 0;
  readonly #socket: Socket;
  #block: Buffer | undefined;
  #scheduled = false;
  readonly #flush = () => this.flush();
  readonly #idle: () => void;

  /** @param idle called after each write, when nothing is left to say */
  constructor(socket: Socket, idle: () => void) {
    this.#socket = socket;
    this.#idle = idle;
  }

  /** The block, with room for more than 64 KiB after `filled`. */
  room(): Buffer {
    this.#block ??= takeBlock();
    return this.#block;
  }

  /** Counts in `length` bytes written after `filled`. */
  commit(length: number): void {
    this.filled += length;
    if (this.filled >= BLOCK_FULL) {
      this.flush();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flush);
  }

  /** Gives back a block nothing was written to. */
  relax(): void {
    if (this.filled > 0 || this.#block === undefined) return;
    returnBlock(this.#block);
    this.#block = undefined;
  }

  flush(): void {
    this.#scheduled = false;
    const block = this.#block;
    if (block === undefined) return;
    this.#block = undefined;
    const length = this.filled;
    this.filled = 0;
    if (length === 0 || this.#socket.destroyed) {
      returnBlock(block);
      return;
    }
    this.#socket.write(block.subarray(0, length), () => returnBlock(block));
    this.#idle();
  }
}
