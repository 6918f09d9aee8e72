import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Routes } from "@tolldns/routes/options";
import type { EdgeClock } from "../clock.ts";

const ROUTES_FILE = "routes.json";
/** Milliseconds from the first piece of evidence to the file that has it: a router's flash is not to be worn out. */
const SAVE_AFTER_MS = 30_000;

/** Roots and verified evidence over restarts. */
export interface RoutesFile {
  /** Something was verified: it is written in a while. */
  changed(): void;
  /** Writes what there is now. */
  save(): Promise<void>;
}

export async function loadRoutes(routes: Routes, stateDir: string): Promise<void> {
  const text = await readFile(join(stateDir, ROUTES_FILE), "utf8").catch(() => null);
  if (text === null) return;
  try {
    routes.load(JSON.parse(text));
  } catch {
    // Damaged: everything is fetched again.
  }
}

/** Mode 0600, as the names in it tell what was looked up. */
export function createRoutesFile(routes: () => Routes, stateDir: string, clock: EdgeClock): RoutesFile {
  const path = join(stateDir, ROUTES_FILE);
  let waiting: (() => void) | null = null;

  async function save(): Promise<void> {
    waiting?.();
    waiting = null;
    await writeFile(`${path}.new`, JSON.stringify(routes().save()), { mode: 0o600 })
      .then(() => rename(`${path}.new`, path))
      .catch(() => {});
  }
  return {
    changed() {
      waiting ??= clock.after(SAVE_AFTER_MS, () => {
        waiting = null;
        void save();
      });
    },
    save,
  };
}
