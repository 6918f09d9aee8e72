import { createWriteStream, renameSync, statSync } from "node:fs";
import { join } from "node:path";

/** Bytes after which a log is put aside at the next start; the one before that is dropped. */
const MAX_BYTES = 4 * 1024 ** 2;

/** The roles' log of `tolldns up`: a file, so that the screen stays readable. */
export function openLog(data: string) {
  const file = join(data, "up.log");
  try {
    if (statSync(file).size > MAX_BYTES) renameSync(file, `${file}.1`);
  } catch {
    // No log yet.
  }
  const stream = createWriteStream(file, { flags: "a", mode: 0o600 });
  // A full disk must not end what runs for want of a log.
  stream.on("error", () => {});
  return {
    file,
    line(text: string) {
      stream.write(`${text.trimEnd()}\n`);
    },
    /** One JSON object; money as text. */
    event(role: string, fields: object) {
      const line = { time: new Date().toISOString(), role, ...fields };
      stream.write(
        `${JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value))}\n`,
      );
    },
    close: () => new Promise<void>((resolve) => stream.end(() => resolve())),
  };
}

export type UpLog = ReturnType<typeof openLog>;
