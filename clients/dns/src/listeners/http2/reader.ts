import { ERROR, FRAME_HEADER_BYTES, MAX_FRAME_BYTES, PREFACE, readUint32 } from "./frames.ts";

/** Why a connection must end: a code of RFC 9113 section 7, sent in GOAWAY. */
export class ConnectionFailure extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`HTTP/2 error ${code}`);
    this.code = code;
  }
}

/** Takes a frame: its payload is `at..end` of `bytes`, valid for the length of the call. */
export type OnFrame = (
  bytes: Buffer,
  type: number,
  flags: number,
  id: number,
  at: number,
  end: number,
) => void;

/** Cuts what a client sends into frames. */
export interface FrameReader {
  /** The client's preface has come. */
  readonly isPrefaced: boolean;
  /** Part of a frame, or of the preface, waits for the rest. */
  readonly isPartial: boolean;
  /** @throws ConnectionFailure */
  push(chunk: Buffer): void;
  /** Takes no more. */
  stop(): void;
}

export function createFrameReader(onFrame: OnFrame): FrameReader {
  let rest: Buffer | undefined;
  let isPrefaced = false;
  let isStopped = false;

  const readPreface = (bytes: Buffer): number => {
    const length = Math.min(bytes.length, PREFACE.length);
    if (!bytes.subarray(0, length).equals(PREFACE.subarray(0, length)))
      throw new ConnectionFailure(ERROR.PROTOCOL_ERROR);
    isPrefaced = length === PREFACE.length;
    return isPrefaced ? length : -1;
  };

  return {
    get isPrefaced() {
      return isPrefaced;
    },
    get isPartial() {
      return rest !== undefined;
    },
    push(chunk) {
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      rest = undefined;
      let at = isPrefaced ? 0 : readPreface(bytes);
      if (at < 0) {
        rest = Buffer.from(bytes);
        return;
      }
      while (bytes.length - at >= FRAME_HEADER_BYTES) {
        const length =
          ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
        if (length > MAX_FRAME_BYTES) throw new ConnectionFailure(ERROR.FRAME_SIZE_ERROR);
        const payload = at + FRAME_HEADER_BYTES;
        const end = payload + length;
        if (end > bytes.length) break;
        const id = readUint32(bytes, at + 5) & 0x7fffffff;
        onFrame(bytes, bytes[at + 3] as number, bytes[at + 4] as number, id, payload, end);
        if (isStopped) return;
        at = end;
      }
      if (at < bytes.length) rest = Buffer.from(bytes.subarray(at));
    },
    stop() {
      isStopped = true;
      rest = undefined;
    },
  };
}

/** Bytes of a request's head, as sent and as decoded. */
export const MAX_HEAD_BYTES = 16_384;
/** Frames a head may be spread over: what a flood of empty CONTINUATION frames is stopped by. */
const MAX_CONTINUATIONS = 16;

/** A header block spread over HEADERS and CONTINUATION frames. */
export class HeadParts {
  /** Stream whose head is incomplete; 0 for none. */
  id = 0;
  /** Flags of its HEADERS frame. */
  flags = 0;
  dependsOnItself = false;
  #parts: Buffer[] = [];
  #size = 0;

  begin(id: number, flags: number, dependsOnItself: boolean, part: Buffer): void {
    this.id = id;
    this.flags = flags;
    this.dependsOnItself = dependsOnItself;
    this.#parts = [Buffer.from(part)];
    this.#size = part.length;
  }

  /** @throws ConnectionFailure ENHANCE_YOUR_CALM */
  add(part: Buffer): void {
    this.#size += part.length;
    this.#parts.push(Buffer.from(part));
    if (this.#parts.length > MAX_CONTINUATIONS || this.#size > MAX_HEAD_BYTES * 2)
      throw new ConnectionFailure(ERROR.ENHANCE_YOUR_CALM);
  }

  /** The whole block; there is none incomplete after it. */
  take(): Buffer {
    this.id = 0;
    const block = Buffer.concat(this.#parts);
    this.#parts = [];
    return block;
  }
}
