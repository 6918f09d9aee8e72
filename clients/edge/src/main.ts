/**
 * Process entry: `node main.ts CONFIG.json`. Starts twice: the first time it fills Node's compile cache, which takes the compiler of
 * TypeScript into memory (17 MB); then it becomes a process of the same number that never needs it. See decision 0072.
 */
import { readFile } from "node:fs/promises";
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A young generation of 1 MB and a small heap: the edge allocates little and is to fit beside others on a router. */
const FLAGS = ["--max-semi-space-size=1", "--max-old-space-size=64", "--no-warnings"];
const SECOND = "TOLLDNS_EDGE_SECOND";

const [configPath] = process.argv.slice(2);
if (configPath === undefined) {
  process.stderr.write("usage: main.ts CONFIG.json\n");
  process.exit(2);
}
if (process.env[SECOND] === "1" || process.execve === undefined) {
  const { runEdge } = await import("./run.ts");
  await runEdge(configPath);
} else {
  // Any fault in the config is told by the second start.
  const stateDir = await readFile(configPath, "utf8")
    .then((text) => String((JSON.parse(text) as { stateDir?: unknown }).stateDir))
    .catch(() => undefined);
  const cache = stateDir === undefined ? undefined : join(stateDir, "compile-cache");
  enableCompileCache(cache);
  await import("./run.ts");
  flushCompileCache();
  const env = {
    ...process.env,
    [SECOND]: "1",
    ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
  };
  process.execve(
    process.execPath,
    [process.execPath, ...FLAGS, fileURLToPath(import.meta.url), configPath],
    env,
  );
}
