import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cache } from "@tolldns/dns/cache/cache";

const CACHE_FILE = "cache.bin";

/** Takes back the answers of last time, as old as they are by now. */
export async function loadCache(cache: Cache, stateDir: string): Promise<void> {
  const path = join(stateDir, CACHE_FILE);
  try {
    const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
    cache.load(bytes, Math.max(0, (Date.now() - mtimeMs) / 1000));
  } catch {
    // No cache yet, or one of another version: it fills again.
  }
}

/** Keeps the fresh answers for the next start, mode 0600: they tell what was looked up. */
export async function saveCache(cache: Cache, stateDir: string): Promise<void> {
  const path = join(stateDir, CACHE_FILE);
  await writeFile(`${path}.new`, cache.save(), { mode: 0o600 })
    .then(() => rename(`${path}.new`, path))
    .catch(() => {});
}
