import { MAX_MESSAGE_BYTES } from "../wire/constants.ts";

/** A block filled this far is written to its socket. */
export const BLOCK_FULL = 32 * 1024;
/** So a block always has room for one more answer of any size, with a frame around it. */
const BLOCK_BYTES = BLOCK_FULL + MAX_MESSAGE_BYTES + 2048;
const MAX_FREE = 64;
const free: Buffer[] = [];

/** A block to collect answers in; only the pages that get written to cost memory. */
export function takeBlock(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES);
}

/** Gives a block back once the kernel has its bytes. */
export function returnBlock(block: Buffer): void {
  if (free.length < MAX_FREE) free.push(block);
}
