import type { ServerResponse } from "node:http";
import { fail } from "../errors.ts";
import { toJson } from "./server.ts";

/** Event streams (server-sent events) to everybody who listens. */
export interface EventHub {
  /** Sends to all at once. */
  emit(event: "update" | "root", data: unknown): void;
  /** Makes an answer of a response. @throws streams-full */
  open(response: ServerResponse): void;
  readonly size: number;
  close(): void;
}

/** A reader that leaves this many bytes unread is cut off; it reconnects and asks what it missed. */
const MAX_UNREAD = 1_048_576;
const BEAT_MILLISECONDS = 15_000;

export function createEventHub(limit: number): EventHub {
  const streams = new Set<ServerResponse>();
  const write = (text: string) => {
    for (const stream of streams) {
      if (stream.writableLength > MAX_UNREAD) stream.destroy();
      else stream.write(text);
    }
  };
  // Keeps middle boxes from closing a quiet stream, and finds dead readers.
  const beat = setInterval(() => write(": beat\n\n"), BEAT_MILLISECONDS);
  beat.unref();
  return {
    emit: (event, data) => write(`event: ${event}\ndata: ${toJson(data)}\n\n`),
    open: (response) => {
      if (streams.size >= limit) throw fail("streams-full", { limit });
      response.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
        "x-accel-buffering": "no",
      });
      response.socket?.setNoDelay(true);
      response.write("retry: 1000\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
      response.on("error", () => streams.delete(response));
    },
    get size() {
      return streams.size;
    },
    close: () => {
      clearInterval(beat);
      for (const stream of streams) stream.end();
      streams.clear();
    },
  };
}
