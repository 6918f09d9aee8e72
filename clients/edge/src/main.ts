/**
 * Process entry: `node main.ts CONFIG.json`. Becomes itself twice over, keeping its process number: first with the memory flags,
 * then, Node's compile cache being full, as a process that never loads the compiler of TypeScript (17 MB). See decision 0072.
 */
import { readFile } from "node:fs/promises";
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * A young generation of 1 MB, a small heap, and none of the optimising compilers: their working memory is 20 MB, and the edge waits
 * for the network. It is to fit beside others on a router.
 */
const FLAGS = [
  "--max-semi-space-size=1",
  "--max-old-space-size=24",
  "--no-opt",
  "--no-maglev",
  "--optimize-for-size",
  "--single-threaded-gc",
  "--no-warnings",
];

const [configPath] = process.argv.slice(2);
if (configPath === undefined) {
  process.stderr.write("usage: main.ts CONFIG.json\n");
  process.exit(2);
}

function become(file: string, env: NodeJS.ProcessEnv): void {
  const path = fileURLToPath(new URL(file, import.meta.url));
  process.execve?.(process.execPath, [process.execPath, ...FLAGS, path, configPath as string], env);
}

const hasFlags = FLAGS.every((flag) => process.execArgv.includes(flag));
// The cache is good only for the flags it was filled under.
if (!hasFlags) become("./main.ts", process.env);
else {
  // Any fault in the config is told by the last start.
  const stateDir = await readFile(configPath, "utf8")
    .then((text) => String((JSON.parse(text) as { stateDir?: unknown }).stateDir))
    .catch(() => undefined);
  const cache = stateDir === undefined ? undefined : join(stateDir, "compile-cache");
  enableCompileCache(cache);
  await import("./run.ts");
  const { loadPolicyParts, loadRouteParts } = await import("./parts.ts");
  await Promise.all([loadPolicyParts(), loadRouteParts()]);
  flushCompileCache();
  become("./second.mjs", {
    ...process.env,
    MALLOC_ARENA_MAX: "1",
    UV_THREADPOOL_SIZE: "2",
    ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }),
  });
}
// Reached only where a process can't become another.
const { runEdge } = await import("./run.ts");
await runEdge(configPath);
