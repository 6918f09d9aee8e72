import { reportError } from "./errors.ts";

/** Where a command writes. One per run, so that tests can read what was said. */
export interface Output {
  readonly json: boolean;
  /** For people, on standard output; nothing with `--json`. */
  say(text: string): void;
  /** For people while they wait, on standard error; nothing with `--json`. */
  progress(text: string): void;
  /** The result: `text` for people, or the value as one line of JSON with `--json`. */
  result(value: unknown, text: string): void;
  /** One line of JSON with `--json`; nothing for people. */
  event(value: unknown): void;
}

export function createOutput(json: boolean): Output {
  const line = (value: unknown) => process.stdout.write(`${toJson(value)}\n`);
  return {
    json,
    say: (text) => void (json || process.stdout.write(`${text}\n`)),
    progress: (text) => void (json || process.stderr.write(`${text}\n`)),
    result: (value, text) => void (json ? line(value) : process.stdout.write(`${text}\n`)),
    event: (value) => void (json && line(value)),
  };
}

/** JSON of a value; money as a decimal string of micro-IU, bytes as hex. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => {
    if (typeof one === "bigint") return one.toString();
    if (one instanceof Uint8Array) return Buffer.from(one).toString("hex");
    return one;
  });
}

/** Prints what went wrong, one line what and one line what to do, and returns the exit code. */
export function failWith(error: unknown, json: boolean): number {
  const { exit, ...report } = reportError(error);
  if (json) process.stderr.write(`${toJson({ error: report })}\n`);
  else process.stderr.write(`tolldns: ${report.message}\n  ${report.hint}\n`);
  if (process.env.TOLLDNS_DEBUG === "1" && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exit;
}
