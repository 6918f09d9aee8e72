import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// In the project's own folder, where nobody else writes; without it every start would strip and compile all files again.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/tolldns", import.meta.url)));

// A reader that leaves early (`tolldns wallet history | head`) is no error, and a terminal that was closed sends SIGHUP as well.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    if (error.code !== "EIO") throw error;
  });

const { runProgram } = await import("./program.ts");
process.exitCode = await runProgram(process.argv.slice(2));
