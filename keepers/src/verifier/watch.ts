import { toHex } from "@tolldns/sdk";
import { type Target, targetId } from "@tolldns/sdk/policy";
import type { Door } from "./probe/door.ts";
import { type WindowTools, watchTarget } from "./window.ts";

/** The targets that are probed, each for as long as it is wanted. */
export interface Watch {
  /** Probes these from now on, and no others. */
  follow(wanted: readonly Target[]): void;
  /** Those that are probed now. */
  targets(): Target[];
  /** Ends all probes, and the doors. */
  close(): Promise<void>;
}

interface Watched {
  readonly target: Target;
  readonly door: Door;
  readonly ending: AbortController;
  readonly done: Promise<void>;
}

/** @param open opens the way to a target */
export function createWatch(open: (target: Target) => Door, tools: WindowTools): Watch {
  const watched = new Map<string, Watched>();
  /** Those that are no longer wanted and have not ended yet. */
  const leaving = new Set<Promise<void>>();
  let isClosed = false;

  async function stop({ ending, done, door }: Watched): Promise<void> {
    ending.abort();
    await done;
    await door.close();
  }

  return {
    follow(wanted) {
      const ids = new Set(wanted.map((target) => toHex(targetId(target))));
      for (const [id, one] of watched)
        if (!ids.has(id)) {
          watched.delete(id);
          const left = stop(one).finally(() => leaving.delete(left));
          leaving.add(left);
        }
      for (const target of wanted) {
        const id = toHex(targetId(target));
        if (watched.has(id) || isClosed) continue;
        const ending = new AbortController();
        const door = open(target);
        watched.set(id, { target, door, ending, done: watchTarget(target, door, tools, ending.signal) });
      }
    },
    targets: () => [...watched.values()].map(({ target }) => target),
    async close() {
      isClosed = true;
      await Promise.all([...leaving, ...[...watched.values()].map(stop)]);
    },
  };
}
