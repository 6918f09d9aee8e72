import { readConfig } from "./config.ts";
import { startEdge } from "./edge.ts";
import { describeError, isEdgeError } from "./errors.ts";
import type { EdgeLogLine } from "./options.ts";

/**
 * Runs an edge until SIGTERM or SIGINT. One JSON line a message: `listening` once it answers, with addresses and the control
 * endpoint, on standard output; everything else on standard error.
 */
export async function runEdge(configPath: string): Promise<void> {
  const log = (line: EdgeLogLine) => process.stderr.write(`${JSON.stringify(line)}\n`);
  try {
    const edge = await startEdge({ ...(await readConfig(configPath)), log });
    const { addresses, encrypted, control } = edge;
    const { authority: _, ...ports } = encrypted ?? { authority: "" };
    process.stdout.write(`${JSON.stringify({ event: "listening", addresses, encrypted: ports, control })}\n`);
    let closing = false;
    const end = () => {
      if (closing) return;
      closing = true;
      edge.close().then(
        () => process.exit(0),
        (error) => {
          log({ level: "error", event: "close", detail: describeError(error) });
          process.exit(1);
        },
      );
    };
    process.on("SIGTERM", end);
    process.on("SIGINT", end);
  } catch (error) {
    const hint = isEdgeError(error) ? error.hint : "";
    log({ level: "error", event: "start", detail: describeError(error), hint });
    process.exit(1);
  }
}
