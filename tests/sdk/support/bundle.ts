import { build } from "esbuild";

/** Bundles a file, or source text that imports from this workspace, as a browser would load it. */
export async function bundle(entry: { file: string } | { source: string }, minify = false): Promise<string> {
  const input =
    "file" in entry
      ? { entryPoints: [entry.file] }
      : { stdin: { contents: entry.source, resolveDir: import.meta.dirname, loader: "ts" as const } };
  const { outputFiles } = await build({
    ...input,
    bundle: true,
    write: false,
    minify,
    format: "iife",
    platform: "browser",
    target: "es2022",
    define: { global: "globalThis", "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild made no output");
  return output.text;
}
