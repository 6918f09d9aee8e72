export type LogLevel = "error" | "warn" | "info" | "debug";

/** Values of a log line; never a query name unless the operator asked for them, never a client's address. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured log: one JSON object a line, with `time` (ISO 8601), `level` and `event`. */
export interface Log {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  /** Whether query names may be logged. */
  readonly names: boolean;
}

export interface LogOptions {
  readonly level?: LogLevel;
  readonly names?: boolean;
  readonly write?: (line: string) => void;
}

const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** Lines of one event a second at most: a flood of refusals mustn't become a flood of lines. */
const LINES_A_SECOND = 5;

export function createLog(options: LogOptions, now: () => number): Log {
  const threshold = LEVELS.indexOf(options.level ?? "info");
  const write = options.write ?? ((line: string) => process.stderr.write(`${line}\n`));
  const recent = new Map<string, { second: number; lines: number; left: number }>();

  const put = (level: LogLevel) => (event: string, fields?: LogFields) => {
    if (LEVELS.indexOf(level) > threshold) return;
    const time = now();
    const second = Math.floor(time);
    // Events are names in this source, so this map is bounded.
    const seen = recent.get(event) ?? { second, lines: 0, left: 0 };
    if (seen.second !== second) {
      seen.second = second;
      seen.lines = 0;
    }
    recent.set(event, seen);
    if (seen.lines++ >= LINES_A_SECOND) {
      seen.left++;
      return;
    }
    const suppressed = seen.left;
    seen.left = 0;
    const line = { time: new Date(time * 1000).toISOString(), level, event, ...fields };
    write(JSON.stringify(suppressed > 0 ? { ...line, suppressed } : line));
  };
  return {
    error: put("error"),
    warn: put("warn"),
    info: put("info"),
    debug: put("debug"),
    names: options.names ?? false,
  };
}

/** What an error says, without a stack and without what it was about. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) {
    const { code } = error as { code?: unknown };
    return typeof code === "string" ? code : error.name;
  }
  return "unknown";
}
