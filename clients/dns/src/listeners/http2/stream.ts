import type { RequestHead } from "./request.ts";

/** A request that isn't answered yet. One answered in the turn it came in never has one of these. */
export interface Stream {
  readonly id: number;
  /** Bytes the client still takes on this stream; may be negative (RFC 9113 section 6.9.2). */
  sendWindow: number;
  /** Bytes the client may still send on this stream. */
  receiveWindow: number;
  /** The client has ended its side. */
  remoteClosed: boolean;
  /** The request, if it isn't the fast POST of a query. */
  head: RequestHead | undefined;
  /** Value of the local header of a fast POST. */
  local: Uint8Array | undefined;
  /** -1 if not announced. */
  contentLength: number;
  received: number;
  body: Uint8Array[];
  /** The handler is at work. */
  underWay: boolean;
  /** What the client's windows didn't let through yet; the stream ends after it. */
  rest: Uint8Array | undefined;
}

export function newStream(id: number, sendWindow: number, receiveWindow: number): Stream {
  return {
    id,
    sendWindow,
    receiveWindow,
    remoteClosed: false,
    head: undefined,
    local: undefined,
    contentLength: -1,
    received: 0,
    body: [],
    underWay: false,
    rest: undefined,
  };
}

/** A body's parts as one. */
export function bodyOf(stream: Stream): Uint8Array {
  return stream.body.length === 1 ? (stream.body[0] as Uint8Array) : Buffer.concat(stream.body);
}

/**
 * A peer's credit for frames that cost us work and bring it nothing: resets, pings, settings, empty frames. Useful
 * requests earn some back, time does too; who runs out is told to calm down (RFC 9113 section 10.5).
 */
export interface Budget {
  /** Takes `cost`; false when there isn't as much left. */
  spend(cost: number, now: number): boolean;
  earn(): void;
}

const BUDGET_MAX = 1000;
const BUDGET_PER_SECOND = 100;

export function createBudget(start: number): Budget {
  let left = BUDGET_MAX;
  let last = start;
  return {
    spend(cost, now) {
      if (left < BUDGET_MAX / 2) {
        left = Math.min(BUDGET_MAX, left + ((now - last) * BUDGET_PER_SECOND) / 1000);
        last = now;
      }
      left -= cost;
      return left >= 0;
    },
    earn() {
      if (left < BUDGET_MAX) left++;
    },
  };
}
