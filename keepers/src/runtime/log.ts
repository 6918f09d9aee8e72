/** Takes one event; fields hold no user identifiers and no secrets. */
export type Log = (level: "info" | "warn" | "error", event: string, fields?: Record<string, unknown>) => void;

/** One JSON object a line on standard error. */
export const stderrLog: Log = (level, event, fields = {}) => {
  const line = { time: new Date().toISOString(), level, event, ...fields };
  process.stderr.write(
    `${JSON.stringify(line, (_, value) => (typeof value === "bigint" ? String(value) : value))}\n`,
  );
};
