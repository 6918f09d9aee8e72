import type { EdgeAnswer } from "@tolldns/edge";
import type { RecentQuery } from "@tolldns/web";

/** The latest questions, in memory only, newest first. */
export function createRecent(size = 12, now: () => number = () => Date.now() / 1_000) {
  let rows: readonly RecentQuery[] = [];
  let lastId = 0;
  return {
    add({ name, type, rcode, from, ms }: EdgeAnswer) {
      rows = [{ id: ++lastId, at: now(), name: name || ".", type, rcode, source: from, ms }, ...rows].slice(
        0,
        size,
      );
    },
    list: () => rows,
  };
}
