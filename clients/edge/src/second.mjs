// The second start of main.ts. Plain JavaScript, so that this process never loads the compiler of TypeScript.
import { runEdge } from "./run.ts";

await runEdge(process.argv[2]);
