/// <reference lib="dom" />
import type { Snapshot } from "../snapshot.ts";

/** The key of this dashboard: from the address, then kept for this tab only. */
export function readKey(): string | null {
  const fragment = location.hash.slice(1);
  if (fragment !== "") {
    sessionStorage.setItem("key", fragment);
    // Out of sight of shoulders and screenshots.
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem("key");
}

export function keepKey(key: string) {
  sessionStorage.setItem("key", key);
}

/** Asks the server with the key. @throws Error with the server's words when it refuses */
export async function ask<T>(
  key: string,
  path: string,
  method: "GET" | "POST" = "GET",
  question?: unknown,
): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(question === undefined ? {} : { body: JSON.stringify(question) }),
  });
  const body = (await response.json()) as T & { error?: { message: string } };
  if (!response.ok) throw new Error(body.error?.message ?? `status ${response.status}`);
  return body;
}

export type LiveState = "waiting" | "live" | "lost" | "refused";

/**
 * Follows the server-sent events and tells each snapshot, again and again until the returned function is called.
 * Read with fetch, since EventSource sends no header for the key.
 */
export function follow(
  key: string,
  onSnapshot: (snapshot: Snapshot) => void,
  onState: (state: LiveState) => void,
): () => void {
  const ending = new AbortController();
  void (async () => {
    while (!ending.signal.aborted) {
      try {
        const response = await fetch("/api/events", {
          headers: { authorization: `Bearer ${key}` },
          signal: ending.signal,
        });
        if (response.status === 401) return onState("refused");
        if (!response.ok || response.body === null) throw new Error(String(response.status));
        onState("live");
        await readEvents(response.body, onSnapshot);
      } catch {
        if (ending.signal.aborted) return;
      }
      onState("lost");
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  })();
  return () => ending.abort();
}

async function readEvents(body: ReadableStream<Uint8Array>, onSnapshot: (snapshot: Snapshot) => void) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (pending + decoder.decode(value, { stream: true })).split("\n\n");
    pending = events.pop() ?? "";
    for (const event of events) {
      const data = event.split("\n").find((line) => line.startsWith("data: "));
      if (data !== undefined) onSnapshot(JSON.parse(data.slice(6)) as Snapshot);
    }
  }
}
