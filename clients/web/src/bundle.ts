import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

/** What the server hands out, made from the sources at start: nothing built is committed, nothing is fetched from elsewhere. */
export interface Bundle {
  readonly script: Uint8Array;
  readonly style: Uint8Array;
}

export async function bundlePage(): Promise<Bundle> {
  try {
    const result = await build({
      entryPoints: [
        fileURLToPath(new URL("page/main.ts", import.meta.url)),
        fileURLToPath(new URL("page/style.css", import.meta.url)),
      ],
      bundle: true,
      write: false,
      minify: true,
      format: "esm",
      target: "es2022",
      outdir: "out",
      logLevel: "silent",
    });
    const find = (end: string) =>
      result.outputFiles.find(({ path }) => path.endsWith(end))?.contents ?? new Uint8Array();
    return { script: find(".js"), style: find(".css") };
  } finally {
    // Its helper process would live as long as this one.
    await stop();
  }
}
